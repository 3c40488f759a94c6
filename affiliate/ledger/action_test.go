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
	"partnercenter/db"
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

// Long lists are worked through in few statements, however many partners they are of,
// and each commission's change is audited all the same; what it says is kept once.
//
// Spec: S77 B12.1
func TestLongListsTakeFewStatements(t *testing.T) {
	s := newSite(t)
	const n = 1_000
	shoptest.Crowd{Commissions: n, Partners: 300, First: s.Partner("pia").ID, Program: s.Program.ID,
		Product: s.Book.ID}.Load(t, s.DB)
	picks := []ledger.Pick{}
	for i := range n {
		picks = append(picks, ledger.Pick{ID: ledger.CommissionID(shoptest.CrowdFrom + 1 + i), Seen: 1})
	}
	statements := 0
	s.DB.Watch(func(*db.Tx, string) { statements++ })
	r := shoptest.Must(s.Approve(t.Context(), shoptest.Anna, picks))(t)
	s.DB.Watch(nil)
	if len(r.Done) != n || statements > 30 {
		t.Errorf("%d approved, by %d statements", len(r.Done), statements)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit JOIN {wp}partner_center_audit_values USING (digest)
		WHERE action = 'approve' AND before_json = '"pending"' AND after_json = '"approved"'`); n != len(picks) {
		t.Errorf("%d approvals are audited", n)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit_values WHERE after_json = '"approved"'`); n > 5 {
		t.Errorf("%d rows say the same", n)
	}
	if faults := shoptest.Must(s.Registry.ProveAudit(t.Context(), affiliate.AuditHead{}))(t).Faults; len(faults) > 0 {
		t.Error(faults)
	}
}

// A balance beyond all amounts is refused before it is there.
func TestBalancesBeyondAllAmountsAreRefused(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	c := s.Earn(p, "100")
	s.Exec(`UPDATE {wp}partner_center_balances SET payable = 922337203685470 WHERE partner_id = ?`, p.ID)
	if _, err := s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(c)); err == nil {
		t.Error("it stands in the books, and can't be read")
	}
	if now := s.Now(c)[0]; now.Status != ledger.Pending {
		t.Error(now.Status)
	}
}
