package tracking

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S48 S57 D30.4
func TestClickRedirectsAndNamesThePartner(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	out := s.click(s.request(p))
	if out.Target != s.tool.TargetURL || out.Rejected != "" || !out.Unique || out.Cookie == "" || out.Visitor == "" {
		t.Errorf("outcome: %+v", out)
	}
	var row struct {
		Partner affiliate.PartnerID `db:"partner_id"`
		Tool    affiliate.ToolID    `db:"tool_id"`
		Day     affiliate.Day       `db:"day"`
		Unique  bool                `db:"is_unique"`
	}
	s.ok(s.db.Get(t.Context(), &row, `SELECT partner_id, tool_id, day, is_unique FROM {wp}partner_center_visits`))
	if row.Partner != p.ID || row.Tool != s.tool.ID || row.Day != affiliate.DayOf(noon, time.UTC) || !row.Unique {
		t.Errorf("visit: %+v", row)
	}
}

// Spec: S48.1
func TestOldStandardLinksFollowTheTarget(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	s.click(r)
	moved := s.tool
	moved.TargetURL = "https://shop.example/new"
	if _, warning, err := s.EditTool(t.Context(), admin, moved); err != nil || !warning.IsZero() {
		t.Fatal(err, warning)
	}
	s.ok(s.clicks.Refresh(t.Context()))
	if out := s.click(r); out.Target != moved.TargetURL {
		t.Errorf("leads to %s", out.Target)
	}
}

func TestUnknownToolIsMissingAndNothingStored(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	for _, code := range []string{"", "nosuchtool", strings.Repeat("x", 5000), "'; DROP TABLE x; --"} {
		r.ToolCode = code
		if _, err := s.clicks.Click(t.Context(), r); affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Errorf("%.20q: %v", code, err)
		}
	}
	if n := s.number(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_visits) + (SELECT COUNT(*)
		FROM {wp}partner_center_click_rejects)`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// Spec: D30.1 D30.2
func TestClicksThatAreNoPersonsRedirectUncounted(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	s.ok(s.db.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := affiliate.LinkUser(t.Context(), tx, p.ID, 77, s.clock.Now())
		return err
	}))
	for reason, change := range map[Reason]func(*ClickRequest){
		HeadRequest:    func(r *ClickRequest) { r.Method = http.MethodHead },
		Prefetch:       func(r *ClickRequest) { r.Purpose = "prefetch;prerender" },
		Embedded:       func(r *ClickRequest) { r.Embedded = true },
		Bot:            func(r *ClickRequest) { r.UserAgent = "Mozilla/5.0 (compatible; bingbot/2.0)" },
		OwnClick:       func(r *ClickRequest) { r.UserID = 77 },
		UnknownPartner: func(r *ClickRequest) { r.PartnerCode = "nosuchcode" },
	} {
		r := s.request(p)
		change(&r)
		for range 2 {
			if out := s.click(r); out.Rejected != reason || out.Target != s.tool.TargetURL || out.Cookie != "" ||
				out.Visitor != "" {
				t.Errorf("%s: %+v", reason, out)
			}
		}
		if n := s.number(
			`SELECT SUM(clicks) FROM {wp}partner_center_click_rejects WHERE reason = ? AND tool_id = ?
				AND day = '2026-03-04'`, reason, s.tool.ID); n != 2 {
			t.Errorf("%s counted %d times", reason, n)
		}
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 0 {
		t.Errorf("%d visits", n)
	}
}

// A partner who tries a link of their own sees that it works, though it does not count.
//
// Spec: S63
func TestOwnClicksAreSeen(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	s.ok(s.db.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := affiliate.LinkUser(t.Context(), tx, p.ID, 77, s.clock.Now())
		return err
	}))
	if _, found, err := s.TestClick(t.Context(), p.ID); found || err != nil {
		t.Fatalf("before any click: %v %v", found, err)
	}
	own := func(at time.Time) {
		r := s.request(p)
		r.UserID, r.At = 77, at
		s.click(r)
	}
	first := s.request(p).At
	own(first.Add(time.Hour))
	own(first) // comes late
	s.click(s.request(p))
	if got, found, err := s.TestClick(t.Context(), p.ID); err != nil || !found || got.ToolID != s.tool.ID ||
		!got.At.Equal(first.Add(time.Hour)) {
		t.Errorf("seen: %+v %v %v", got, found, err)
	}
}

// Spec: S141.2 D30
func TestPartnersWhoCannotEarnKeepNoClick(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	want := func(reason Reason) {
		t.Helper()
		if out := s.click(s.request(p)); out.Rejected != reason || (out.Cookie == "") != (reason != "") ||
			out.Target != s.tool.TargetURL {
			t.Errorf("want %s: %+v", reason, out)
		}
	}
	want("")
	for _, state := range []affiliate.PartnerState{affiliate.Suspended, affiliate.Applied, affiliate.Rejected,
		affiliate.Removed} {
		s.setState(p, state)
		want(PartnerBarred)
	}
	s.setState(p, affiliate.Active)
	want("")
	must[affiliate.Program](s)(s.registry.ArchiveProgram(t.Context(), admin, s.program.ID))
	s.ok(s.clicks.Refresh(t.Context()))
	want(NoProgram)
}

func TestSwitchedOffRedirectsUntracked(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	s.switched = false
	if out := s.click(r); out.Target != s.tool.TargetURL || out.Cookie != "" || out.Visitor != "" ||
		out.Rejected != Off {
		t.Errorf("outcome: %+v", out)
	}
	if n := s.number(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_visits) + (SELECT COUNT(*)
		FROM {wp}partner_center_click_rejects)`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// Spec: S34.1 D3.1
