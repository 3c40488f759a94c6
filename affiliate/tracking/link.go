package tracking

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnercenter/locale"
)

// The parameters of links.
const (
	partnerParam = "p"     // only below go/: on pages, p is WordPress' own
	subIDParam   = "sid"   // everywhere
	deepParam    = "to"    // only below go/ (D36)
	otherPartner = "oprid" // read like orid, never written
	pageTool     = "opid"
	tokenParam   = "pct"    // on target pages of another host (D35)
	couponParam  = "coupon" // everywhere, without a value: with the partner's coupon (B17)
)

// PagePartner is the parameter that names the partner on target pages.
const PagePartner = "orid"

// legacyPartner are older names of orid, read when the settings say so.
var legacyPartner = []string{"ref", "mr_aff"}

const (
	maxCode  = 190 // bytes; ours have 10
	maxSubID = 64  // bytes of the percent-encoded form (S122)
)

// Links writes partners' links.
type Links struct {
	Base   string // public URL of the base path, such as "https://example.com/partner-center"
	Domain string // host of standard links in the place of Base's (S49); "" for none
}

// base is the base path's URL in standard links. On their own domain the base
// path is a path also where the site has none.
func (l Links) base() string {
	u, err := url.Parse(l.Base)
	if l.Domain == "" || err != nil {
		return strings.TrimRight(l.Base, "/")
	}
	if u.RawQuery != "" {
		u.Path = "/partner-center"
	}
	return "https://" + l.Domain + strings.TrimRight(u.EscapedPath(), "/")
}

// Standard is the link through the redirect: it follows the tool wherever its
// target moves (S48).
func (l Links) Standard(toolCode, partnerCode, subID string) string {
	link := l.base() + "/go/" + url.PathEscape(toolCode) + "?" + partnerParam + "=" +
		url.QueryEscape(partnerCode)
	if subID != "" {
		link += "&" + subIDParam + "=" + encodeSubID(subID)
	}
	return link
}

// Direct is the target's own URL with the partner's parameters, before a
// #fragment (S47).
func (l Links) Direct(t Tool, partnerCode, subID string) string {
	query := PagePartner + "=" + url.QueryEscape(partnerCode) + "&" + pageTool + "=" + url.QueryEscape(t.Code)
	if subID != "" {
		query += "&" + subIDParam + "=" + encodeSubID(subID)
	}
	return addQuery(t.TargetURL, query)
}

// For is the partner's link of a tool, of whichever kind.
func (l Links) For(t Tool, partnerCode, subID string) string {
	if t.Kind == DirectLink {
		return l.Direct(t, partnerCode, subID)
	}
	return l.Standard(t.Code, partnerCode, subID)
}

// Signup is the address of a program's sign-up form that names the partner who
// recruits whoever fills it in (S14, S16).
func (l Links) Signup(programCode, partnerCode string) string {
	return addQuery(strings.TrimRight(l.Base, "/")+"/signup/"+url.PathEscape(programCode),
		PagePartner+"="+url.QueryEscape(partnerCode))
}

// To is the partner's link of a tool to another page of the site that the tool
// leads to (D36); ok is false for pages elsewhere, and for what is no page.
func (l Links) To(t Tool, partnerCode, subID, page string) (link string, ok bool) {
	target, err := url.Parse(t.TargetURL)
	if err != nil || !checkTarget(page).IsZero() {
		return "", false
	}
	u, err := url.Parse(page)
	if err != nil || !sameSite(u, target) {
		return "", false
	}
	if t.Kind == DirectLink {
		t.TargetURL = page
		return l.Direct(t, partnerCode, subID), true
	}
	to := u.RequestURI() // begins with a slash, also where the address has no path
	if u.Fragment != "" {
		to += "#" + u.EscapedFragment()
	}
	if deepTarget(t.TargetURL, to) == t.TargetURL && to != target.RequestURI() {
		return "", false // such as //elsewhere.example, which a browser takes for a host
	}
	return l.Standard(t.Code, partnerCode, subID) + "&" + deepParam + "=" + url.QueryEscape(to), true
}

// sameSite tells whether both lie on one host and port; http and https are one.
func sameSite(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "" && p != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
			return p
		}
		return ""
	}
	return strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// WithCoupon is a link of For that carries the partner's coupon, so that the
// visitor's basket has the discount (B17).
func WithCoupon(link string) string { return addQuery(link, couponParam) }

// addQuery puts query after an existing one and before a fragment, and leaves
// every other byte of the URL as it is.
func addQuery(link, query string) string {
	page, fragment, hasFragment := strings.Cut(link, "#")
	switch {
	case !strings.Contains(page, "?"):
		page += "?" + query
	case strings.HasSuffix(page, "?") || strings.HasSuffix(page, "&"):
		page += query
	default:
		page += "&" + query
	}
	if hasFragment {
		page += "#" + fragment
	}
	return page
}

