package wpplugin_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	coupons "partnercenter/affiliate/coupon"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
	"partnercenter/sidecar/inbox"
	wpplugin "partnercenter/wp-plugin"
)

// down is a sidecar address where nobody listens.
const down = `'sidecar_url' => 'http://127.0.0.1:1'`

// program is what the sidecar keeps beside the site: one tool, one partner.
type program struct {
	tracker *tracking.Tracker
	drainer *inbox.Drainer
	partner affiliate.Partner
	tool    tracking.Tool
}

func (s *site) newProgram(t *testing.T, target string) *program {
	t.Helper()
	for _, table := range []string{"visits", "visit_seen", "visit_days", "touchpoints", "tools", "memberships",
		"partners", "programs", "contacts", "secrets", "settings"} {
		s.php(t, `$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_{$args[0]}");`, table)
	}
	log := slog.New(slog.DiscardHandler)
	utc := func() *time.Location { return time.UTC }
	registry := affiliate.NewRegistry(s.db, clock.System)
	_, err := registry.SaveSettings(t.Context(), "admin", affiliate.DefaultSettings())
	must(t, err)
	ring := keyring.New(s.db, clock.System, s.key, log)
	p := &program{tracker: tracking.NewTracker(s.db, clock.System, utc, registry, ring)}
	p.drainer = inbox.New(s.db, clock.System, log, p.tracker, sale.New(s.db, clock.System, utc, p.tracker))
	clicks, err := tracking.NewClicks(t.Context(), p.tracker, func() bool { return true }, log)
	must(t, err)
	must(t, clicks.Close(t.Context())) // the sidecar has run once
	g, err := registry.CreateProgram(t.Context(), "admin", affiliate.Program{Name: "Main", Tiers: 1,
		Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen})
	must(t, err)
	p.tool, err = p.tracker.CreateTool(t.Context(), "admin", tracking.Tool{ProgramID: g.ID, Kind: tracking.StandardLink,
		Name: "Home", TargetURL: target})
	must(t, err)
	must(t, s.db.Tx(t.Context(), func(tx *db.Tx) error {
		c, _, err := affiliate.EnsureContact(t.Context(), tx, affiliate.Person{Email: "ann@partners.example"},
			affiliate.ByAdmin, time.Now())
		if err != nil {
			return err
		}
		p.partner, _, _, err = affiliate.Enrol(t.Context(), tx, affiliate.Enrolment{ContactID: c.ID, ProgramID: g.ID,
			State: affiliate.Active, PaymentMethod: affiliate.Check, At: time.Now()})
		return err
	}))
	return p
}

// back drains what was kept during the outage.
func (p *program) back(t *testing.T) {
	t.Helper()
	_, err := p.drainer.Drain(t.Context())
	must(t, err)
}

// cookies of an answer, as the browser would send them back.
func cookies(a answer) []*http.Cookie { return (&http.Response{Header: a.Header}).Cookies() }

// A published link leads to its target while the sidecar is down; the click is
// counted later, and credited by the cookie that PHP set.
//
// Spec: D43.1 D43.2 D43.3 B18.1 B18.3
func TestLinkOutlivesTheSidecar(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order?x=1")
		s.set(t, `['tracking' => true, `+down+`]`)
		agent := http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux) Firefox/140.0"}}
		link := "/partner-center/go/" + p.tool.Code + "?p=" + strings.ToUpper(p.partner.Code) + ".&sid=a%26b"
		a := s.do(t, request{path: link, header: agent})
		if a.Status != http.StatusFound || a.Header.Get("Location") != s.URL+"/order?x=1" ||
			a.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d to %q, %q", a.Status, a.Header.Get("Location"), a.Header.Get("Cache-Control"))
		}
		var click, visitor *http.Cookie
		for _, c := range cookies(a) {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
				t.Errorf("cookie %+v", c)
			}
			switch c.Name {
			case "pc_click":
				click = c
			case "pc_visitor":
				visitor = c
			}
		}
		if click == nil || visitor == nil || click.MaxAge != 90*24*3600 || visitor.MaxAge != 400*24*3600 {
			t.Fatalf("cookies %v, %v", click, visitor)
		}
		s.do(t, request{path: link, header: agent, cookies: []*http.Cookie{visitor}})
		p.back(t)
		var visits []struct {
			SubID  string `db:"subid"`
			Unique bool   `db:"is_unique"`
		}
		must(t, s.db.Select(t.Context(), &visits, `SELECT subid, is_unique FROM {wp}partner_center_visits ORDER BY id`))
		if len(visits) != 2 || visits[0].SubID != "a%26b" || !visits[0].Unique || visits[1].Unique {
			t.Errorf("visits %+v", visits)
		}
		must(t, s.db.Tx(t.Context(), func(tx *db.Tx) error {
			form, err := p.tracker.ApplyTouchpoint(t.Context(), tx, tracking.Touchpoint{Kind: tracking.OptIn,
				Source: "wordpress", ExternalID: "12345678",
				Email: "carl@mail.test", Origin: affiliate.ByForm, Click: click.Value, At: time.Now()})
			if form.Touch.State != tracking.Valid || form.Lead.PartnerID != p.partner.ID {
				t.Errorf("the cookie that PHP set: %+v, lead %+v", form.Touch, form.Lead)
			}
			return err
		}))
	})
}

