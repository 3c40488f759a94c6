package track_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/web"
)

func (w *world) page(query string) string {
	return "u=" + url.QueryEscape(strings.NewReplacer("ANNA", w.anna.Code, "TOOL",
		w.tool.Code).Replace("https://shop.test/offer"+query)) + "&r=https%3A%2F%2Fblog.test%2F"
}

// Spec: S45 S47 S122.4 D13
func TestClickOnADirectLink(t *testing.T) {
	w := newWorld(t)
	w.tool = w.Tool(w.program.ID, tracking.DirectLink, "https://shop.test/offer")
	for i, query := range []string{"?orid=ANNA&opid=TOOL&sid=a", "?x=1&opid=TOOL&orid=ANNA#part&sid=a",
		"?orid=ANNA&opid=TOOL#sid=a"} {
		a := w.browser().report("t/click", w.page(query)).Want(http.StatusNoContent)
		if a.Cookie("pc_click") == nil || a.Text != "" {
			t.Errorf("%s: %v %q", query, a.Header, a.Text)
		}
		if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ? AND tool_id = ?
			AND subid = 'a'`, w.anna.ID, w.tool.ID); n != i+1 {
			t.Errorf("%s: %d visits", query, n)
		}
	}
}

// Without JavaScript an image reports the same click.
//
// Spec: S47 D13.2
func TestClickByImage(t *testing.T) {
	w := newWorld(t)
	a := w.browser().get("t/click?" + w.page("?orid=ANNA&opid=TOOL")).Want(http.StatusNoContent)
	if a.Cookie("pc_click") == nil || w.visits(w.anna) != 1 {
		t.Error("the click is not credited")
	}
}

// Old names count when the settings say so; a page that names nobody is none
// of our business.
//
// Spec: S47
func TestClickByOldNames(t *testing.T) {
	w := newWorld(t)
	w.browser().report("t/click", w.page("?ref=ANNA")).Want(http.StatusNoContent)
	if w.visits(w.anna) != 0 {
		t.Error("an old name counts though nobody allowed it")
	}
	settings, err := w.Registry.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.LegacyParams = true
	if _, err := w.Registry.SaveSettings(t.Context(), "test", settings); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	for i, query := range []string{"?ref=ANNA", "?mr_aff=ANNA"} {
		w.browser().report("t/click", w.page(query)).Want(http.StatusNoContent)
		if w.visits(w.anna) != i+1 {
			t.Errorf("%s does not count", query)
		}
	}
	for _, body := range []string{w.page(""), w.page("?ref="), "", "u=%zz", "u=::::", "x=y"} {
		if a := w.browser().report("t/click", body); a.Code >= 500 || a.Cookie("pc_click") != nil {
			t.Errorf("%q: answered %d", body, a.Code)
		}
	}
}

// A lead is a form of a contact whose referrer is the partner, cookie or not.
//
// Spec: S35.1 S35.2 S59.1 S135
func TestLead(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'form'`) != 0 {
		t.Error("the click made a contact")
	}
	for i := range 3 {
		b.report("t/lead",
			fmt.Sprintf("email=Carl%%40Mail.test&first_name=Carl&last_name=C.&page=https%%3A%%2F%%2Fshop.test%%2F&form=news&id=form-%04d", i)).Want(http.StatusNoContent)
	}
	w.browser().report("t/lead", "email=carl@mail.test&id=no-cookie").Want(http.StatusNoContent)
	if w.leads(w.anna) != 4 {
		t.Errorf("%d leads", w.leads(w.anna))
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email = 'carl@mail.test'
		AND first_name = 'Carl'
		AND first_partner_id = ? AND last_partner_id = ?`, w.anna.ID, w.anna.ID); n != 1 {
		t.Error("the contact does not carry its referrer")
	}
}

// The beacon and PHP report the same form under the same id, in any order.
//
// Spec: S35
func TestLeadReportedTwice(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.click(w.anna)
	for range 2 {
		b.report("t/lead", "email=carl@mail.test&id=abcdefgh").Want(http.StatusNoContent)
	}
	w.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, occurred_at, payload, created_at)
		VALUES ('form', 'wordpress', 'abcdefgh', ?, '{"email":"carl@mail.test"}', ?)`, w.Clock.Now(), w.Clock.Now())
	w.Settle()
	if w.leads(w.anna) != 1 || w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`) != 1 {
		t.Errorf("%d leads", w.leads(w.anna))
	}
}

// Spec: S35
func TestLeadWithBadInput(t *testing.T) {
	w := newWorld(t)
	for body, want := range map[string]int{
		"":                         http.StatusUnprocessableEntity,
		"email=&id=12345678":       http.StatusUnprocessableEntity,
		"email=carl&id=12345678":   http.StatusUnprocessableEntity,
		"email=a%00@b.test":        http.StatusUnprocessableEntity,
		"email=%zz":                http.StatusBadRequest,
		"email=carl@mail.test&id=": http.StatusNoContent,
		"email=eva@mail.test&id=x%27+OR+1&page=" + strings.Repeat("x", 5000):    http.StatusNoContent,
		"email=max@mail.test&first_name=" + strings.Repeat("%F0%9F%98%80", 200): http.StatusNoContent,
		"email=ida@mail.test&first_name=%3Cscript%3E&last_name=%ff%fe":          http.StatusNoContent,
		"email=tom@mail.test&page=" +
			strings.Repeat("x", 65<<10): http.StatusRequestEntityTooLarge,
		"email=" + strings.Repeat("x", 300) +
			"@mail.test&id=12345678": http.StatusUnprocessableEntity,
		"email=ann@mail.test&email=second@mail.test&first_name=a%0d%0aBcc:+b&id=12345678x": http.StatusNoContent,
	} {
		if a := w.browser().report("t/lead", body); a.Code != want {
			t.Errorf("%.60q: answered %d", body, a.Code)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`); n != 5 {
		t.Errorf("%d forms stored", n)
	}
}