// ParseStandard reads the escaped path of a standard link behind go/, and its
// raw query, into the request: go/{tool}?p={partner}&sid=…&to=…, or the short
// form go/{tool}/{partner}, to which partners append ?sid= or &sid= alike.
func (r *ClickRequest) ParseStandard(path, rawQuery string) {
	path, appended, _ := strings.Cut(path, "&")
	tool, partner, _ := strings.Cut(strings.Trim(path, "/"), "/")
	values := readQuery(appended + "&" + rawQuery)
	r.ToolCode, r.PartnerCode = unescape(tool), unescape(partner)
	if partner == "" {
		r.PartnerCode = first(values, partnerParam, PagePartner, otherPartner)
	}
	r.SubID, r.To, r.Test = values.Get(subIDParam), values.Get(deepParam), values.Get(testParam)
	r.Coupon = values.Has(couponParam)
}

// parsePage reads the parameters of a direct link from the URL of the page it
// led to. A sid appended behind a #fragment counts too (S122).
func (r *ClickRequest) parsePage(page string, legacy bool) {
	page, fragment, _ := strings.Cut(page, "#")
	_, rawQuery, _ := strings.Cut(page, "?")
	values := readQuery(rawQuery)
	names := []string{PagePartner, otherPartner}
	if legacy {
		names = append(names, legacyPartner...)
	}
	r.PartnerCode, r.ToolCode, r.SubID = first(values, names...), values.Get(pageTool), values.Get(subIDParam)
	r.Coupon = values.Has(couponParam)
	if r.SubID == "" {
		r.SubID = readQuery(strings.ReplaceAll(fragment, "?", "&")).Get(subIDParam)
	}
}

// readQuery is forgiving: links pass through mail programs and editors that
// leave &amp; in them, and one bad escape must not cost the others.
func readQuery(rawQuery string) url.Values {
	values, _ := url.ParseQuery(strings.ReplaceAll(rawQuery, "&amp;", "&"))
	return values
}

func unescape(path string) string {
	if text, err := url.PathUnescape(path); err == nil {
		return text
	}
	return path
}

func first(values url.Values, names ...string) string {
	for _, name := range names {
		if v := values.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// cleanCode undoes what plain-text mails do to a code at the end of a link: a
// line break inside it, and the sentence's punctuation or a bracket behind it
// (S138). Codes are lower case.
func cleanCode(code string) string {
	code = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.IsControl(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, code)
	return strings.Trim(code, `<>()[]{}"'.,;:!?*_|\`)
}

// NormalSubID is the form in which a SubID is stored and compared bytewise
// (S122): percent-encoded as in a URL, at most 64 bytes. A longer one is cut
// before the first escape or character that does not fit, which cut tells.
func NormalSubID(value string) (subID string, cut bool) {
	encoded := encodeSubID(value)
	if len(encoded) <= maxSubID {
		return encoded, false
	}
	return cutEscaped(encoded, maxSubID), true
}

// cutEscaped cuts a longer text to at most so many bytes, never inside %XX.
func cutEscaped(text string, most int) string {
	end := most
	for back := 1; back <= 2; back++ {
		if text[most-back] == '%' {
			end = most - back
		}
	}
	return text[:end]
}

// SubIDFull tells whether a stored SubID is as long as one can be, so that there may
// have been more of it.
func SubIDFull(subID string) bool { return len(subID) > maxSubID-len("%XX") }

// SubIDText is a stored SubID as people wrote it.
func SubIDText(subID string) string {
	return strings.ToValidUTF8(unescape(subID), "\uFFFD")
}

// WholeSubID is as much of what somebody typed as a SubID can hold, in whole
// characters, so that the link that is made of it is not cut again; cut tells that
// there was more.
func WholeSubID(value string) (text string, cut bool) {
	value = strings.ToValidUTF8(value, "\uFFFD")
	subID, cut := NormalSubID(value)
	text = unescape(subID)
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text, cut
}

// encodeSubID escapes all but the unreserved characters.
func encodeSubID(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }

// deepTarget is the target with the path of a deep link, which must lie on the
// target's own host (D36): anything but an absolute path is ignored.
func deepTarget(target, to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, notInURL) {
		return target
	}
	base, err := url.Parse(target)
	if err != nil {
		return target
	}
	path, err := url.Parse(to)
	if err != nil || path.Host != "" || path.Scheme != "" || path.User != nil {
		return target
	}
	return base.ResolveReference(path).String()
}

// notInURL are characters that browsers drop from URLs, or take for slashes.
func notInURL(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) || c == '\\' }

const maxTarget = 2000 // characters of the column

// checkTarget tells what is wrong with a tool's target URL (S44); none is nothing.
func checkTarget(target string) locale.Text {
	wanted := locale.T("Please enter the full address of a page, such as https://example.com/order.")
	u, err := url.Parse(target)
	switch {
	case target == "":
		return locale.T("Please enter the address the tool leads to.")
	case len(target) > maxTarget:
		return locale.T("Please use an address of at most 2000 characters.")
	case err != nil || strings.ContainsFunc(target, notInURL) || u.Hostname() == "":
		return wanted
	case u.Scheme != "http" && u.Scheme != "https":
		return locale.T("Only addresses that begin with http:// or https:// can be used.")
	case u.User != nil:
		return locale.T("Please leave user name and password out of the address.")
	}
	return locale.Text{}
}

func sameHost(target, host string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	other := url.URL{Host: host}
	return strings.EqualFold(u.Hostname(), other.Hostname())
}
