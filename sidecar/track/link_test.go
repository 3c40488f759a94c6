package track_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// The cookie of the click lives as long as the setting says; the visitor's
// outlives it.
//
// Spec: S8.1 S48 S57.1 D35.4 B6.1
func TestLinkSetsCookiesAndRedirects(t *testing.T) {
	w := newWorld(t)
	a := w.browser().click(w.anna)
	if a.Location() != target || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("to %q, %q", a.Location(), a.Header.Get("Cache-Control"))
	}
	for name, days := range map[string]int{"pc_click": affiliate.DefaultSettings().CookieDays, "pc_visitor": 400} {
		c := a.Cookie(name)
		if c == nil {
			t.Fatalf("no cookie %s", name)
		}
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" ||
			c.MaxAge != days*24*3600 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if w.visits(w.anna) != 1 {
		t.Error("the click is not stored")
	}
}

// Spec: S57
func TestCookieOfPlainHTTP(t *testing.T) {
	w := newWorld(t)
	req := func() *http.Request {
		r := w.Request(http.MethodGet, "go/"+w.tool.Code+"/"+w.anna.Code, web.Standalone, "")
		r.Header.Set("X-Forwarded-Proto", "http")
		return r
	}
	if c := w.Do(req()).Cookie("pc_click"); c == nil || !c.Secure {
		t.Errorf("behind a proxy that ends TLS: %+v", c)
	}
	w.HandOver(func(h *wpbridge.Handover) { h.Home = "http://" + sidecartest.Host })
	if c := w.Do(req()).Cookie("pc_click"); c == nil || c.Secure {
		t.Errorf("on a site without TLS: %+v", c)
	}
}

// Spec: S58.1
func TestCookieIsOfTheLastClick(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	first := b.click(w.anna)
	a := b.click(w.bert)
	visitor := func(a *sidecartest.Answer) string { return strings.SplitN(a.Cookie("pc_visitor").Value, ".", 2)[0] }
	if b.cookies["pc_click"].Value == first.Cookie("pc_click").Value || visitor(a) != visitor(first) {
		t.Error("the click's cookie is replaced, the visitor stays the same")
	}
	b.report("t/lead", "email=carl@mail.test&id=12345678").Want(http.StatusNoContent)
	if w.leads(w.bert) != 1 || w.leads(w.anna) != 0 {
		t.Error("the lead is not of the last click")
	}
}

// Sites below one host must not overwrite each other's clicks.
//
// Spec: S57
func TestCookieOfNetworks(t *testing.T) {
	w := newWorld(t)
	w.HandOver(func(h *wpbridge.Handover) { h.Multisite, h.BlogID, h.CookiePath = true, 3, "/blog/" })
	w.Exec(`ALTER TABLE {users} ADD spam tinyint NOT NULL DEFAULT 0, ADD deleted tinyint NOT NULL DEFAULT 0`)
	a := w.browser().click(w.anna)
	if c := a.Cookie("pc_click_3"); c == nil || c.Path != "/blog/" || a.Cookie("pc_click") != nil {
		t.Errorf("%v", a.Header["Set-Cookie"])
	}
	lead := w.reportRequest("t/lead", "email=carl@mail.test&id=12345678")
	lead.AddCookie(a.Cookie("pc_click_3"))
	w.Do(lead).Want(http.StatusNoContent)
	if w.leads(w.anna) != 1 {
		t.Error("the cookie is not read back")
	}
}

// Passed through by PHP, a click is its visitor's, not the web server's; who
// only claims another address is not believed.
//
// Spec: S57, D3
func TestLinkThroughThePlugin(t *testing.T) {
	w := newWorld(t)
	click := func(address string, sign bool) {
		req := w.Request(http.MethodGet, "go/"+w.tool.Code+"/"+w.anna.Code, web.Standalone, "")
		req.RemoteAddr = "198.51.100.20:5000" // PHP on another machine
		req.Header.Set("X-Forwarded-For", address)
		if sign {
			w.Sign(req)
		}
		if c := w.Do(req).Want(http.StatusFound).Cookie("pc_click"); c == nil || !c.Secure {
			t.Errorf("%+v", c)
		}
	}
	unique := func() int { return w.Count(`SELECT SUM(is_unique) FROM {wp}partner_center_visits`) }
	for i, address := range []string{"203.0.113.1", "203.0.113.2", "2001:db8::1"} {
		click(address, true)
		if click(address, true); unique() != i+1 {
			t.Errorf("%s: %d unique visits", address, unique())
		}
	}
	for _, address := range []string{"203.0.113.3", "203.0.113.4"} {
		if click(address, false); unique() != 4 {
			t.Errorf("%s, made up: %d unique visits", address, unique())
		}
	}
}

