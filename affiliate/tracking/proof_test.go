package tracking

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// in is a form from a browser, with a partner's click.
func (s *site) in(browser, email, cookie string) Touchpoint {
	f := s.optIn(email, cookie)
	f.Visitor = browser
	return f
}

func nothing(context.Context, db.Queryer, affiliate.ContactID) error { return nil }

func (s *site) proofs(email string) (first, last affiliate.Proof) {
	s.Helper()
	c := s.contact(email)
	return c.First.Proof, c.Last.Proof
}

// One form with somebody's address moves the last referrer, as the rules say, and
// proves nothing; who was proven before is still known.
//
// Spec: S66 D41.1
func TestStrangersFormIsUnproven(t *testing.T) {
	s := newSite(t)
	honest, thief := s.partner("honest"), s.partner("thief")
	own, strange := newVisitor().String(), newVisitor().String()
	s.apply(s.in(own, "kim@example.com", s.cookieOf(honest)))
	if first, last := s.proofs("kim@example.com"); first != affiliate.ByCreation || last != affiliate.ByCreation {
		t.Fatalf("the form that made the contact: %s, %s", first, last)
	}
	s.clock.Advance(time.Hour)
	a := s.apply(s.in(strange, "kim@example.com", s.cookieOf(thief)))
	s.wantReferrers("kim@example.com", honest.ID, thief.ID)
	if a.Last.Proof != affiliate.Unproven || a.Proven.PartnerID != honest.ID {
		t.Errorf("%+v, before %+v", a.Last, a.Proven)
	}
	s.clock.Advance(time.Hour)
	if a := s.apply(s.in(strange, "kim@example.com", s.cookieOf(thief))); a.Last.Proof != affiliate.Unproven ||
		a.Proven.PartnerID != honest.ID {
		t.Errorf("twice from the same strange browser: %+v, before %+v", a.Last, a.Proven)
	}
	if a := s.apply(s.optIn("kim@example.com", s.cookieOf(thief))); a.Last.Proof != affiliate.Unproven {
		t.Errorf("without any browser: %+v", a.Last)
	}
	s.clock.Advance(time.Hour)
	if a := s.apply(s.in(own, "kim@example.com", s.cookieOf(honest))); a.Last.Proof != affiliate.ByBrowser ||
		a.Proven.PartnerID != 0 {
		t.Errorf("the contact's own browser: %+v, before %+v", a.Last, a.Proven)
	}
}

// Spec: D41.1
func TestWhatProvesAReferrer(t *testing.T) {
	for name, c := range map[string]struct {
		prove func(s *site, f Touchpoint) Touchpoint
		want  affiliate.Proof
	}{
		"order": {func(_ *site, f Touchpoint) Touchpoint {
			f.Kind, f.Origin = Order,
				affiliate.ByOrder
			return f
		}, affiliate.ByOwnOrder},
		"log-in": {func(_ *site, f Touchpoint) Touchpoint { f.LoggedIn = true; return f }, affiliate.ByLogIn},
		"mailbox": {func(_ *site, f Touchpoint) Touchpoint { f.Confirmed = true; return f },
			affiliate.ByMailbox},
		"the site itself": {func(_ *site, f Touchpoint) Touchpoint { f.Origin = affiliate.ByAPI; return f },
			affiliate.ByAdminsHand},
		"log-in in this browser": {func(s *site, f Touchpoint) Touchpoint {
			s.ok(s.SawLoggedIn(s.Context(), "Kim@example.com", f.Visitor, nothing))
			return f
		}, affiliate.ByBrowser},
		"order from this browser, earlier": {func(s *site, f Touchpoint) Touchpoint {
			o := s.in(f.Visitor, "kim@example.com", "")
			o.Kind, o.Origin = Order, affiliate.ByOrder
			s.apply(o)
			return f
		}, affiliate.ByBrowser},
		"nothing": {func(_ *site, f Touchpoint) Touchpoint { return f }, affiliate.Unproven},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.apply(s.optIn("kim@example.com", ""))
			s.clock.Advance(time.Hour)
			s.apply(c.prove(s, s.in(newVisitor().String(), "kim@example.com", s.cookieOf(s.partner("p")))))
			if _, last := s.proofs("kim@example.com"); last != c.want {
				t.Errorf("%s, want %s", last, c.want)
			}
		})
	}
}

