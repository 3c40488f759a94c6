package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

func (s *site) wantReport(r ledger.Report, done int, skipped ...reason.Code) {
	s.Helper()
	got := []reason.Code{}
	for _, skip := range r.Skipped {
		got = append(got, skip.Reason)
	}
	if len(r.Done) != done || !slices.Equal(got, skipped) {
		s.Errorf("%d done, skipped %v; want %d and %v", len(r.Done), got, done, skipped)
	}
}

// Spec: S33.1 S76.2 S77 S78.1 S88 B12.1
func TestApprovalMovesPendingToPayable(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	a, b := s.Earn(p, "100"), s.Earn(p, "50")
	s.wantReport(s.ApproveAll(a, b), 2)
	s.WantBalance(p, "0", "15", "0")
	if owed := shoptest.Must(shoptest.Must(s.Balances(t.Context(), p.ID))(s)[0].Owed())(s); owed != shoptest.USD("15") {
		t.Errorf("owed is %s, want 15", owed)
	}
	journals := shoptest.Must(s.Journals(t.Context(), a.ID))(s)
	if j := journals[1]; len(journals) != 2 || j.Kind != ledger.Approve || j.Actor != shoptest.Anna ||
		!j.RecordedAt.Equal(s.Clock.Now()) {
		t.Errorf("the approval is not recorded with who and when: %+v", journals)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit JOIN {wp}partner_center_audit_values USING (digest)
		WHERE action = 'approve' AND object_id = ? AND before_json = '"pending"' AND after_json = '"approved"'`,
		a.ID); n != 1 {
		t.Errorf("%d audit entries of the approval", n)
	}
	s.WantClean()
}

// Spec: S76.1 S77.2
func TestActionsSkipWhatTheyMayNotDo(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	a := s.Earn(p, "100")
	s.wantReport(s.ApproveAll(a, a), 1, reason.SkipMissing) // picked twice
	s.wantReport(s.ApproveAll(a), 0, reason.SkipApproved)   // sent twice
	s.wantReport(shoptest.Must(s.Approve(t.Context(), shoptest.Anna, []ledger.Pick{{ID: 999_999}}))(s), 0,
		reason.SkipMissing)

	b := s.Earn(p, "100")
	s.wantReport(shoptest.Must(s.Unapprove(t.Context(), shoptest.Anna, shoptest.Picks(b)))(s), 0, reason.SkipPending)
	shoptest.Must(s.Unapprove(t.Context(), shoptest.Anna, shoptest.Picks(s.Now(a)...)))(s)
	s.wantReport(s.ApproveAll(a, b), 1, reason.SkipChanged) // a is pending again, but not as it was shown
	s.wantReport(shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(s.Now(a)...), "not a customer"))(s),
		1)
	s.wantReport(s.ApproveAll(s.Now(a)...), 0, reason.SkipCanceled)

	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("10")))(s)
	paid := s.Now(b)
	s.wantReport(s.ApproveAll(paid...), 0, reason.SkipPaid)
	s.wantReport(shoptest.Must(s.Unapprove(t.Context(), shoptest.Anna, shoptest.Picks(paid...)))(s), 0, reason.SkipPaid)
	s.wantReport(shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(paid...), "too late"))(s), 0,
		reason.SkipPaid)
	s.WantBalance(p, "0", "0", "10")
	s.WantClean()
}

// Spec: S81.1 S81.2 D16.2
func TestACanceledCommissionLeavesTheTotalsForGood(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	if _, err := s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(c),
		" "); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("no reason: %v", err)
	}
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(c), "a friend's order"))(s)
	if got := s.Now(c)[0]; got.Status != ledger.Canceled || got.Reason != "a friend's order" {
		t.Errorf("canceled as %s for %q", got.Status, got.Reason)
	}
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("300"),
			shoptest.USD("300")
	}))
	s.WantEarned(c.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantBalance(p, "0", "0", "0")
	s.WantClean()
}

// Spec: S76 D22.1
func TestAnOrderThatGrowsAfterApprovalEarnsAPendingSupplement(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	s.ApproveAll(c)
	o = shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("130"),
			shoptest.USD("130")
	})
	s.Place(o)
	s.WantEarned(c.OrderID, shoptest.Earned(1, p.ID, ledger.Approved, "10"),
		shoptest.Earned(1, p.ID, ledger.Pending, "3"))
	s.WantBalance(p, "3", "10", "0")
	s.Place(shoptest.Refunded(o, "130"))
	s.WantEarned(c.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantBalance(p, "0", "0", "0")
	s.WantClean()
}

// Spec: S81 D16.2
func TestCancelingASupplementLeavesTheRest(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	s.ApproveAll(c)
	more := shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("130"),
			shoptest.USD("130")
	})
	supplement := s.Place(more).Commissions[1]
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(supplement), "agreed price"))(s)
	s.WantClean()
	s.Place(shoptest.Next(more, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("500"),
			shoptest.USD("500")
	}))
	s.WantEarned(c.OrderID, shoptest.Earned(1, p.ID, ledger.Approved, "10"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantClean()
}

// Spec: S76 S77.2
func TestTwoAdminsAtOnceApproveOnce(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	picks := []ledger.Commission{}
	for range 20 {
		picks = append(picks, s.Earn(p, "10"))
	}
	reports := make([]ledger.Report, 4)
	var wait sync.WaitGroup
	for i := range reports {
		wait.Go(func() {
			var err error
			if reports[i], err = s.Approve(t.Context(), affiliate.Actor(fmt.Sprint(i+1)),
				shoptest.Picks(picks...)); err != nil {
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
	s.WantBalance(p, "0", "20", "0")
	s.WantClean()
}
