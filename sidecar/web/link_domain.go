package web

import (
	"net"
	"net/url"
	"strings"

	"partnercenter/affiliate/tracking"
)

// Links writes the links of this site's partners.
func (s *Site) Links() tracking.Links {
	return tracking.Links{Base: s.Handover().PublicURL, Domain: s.LinkDomain()}
}

// answers tells whether a page of ours is answered on that host (S49): where
// links have a domain of their own, it carries links and nothing else, and links
// of hosts that are neither its nor the site's, with and without www, lead nowhere.
func (s *Site) answers(page, host string) bool {
	domain := s.LinkDomain()
	if domain == "" {
		return true
	}
	host, isLink := hostname(host), strings.HasPrefix(page, "/go/")
	if host == domain {
		return isLink
	}
	if !isLink || net.ParseIP(host) != nil { // an address is no name that anybody could have pointed at us
		return true
	}
	h := s.Handover()
	for _, known := range []string{h.Home, h.SiteURL, h.PublicURL} {
		if u, err := url.Parse(known); err == nil && bare(u.Hostname()) == bare(host) {
			return true
		}
	}
	return false
}

// hostname is the host of a request without its port, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func bare(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
