package ledger

import (
	"slices"
	"sync"
	"testing"

	"partnercenter/affiliate"
)

func (s *site) approve(commissions ...Commission) Report {
	s.Helper()
	return must(s.Approve(s.Context(), anna, all(commissions...)))(s)
}

// now are the commissions as they stand.
func (s *site) now(commissions ...Commission) []Commission {
	s.Helper()
	fresh := []Commission{}
	for _, c := range commissions {
		fresh = append(fresh, must(s.Commission(s.Context(), c.ID))(s))
	}
	return fresh
}

func (s *site) wantReport(r Report, done int, skipped ...Reason) {
	s.Helper()
	got := []Reason{}
	for _, skip := range r.Skipped {
		got = append(got, skip.Reason)
	}
	if len(r.Done) != done || !slices.Equal(got, skipped) {
		s.Errorf("%d done, skipped %v; want %d and %v", len(r.Done), got, done, skipped)
	}
}

// Spec: S76, S77, S78, S33, S88
func TestApprovalMovesPendingToPayable(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	a, b := s.earn(p, "100"), s.earn(p, "50")
	s.wantReport(s.approve(a, b), 2)
	s.wantBalance(p, "0", "15", "0")
	if owed := must(must(s.Balances(t.Context(), p.ID))(s)[0].Owed())(s); owed != usd("15") {
		t.Errorf("owed is %s, want 15", owed)
	}
	journals := must(s.Journals(t.Context(), a.ID))(s)
	if j := journals[1]; len(journals) != 2 || j.Kind != Approve || j.Actor != anna || !j.RecordedAt.Equal(s.clock.Now()) {
		t.Errorf("the approval is not recorded with who and when: %+v", journals)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit JOIN {wp}partner_center_audit_values USING (digest) WHERE action = 'approve' AND object_id = ? AND before_json = '"pending"' AND after_json = '"approved"'`, a.ID); n != 1 {
		t.Errorf("%d audit entries of the approval", n)
	}
	s.wantClean()
}

// Spec: S76, S77
func TestActionsSkipWhatTheyMayNotDo(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	a := s.earn(p, "100")
	s.wantReport(s.approve(a, a), 1, SkipMissing) // picked twice
	s.wantReport(s.approve(a), 0, SkipApproved)   // sent twice
	s.wantReport(must(s.Approve(t.Context(), anna, []Pick{{ID: 999_999}}))(s), 0, SkipMissing)

	b := s.earn(p, "100")
	s.wantReport(must(s.Unapprove(t.Context(), anna, all(b)))(s), 0, SkipPending)
	must(s.Unapprove(t.Context(), anna, all(s.now(a)...)))(s)
	s.wantReport(s.approve(a, b), 1, SkipChanged) // a is pending again, but not as it was shown
	s.wantReport(must(s.Cancel(t.Context(), anna, all(s.now(a)...), "not a customer"))(s), 1)
	s.wantReport(s.approve(s.now(a)...), 0, SkipCanceled)

	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("10")))(s)
	paid := s.now(b)
	s.wantReport(s.approve(paid...), 0, SkipPaid)
	s.wantReport(must(s.Unapprove(t.Context(), anna, all(paid...)))(s), 0, SkipPaid)
	s.wantReport(must(s.Cancel(t.Context(), anna, all(paid...), "too late"))(s), 0, SkipPaid)
	s.wantBalance(p, "0", "0", "10")
	s.wantClean()
}

// Spec: S81, D16
func TestACanceledCommissionLeavesTheTotalsForGood(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	if _, err := s.Cancel(t.Context(), anna, all(c), " "); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("no reason: %v", err)
	}
	must(s.Cancel(t.Context(), anna, all(c), "a friend's order"))(s)
	if got := s.now(c)[0]; got.Status != Canceled || got.Reason != "a friend's order" {
		t.Errorf("canceled as %s for %q", got.Status, got.Reason)
	}
	s.converge(o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("300"), usd("300") }))
	s.wantEarned(c.OrderID, earned(1, p.ID, Canceled, "0"))
	s.wantBalance(p, "0", "0", "0")
	s.wantClean()
}

// Spec: S76, D22
func TestAnOrderThatGrowsAfterApprovalEarnsAPendingSupplement(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	s.approve(c)
	o = o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("130"), usd("130") })
	s.converge(o)
	s.wantEarned(c.OrderID, earned(1, p.ID, Approved, "10"), earned(1, p.ID, Pending, "3"))
	s.wantBalance(p, "3", "10", "0")
	s.converge(o.refunded("130"))
	s.wantEarned(c.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Canceled, "0"))
	s.wantBalance(p, "0", "0", "0")
	s.wantClean()
}

// Spec: S81, D16
func TestCancelingASupplementLeavesTheRest(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	s.approve(c)
	more := o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("130"), usd("130") })
	supplement := s.converge(more).Commissions[1]
	must(s.Cancel(t.Context(), anna, all(supplement), "agreed price"))(s)
	s.wantClean()
	s.converge(more.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("500"), usd("500") }))
	s.wantEarned(c.OrderID, earned(1, p.ID, Approved, "10"), earned(1, p.ID, Canceled, "0"))
	s.wantClean()
}

// Spec: S76, S77
func TestTwoAdminsAtOnceApproveOnce(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	picks := []Commission{}
	for range 20 {
		picks = append(picks, s.earn(p, "10"))
	}
	reports := make([]Report, 4)
	var wait sync.WaitGroup
	for i := range reports {
		wait.Go(func() {
			var err error
			if reports[i], err = s.Approve(t.Context(), affiliate.Actor(itoa(int64(i+1))), all(picks...)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	done, skipped := 0, 0
	for _, r := range reports {
		done += len(r.Done)
		skipped += len(r.Skipped)
	}
	if done != 20 || skipped != 60 {
		t.Errorf("%d approved, %d skipped, want 20 and 60", done, skipped)
	}
	s.wantBalance(p, "0", "20", "0")
	s.wantClean()
}
