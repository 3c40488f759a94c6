package track_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A thief with nothing but a link of their own sends forms in the names of a
// known customer and of 79 strangers. Referrers move as they always do, and none
// of it is proven: sales wait, leads are counted apart, an admin is told.
//
// Spec: D41.1 D41.4 D41.5
func TestThiefSendsFormsForOthers(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	tool := s.Tool(gold.ID, "standard", "https://shop.test/order")
	honest, thief := s.Partner(gold.ID, "honest"), s.Partner(gold.ID, "thief")
	click := func(p affiliate.Partner) []*http.Cookie {
		t.Helper()
		a := s.Get("go/"+tool.Code+"?p="+p.Code, web.Standalone).Want(http.StatusFound)
		return []*http.Cookie{a.Cookie("pc_click"), a.Cookie("pc_visitor")}
	}
	lead := func(email string, cookies []*http.Cookie) {
		t.Helper()
		s.Post("t/lead", web.Standalone, url.Values{"email": {email}}, cookies...).Want(http.StatusNoContent)
		s.Clock.Advance(10 * time.Second)
	}
	lead("kim@mail.test", click(honest))
	stolen := click(thief)
	lead("kim@mail.test", stolen)
	c, err := affiliate.LoadContactByEmail(t.Context(), s.DB, "kim@mail.test")
	if err != nil || c.First.PartnerID != honest.ID || c.Last.PartnerID != thief.ID ||
		c.Last.Proof != affiliate.Unproven {
		t.Errorf("%+v, %v", c, err)
	}
	for i := range 79 {
		lead(fmt.Sprintf("lee%d@mail.test", i), stolen)
	}
	s.Settle()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, thief.ID); n != 0 {
		t.Errorf("%d leads are the thief's", n)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE last_partner_id = ?
		AND last_proof <> 'unproven'`, thief.ID); n != 0 {
		t.Errorf("%d contacts are taken", n)
	}
	if n, err := s.Tracker.OpenClaims(t.Context()); err != nil || n == 0 {
		t.Errorf("%d groups to be checked, %v", n, err)
	}
}

// Who is logged in and fills in a form for somebody else does not tie that
// person to their account.
//
// Spec: D41
func TestLoggedInFormTiesOnlyTheOwnAddress(t *testing.T) {
	s := sidecartest.New(t)
	s.Program("Gold")
	carol := s.User("carol", "subscriber")
	for email, want := range map[string]int64{"victim@mail.test": 0, "Carol@mail.test": carol} {
		s.Post("t/lead", web.Standalone, url.Values{"email": {email}}, s.Login(carol)).Want(http.StatusNoContent)
		if c, err := affiliate.LoadContactByEmail(t.Context(), s.DB, email); err != nil || int64(c.WPUserID) != want {
			t.Errorf("%s belongs to user %d, %v", email, c.WPUserID, err)
		}
	}
}
