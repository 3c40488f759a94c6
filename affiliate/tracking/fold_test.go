package tracking

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S7.2 S9
func TestCandidateNeverFallsBackToTheLastReferrer(t *testing.T) {
	both := Referrers{First: affiliate.Referrer{PartnerID: 1}, Last: affiliate.Referrer{PartnerID: 2}}
	late := Referrers{Last: affiliate.Referrer{PartnerID: 2}}
	for _, c := range []struct {
		r    Referrers
		rule affiliate.Credit
		want affiliate.PartnerID
	}{
		{both, affiliate.FirstReferrer, 1}, {both, affiliate.LastReferrer, 2},
		{late, affiliate.FirstReferrer, 0}, {late, affiliate.LastReferrer, 2},
		{Referrers{}, affiliate.LastReferrer, 0},
	} {
		if got := c.r.Candidate(c.rule).PartnerID; got != c.want {
			t.Errorf("%+v by %s: %d, want %d", c.r, c.rule, got, c.want)
		}
	}
}

// someForms draws forms at few times, so that equal ones occur.
func someForms(t *rapid.T) []FoldTouchpoint {
	touchpoints := make([]FoldTouchpoint, rapid.IntRange(1, 12).Draw(t, "forms"))
	for i := range touchpoints {
		touchpoints[i] = FoldTouchpoint{
			Kind:       rapid.SampledFrom([]FormKind{OptIn, Order, SignUp}).Draw(t, "kind"),
			Source:     "wordpress",
			ExternalID: fmt.Sprint(i),
			At:         noon.Add(time.Duration(rapid.IntRange(0, 6).Draw(t, "hour")) * time.Hour),
			Origin: rapid.SampledFrom([]affiliate.Origin{affiliate.ByForm, affiliate.ByOrder, affiliate.ByAPI,
				affiliate.ByAdmin}).Draw(t, "origin"),
			Touch: Touch{
				State: rapid.SampledFrom([]CookieState{Valid, Valid, Expired, NoCookie, Forged, Unknown,
					Inactive}).Draw(t, "state"),
				PartnerID: affiliate.PartnerID(rapid.IntRange(1, 4).Draw(t, "partner")),
			},
		}
	}
	return touchpoints
}

// Spec: S65.1 S66.1 S68.2 S70.1
func TestFoldKeepsTheRulesOfReferrers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		touchpoints := someForms(t)
		byForms := rapid.Bool().Draw(t, "byForms")
		after := Fold(byForms, touchpoints)
		for i, now := range after {
			if now.First != after[0].First {
				t.Fatal("the first referrer changed")
			}
			if !byForms && now.First.PartnerID != 0 {
				t.Fatal("a contact that no form made has a first referrer")
			}
			before := Referrers{}
			if i > 0 {
				before = after[i-1]
			}
			if touchpoints[i].State != Valid && now.Last != before.Last {
				t.Fatalf("a form with the cookie %q changed the last referrer", touchpoints[i].State)
			}
			if touchpoints[i].State == Valid && now.Last.PartnerID != touchpoints[i].PartnerID {
				t.Fatal("who closes is not last")
			}
		}
	})
}

// Spec: D18.1
func TestFoldDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		touchpoints := someForms(t)
		shuffled := rapid.Permutation(slices.Clone(touchpoints)).Draw(t, "arrival")
		if diff := cmp.Diff(Fold(true, touchpoints), Fold(true, shuffled)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// record applies forms to an empty site in the given order, under settings,
// and returns what is stored.
func record(s *site, touchpoints []Touchpoint, settings affiliate.Settings) string {
	s.Helper()
	for _, table := range []string{"touchpoints", "contacts"} {
		must[any](s)(s.db.Exec(s.Context(), "DELETE FROM {wp}partner_center_"+table+" WHERE 1 = 1"))
	}
	s.save(settings)
	for _, f := range touchpoints {
		s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) error {
			_, err := s.ApplyTouchpoint(s.Context(), tx, f)
			return err
		}))
	}
	var rows []string
	s.ok(s.db.Select(s.Context(), &rows,
		`SELECT CONCAT_WS(' ', external_id, cookie, IFNULL(touch_partner_id, '-'), IFNULL(touch_visit_id, '-'))
		FROM {wp}partner_center_touchpoints ORDER BY source, kind, external_id`))
	s.ok(s.db.Select(s.Context(), &rows,
		`SELECT CONCAT_WS(' ', email, IFNULL(first_partner_id, '-'), IFNULL(first_visit_id, '-'), IFNULL(first_at, '-'),
		IFNULL(last_partner_id, '-'), IFNULL(last_visit_id, '-'), IFNULL(last_at, '-')) FROM {wp}partner_center_contacts
		ORDER BY email`))
	return fmt.Sprint(rows)
}

// Spec: S65 D18.1 D40.1
func TestRecordingDependsNeitherOnSettingsNorOnArrival(t *testing.T) {
	s := newSite(t)
	var cookies []string
	for _, name := range []string{"a", "b", "c"} {
		cookies = append(cookies, s.cookieOf(s.partner(name)))
	}
	cookies = append(cookies, "", "forged")
	random := rand.New(rand.NewPCG(1, 2))
	var touchpoints []Touchpoint
	for range 25 {
		s.clock.Advance(time.Duration(random.IntN(3)) * 24 * time.Hour * 3)
		touchpoints = append(touchpoints, s.optIn(fmt.Sprintf("kim%d@example.com", random.IntN(4)),
			cookies[random.IntN(len(cookies))]))
	}
	want := record(s, touchpoints, affiliate.DefaultSettings())
	for range 5 {
		random.Shuffle(len(touchpoints), func(i, j int) {
			touchpoints[i], touchpoints[j] = touchpoints[j],
				touchpoints[i]
		})
		if got := record(s, touchpoints, affiliate.DefaultSettings()); got != want {
			t.Fatalf("in another order of arrival:\n%s\nwant\n%s", got, want)
		}
	}
	other := affiliate.Settings{PaymentMethod: affiliate.Check, Currency: "JPY", Credit: affiliate.FirstReferrer,
		CookieDays: 1, LegacyParams: true}
	if got := record(s, touchpoints, other); got != want {
		t.Errorf("under other settings:\n%s\nwant\n%s", got, want)
	}
}
