package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Spec: S48, D30
func TestLinksThatLeadNowhere(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		code, partner := w.codes("mia")
		before := w.stored()
		for _, by := range w.front.ways {
			for _, link := range []string{
				"go/", "go/nosuchtool?p=" + partner, "go/" + code + "x/" + partner, "go/x'%20OR%201=1--?p=" + partner,
				"go/%ff%fe/%3Cscript%3E", "go/" + strings.Repeat("a", 3000), "nothing/here",
			} {
				c := newClient(t, w.URL(), by.address)
				a := c.get(ownURL(link)).want(http.StatusNotFound)
				if !strings.Contains(a.text("body"), "Go to the home page") || strings.Contains(a.Body, "<script>") ||
					c.cookie("pc_click") != "" {
					t.Errorf("%.80s by %s: %.300s", link, by.name, a.text("body"))
				}
			}
		}
		if after := w.stored(); after != before {
			t.Errorf("stored %+v, before %+v", after, before)
		}
	})
}

// codes are the public names of a tool of the partner's program, and of them.
func (w *world) codes(login string) (tool, partner string) {
	w.t.Helper()
	link, err := url.Parse(w.linkOf(login, "Text link"))
	if err != nil {
		w.t.Fatal(err)
	}
	return link.Path[strings.LastIndex(link.Path, "/")+1:], link.Query().Get("p")
}

type stored struct{ Visits, Rejects, Contacts, Forms int64 }

func (w *world) stored() (s stored) {
	w.t.Helper()
	err := w.DB.Get(w.t.Context(), &s,
		`SELECT (SELECT COUNT(*) FROM {wp}partner_center_visits) AS visits,
		(SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects) AS rejects,
		(SELECT COUNT(*) FROM {wp}partner_center_contacts) AS contacts,
		(SELECT COUNT(*) FROM {wp}partner_center_touchpoints) AS forms`)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// Whoever names a partner that is none, or one whose program is archived,
// leads visitors on, earns nothing, and the reason is counted.
//
// Spec: S48, D30
func TestClicksWithoutCredit(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		tool, _ := w.codes("mia")
		w.clickRejected(ownURL("go/"+tool+"?p=nobody99"), "unknown_partner")
		w.clickRejected(ownURL("go/"+tool+"?p=%27%3B%20DROP%20TABLE%20x%3B--"), "unknown_partner")

		link := strings.TrimPrefix(w.linkOf("yuki", "Text link"), w.URL())
		var program string
		if err := w.DB.Get(t.Context(), &program,
			`SELECT id FROM {wp}partner_center_programs WHERE name = 'Café Wholesale'`); err != nil {
			t.Fatal(err)
		}
		admin := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		admin.post(adminURL("admin/programs/"+program+"/archive"), url.Values{}).want(http.StatusSeeOther)
		t.Cleanup(func() {
			admin.post(adminURL("admin/programs/"+program+"/unarchive"), url.Values{}).want(http.StatusSeeOther)
		})
		soon(t, "the archived program is known to the links", func() bool {
			c := newClient(t, w.URL(), "")
			c.get(link).want(http.StatusFound)
			return c.cookie("pc_click") == ""
		})
		w.clickRejected(link, "no_program")
	})
}

// clickRejected clicks, and sees the click only among those not counted.
func (w *world) clickRejected(link, reason string) {
	w.t.Helper()
	before, count := w.stored(), w.rejects(reason)
	c := newClient(w.t, w.URL(), "")
	a := c.get(link).want(http.StatusFound)
	if to := a.Header.Get("Location"); !strings.HasPrefix(to, w.URL()+"/") || c.cookie("pc_click") != "" {
		w.t.Errorf("%s leads to %q with cookie %q", link, to, c.cookie("pc_click"))
	}
	if after := w.stored(); after.Visits != before.Visits || w.rejects(reason) != count+1 {
		w.t.Errorf("%s: %+v, before %+v; %s %d times, before %d", link, after, before, reason, w.rejects(reason), count)
	}
}

func (w *world) rejects(reason string) (n int64) {
	w.t.Helper()
	if err := w.DB.Get(w.t.Context(), &n,
		`SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects WHERE reason = ?`, reason); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// Spec: S58.1 S61
func TestLeadsWithBrokenCookies(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		c := newClient(t, w.URL(), "")
		c.get(w.linkOf("liam", "Text link")).want(http.StatusFound)
		liams := c.cookie("pc_click")
		c.get(w.linkOf("mia", "Text link")).want(http.StatusFound)
		last := c.cookie("pc_click")
		parts := strings.Split(last, ".")
		later := append([]string{}, parts...)
		later[3] += "z" // another end of its life, the signature as it was
		for name, cookie := range map[string]string{
			"none": "", "nonsense": "hello", "forged": "1.1.1.zzzzzz.AAAAAAAAAAAAAAAAAAAAAA", "cut": last[:len(last)-1],
			"prolonged": strings.Join(later, "."),
			"mixed":     strings.Join(append(parts[:4:4], strings.Split(liams, ".")[4]), "."),
			"huge":      strings.Repeat("1.", 3000), "sql": "1' OR '1'='1",
		} {
			if by := w.lead(name, cookie); by != "" {
				t.Errorf("%s: a lead of %s", name, by)
			}
		}
		if by := w.lead("whole", last); by != "mia" {
			t.Errorf("the lead of the last click is %q's", by)
		}
	})
}

// lead sends an opt-in as the tracking script does and tells whose it is.
func (w *world) lead(name, cookie string) (login string) {
	w.t.Helper()
	email := name + "@bad-input.test"
	c := newClient(w.t, w.URL(), "")
	req := c.request(http.MethodPost, ownURL("t/lead"), url.Values{"email": {email}, "id": {"bad-input-" + name},
		"page": {w.URL() + "/coffee-letter/"}})
	req.Header.Set("Origin", w.URL())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != "" {
		req.Header.Set("Cookie", "pc_click="+cookie)
	}
	c.send(req).want(http.StatusNoContent)
	err := w.DB.Get(w.t.Context(), &login,
		`SELECT COALESCE(u.user_login, '') FROM {wp}partner_center_contacts c LEFT JOIN {wp}partner_center_partners p
			ON p.id = COALESCE(c.first_partner_id, c.last_partner_id)
		LEFT JOIN {users} u ON u.ID = p.wp_user_id WHERE c.email = ?`, email)
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	return login
}

// Spec: S122
func TestSubIDIsOnlyText(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("ana", "partner")
		for _, subID := range []string{`x'); DROP TABLE t;--`, `<script>alert(1)</script>`, `"5" -- ünï 🙂`} {
			newClient(t, w.URL(), "").get(w.linkOf("ana", "Text link") + "&sid=" +
				url.PathEscape(subID)).want(http.StatusFound)
			for _, page := range []string{ownURL("reports/subids?range=all"), themeURL("reports/subids?range=all")} {
				v.open(page)
				v.sees(".pc-lines tbody", subID)
			}
		}
	})
}