// What stands on other people's pages reports nothing: partners could count
// their own visitors, and strangers make contacts.
//
// Spec: S47, S59
func TestReportsOfOtherSites(t *testing.T) {
	w := newWorld(t)
	for path, body := range map[string]string{"t/click": w.page("?orid=ANNA"), "t/lead": "email=carl@mail.test"} {
		req := w.reportRequest(path, body)
		req.Header.Set("Origin", "https://evil.test")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := w.Do(req).Want(http.StatusNoContent); len(a.Header["Set-Cookie"]) != 0 {
			t.Errorf("%s: %v", path, a.Header["Set-Cookie"])
		}
	}
	if w.visits(w.anna) != 0 || w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`) != 0 {
		t.Error("it was believed")
	}
}

// Spec: S59
func TestLeadsOfOneAddressAreLimited(t *testing.T) {
	w := newWorld(t)
	from := func(ip string) int {
		req := w.reportRequest("t/lead", "email=carl@mail.test")
		req.Header.Set("X-Forwarded-For", ip)
		return w.Do(req).Code
	}
	for i := range 20 {
		if code := from("203.0.113.5"); code != http.StatusNoContent {
			t.Fatalf("form %d: answered %d", i, code)
		}
	}
	if code := from("203.0.113.5"); code != http.StatusTooManyRequests {
		t.Errorf("form 21: answered %d", code)
	}
	if code := from("203.0.113.6"); code != http.StatusNoContent {
		t.Errorf("another address: answered %d", code)
	}
}

// One click brings only so many forms in a minute, from however many networks
// they are sent. What is beyond is counted apart and makes nobody a contact.
//
// Spec: S59
func TestLeadsOfOneClickAreLimited(t *testing.T) {
	w := newWorld(t)
	visitor := w.browser()
	visitor.click(w.anna)
	from := func(i int) int {
		req := w.reportRequest("t/lead", fmt.Sprintf("email=p%d@mail.test", i))
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.7", i))
		req.AddCookie(visitor.cookies["pc_click"])
		return w.Do(req).Code
	}
	taken := 0
	for i := range 60 {
		if code := from(i); code == http.StatusNoContent {
			taken++
		} else if code != http.StatusTooManyRequests {
			t.Fatalf("form %d: answered %d", i, code)
		}
	}
	forms := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`)
	contacts := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email LIKE 'p%'`)
	if taken != 20 || forms != 20 || contacts != 20 {
		t.Errorf("%d taken, %d forms, %d contacts", taken, forms, contacts)
	}
	if err := w.Server.Close(t.Context()); err != nil { // what is queued is stored
		t.Fatal(err)
	}
	if n := w.Count(`SELECT SUM(clicks) FROM {wp}partner_center_click_rejects WHERE reason = 'form_flood'`); n != 40 {
		t.Errorf("%d counted apart", n)
	}
}

// Through the plugin the visitor's address is what the plugin says.
//
// Spec: S57, S59
func TestReportsThroughThePlugin(t *testing.T) {
	w := newWorld(t)
	req := w.reportRequest("t/click", w.page("?orid=ANNA&opid=TOOL"))
	req.RemoteAddr = "198.51.100.20:5000" // PHP on another machine
	w.Sign(req)
	a := w.Do(req).Want(http.StatusNoContent)
	if c := a.Cookie("pc_click"); c == nil || !c.Secure {
		t.Errorf("%+v", c)
	}
}

// Spec: S45, S62
func TestScript(t *testing.T) {
	w := newWorld(t)
	a := w.browser().get("t.js").Want(http.StatusOK)
	if a.Header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		a.Header.Get("Cache-Control") != "public, max-age=3600" {
		t.Error(a.Header)
	}
	for _, query := range []string{"t.js?ver=1"} {
		req := w.Request(http.MethodGet, query, web.Standalone, "")
		req.Header.Set("If-None-Match", a.Header.Get("ETag"))
		if again := w.Do(req).Want(http.StatusNotModified); again.Text != "" {
			t.Error("sent once more")
		}
	}
	w.Switch(false, false)
	w.browser().get("t.js").Want(http.StatusOK) // pages in caches still ask for it
}
