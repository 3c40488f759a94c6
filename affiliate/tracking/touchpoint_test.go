package tracking

import (
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S58 S59 S64.1 S135
func TestNewContactGetsTheMostRecentClickAsBothReferrers(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	s.cookieOf(a)
	s.clock.Advance(time.Minute)
	cookie := s.cookieOf(b) // replaces the first one in the browser
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'form'`); n != 0 {
		t.Fatalf("clicks alone made %d contacts", n)
	}
	s.clock.Advance(time.Minute)
	got := s.apply(s.optIn("kim@example.com", cookie))
	if !got.Created || got.Touch.State != Valid || got.Late || got.Again {
		t.Errorf("applied: %+v", got)
	}
	s.wantReferrers("kim@example.com", b.ID, b.ID)
	first := s.contact("kim@example.com").First
	if first.ToolID != s.tool.ID || first.VisitID == 0 || first.VisitID != got.Touch.VisitID ||
		!first.At.Equal(s.clock.Now()) {
		t.Errorf("first referrer: %+v", first)
	}
}

// Spec: S135.1
func TestHundredClicksMakeNoContact(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	before := s.number(`SELECT COUNT(*) FROM {wp}partner_center_contacts`)
	for range 100 {
		s.cookieOf(p)
	}
	if after := s.number(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); after != before {
		t.Errorf("%d new contacts", after-before)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 100 {
		t.Errorf("%d touches", n)
	}
}

// Spec: S65.1 S66.1 S67.1 S70.1
func TestOnlyAFormWithAClickMovesTheLastReferrer(t *testing.T) {
	s := newSite(t)
	a, b, c := s.partner("a"), s.partner("b"), s.partner("c")
	const kim = "kim@example.com"
	s.apply(s.optIn(kim, s.cookieOf(a)))
	s.clock.Advance(time.Hour)
	cookie := s.cookieOf(b)
	s.wantReferrers(kim, a.ID, a.ID) // the click alone

	s.clock.Advance(time.Hour)
	s.apply(s.optIn(kim, "")) // a form without a cookie
	s.wantReferrers(kim, a.ID, a.ID)

	order := s.optIn(kim, cookie)
	order.Kind, order.Origin = Order, affiliate.ByOrder
	s.apply(order)
	s.wantReferrers(kim, a.ID, b.ID)

	s.clock.Advance(time.Hour)
	signUp := s.optIn(kim, s.cookieOf(c))
	signUp.Kind = SignUp
	s.apply(signUp)
	s.wantReferrers(kim, a.ID, c.ID) // who closes is last
}

// Spec: S60.1
func TestReferralSurvivesCookieLoss(t *testing.T) {
	s := newSite(t)
	a := s.partner("a")
	s.apply(s.optIn("kim@example.com", s.cookieOf(a)))
	s.clock.Advance(1000 * 24 * time.Hour)
	order := s.optIn(" KIM@Example.com ", "")
	order.Kind, order.Origin = Order, affiliate.ByOrder
	got := s.apply(order)
	if got.First.PartnerID != a.ID || got.Last.PartnerID != a.ID || got.Touch.State != NoCookie {
		t.Errorf("applied: %+v", got)
	}
}

// Spec: S61.1 S68.2
func TestCookielessFirstFormLeavesFirstBlankForEver(t *testing.T) {
	s := newSite(t)
	b := s.partner("b")
	const kim = "kim@example.com"
	s.apply(s.optIn(kim, ""))
	s.wantReferrers(kim, 0, 0)
	s.clock.Advance(time.Hour)
	s.apply(s.optIn(kim, s.cookieOf(b)))
	s.wantReferrers(kim, 0, b.ID)
}

// Spec: S68.1 S69.4
func TestContactsNotMadeByAFormNeverGetAFirstReferrer(t *testing.T) {
	s := newSite(t)
	c := s.partner("c")
	for _, origin := range []affiliate.Origin{affiliate.ByImport, affiliate.ByAdmin, affiliate.ByAPI} {
		email := string(origin) + "@example.com"
		s.ok(s.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, _, err := affiliate.EnsureContact(t.Context(), tx, affiliate.Person{Email: email}, origin, s.clock.Now())
			return err
		}))
		s.clock.Advance(time.Hour)
		s.apply(s.optIn(email, s.cookieOf(c)))
		s.wantReferrers(email, 0, c.ID)

		// The same when the contact comes with an order that was not placed on this site.
		email = "order-" + email
		order := s.optIn(email, s.cookieOf(c))
		order.Kind, order.Origin = Order, origin
		s.apply(order)
		s.wantReferrers(email, 0, c.ID)
		s.clock.Advance(time.Hour)
		s.apply(s.optIn(email, s.cookieOf(c)))
		s.wantReferrers(email, 0, c.ID)
	}
}

// Spec: S8.2 S9.1
func TestCookieExpiresToTheSecond(t *testing.T) {
	s := newSite(t)
	settings := affiliate.DefaultSettings()
	settings.CookieDays = 30
	s.save(settings)
	p := s.partner("a")
	cookie := s.cookieOf(p)
	expiry := noon.Add(30 * 24 * time.Hour)
	for _, c := range []struct {
		email string
		at    time.Time
		state CookieState
		want  affiliate.PartnerID
	}{
		{"before@example.com", expiry.Add(-time.Second), Valid, p.ID},
		{"just@example.com", expiry.Add(-time.Microsecond), Valid, p.ID},
		{"at@example.com", expiry, Expired, 0},
		{"after@example.com", expiry.Add(time.Second), Expired, 0},
	} {
		// Processed much later: what counts is when the form was submitted.
		s.clock.Set(expiry.AddDate(1, 0, 0))
		form := s.optIn(c.email, cookie)
		form.At = c.at
		got := s.apply(form)
		if got.Touch.State != c.state {
			t.Errorf("%s: %s, want %s", c.email, got.Touch.State, c.state)
		}
		s.wantReferrers(c.email, c.want, c.want)
	}
}

// Spec: D35, S9
func TestExpiredCookieStillTellsTheLastClick(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	cookie := s.cookieOf(p)
	s.clock.Advance(91 * 24 * time.Hour)
	got := s.apply(s.optIn("kim@example.com", cookie))
	if got.Touch.State != Expired || got.Touch.PartnerID != p.ID || got.Touch.ClickedAt == nil ||
		!got.Touch.ClickedAt.Equal(noon) {
		t.Errorf("touch: %+v", got.Touch)
	}
}

// Spec: D40.1
func TestLifetimeIsFixedAtTheClick(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	cookie := s.cookieOf(p) // 90 days
	for _, days := range []int{1, 400} {
		settings := affiliate.DefaultSettings()
		settings.CookieDays = days
		s.save(settings)
		form := s.optIn("kim@example.com", cookie)
		form.At = noon.Add(89 * 24 * time.Hour)
		if got := s.apply(form); got.Touch.State != Valid {
			t.Errorf("lifetime now %d days: %s", days, got.Touch.State)
		}
	}
	form := s.optIn("kim@example.com", cookie)
	form.At = noon.Add(91 * 24 * time.Hour)
	if got := s.apply(form); got.Touch.State != Expired {
		t.Errorf("a longer setting brought the cookie back to life: %s", got.Touch.State)
	}
}

func TestCookieOfNoUseMakesNoReferrer(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	cookie := s.cookieOf(p)
	if _, err := s.db.Exec(t.Context(), `DELETE FROM {wp}partner_center_visits`); err != nil {
		t.Fatal(err)
	}
	for raw, state := range map[string]CookieState{"": NoCookie, cookie + "x": Forged, cookie: Unknown} {
		got := s.apply(s.optIn("kim@example.com", raw))
		if got.Touch.State != state || got.Last.PartnerID != 0 {
			t.Errorf("%q: %+v", raw, got.Touch)
		}
	}
}

// Spec: S66
func TestPartnerWhoCannotEarnBecomesNoReferrer(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	cookie := s.cookieOf(p)
	for _, state := range []affiliate.PartnerState{affiliate.Suspended, affiliate.Removed, affiliate.Rejected} {
		s.setState(p, state)
		got := s.apply(s.optIn(string(state)+"@example.com", cookie))
		if got.Touch.State != Inactive || got.Touch.PartnerID != p.ID {
			t.Errorf("%s: %+v", state, got.Touch)
		}
		s.wantReferrers(string(state)+"@example.com", 0, 0)
	}
}

// A membership, and a program, are over from the very instant of their end on.
//
// Spec: S66
func TestPartnerEarnsUntilTheInstantOfTheEnd(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	ofA, ofB := s.cookieOf(a), s.cookieOf(b)
	s.clock.Advance(time.Hour)
	over := s.clock.Now()
	must[any](s)(s.db.Exec(t.Context(),
		`UPDATE {wp}partner_center_memberships SET ended_at = ? WHERE partner_id = ?`, over, a.ID))
	form := func(cookie string, at time.Time) CookieState {
		f := s.optIn("kim@example.com", cookie)
		f.At = at
		return s.apply(f).Touch.State
	}
	before := over.Add(-time.Microsecond)
	if was, is := form(ofA, before), form(ofA, over); was != Valid || is != Inactive {
		t.Errorf("the membership's click is %s, then %s", was, is)
	}
	must[any](s)(s.db.Exec(t.Context(),
		`UPDATE {wp}partner_center_programs SET archived_at = ? WHERE id = ?`, over, s.program.ID))
	if was, is := form(ofB, before), form(ofB, over); was != Valid || is != Inactive {
		t.Errorf("the program's click is %s, then %s", was, is)
	}
}

// Spec: S35.1 S35.2 S35.3
func TestEveryFormIsALeadOfTheReferrerOfThatMoment(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	const kim = "kim@example.com"
	leads := func(p affiliate.Partner) int {
		return s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, p.ID)
	}
	s.apply(s.optIn("nobody@example.com", ""))
	s.apply(s.optIn(kim, s.cookieOf(a)))
	for range 2 { // cookie or not
		s.clock.Advance(time.Hour)
		s.apply(s.optIn(kim, ""))
	}
	s.clock.Advance(time.Hour)
	got := s.apply(s.optIn(kim, s.cookieOf(b)))
	if got.Lead.PartnerID != b.ID || got.Lead.ToolID != s.tool.ID {
		t.Errorf("lead: %+v", got.Lead)
	}
	if leads(a) != 3 || leads(b) != 1 {
		t.Errorf("a has %d leads, b %d, want 3 and 1", leads(a), leads(b))
	}

	s.clock.Advance(time.Hour)
	first := affiliate.DefaultSettings()
	first.Credit = affiliate.FirstReferrer
	s.save(first)
	s.clock.Advance(time.Hour)
	s.apply(s.optIn(kim, ""))
	if leads(a) != 4 || leads(b) != 1 {
		t.Errorf("by the first referrer: a has %d leads, b %d, want 4 and 1", leads(a), leads(b))
	}
	imported := FoldTouchpoint{Kind: OptIn, Origin: affiliate.ByImport}
	after := Referrers{Last: affiliate.Referrer{PartnerID: a.ID}}
	if got := lead(imported, after, affiliate.LastReferrer); got.PartnerID != 0 {
		t.Errorf("an import is a lead: %+v", got)
	}
	byAdmin := s.optIn(kim, "")
	byAdmin.Kind, byAdmin.Origin = Order, affiliate.ByAdmin
	if got := s.apply(byAdmin); got.Lead.PartnerID != 0 || leads(a) != 4 {
		t.Errorf("an order that an admin logged is a lead: %+v", got.Lead)
	}
}

// Spec: D31.1
func TestToolAndSubIDTravelWithTheReferrer(t *testing.T) {
	s := newSite(t)
	a := s.partner("a")
	banner := s.newTool(Tool{Kind: Banner, Name: "Top", TargetURL: "https://shop.example/a", ImageID: 5})
	r := s.request(a)
	r.ToolCode, r.SubID = banner.Code, "Spring Mail"
	s.apply(s.optIn("kim@example.com", s.click(r).Cookie))
	s.clock.Advance(time.Hour)
	r.ToolCode, r.SubID, r.At = s.tool.Code, "", s.clock.Now()
	got := s.apply(s.optIn("kim@example.com", s.click(r).Cookie))
	c := s.contact("kim@example.com")
	if c.First.ToolID != banner.ID || c.First.SubID != "Spring%20Mail" || c.Last.ToolID != s.tool.ID ||
		c.Last.SubID != "" {
		t.Errorf("first %+v, last %+v", c.First, c.Last)
	}
	if got.Lead != got.Last {
		t.Errorf("lead %+v, last %+v", got.Lead, got.Last)
	}
}

func TestApplyingAFormAgainChangesNothing(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	form := s.optIn("kim@example.com", s.cookieOf(a))
	once := s.apply(form)
	s.clock.Advance(time.Hour)
	s.apply(s.optIn("kim@example.com", s.cookieOf(b)))
	form.Email = "corrected@example.com" // the source edited its record meanwhile
	again := s.apply(form)
	if !again.Again || !again.Created || again.Contact.ID != once.Contact.ID || again.Last.PartnerID != a.ID ||
		again.Contact.Last.PartnerID != b.ID {
		t.Errorf("again: %+v", again)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`); n != 2 {
		t.Errorf("%d forms", n)
	}
	s.wantReferrers("kim@example.com", a.ID, b.ID)
}