// What no click is leads to the target as well, and leaves no trace.
//
// Spec: D30 D36.1 D43.1
func TestLinkWithoutClickDuringAnOutage(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, "https://elsewhere.example/order#top")
		s.set(t, `['tracking' => true, `+down+`]`)
		good := "/partner-center/go/" + p.tool.Code + "/" + p.partner.Code
		for name, r := range map[string]request{
			"unknown partner": {path: "/partner-center/go/" + p.tool.Code + "?p=nosuchcode"},
			"no partner":      {path: "/partner-center/go/" + p.tool.Code},
			"prefetch":        {path: good, header: http.Header{"Sec-Purpose": {"prefetch"}}},
			"image":           {path: good, header: http.Header{"Sec-Fetch-Dest": {"image"}}},
			"head":            {path: good, method: http.MethodHead},
		} {
			if a := s.do(t, r); a.Status != http.StatusFound || a.Header.Get("Location") != p.tool.TargetURL ||
				len(cookies(a)) != 0 {
				t.Errorf("%s: %d to %q with %v", name, a.Status, a.Header.Get("Location"), cookies(a))
			}
		}
		if n := len(s.facts(t, "click")); n != 0 {
			t.Errorf("%d clicks noted", n)
		}
		a := s.get(t, good+"?to=/deep/page%3Fa=1")
		to, err := url.Parse(a.Header.Get("Location"))
		must(t, err)
		token := to.Query().Get("pct")
		if to.Host != "elsewhere.example" || to.Path != "/deep/page" || to.Query().Get("a") != "1" || token == "" {
			t.Errorf("a deep link leads to %s", to)
		}
		if out, err := p.tracker.ClaimToken(t.Context(), token, time.Now()); err != nil || out.Cookie == "" {
			t.Errorf("the token for another host: %+v, %v", out, err)
		}
		for _, to := range []string{"//evil.example/", "https://evil.example/", `/\evil.example`} {
			if got := s.get(t, good+"?to="+url.QueryEscape(to)).Header.Get("Location"); !strings.HasPrefix(got,
				"https://elsewhere.example/order?pct=") {
				t.Errorf("to=%s leads to %s", to, got)
			}
		}
		s.set(t, `['tracking' => false]`)
		if a := s.get(t, good); a.Header.Get("Location") != p.tool.TargetURL || len(cookies(a)) != 0 {
			t.Errorf("switched off: %d with %v", a.Status, cookies(a))
		}
		if a := s.get(t, "/partner-center/go/nosuchtool?p=x"); a.Status != http.StatusServiceUnavailable {
			t.Errorf("an unknown tool: %d", a.Status)
		}
	})
}

// Spec: D43.1
func TestSidecarThatFailsIsAsOneThatIsDown(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order")
		s.set(t, `['tracking' => true]`)
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
		if a := s.get(t, "/partner-center/go/"+p.tool.Code+"?p="+p.partner.Code); a.Status != http.StatusFound ||
			len(s.facts(t, "click")) != 1 {
			t.Errorf("status %d, %d clicks noted", a.Status, len(s.facts(t, "click")))
		}
	})
}

// What pages report is kept, too.
//
// Spec: S47 S59 D43.2
func TestReportsDuringAnOutage(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order")
		s.set(t, `['tracking' => true, `+down+`]`)
		own := http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"}, "Origin": {s.URL},
			"Sec-Fetch-Site": {"same-origin"}, "Sec-Fetch-Dest": {"empty"}}
		page := s.URL + "/order?orid=" + p.partner.Code + "&opid=" + p.tool.Code
		a := s.do(t, request{path: "/partner-center/t/click", form: url.Values{"u": {page}}, header: own})
		if a.Status != http.StatusNoContent || len(cookies(a)) != 2 {
			t.Errorf("a direct link's click: %d, %v", a.Status, cookies(a))
		}
		lead := url.Values{"email": {"carl@mail.test"}, "id": {"12345678"}, "page": {s.URL + "/order"},
			"form": {"news"}}
		for range 2 {
			if a := s.do(t, request{path: "/partner-center/t/lead", form: lead, header: own,
				cookies: cookies(a)}); a.Status != http.StatusNoContent {
				t.Errorf("a form: %d", a.Status)
			}
		}
		s.do(t, request{path: "/partner-center/t/lead", form: lead,
			header: http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}})
		p.back(t)
		var credited int
		must(t, s.db.Get(t.Context(), &credited,
			`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE cookie = 'valid' AND lead_partner_id = ?`,
			p.partner.ID))
		if n := len(s.facts(t, "form")); n != 1 || credited != 1 {
			t.Errorf("%d forms noted, %d credited", n, credited)
		}
		if a := s.get(t, "/partner-center/t.js"); a.Body != string(wpplugin.Script) ||
			!strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("the script: %d %s", a.Status, a.Header.Get("Content-Type"))
		}
	})
}

// A link with a coupon carries it while the sidecar is down as well, also one that
// leads to a page directly.
//
// Spec: B17.3 B18
func TestLinkCarriesItsCouponInAnOutage(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order")
		s.php(t, `$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_coupons");`)
		_, err := coupons.New(s.db, clock.System).Assign(t.Context(), "admin", p.partner.ID, coupons.AnyShop, "Ann 10%")
		must(t, err)
		s.set(t, `['tracking' => true, `+down+`]`)
		agent := http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux) Firefox/140.0"}}
		link := "/partner-center/go/" + p.tool.Code + "?p=" + p.partner.Code
		page := url.QueryEscape(s.URL + "/order?orid=" + p.partner.Code + "&coupon")
		for path, want := range map[string]string{link: "", link + "&coupon": "ANN%252010%2525",
			"/partner-center/t/click?u=" + page: "ANN%252010%2525"} {
			got := ""
			for _, c := range cookies(s.do(t, request{path: path, header: agent})) {
				if c.Name == "pc_coupon" {
					got = c.Value
				}
			}
			if got != want {
				t.Errorf("%s leaves the code %q, want %q", path, got, want)
			}
		}
	})
}
