package tracking

import (
	"net"
	"net/url"
	"strings"
)

// maxLanding is the size of the columns of landing pages, in bytes.
const maxLanding = 160

// landingPage is where an address leads, as reports sum it up: host and path in
// ASCII, without scheme, query and fragment, which strangers write at will, and
// without a slash at the end. "" for what is no page; host stands for that of a
// path alone. What is longer than the column is cut.
func landingPage(address, host string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Host == "" {
		u.Host = host
	}
	name, port, err := net.SplitHostPort(u.Host)
	if err == nil && (port == "80" || port == "443") {
		u.Host = name
	}
	if u.Hostname() == "" {
		return ""
	}
	page := escapeASCII(strings.ToLower(u.Host) + "/" + strings.Trim(u.EscapedPath(), "/"))
	if len(page) <= maxLanding {
		return page
	}
	return cutEscaped(page, maxLanding)
}

// arrived notes the page of a direct link, whose address the visitor's browser
// reports: pages elsewhere than on the site and where the tool leads are made up.
func (r *ClickRequest) arrived(page, target string) {
	u, err := url.Parse(page)
	if err == nil && (u.Host == "" || sameHost(page, r.Host) || sameHost(target, u.Host)) {
		r.Landing = landingPage(page, r.Host)
	}
}

// escapeASCII escapes what an ASCII column can't hold.
func escapeASCII(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			b.WriteString(url.PathEscape(text[i : i+1]))
		}
	}
	return b.String()
}

// PageText is a stored landing page as people write it: "example.com/shop".
func PageText(page string) string {
	return strings.ToValidUTF8(unescape(page), "\uFFFD")
}
