package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// awkward is what WordPress' text filters and request parsing like to change.
const awkward = `It's "5 x 3" -- (c) & <b>… \' 🙂`

// surface is where pages of ours are shown, with what a test does there: look
// at the first page, send a form, take a file.
type surface struct {
	name           string
	login          string // "" the admin
	url            func(path string) string
	greets         string // words of the first page
	path           string // of the form
	form           string // its selector
	field          string // of it
	complains, yes string // words when the field is wrong, and when all is right
	file           string // a download
}

func adminURL(path string) string { return adminPage(url.PathEscape(path)) }
func themeURL(path string) string { return "/partners/?pc=" + url.QueryEscape(path) }
func ownURL(path string) string   { return "/partner-center/" + path }

var surfaces = []surface{
	{"stand-alone", "mia", ownURL, "What happened last", "profile", "main form", "paypal_email", "email address",
		"Saved", "earnings/commissions.csv?range=all"},
	{"theme", "mia", themeURL, "What happened last", "profile", ".pc-main form", "paypal_email", "email address",
		"Saved", "earnings/commissions.csv?range=all"},
	{"admin", "", adminURL, "Overview", "admin/settings", ".pc-admin form", "cookie_days", "1 to 400", "saved",
		"admin/reports/history.csv?range=all"},
}

// TestSurfacesByEveryWay: whatever web server leads to it and wherever it is
// shown, a page greets its user, a form complains and obeys, a download is the
// same to the byte, and a logout counts at once.
//
// Spec: S10, S115, S116
func TestSurfacesByEveryWay(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		files := map[string]string{} // by address: the same by every way
		for _, s := range surfaces {
			for _, by := range example(t, r).front.ways {
				t.Run(s.name+" by "+by.name, func(t *testing.T) {
					w := example(t, r)
					c := w.person(s, by)
					c.greeted(s)
					c.complains(s)
					c.obeys(s)
					c.notFromOutside(s)
					file := c.get(s.url(s.file)).want(http.StatusOK)
					if first, known := files[s.file]; known && first != file.Body {
						t.Errorf("the download is another file: %d bytes, %d by another way", len(file.Body),
							len(first))
					}
					if files[s.file] = file.Body; strings.Count(file.Body, "\n") < 10 ||
						!strings.Contains(file.Header.Get("Content-Disposition"), ".csv") {
						t.Errorf("%v\n%.300s", file.Header, file.Body)
					}
					c.logsOut(s)
					w.noNotices()
				})
			}
		}
	}, newest, oldest)
}

func (w *world) person(s surface, by way) *client {
	w.t.Helper()
	c := newClient(w.t, w.URL(), by.address)
	if s.login == "" {
		return c.logIn(w.Admin.Login, w.Admin.Password)
	}
	return c.logIn(s.login, w.Partner.Password)
}

func (c *client) greeted(s surface) {
	c.t.Helper()
	first := s.url("")
	if s.name == "admin" {
		first = "/wp-admin/admin.php?page=partner-center"
	}
	c.get(first).want(http.StatusOK).sees(".partner-center", s.greets)
}

// complains sends what will not do, beside names to which WordPress reacts.
func (c *client) complains(s surface) {
	c.t.Helper()
	form := c.get(s.url(s.path)).want(http.StatusOK).form(s.form)
	form.Set(s.field, awkward)
	form.Set("name", awkward)
	form.Set("p", "2")
	a := c.post(s.url(s.path), form).want(http.StatusUnprocessableEntity)
	a.sees("#pc-"+s.field+"-notes", s.complains)
	if got := a.value("#pc-" + s.field); got != awkward {
		c.t.Errorf("typed %q, shown again %q", awkward, got)
	}
}

// obeys sends the form as it stood.
func (c *client) obeys(s surface) {
	c.t.Helper()
	form := c.get(s.url(s.path)).form(s.form)
	form.Set("name", "x")
	a := c.post(s.url(s.path), form).want(http.StatusSeeOther)
	to := a.Header.Get("Location")
	c.get(to).want(http.StatusOK).sees(".pc-flash", s.yes)
	if text := c.get(to).want(http.StatusOK).text(".pc-flash"); text != "" {
		c.t.Errorf("a confirmation is shown twice: %q", text)
	}
	if strings.TrimPrefix(to, c.base) != s.url(s.path) {
		c.t.Errorf("led to %s, want %s", to, s.url(s.path))
	}
}

