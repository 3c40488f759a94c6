package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// theft is a customer whom a stranger's form has taken over, and what they buy.
func theft(t *testing.T) (s *site, honest, thief affiliate.Partner, order sale.Result) {
	s = newSite(t)
	honest, thief = s.Partner("honest"), s.Partner("thief")
	s.OptIn("bob@example.com", s.Click(honest), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	s.OptIn("bob@example.com", s.Click(thief), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	order = s.Place(s.Sale("bob@example.com", ""))
	s.WantEarned(order.OrderID, shoptest.Earned(1, thief.ID, ledger.Pending, "10"))
	return s, honest, thief, order
}

// heldFor is the partner who was proven before, "" when the order is not on hold.
func (s *site) heldFor(id affiliate.OrderID) string {
	s.Helper()
	decisions := s.View(id).Decisions
	latest := decisions[len(decisions)-1]
	for _, step := range latest.Trace.Steps {
		if step.Code == reason.ReferralUnproven {
			return step.Facts["proven"]
		}
	}
	return ""
}

// One form with a known customer's address earns nobody money: the sale waits,
// names who was proven before, and goes back to them in one step.
//
// Spec: D41.2 D41.3
func TestSaleByAnUnprovenReferrerIsOnHold(t *testing.T) {
	s, honest, thief, order := theft(t)
	if got := s.heldFor(order.OrderID); got != honest.ID.String() {
		t.Fatalf("proven before: %q", got)
	}
	report := shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(order.Commissions...)))(s)
	if len(report.Done) != 0 || report.Skipped[0].Reason != reason.SkipOnHold {
		t.Errorf("%+v", report)
	}
	result, err := s.Rerun(t.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: order.OrderID}},
		sale.Rerun{Choice: sale.ProvenBefore, Reason: "stranger"})
	if err != nil {
		t.Fatal(err, result)
	}
	s.WantBalance(honest, "10", "0", "0")
	s.WantBalance(thief, "0", "0", "0")
	s.WantClean()
}

// The buyer's own order shows the click: nothing was stolen, and what waited goes on.
//
// Spec: D41.2
func TestOwnOrderWithTheClickEndsTheHold(t *testing.T) {
	s := newSite(t)
	honest, other := s.Partner("honest"), s.Partner("other")
	s.OptIn("bob@example.com", s.Click(honest), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	cookie := s.Click(other)
	s.OptIn("bob@example.com", cookie, s.Clock.Now())
	s.Clock.Advance(time.Hour)
	first := s.Place(s.Sale("bob@example.com", ""))
	s.Clock.Advance(time.Hour)
	second := s.Place(s.Sale("bob@example.com", cookie))
	for _, o := range []sale.Result{first, second} {
		if held := s.heldFor(o.OrderID); held != "" {
			t.Errorf("order %d still waits for %s", o.OrderID, held)
		}
	}
	s.WantBalance(other, "20", "0", "0")
	s.WantBalance(honest, "0", "0", "0")
	s.WantClean()
}

// A form that comes later proves, too.
//
// Spec: D41.2
func TestLaterProofEndsTheHold(t *testing.T) {
	s, _, thief, order := theft(t)
	contact, err := affiliate.LoadContactByEmail(t.Context(), s.DB, "bob@example.com")
	s.OK(err)
	s.Exec(`UPDATE {wp}partner_center_touchpoints SET confirmed = 1 WHERE touch_partner_id = ?`, thief.ID)
	// as the fold says
	s.Exec(`UPDATE {wp}partner_center_contacts SET last_proof = ? WHERE id = ?`, affiliate.ByMailbox, contact.ID)
	s.OK(s.DB.Tx(t.Context(), func(tx *db.Tx) error { return s.ReconsiderHeld(t.Context(), tx, contact.ID) }))
	if held := s.heldFor(order.OrderID); held != "" {
		t.Errorf("still waits for %s", held)
	}
	s.WantBalance(thief, "10", "0", "0")
	s.WantClean()
}
