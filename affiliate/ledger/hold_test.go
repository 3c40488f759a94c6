package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

// onHold is a sale held for 14 days, and approved by itself if so.
func (s *site) onHold(itself bool) (affiliate.Partner, Commission) {
	s.Helper()
	s.policy(func(p *affiliate.Policy) { p.Hold, p.Approve = 14, itself })
	s.clock.Advance(time.Second)
	ann := s.partner("ann")
	return ann, s.earn(ann, "100")
}

// Spec: S76
func TestHeldCommissionIsApprovedAfterItsDateOrForAReason(t *testing.T) {
	s := newSite(t)
	ann, c := s.onHold(false)
	ends := c.OccurredAt.AddDate(0, 0, 14)
	if c.Status != Pending || c.NotBefore == nil || !c.NotBefore.Equal(ends) || c.UntilDecided() {
		t.Errorf("%+v", c)
	}
	r := must(s.Approve(t.Context(), anna, all(c)))(s)
	if len(r.Done) != 0 || len(r.Skipped) != 1 || r.Skipped[0].Reason != SkipOnHold {
		t.Errorf("approved before its date: %+v", r)
	}
	if _, err := s.ApproveEarly(t.Context(), anna, all(c), " "); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("early without a reason: %v", err)
	}
	early := s.earn(ann, "50")
	must(s.ApproveEarly(t.Context(), anna, all(early), "A trusted customer."))(s)
	if got := must(s.Commission(t.Context(), early.ID))(s); got.Status != Approved || got.Reason != "A trusted customer." {
		t.Errorf("%+v", got)
	}
	s.clock.Set(ends)
	must(s.Approve(t.Context(), anna, all(c)))(s)
	s.wantBalance(ann, "0", "15", "0")
	history, err := s.registry.History(t.Context(), "commission", int64(early.ID), 0, 9)
	if err != nil || len(history) != 1 || history[0].Reason != "A trusted customer." || history[0].Action != "approve early" {
		t.Errorf("audit %+v, %v", history, err)
	}
	s.wantClean()
}

// Spec: S133, S76
func TestRulesApproveOnceTheHoldIsOver(t *testing.T) {
	s := newSite(t)
	ann, c := s.onHold(true)
	takenBack, reviewed := s.earn(ann, "20"), s.earn(ann, "30")
	s.exec(`UPDATE {wp}partner_center_orders SET review = 'TOTAL_MISMATCH' WHERE id = ?`, reviewed.OrderID)
	if r := must(s.ApproveDue(t.Context()))(s); len(r.Done) != 0 {
		t.Errorf("approved during the hold: %+v", r)
	}
	must(s.ApproveEarly(t.Context(), anna, all(takenBack), "x"))(s)
	must(s.Unapprove(t.Context(), anna, []Pick{{ID: takenBack.ID}}))(s)
	s.clock.Advance(14*24*time.Hour + time.Minute)
	r := must(s.ApproveDue(t.Context()))(s)
	if len(r.Done) != 1 || r.Done[0] != c.ID {
		t.Errorf("approved %+v, want %d: one was taken back by an admin, one waits for a person", r, c.ID)
	}
	if again := must(s.ApproveDue(t.Context()))(s); len(again.Done)+len(again.Skipped) != 0 {
		t.Errorf("again: %+v", again)
	}
	if got := must(s.Commission(t.Context(), c.ID))(s); got.Status != Approved || got.Reason != string(ApprovedByRule) {
		t.Errorf("%+v", got)
	}
	s.wantBalance(ann, "5", "10", "0")
	s.wantClean()
}

// Spec: S133, D29
func TestWhatAPersonMustDecideWaitsForHim(t *testing.T) {
	s := newSite(t)
	s.policy(func(p *affiliate.Policy) { p.SelfReferral, p.Approve = affiliate.HoldSelf, true })
	s.clock.Advance(time.Second)
	ann := s.partner("ann")
	r := s.converge(s.sale("ann@partners.example", s.click(ann)))
	c := r.Commissions[0]
	if !c.UntilDecided() || c.ApproveAt != nil {
		t.Errorf("%+v", c)
	}
	s.clock.Advance(400 * 24 * time.Hour)
	if due := must(s.ApproveDue(t.Context()))(s); len(due.Done) != 0 {
		t.Errorf("approved by itself: %+v", due)
	}
	if done := must(s.Approve(t.Context(), anna, all(c)))(s); len(done.Done) != 0 {
		t.Errorf("approved without a reason: %+v", done)
	}
	if done := must(s.ApproveEarly(t.Context(), anna, all(c), "Bought for a friend."))(s); len(done.Done) != 1 {
		t.Errorf("%+v", done)
	}
	s.wantClean()
}