// What comes later proves what came before: the buyer's own browser shows the
// click, or turns out to be the one that sent the form, or logs in.
//
// Spec: D41.1
func TestReferrerIsProvenLater(t *testing.T) {
	for name, later := range map[string]func(s *site, browser, cookie string){
		"the order shows the click": func(s *site, _, cookie string) {
			o := s.in(newVisitor().String(), "kim@example.com", cookie)
			o.Kind, o.Origin = Order, affiliate.ByOrder
			s.apply(o)
		},
		"the browser orders": func(s *site, browser, _ string) {
			o := s.in(browser, "kim@example.com", "")
			o.Kind, o.Origin = Order, affiliate.ByOrder
			s.apply(o)
		},
		"the browser logs in": func(s *site, browser, _ string) {
			s.ok(s.SawLoggedIn(s.Context(), "kim@example.com", browser, nothing))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.apply(s.optIn("kim@example.com", ""))
			s.clock.Advance(time.Hour)
			browser, cookie := newVisitor().String(), s.cookieOf(s.partner("p"))
			s.apply(s.in(browser, "kim@example.com", cookie))
			s.clock.Advance(time.Hour)
			later(s, browser, cookie)
			if _, last := s.proofs("kim@example.com"); !last.Proven() {
				t.Errorf("still %s", last)
			}
		})
	}
}

// Nobody is followed from one contact to another by the hashes.
func TestBrowserOfTwoContactsHasTwoHashes(t *testing.T) {
	s := newSite(t)
	browser := newVisitor().String()
	s.apply(s.in(browser, "kim@example.com", ""))
	s.apply(s.in(browser, "lee@example.com", ""))
	if n := s.number(`SELECT COUNT(DISTINCT browser) FROM {wp}partner_center_touchpoints
		WHERE LENGTH(browser) = 16`); n != 2 {
		t.Errorf("%d hashes", n)
	}
}

func (s *site) leads(partner affiliate.PartnerID) (counted, toCheck int) {
	s.Helper()
	return s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, partner),
		s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE check_partner_id = ?`, partner)
}

// refold does what the sidecar does in the background, and says whom it asked to
// reconsider.
func (s *site) refold() (contacts []affiliate.ContactID) {
	s.Helper()
	s.ok(s.Refold(s.Context(), func(_ context.Context, _ *db.Tx, c affiliate.ContactID, _ time.Time) error {
		contacts = append(contacts, c)
		return nil
	}))
	return contacts
}

// One click names 79 addresses in advance: all of them are unproven, their leads
// counted apart, and one group waits for an admin. Nothing is lost.
//
// Spec: D41.4 D41.5
func TestOneClickClaimsManyAddresses(t *testing.T) {
	s := newSite(t)
	thief := s.partner("thief")
	cookie := s.cookieOf(thief)
	for i := range 79 {
		s.apply(s.in(newVisitor().String(), fmt.Sprintf("kim%d@example.com", i), cookie))
		if n := must[int](s)(s.OpenClaims(t.Context())); n != 0 && i < 5 {
			t.Fatalf("a group after %d addresses", i+1)
		}
	}
	if contacts := s.refold(); len(contacts) != 79 {
		t.Errorf("%d contacts folded again", len(contacts))
	}
	if counted, check := s.leads(thief.ID); counted != 0 || check != 79 {
		t.Errorf("%d leads counted, %d to be checked", counted, check)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE last_proof = 'unproven'
		AND first_proof = 'unproven' AND last_partner_id = ?`, thief.ID); n != 79 {
		t.Errorf("%d unproven", n)
	}
	claims := must[[]Claim](s)(s.Claims(t.Context(), affiliate.Page{Limit: 10}))
	if len(claims) != 1 || claims[0].Addresses != 79 || claims[0].PartnerID != thief.ID || claims[0].Kind != ByClick {
		t.Fatalf("%+v", claims)
	}
	if _, err := s.DecideClaim(t.Context(), admin, claims[0].ID, ReviewConfirmed,
		""); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	must[Claim](s)(s.DecideClaim(t.Context(), admin, claims[0].ID, ReviewDismissed, "made up"))
	if contacts := s.refold(); len(contacts) != 79 {
		t.Errorf("%d contacts folded again", len(contacts))
	}
	s.wantReferrers("kim7@example.com", 0, 0)
	if counted, check := s.leads(thief.ID); counted+check != 0 {
		t.Errorf("dismissed, %d leads counted, %d to be checked", counted, check)
	}
	must[Claim](s)(s.DecideClaim(t.Context(), admin, claims[0].ID, ReviewConfirmed, "it was a fair"))
	s.refold()
	s.wantReferrers("kim7@example.com", thief.ID, thief.ID)
	if counted, check := s.leads(thief.ID); counted != 79 || check != 0 {
		t.Errorf("confirmed, %d leads counted, %d to be checked", counted, check)
	}
	if again := s.refold(); len(again) != 0 {
		t.Errorf("folded for ever: %v", again)
	}
}

