package ledger_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/shoptest"
)

// onHold is a sale held for 14 days, and approved by itself if so.
func (s *site) onHold(itself bool) (affiliate.Partner, ledger.Commission) {
	s.Helper()
	s.Policy(func(p *affiliate.Policy) { p.Hold, p.Approve = 14, itself })
	s.Clock.Advance(time.Second)
	ann := s.Partner("ann")
	return ann, s.Earn(ann, "100")
}

// Spec: S76.1
func TestHeldCommissionIsApprovedAfterItsDateOrForAReason(t *testing.T) {
	s := newSite(t)
	ann, c := s.onHold(false)
	ends := c.OccurredAt.AddDate(0, 0, 14)
	if c.Status != ledger.Pending || c.NotBefore == nil || !c.NotBefore.Equal(ends) || c.UntilDecided() {
		t.Errorf("%+v", c)
	}
	r := shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(c)))(s)
	if len(r.Done) != 0 || len(r.Skipped) != 1 || r.Skipped[0].Reason != reason.SkipOnHold {
		t.Errorf("approved before its date: %+v", r)
	}
	if _, err := s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(c),
		" "); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("early without a reason: %v", err)
	}
	early := s.Earn(ann, "50")
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(early), "A trusted customer."))(s)
	if got := shoptest.Must(s.Commission(t.Context(), early.ID))(s); got.Status != ledger.Approved ||
		got.Reason != "A trusted customer." {
		t.Errorf("%+v", got)
	}
	s.Clock.Set(ends)
	shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(c)))(s)
	s.WantBalance(ann, "0", "15", "0")
	history, err := s.Registry.History(t.Context(), "commission", int64(early.ID), 0, 9)
	if err != nil || len(history) != 1 || history[0].Reason != "A trusted customer." ||
		history[0].Action != "approve early" {
		t.Errorf("audit %+v, %v", history, err)
	}
	s.WantClean()
}

// Spec: S76 S133.1
func TestRulesApproveOnceTheHoldIsOver(t *testing.T) {
	s := newSite(t)
	ann, c := s.onHold(true)
	takenBack, reviewed := s.Earn(ann, "20"), s.Earn(ann, "30")
	s.Exec(`UPDATE {wp}partner_center_orders SET review = 'TOTAL_MISMATCH' WHERE id = ?`, reviewed.OrderID)
	if r := shoptest.Must(s.ApproveDue(t.Context()))(s); len(r.Done) != 0 {
		t.Errorf("approved during the hold: %+v", r)
	}
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(takenBack), "x"))(s)
	shoptest.Must(s.Unapprove(t.Context(), shoptest.Anna, []ledger.Pick{{ID: takenBack.ID}}))(s)
	s.Clock.Advance(14*24*time.Hour + time.Minute)
	r := shoptest.Must(s.ApproveDue(t.Context()))(s)
	if len(r.Done) != 1 || r.Done[0] != c.ID {
		t.Errorf("approved %+v, want %d: one was taken back by an admin, one waits for a person", r, c.ID)
	}
	if again := shoptest.Must(s.ApproveDue(t.Context()))(s); len(again.Done)+len(again.Skipped) != 0 {
		t.Errorf("again: %+v", again)
	}
	if got := shoptest.Must(s.Commission(t.Context(), c.ID))(s); got.Status != ledger.Approved ||
		got.Reason != string(reason.ApprovedByRule) {
		t.Errorf("%+v", got)
	}
	s.WantBalance(ann, "5", "10", "0")
	s.WantClean()
}

// Spec: S133, D29
func TestWhatAPersonMustDecideWaitsForHim(t *testing.T) {
	s := newSite(t)
	s.Policy(func(p *affiliate.Policy) { p.SelfReferral, p.Approve = affiliate.HoldSelf, true })
	s.Clock.Advance(time.Second)
	ann := s.Partner("ann")
	r := s.Place(s.Sale("ann@partners.example", s.Click(ann)))
	c := r.Commissions[0]
	if !c.UntilDecided() || c.ApproveAt != nil {
		t.Errorf("%+v", c)
	}
	s.Clock.Advance(400 * 24 * time.Hour)
	if due := shoptest.Must(s.ApproveDue(t.Context()))(s); len(due.Done) != 0 {
		t.Errorf("approved by itself: %+v", due)
	}
	if done := shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(c)))(s); len(done.Done) != 0 {
		t.Errorf("approved without a reason: %+v", done)
	}
	if done := shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(c),
		"Bought for a friend."))(s); len(done.Done) != 1 {
		t.Errorf("%+v", done)
	}
	s.WantClean()
}