// Spec: D18.1
func TestLateFormIsFoldedInWhereItHappened(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	const kim = "kim@example.com"
	early := s.optIn(kim, s.cookieOf(a))
	s.clock.Advance(time.Hour)
	middle := s.optIn(kim, "")
	s.clock.Advance(time.Hour)
	last := s.optIn(kim, s.cookieOf(b))

	s.apply(middle)
	if got := s.apply(last); got.Late {
		t.Error("a form in order is called late")
	}
	s.wantReferrers(kim, 0, b.ID)
	got := s.apply(early)
	if !got.Late || got.Last.PartnerID != a.ID || got.Contact.Last.PartnerID != b.ID {
		t.Errorf("late form: %+v", got)
	}
	s.wantReferrers(kim, a.ID, b.ID)
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, a.ID); n != 2 {
		t.Errorf("a has %d leads, want their own and that of the form after it", n)
	}
	if got := s.apply(middle); got.Last.PartnerID != a.ID {
		t.Error("the form in the middle does not know of the earlier one now")
	}
}

func TestFormsOfOnePersonAtOnceFollowOneAnother(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	cookie := s.cookieOf(p)
	twice := s.optIn("kim@example.com", cookie)
	touchpoints := []Touchpoint{twice, twice, twice}
	for range 9 {
		touchpoints = append(touchpoints, s.optIn("kim@example.com", cookie))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	created := 0
	for _, f := range touchpoints {
		all.Go(func() {
			err := s.db.Tx(t.Context(), func(tx *db.Tx) error {
				got, err := s.ApplyTouchpoint(t.Context(), tx, f)
				mu.Lock()
				defer mu.Unlock()
				if err == nil && got.Created && !got.Again {
					created++
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'form'`); n != 1 || created != 1 {
		t.Errorf("%d contacts, made %d times", n, created)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, p.ID); n != 10 {
		t.Errorf("%d leads, want 10", n)
	}
	s.wantReferrers("kim@example.com", p.ID, p.ID)
}

func TestBadFormsAreRefused(t *testing.T) {
	s := newSite(t)
	for field, spoil := range map[string]func(*Touchpoint){
		"email":       func(f *Touchpoint) { f.Email = "kim" },
		"at":          func(f *Touchpoint) { f.At = time.Time{} },
		"source":      func(f *Touchpoint) { f.Source = "" },
		"external_id": func(f *Touchpoint) { f.ExternalID = "" },
	} {
		form := s.optIn("kim@example.com", "")
		spoil(&form)
		_, err := s.ApplyTouchpoint(t.Context(), s.db, form)
		if affiliate.KindOf(err) != affiliate.KindInvalid {
			t.Errorf("%s: %v", field, err)
		}
	}
}