// Spec: S34.1 D3.1
func TestFiveClicksAreOneUniqueVisit(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for range 5 {
		b.click(w.anna)
	}
	if n := w.Count(`SELECT SUM(is_unique) FROM {wp}partner_center_visits`); n != 1 || w.visits(w.anna) != 5 {
		t.Errorf("%d unique of %d", n, w.visits(w.anna))
	}
	w.Clock.Advance(24 * time.Hour)
	b.click(w.anna)
	if n := w.Count(`SELECT SUM(is_unique) FROM {wp}partner_center_visits`); n != 2 {
		t.Errorf("%d unique on the next day", n)
	}
}

// A partner appends &sid=… to whichever form of the link they were given.
//
// Spec: S122
func TestSubIDOfEachForm(t *testing.T) {
	w := newWorld(t)
	tool, anna := w.tool.Code, w.anna.Code
	for _, path := range []string{
		"go/" + tool + "?p=" + anna + "&sid=News%20A", "go/" + tool + "/" + anna + "?sid=News%20A",
		"go/" + tool + "/" + anna + "&sid=News%20A", "go/" + tool + "/" + anna + "/?sid=News%20A",
	} {
		w.Exec(`DELETE FROM {wp}partner_center_visits`)
		w.browser().get(path).Want(http.StatusFound)
		if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ? AND subid = 'News%20A'`,
			w.anna.ID); n != 1 {
			t.Errorf("%s: %d visits with the SubID", path, n)
		}
	}
}

// Out there are clients that keep nothing and say nothing, and mails that end
// a link with a full stop or break it.
//
// Spec: S135 S138.1
func TestLinkFromAPlainTextMail(t *testing.T) {
	w := newWorld(t)
	link := "go/" + w.tool.Code + "?p=" + w.anna.Code
	for i, path := range []string{link, link + ".", link + "%3E", "go/" + w.tool.Code + "/" +
		strings.ToUpper(w.anna.Code)} {
		req := httptest.NewRequest(http.MethodGet, "/partner-center/"+path, nil)
		req.Header.Set("User-Agent", "Thunderbird/128.0") // tools of scripts are no people (D30)
		if a := w.Do(req).Want(http.StatusFound); a.Cookie("pc_click") == nil || w.visits(w.anna) != i+1 {
			t.Errorf("%s is not credited", path)
		}
	}
	if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'form'`) != 0 {
		t.Error("a click made a contact")
	}
}

// Spec: D30.1 D30.2
func TestWhatIsNoClick(t *testing.T) {
	w := newWorld(t)
	own := w.Login(int64(w.anna.WPUserID))
	for name, change := range map[string]func(*http.Request){
		"head":     func(r *http.Request) { r.Method = http.MethodHead },
		"prefetch": func(r *http.Request) { r.Header.Set("Sec-Purpose", "prefetch;prerender") },
		"embedded": func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "image") },
		"bot":      func(r *http.Request) { r.Header.Set("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)") },
		"own":      func(r *http.Request) { r.AddCookie(own) },
	} {
		req := w.Request(http.MethodGet, "go/"+w.tool.Code+"/"+w.anna.Code, web.Standalone, "")
		change(req)
		a := w.Do(req).Want(http.StatusFound)
		if a.Location() != target || len(a.Header["Set-Cookie"]) != 0 {
			t.Errorf("%s: to %q with %v", name, a.Location(), a.Header["Set-Cookie"])
		}
		if n := w.Count(`SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects WHERE reason = ?`,
			name); n != 1 {
			t.Errorf("%s: counted %d times", name, n)
		}
	}
	if w.visits(w.anna) != 0 {
		t.Error("a visit was stored")
	}
}