func TestVisitorIsUniqueOncePerPartnerAndDay(t *testing.T) {
	s := newSite(t)
	s.zone = time.FixedZone("east", 5*60*60)
	a, b := s.partner("a"), s.partner("b")
	r := s.request(a)
	r.Visitor = s.click(r).Visitor
	for range 4 {
		if s.click(r).Unique {
			t.Error("the same visitor is unique twice")
		}
	}
	other := r
	other.PartnerCode = b.Code
	if !s.click(other).Unique {
		t.Error("not unique for another partner")
	}
	r.At = time.Date(2026, 3, 4, 18, 59, 59, 0, time.UTC) // 23:59:59 there
	if s.click(r).Unique {
		t.Error("unique again on the same day of the site")
	}
	r.At = r.At.Add(time.Second)
	if !s.click(r).Unique {
		t.Error("not unique on the site's next day")
	}
	var days []struct {
		Day     affiliate.Day `db:"day"`
		Clicks  int           `db:"clicks"`
		Uniques int           `db:"uniques"`
	}
	s.ok(s.db.Select(t.Context(), &days,
		`SELECT day, clicks, uniques FROM {wp}partner_center_visit_days WHERE partner_id = ? ORDER BY day`, a.ID))
	if fmt.Sprint(days) != "[{2026-03-04 6 1} {2026-03-05 1 1}]" {
		t.Errorf("roll-up: %v", days)
	}
}