// Spec: D41.4 D41.5
func TestOneNetworkClaimsManyAddressesOnADay(t *testing.T) {
	s := newSite(t)
	thief := s.partner("thief")
	name := func(i int, network string) {
		t.Helper()
		f := s.in(newVisitor().String(), fmt.Sprintf("kim%d@example.com", i), s.cookieOf(thief))
		f.Network = network
		s.apply(f)
		s.clock.Advance(time.Minute)
	}
	for i := range 22 {
		name(i, "a")
	}
	name(30, "b")
	s.clock.Advance(24 * time.Hour)
	name(31, "a")
	s.refold()
	if counted, check := s.leads(thief.ID); counted != 22 || check != 2 {
		t.Errorf("%d leads counted, %d to be checked", counted, check)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_claims WHERE ref = 'a'`); n != 0 {
		t.Error("the network is stored as it is")
	}
}

// Spec: D41.4
func TestPartnerAtAFairHasTheirOwnLimit(t *testing.T) {
	s := newSite(t)
	fair := s.partner("fair")
	must[affiliate.Partner](s)(s.registry.SetAddressLimit(t.Context(), admin, fair.ID, 50, "tablet at the fair"))
	cookie := s.cookieOf(fair)
	for i := range 30 {
		f := s.in("", fmt.Sprintf("kim%d@example.com", i), cookie)
		f.Network = "hall"
		s.apply(f)
	}
	if n := must[int](s)(s.OpenClaims(t.Context())); n != 0 {
		t.Errorf("%d groups", n)
	}
}

// Spec: D41.4
func TestLimitsAreSettings(t *testing.T) {
	s := newSite(t)
	settings := affiliate.DefaultSettings()
	settings.ClickAddresses = 2
	s.save(settings)
	cookie := s.cookieOf(s.partner("p"))
	for i := range 3 {
		s.apply(s.in("", fmt.Sprintf("kim%d@example.com", i), cookie))
	}
	if n := must[int](s)(s.OpenClaims(t.Context())); n != 1 {
		t.Errorf("%d groups", n)
	}
}

// A real order that carries the click proves the buyer's own, whatever else the
// click has named.
//
// Spec: D41
func TestBuyerAmongManyAddressesIsProven(t *testing.T) {
	s := newSite(t)
	cookie := s.cookieOf(s.partner("p"))
	for i := range 8 {
		s.apply(s.in("", fmt.Sprintf("kim%d@example.com", i), cookie))
	}
	o := s.in("", "kim3@example.com", cookie)
	o.Kind, o.Origin = Order, affiliate.ByOrder
	s.clock.Advance(time.Hour)
	if a := s.apply(o); a.Last.Proof != affiliate.ByOwnOrder {
		t.Errorf("%+v", a.Last)
	}
}

// Forms of one click at once: one of them sees that the limit is exceeded.
func TestManyAddressesAtOnce(t *testing.T) {
	s := newSite(t)
	cookie := s.cookieOf(s.partner("p"))
	var all sync.WaitGroup
	for i := range 6 {
		f := s.in("", fmt.Sprintf("kim%d@example.com", i), cookie)
		f.Network = "a"
		all.Go(func() { s.apply(f) })
	}
	all.Wait()
	if n := must[int](s)(s.OpenClaims(t.Context())); n != 1 {
		t.Errorf("%d groups", n)
	}
}

// Spec: D18, D41
func TestProofsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		touchpoints := someForms(t)
		for i := range touchpoints {
			f := &touchpoints[i]
			f.Browser = rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "browser")
			f.LoggedIn = rapid.IntRange(0, 5).Draw(t, "login") == 0
			f.Confirmed = rapid.IntRange(0, 5).Draw(t, "confirmed") == 0
			f.Check = rapid.SampledFrom([]Review{"", "", "", ReviewOpen, ReviewConfirmed, ReviewDismissed}).Draw(t,
				"check")
			f.VisitID = affiliate.VisitID(rapid.IntRange(0, 4).Draw(t, "visit"))
		}
		shuffled := rapid.Permutation(slices.Clone(touchpoints)).Draw(t, "arrival")
		after := Fold(true, touchpoints, "c")
		if diff := cmp.Diff(after, Fold(true, shuffled, "c")); diff != "" {
			t.Fatal(diff)
		}
		for _, now := range after {
			if now.Last.PartnerID != 0 && now.Last.Proof == "" {
				t.Fatal("a referrer without any proof")
			}
			if now.Proven.PartnerID != 0 && (now.Last.Proof.Proven() || !now.Proven.Proof.Proven()) {
				t.Fatalf("%+v", now)
			}
		}
	})
}

// Spec: D18, D41
func TestStoredProofsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	s := newSite(t)
	cookies := []string{s.cookieOf(s.partner("a")), s.cookieOf(s.partner("b"))}
	browsers := []string{newVisitor().String(), newVisitor().String(), ""}
	var touchpoints []Touchpoint
	random := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		s.clock.Advance(time.Hour)
		f := s.in(browsers[random.IntN(3)], fmt.Sprintf("kim%d@example.com", random.IntN(8)), cookies[random.IntN(2)])
		f.Network = []string{"", "x"}[random.IntN(2)]
		touchpoints = append(touchpoints, f)
	}
	result := func() string {
		for _, table := range []string{"touchpoints", "contacts WHERE email NOT LIKE '%partners.example'", "claims"} {
			must[any](s)(s.db.Exec(s.Context(), "DELETE FROM {wp}partner_center_"+table))
		}
		for _, f := range touchpoints {
			s.apply(f)
		}
		s.refold()
		var rows []string
		s.ok(s.db.Select(s.Context(), &rows,
			`SELECT CONCAT_WS(' ', k.email, first_partner_id, first_proof, last_partner_id, last_proof,
			(SELECT COUNT(*) FROM {wp}partner_center_touchpoints f WHERE f.contact_id = k.id AND check_partner_id > 0))
			FROM {wp}partner_center_contacts k ORDER BY email`))
		return fmt.Sprint(rows)
	}
	want := result()
	for range 4 {
		random.Shuffle(len(touchpoints), func(i, j int) {
			touchpoints[i], touchpoints[j] = touchpoints[j],
				touchpoints[i]
		})
		if got := result(); got != want {
			t.Fatalf("in another order of arrival:\n%s\nwant\n%s", got, want)
		}
	}
}