// notFromOutside sends it from a page of another site.
func (c *client) notFromOutside(s surface) {
	c.t.Helper()
	form := c.get(s.url(s.path)).form(s.form)
	req := c.request(http.MethodPost, s.url(s.path), form)
	req.Header.Set("Origin", "https://elsewhere.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	c.send(req).want(http.StatusForbidden)
}

// logsOut by WordPress; the cookies of before open nothing any more.
func (c *client) logsOut(s surface) {
	c.t.Helper()
	before := c.http.Jar.Cookies(c.root())
	admin := *c.root()
	admin.Path = "/wp-admin/"
	before = append(before, c.http.Jar.Cookies(&admin)...)
	confirm := c.get("/wp-login.php?action=logout").page().Find("a[href*='action=logout']").AttrOr("href", "")
	c.get(confirm).want(http.StatusFound)
	c.http.Jar.SetCookies(c.root(), before)
	c.http.Jar.SetCookies(&admin, before)
	a := c.get(s.url(s.path))
	if to := a.Header.Get("Location"); a.Status/100 != 3 || !strings.Contains(to, "/wp-login.php") {
		c.t.Errorf("after the logout: %d to %q", a.Status, to)
	}
}

// TestNewProgramKeepsItsName: "name" is a field of ours, and one to which
// WordPress reacts.
func TestNewProgramKeepsItsName(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := example(t, r)
		for _, by := range w.front.ways {
			c := newClient(t, w.URL(), by.address).logIn(w.Admin.Login, w.Admin.Password)
			a := c.post(adminURL("admin/programs"),
				url.Values{"name": {awkward}, "tiers": {"7"}}).want(http.StatusUnprocessableEntity)
			if got := a.value("#pc-name"); got != awkward {
				t.Errorf("%s: typed %q, shown again %q", by.name, awkward, got)
			}
		}
	}, newest, oldest)
}

// TestClicksByEveryWay: a client that knows nothing of cookies or where it
// came from is credited, each time.
//
// Spec: S48 S57.1 S138.1 B6.1
func TestClicksByEveryWay(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := example(t, r)
		link := w.linkOf("mia", "Text link")
		path := strings.TrimPrefix(link, w.URL())
		for _, by := range w.front.ways {
			c := newClient(t, w.URL(), by.address)
			before := w.visitsOf("mia")
			a := c.get(path).want(http.StatusFound)
			if to := a.Header.Get("Location"); !strings.HasPrefix(to, w.URL()) || c.cookie("pc_click") == "" ||
				a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: to %q, %v", by.name, to, a.Header)
			}
			if n := w.visitsOf("mia"); n != before+1 {
				t.Errorf("%s: %d visits more", by.name, n-before)
			}
			script := c.get(ownURL("t.js")).want(http.StatusOK)
			if !strings.Contains(script.Header.Get("Content-Type"), "javascript") {
				t.Errorf("%s: %v", by.name, script.Header)
			}
		}
		if to := w.front.nginx.sent(t, path); "http://"+to != w.SidecarAddress() {
			t.Errorf("nginx passed the click on to %s", to)
		}
	}, newest, oldest)
}

// linkOf is a partner's own link of the first promo tool with that ad.
func (w *world) linkOf(login, ad string) string {
	w.t.Helper()
	var tool, partner string
	err := w.DB.Get(w.t.Context(), &partner,
		`SELECT p.code FROM {wp}partner_center_partners p JOIN {users} u ON u.ID = p.wp_user_id WHERE u.user_login = ?`,
		login)
	if err == nil {
		err = w.DB.Get(w.t.Context(), &tool,
			`SELECT t.code FROM {wp}partner_center_tools t JOIN {wp}partner_center_partners p ON p.code = ?
				JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.program_id = t.program_id
			WHERE t.ad = ? AND m.ended_at IS NULL ORDER BY t.id LIMIT 1`, partner, ad)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return w.URL() + "/partner-center/go/" + tool + "?p=" + partner
}

func (w *world) visitsOf(login string) (n int) {
	w.t.Helper()
	err := w.DB.Get(w.t.Context(), &n,
		`SELECT COUNT(*) FROM {wp}partner_center_visits v JOIN {wp}partner_center_partners p ON p.id = v.partner_id
			JOIN {users} u ON u.ID = p.wp_user_id WHERE u.user_login = ?`, login)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