// Spec: D3 D30.3
func TestVisitorWithoutCookieIsKnownByAddressAndBrowserForADay(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	given := s.click(r).Visitor
	if s.click(r).Unique {
		t.Error("a cookieless visitor is unique twice")
	}
	withCookie := r
	withCookie.Visitor = given
	if s.click(withCookie).Unique {
		t.Error("unique again by the cookie they were given")
	}
	elsewhere := r
	elsewhere.IP = "192.0.2.8"
	if !s.click(elsewhere).Unique {
		t.Error("another address is not unique")
	}
	forged := r
	forged.Visitor, forged.IP = "<script>", "192.0.2.9"
	if out := s.click(forged); !out.Unique || out.Visitor == "" {
		t.Errorf("a cookie that is not ours was accepted: %+v", out)
	}
	tomorrow := r
	tomorrow.At = r.At.Add(24 * time.Hour)
	if !s.click(tomorrow).Unique {
		t.Error("still known the next day")
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visit_seen
		WHERE HEX(seen) LIKE CONCAT('%', HEX('192.0.2'), '%')`); n != 0 {
		t.Error("an address stands readable in the database")
	}
}

// Spec: S34.1 D3
func TestConcurrentClicksOfOneVisitorAreUniqueOnce(t *testing.T) {
	for _, cookie := range []string{"", newVisitor().String()} {
		s := newSite(t)
		r := s.request(s.partner("a"))
		r.Visitor = cookie
		recorders := []*Clicks{s.clicks, s.newClicks()} // two sidecars
		var all sync.WaitGroup
		for i := range 64 {
			all.Go(func() {
				if _, err := recorders[i%2].Click(t.Context(), r); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := s.number(`SELECT SUM(is_unique) FROM {wp}partner_center_visits`); n != 1 {
			t.Errorf("cookie %q: %d unique visits", cookie, n)
		}
		if n := s.number(`SELECT 1000 * SUM(clicks) + SUM(uniques) FROM {wp}partner_center_visit_days`); n != 64_001 {
			t.Errorf("cookie %q: roll-up %d", cookie, n)
		}
	}
}

// Spec: S138.1
func TestLinkWorksFromAPlainTextMail(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	link := Links{Base: "https://shop.example/partner-center"}.Standard(s.tool.Code, p.Code, "mail")
	_, rest, _ := strings.Cut(link, "/go/")
	path, query, _ := strings.Cut(rest, "?")
	for name, as := range map[string]struct{ path, query string }{
		"as it is":                {path, query},
		"upper case":              {strings.ToUpper(path), "p=" + strings.ToUpper(p.Code)},
		"in angle brackets":       {path, "p=" + p.Code + "%3E"},
		"end of a sentence":       {path, "p=" + p.Code + "."},
		"wrapped in the code":     {path, "p=" + p.Code[:5] + "%0D%0A" + p.Code[5:]},
		"ampersand as HTML":       {path, "sid=mail&amp;p=" + p.Code},
		"short form":              {path + "/" + p.Code, "sid=mail"},
		"short form, sid by &":    {path + "/" + p.Code + "&sid=mail", ""},
		"short form, with a tail": {path + "/" + p.Code + "%3E", ""},
	} {
		r := ClickRequest{Method: http.MethodGet, Host: "shop.example", At: s.clock.Now(),
			UserAgent: "Thunderbird/128.0"}
		r.ParseStandard(as.path, as.query)
		if out := s.click(r); out.Cookie == "" {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

// Spec: D36.1
func TestDeepLinksStayOnTheTargetsHost(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	for to, want := range map[string]string{
		"/blue?size=4#top":       "https://shop.example/blue?size=4#top",
		"/a/../b":                "https://shop.example/b",
		"":                       s.tool.TargetURL,
		"blue":                   s.tool.TargetURL,
		"//evil.example/":        s.tool.TargetURL,
		"/\\evil.example/":       s.tool.TargetURL,
		"\\\\evil.example":       s.tool.TargetURL,
		"https://evil.example":   s.tool.TargetURL,
		"/\t/evil.example":       s.tool.TargetURL,
		"javascript:alert(1)":    s.tool.TargetURL,
		"/%zz":                   s.tool.TargetURL,
		"/ok\r\nSet-Cookie: a=b": s.tool.TargetURL,
		"/.//evil.example":       "https://shop.example//evil.example",
	} {
		r.To = to
		if out := s.click(r); out.Target != want {
			t.Errorf("%q leads to %s, want %s", to, out.Target, want)
		}
	}
}

// Spec: D35.1
func TestClickReachesATargetOnAnotherHost(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	r := s.request(p)
	r.Host = "go.shop.example:8080"
	out := s.click(r)
	u, err := url.Parse(out.Target)
	if err != nil || u.Host != "shop.example" || u.Query().Get("pct") == "" {
		t.Fatalf("leads to %s", out.Target)
	}
	token := u.Query().Get("pct")
	_, unused, _ := strings.Cut(s.click(r).Target, "pct=")
	cookie := must[Outcome](s)(s.ClaimToken(t.Context(), token, noon.Add(15*time.Minute-time.Second))).Cookie
	if cookie != out.Cookie {
		t.Errorf("the token gives %q, the click was %q", cookie, out.Cookie)
	}
	s.apply(s.optIn("kim@example.com", cookie))
	s.wantReferrers("kim@example.com", p.ID, p.ID)
	for name, c := range map[string]struct {
		token string
		after time.Duration
	}{
		"used":      {token, 0},
		"old":       {unused, 15 * time.Minute},
		"changed":   {strings.Replace(token, "t.", "t.2", 1), 0},
		"no token":  {out.Cookie, 0},
		"empty":     {"", 0},
		"oversized": {token + strings.Repeat("A", 1<<16), 0},
	} {
		if got := must[Outcome](s)(s.ClaimToken(t.Context(), c.token, noon.Add(c.after))).Cookie; got != "" {
			t.Errorf("%s: a cookie was made", name)
		}
	}
	if got := s.apply(s.optIn("kim@example.com", token)); got.Touch.State != Forged {
		t.Errorf("a token serves as cookie: %s", got.Touch.State)
	}
}

// A form of a page elsewhere carries the token itself, for two hours from the
// click, also where a script has used it; a cookie goes first, and no token is one
// that was changed.
//
// Spec: D35.3
func TestFormCarriesTheToken(t *testing.T) {
	s := newSite(t)
	p, other := s.partner("a"), s.partner("b")
	r := s.request(p)
	r.Host = "go.shop.example"
	out := s.click(r)
	u, err := url.Parse(out.Target)
	if err != nil {
		t.Fatal(err)
	}
	token := u.Query().Get("pct")
	must[Outcome](s)(s.ClaimToken(t.Context(), token, noon))
	for i, c := range []struct {
		token, cookie string
		after         time.Duration
		want          CookieState
		partner       affiliate.PartnerID
	}{
		{token, "", 0, Valid, p.ID},
		{token, "", formTokenLife - time.Second, Valid, p.ID},
		{token, "", formTokenLife, Expired, 0},
		{token, s.click(s.request(other)).Cookie, 0, Valid, other.ID},
		{strings.Replace(token, "t.", "t.2", 1), "", 0, Forged, 0},
		{out.Cookie, "", 0, Forged, 0},
		{"", "", 0, NoCookie, 0},
	} {
		email := fmt.Sprintf("lea%d@example.com", i)
		f := s.optIn(email, c.cookie)
		f.Token, f.At = c.token, noon.Add(c.after)
		if got := s.apply(f); got.Touch.State != c.want {
			t.Errorf("%d: %s, want %s", i, got.Touch.State, c.want)
		}
		s.wantReferrers(email, c.partner, c.partner)
	}
}

// Spec: S47
func TestDirectLinkIsCountedFromThePagesAddress(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	tool := s.newTool(Tool{Kind: DirectLink, Name: "Order", TargetURL: "https://shop.example/order?x=1#form"})
	page := Links{}.Direct(tool, p.Code, "Mail 7")
	r := s.request(p)
	r.ToolCode, r.PartnerCode, r.Method = "", "", http.MethodPost
	out := must[Outcome](s)(s.clicks.PageClick(t.Context(), page, r))
	if out.Cookie == "" || out.Target != "" {
		t.Fatalf("outcome: %+v", out)
	}
	if got := s.apply(s.optIn("kim@example.com", out.Cookie)); got.Last.PartnerID != p.ID ||
		got.Last.ToolID != tool.ID || got.Last.SubID != "Mail%207" {
		t.Errorf("last referrer: %+v", got.Last)
	}
	out = must[Outcome](s)(s.clicks.PageClick(t.Context(), "https://shop.example/?orid="+p.Code+"&opid=gone", r))
	if got := s.apply(s.optIn("lee@example.com", out.Cookie)); got.Last.PartnerID != p.ID || got.Last.ToolID != 0 {
		t.Errorf("without a tool: %+v", got.Last)
	}
	if _, err := s.clicks.PageClick(t.Context(), "https://shop.example/?ref="+p.Code,
		r); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("an old parameter counts though switched off: %v", err)
	}
	legacy := affiliate.DefaultSettings()
	legacy.LegacyParams = true
	s.save(legacy)
	for _, name := range []string{"ref", "mr_aff", "orid"} {
		if out := must[Outcome](s)(s.clicks.PageClick(t.Context(), "https://shop.example/?"+name+"="+p.Code,
			r)); out.Cookie == "" {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

// Spec: S122.3
func TestLongSubIDIsCutAndFlagged(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	r.SubID = strings.Repeat("é", 11) // 66 bytes when escaped
	if out := s.click(r); !out.SubIDCut || out.Cookie == "" {
		t.Errorf("outcome: %+v", out)
	}
	r.SubID = "'; DELETE FROM visits; --"
	if out := s.click(r); out.SubIDCut {
		t.Errorf("outcome: %+v", out)
	}
	var stored []string
	s.ok(s.db.Select(t.Context(), &stored, `SELECT subid FROM {wp}partner_center_visits ORDER BY id`))
	if len(stored) != 2 || stored[0] != strings.Repeat("%C3%A9", 10)+"%C3" || SubIDText(stored[1]) != r.SubID {
		t.Errorf("stored: %q", stored)
	}
}

func TestChangesReachASecondSidecar(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	other := s.newClicks()
	r := s.request(p)
	if out := must[Outcome](s)(other.Click(t.Context(), r)); out.Rejected != "" {
		t.Fatalf("outcome: %+v", out)
	}
	s.setState(p, affiliate.Suspended)
	s.ok(other.Refresh(t.Context()))
	if out := must[Outcome](s)(other.Click(t.Context(), r)); out.Rejected != PartnerBarred {
		t.Errorf("outcome: %+v", out)
	}
}

func TestOldSeenVisitorsArePruned(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	s.click(r)
	s.clock.Advance(24 * time.Hour)
	r.At = s.clock.Now()
	s.click(r)
	s.clock.Advance(24 * time.Hour)
	s.ok(s.clicks.pruneSeen(t.Context()))
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visit_seen WHERE day = '2026-03-05'`); n == 0 {
		t.Error("yesterday's were deleted")
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visit_seen WHERE day = '2026-03-04'`); n != 0 {
		t.Errorf("%d of the day before yesterday are left", n)
	}
}

// A token is turned into a cookie once, however many ask at the same time.
//
// Spec: D35
func TestTokenWorksOnceAlsoAtOnce(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("anna"))
	r.Host = "elsewhere.example"
	u, err := url.Parse(s.click(r).Target)
	s.ok(err)
	token := u.Query().Get("pct")
	if token == "" {
		t.Fatalf("no token in %s", u)
	}
	var cookies atomic.Int32
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 16 {
		all.Go(func() {
			<-begin
			out, err := s.ClaimToken(t.Context(), token, noon)
			if err != nil {
				t.Error(err)
			}
			if out.Cookie != "" {
				cookies.Add(1)
			}
		})
	}
	close(begin)
	all.Wait()
	if n := cookies.Load(); n != 1 {
		t.Errorf("%d cookies", n)
	}
}