// Spec: S48, S64
func TestLinkThatLeadsNowhere(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"go/nosuchtool?p=" + w.anna.Code, "go/", "go/%00%ff/x", "go/" + strings.Repeat("x",
		5000), "go/a/b/c/d", "go/%3Cscript%3E", "go/caf%C3%A9/%F0%9F%98%80", "go/" + w.tool.Code + "x/" + w.anna.Code} {
		a := w.browser().get(path).Want(http.StatusNotFound)
		if a.Find(".pc-error p").First().Text() == "" ||
			a.Find(".pc-error a").AttrOr("href", "") != "https://shop.test/" ||
			a.Find("script:not([src])").Length() != 0 || len(a.Header["Set-Cookie"]) != 0 {
			t.Errorf("%s: %s", path, a.Text)
		}
	}
	if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`)+w.Count(
		`SELECT COUNT(*) FROM {wp}partner_center_click_rejects`) != 0 {
		t.Error("something was stored")
	}
}

// A wrong partner must not cost the right one their click.
//
// Spec: S58, D30
func TestUnknownPartnerKeepsTheCookie(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	if a := b.get("go/" + w.tool.Code + "?p=nobody").Want(http.StatusFound); a.Location() != target ||
		len(a.Header["Set-Cookie"]) != 0 {
		t.Errorf("to %q with %v", a.Location(), a.Header["Set-Cookie"])
	}
}

// Spec: S1.2 S1.4
func TestLinksRedirectUntrackedWhileOff(t *testing.T) {
	w := newWorld(t)
	w.Switch(false, false)
	b := w.browser()
	if a := b.click(w.anna); a.Location() != target || len(a.Header["Set-Cookie"]) != 0 {
		t.Errorf("to %q with %v", a.Location(), a.Header["Set-Cookie"])
	}
	b.report("t/click", "u="+url.QueryEscape("https://shop.test/?orid="+w.anna.Code)).Want(http.StatusNoContent)
	b.report("t/lead", "email=carl@mail.test&id=12345678").Want(http.StatusNoContent)
	for _, table := range []string{"visits", "click_rejects", "touchpoints"} {
		if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_`+table) != 0 {
			t.Errorf("something is in %s", table)
		}
	}
}

// A site that has lost its pairing keeps its links alive.
//
// Spec: S1
func TestLinksRedirectWithoutPairing(t *testing.T) {
	w := newWorld(t)
	w.Exec(`DELETE FROM {wp}options WHERE option_name = 'partner_center_handover'`)
	if err := w.Server.Reread(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := w.browser().click(w.anna); a.Location() != target || len(a.Header["Set-Cookie"]) != 0 {
		t.Errorf("to %q with %v", a.Location(), a.Header["Set-Cookie"])
	}
}

// Spec: S48.1
func TestLinkFollowsItsTool(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	w.tool.TargetURL = "https://shop.test/new"
	if _, _, err := w.Tracker.EditTool(t.Context(), "test", w.tool); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	if a := b.click(w.anna); a.Location() != "https://shop.test/new" {
		t.Errorf("to %q", a.Location())
	}
}

// Visitors come to the shop also while its database is away.
//
// Spec: S48
func TestLinkWhileTheDatabaseIsAway(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	w.Exec(`RENAME TABLE {wp}partner_center_visits TO {wp}away_visits, {wp}partner_center_tools TO {wp}away_tools,
		{wp}partner_center_partners TO {wp}away_partners`)
	defer w.Exec(`RENAME TABLE {wp}away_visits TO {wp}partner_center_visits, {wp}away_tools TO {wp}partner_center_tools,
		{wp}away_partners TO {wp}partner_center_partners`)
	if a := b.click(w.anna); a.Location() != target || len(a.Header["Set-Cookie"]) != 0 {
		t.Errorf("to %q with %v: a lost click must leave the one before", a.Location(), a.Header["Set-Cookie"])
	}
}

// The link's host is not the target's: the page there gets a token, and turns
// it into the same click.
//
// Spec: D35.1 D35.2
func TestClickOnAnotherHost(t *testing.T) {
	w := newWorld(t)
	w.tool = w.Tool(w.program.ID, tracking.StandardLink, "https://www.shop.test/order?plan=1#top")
	there := w.browser().click(w.anna).Location()
	if !strings.HasPrefix(there, "https://www.shop.test/order?plan=1&pct=") || !strings.HasSuffix(there, "#top") {
		t.Fatal(there)
	}
	b := w.browser()
	b.report("t/click", "u="+url.QueryEscape(there)).Want(http.StatusNoContent)
	b.report("t/lead", "email=carl@mail.test&id=12345678").Want(http.StatusNoContent)
	if w.leads(w.anna) != 1 || w.visits(w.anna) != 1 {
		t.Errorf("%d leads of %d visits", w.leads(w.anna), w.visits(w.anna))
	}
	w.Clock.Advance(16 * time.Minute)
	if a := w.browser().report("t/click", "u="+url.QueryEscape(there)); a.Cookie("pc_click") != nil {
		t.Error("an old token still makes a click")
	}
}

// The settings decide how long a click counts, not the browser.
//
// Spec: S8.2 S9.1 D35
func TestClickRunsOutThoughTheBrowserKeepsIt(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	days := affiliate.DefaultSettings().CookieDays
	w.Clock.Advance(time.Duration(days) * 24 * time.Hour)
	b.report("t/lead", "email=carl@mail.test&id=12345678").Want(http.StatusNoContent)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE cookie = 'expired'
		AND touch_partner_id = ? AND lead_partner_id IS NULL`, w.anna.ID); n != 1 {
		t.Error("the form does not tell of the expired click")
	}
}

// The browser forgets the click when its lifetime is over; that there was one
// is still told.
//
// Spec: S8 S9 D35.4
func TestExpiredIsToldFromNone(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	delete(b.cookies, "pc_click")
	b.report("t/lead", "email=early@mail.test&id=12345671").Want(http.StatusNoContent)
	w.Clock.Advance(time.Duration(affiliate.DefaultSettings().CookieDays) * 24 * time.Hour)
	b.report("t/lead", "email=late@mail.test&id=12345672").Want(http.StatusNoContent)
	w.browser().report("t/lead", "email=never@mail.test&id=12345673").Want(http.StatusNoContent)
	for id, want := range map[string]string{"12345671": "none", "12345672": "expired", "12345673": "none"} {
		if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE external_id = ? AND cookie = ?`, id,
			want); n != 1 {
			t.Errorf("form %s: the click is not %s", id, want)
		}
	}
}

