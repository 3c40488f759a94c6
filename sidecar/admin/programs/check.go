package programs

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate/tracking"
	"partnercenter/limit"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// CheckTool looks whether the tracking script stands on the tool's target page
// and says so (S45).
func (p *Pages) CheckTool(r *web.Request) error {
	_, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	pace := limit.Per(time.Minute, settings.Limits.PageChecks)
	if !p.checks.AllowKey(strconv.FormatInt(r.Who.User.ID, 10), pace, r.Site.Now()) {
		return web.TooMany()
	}
	handover := r.Site.Handover()
	found, err := hasScript(r.Ctx(), pageClient(handover.Home), tool.TargetURL, handover.PublicURL)
	if target, wrong := url.Parse(tool.TargetURL); err == nil && wrong == nil &&
		strings.EqualFold(target.Hostname(), ownHost(r)) {
		p.note(r, tool, !found)
	}
	text := locale.T("The tracking script is on %s: clicks and forms there are recorded.", tool.TargetURL)
	switch {
	case err != nil:
		text = locale.T("We couldn't read the page: %v. Check the target address.", err)
	case !found:
		text = locale.T("The tracking script isn't on %s. Pages of this site get it from the plugin; a page "+
			"elsewhere needs the snippet from the settings.", tool.TargetURL)
	}
	return r.Done(web.Flash{Text: text}, toolPath(tool))
}

// lacksScript warns where a tool leads to a page of this site that does not have the
// tracking script (D13); zero where it has, or where nobody can tell: nobody waits
// long for that.
func (p *Pages) lacksScript(r *web.Request, t tracking.Tool) locale.Text {
	target, err := url.Parse(t.TargetURL)
	handover := r.Site.Handover()
	if err != nil || !strings.EqualFold(target.Hostname(), ownHost(r)) {
		return locale.Text{}
	}
	ctx, cancel := context.WithTimeout(r.Ctx(), ownPageTime)
	defer cancel()
	found, err := hasScript(ctx, pageClient(handover.Home), t.TargetURL, handover.PublicURL)
	if err == nil {
		p.note(r, t, !found)
	}
	var answered *answerError
	switch {
	case errors.As(err, &answered):
		return locale.T("But the page %s answers %d: check the target address.", t.TargetURL, answered.status)
	case err != nil || found:
		return locale.Text{}
	}
	return locale.T("But the page %s doesn't have the tracking script: clicks on direct links and forms there aren't "+
		"recorded. Maybe its template leaves out the footer.", t.TargetURL)
}

// note keeps what was found for the overview. A fault only leaves it to the daily look.
func (p *Pages) note(r *web.Request, t tracking.Tool, lacks bool) {
	if err := p.Tracker.NotePage(r.Ctx(), t, lacks); err != nil {
		r.Site.Log.Error("what was found on a page can't be kept", "tool", t.ID, "error", err)
	}
}

// pagesAtOnce is how many pages CheckPages asks for, so that the site has hardly
// anything to do with it.
const pagesAtOnce = 5

// CheckPages looks at the next pages of this site that promo tools lead to and nobody
// has looked at for a day, and keeps which of them lack the tracking script (D13). A
// page that doesn't answer is asked again a day later.
func CheckPages(ctx context.Context, tracker *tracking.Tracker, handover wpbridge.Handover, now time.Time) error {
	tools, err := tracker.PagesToCheck(ctx, now.AddDate(0, 0, -1), pagesAtOnce)
	if err != nil {
		return err
	}
	home, err := url.Parse(handover.Home)
	if err != nil || home.Host == "" {
		return err // nobody has handed over yet
	}
	for _, t := range tools {
		lacks := false
		if target, err := url.Parse(t.TargetURL); err == nil && strings.EqualFold(target.Hostname(), home.Hostname()) {
			found, err := hasScript(ctx, pageClient(handover.Home), t.TargetURL, handover.PublicURL)
			if lacks = err == nil && !found; err != nil && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if err := tracker.NotePage(ctx, t, lacks); err != nil {
			return err
		}
	}
	return nil
}

// answerError says that a page was answered by an error.
type answerError struct{ status int }

// Error is not in the page's own words, which may be any.
func (e *answerError) Error() string { return "HTTP " + strconv.Itoa(e.status) }

// Limits of a page that is checked: whoever enters its address must not be
// able to keep us busy.
const (
	pageTime    = 10 * time.Second
	ownPageTime = 3 * time.Second // of this site, while somebody waits for something else
	pageSize    = 2 << 20         // bytes
)

var errPrivate = errors.New("its address leads into a private network")

// pageClient fetches pages of the internet and of the site itself, wherever
// that is, and nothing else: the machine may reach servers that visitors must
// not. The address is judged when it is dialled, so that neither a redirect nor
// a second look at the name leads elsewhere.
func pageClient(home string) *http.Client {
	site, _ := url.Parse(home)
	dialer := &net.Dialer{Timeout: pageTime / 2}
	guarded := &net.Dialer{Timeout: pageTime / 2, Control: func(_, address string, _ syscall.RawConn) error {
		if ip, err := netip.ParseAddrPort(address); err != nil || !isPublic(ip.Addr()) || isOwn(ip.Addr()) ||
			ip.Port() != 80 && ip.Port() != 443 {
			return errPrivate
		}
		return nil
	}}
	return &http.Client{Timeout: pageTime, Transport: &http.Transport{
		Proxy: nil, DisableKeepAlives: true, TLSHandshakeTimeout: pageTime / 2,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if site != nil && address == siteAddress(site) {
				return dialer.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
	}}
}

// siteAddress is host:port of the site.
func siteAddress(site *url.URL) string {
	port := site.Port()
	if port == "" {
		port = map[string]string{"https": "443"}[site.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(site.Hostname(), port)
}

// isOwn tells whether the address is one of this machine, whose servers may trust it.
func isOwn(ip netip.Addr) bool {
	addresses, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(addresses, func(a net.Addr) bool {
		own, err := netip.ParsePrefix(a.String())
		return err == nil && own.Addr().Unmap() == ip.Unmap()
	})
}

func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() &&
		!slices.ContainsFunc(notPublic, func(network netip.Prefix) bool { return network.Contains(ip) })
}

// notPublic are networks that are private in all but name, and those whose
// addresses hold an IPv4 address, perhaps a private one, that a gateway
// translates them to.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), // of carriers
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),  // for measurements
	netip.MustParsePrefix("240.0.0.0/4"),    // never given out
	netip.MustParsePrefix("fec0::/10"),      // site-local, as of old
	netip.MustParsePrefix("64:ff9b::/96"),   // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"), // NAT64 of one's own
	netip.MustParsePrefix("2002::/16"),      // 6to4
	netip.MustParsePrefix("2001::/32"),      // Teredo
	netip.MustParsePrefix("192.0.2.0/24"),   // for documents
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
}

// hasScript tells whether the page has our script's tag.
func hasScript(ctx context.Context, client *http.Client, page, base string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return false, err
	}
	req.Header.Set("User-Agent", "Partner Center page check")
	resp, err := client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the URL stands in our own sentence
		}
		return false, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return false, &answerError{resp.StatusCode}
	}
	document, err := goquery.NewDocumentFromReader(io.LimitReader(resp.Body, pageSize))
	if err != nil {
		return false, err
	}
	found := false
	document.Find("script[src]").Each(func(_ int, tag *goquery.Selection) {
		src, _ := tag.Attr("src")
		path, _, _ := strings.Cut(src, "?")
		found = found || path == base+"/t.js" || path == pathOf(base)+"/t.js"
	})
	return found, nil
}

func pathOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Path
}