// Links have a domain of their own: it carries links and nothing else, the
// target's page gets the click's token, and hosts that are neither the links'
// nor the site's get nothing. Links published before keep working.
//
// Spec: S49.1 S49.2 D35.1
func TestLinksHaveADomainOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin()
	settings, err := w.Registry.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	save := func(domain string) *sidecartest.Answer {
		return w.Post("admin/settings", web.Admin, url.Values{"version": {fmt.Sprint(settings.Version)},
			"payment_method": {"paypal"}, "currency": {"USD"}, "credit": {"last"}, "cookie_days": {"90"},
			"link_domain": {domain}}, admin)
	}
	for _, wrong := range []string{"https://go.shop.test", "go.shop.test/x", "localhost", "go..test",
		"go.shop.test:8080"} {
		if a := save(wrong).Want(http.StatusUnprocessableEntity); !strings.Contains(a.Text,
			"Please enter a domain like go.example.com") {
			t.Errorf("%s: %s", wrong, a.Text)
		}
	}
	save("Go.Shop.test").Want(http.StatusSeeOther)
	w.Settle()

	tools := w.Get("tools", web.Standalone, w.Login(int64(w.anna.WPUserID))).Want(http.StatusOK)
	link := "https://go.shop.test/partner-center/go/" + w.tool.Code + "?p=" + w.anna.Code
	if !strings.Contains(tools.Text, link) {
		t.Errorf("the partner is shown %s", tools.Text)
	}
	get := func(host, path string) *sidecartest.Answer {
		req := w.Request(http.MethodGet, path, web.Standalone, "")
		req.Host = host
		req.Header.Del("X-Forwarded-Host")
		return w.Do(req)
	}
	path := strings.TrimPrefix(link, "https://go.shop.test/partner-center/")
	for host, status := range map[string]int{"go.shop.test": http.StatusFound, "GO.shop.test:443": http.StatusFound,
		"shop.test": http.StatusFound, "www.shop.test": http.StatusFound, "evil.test": http.StatusNotFound,
		"go.shop.test.evil.test": http.StatusNotFound, "": http.StatusNotFound} {
		a := get(host, path).Want(status)
		if token := strings.Contains(a.Location(), "pct="); status == http.StatusFound &&
			token != (hostOnly(host) != "shop.test") {
			t.Errorf("%s leads to %s", host, a.Location())
		}
	}
	for _, page := range []string{"", "tools", "admin", "t.js", "signup/x", "readyz"} {
		get("go.shop.test", page).Want(http.StatusNotFound)
	}
	if n := w.visits(w.anna); n != 4 {
		t.Errorf("%d visits", n)
	}
}

func hostOnly(host string) string { return strings.ToLower(strings.TrimSuffix(host, ":443")) }
