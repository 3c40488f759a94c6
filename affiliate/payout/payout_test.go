package payout_test

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/shoptest"
)

func (s *site) threshold(amount string) {
	s.Settings(func(g *affiliate.Settings) {
		g.Thresholds = map[money.Currency]money.Amount{"USD": shoptest.USD(amount)}
	})
}

// wantRefused checks that a payment is refused with all these words.
func (s *site) wantRefused(p affiliate.Partner, amount string, words ...string) {
	s.Helper()
	_, err := s.PayPartner(s.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD(amount))
	if affiliate.KindOf(err) != affiliate.KindConflict {
		s.Errorf("paying %s: %v, want a conflict", amount, err)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			s.Errorf("paying %s: %q does not say %q", amount, err, word)
		}
	}
}

// Spec: S6.1 S6.2
func TestTheThresholdIsReachedExactly(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.threshold("50")
	s.ApproveAll(s.Earn(p, "499.90"))
	s.WantBalance(p, "0", "49.99", "0")
	s.wantRefused(p, "49.99", "$49.99", "$50.00")
	s.ApproveAll(s.Earn(p, "0.10"))
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("50")))(s)
	s.WantBalance(p, "0", "0", "50")

	s.threshold("0")
	s.wantRefused(p, "0", "nothing to pay")
	s.ApproveAll(s.Earn(p, "0.10"))
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("0.01")))(s)
	s.WantClean()
}

// Spec: S83.1 S84.2 S88 D19.3
func TestPayingMarksAllThatIsPayableAsPaid(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	three := []ledger.Commission{s.Earn(p, "100"), s.Earn(p, "100"), s.Earn(p, "100")}
	pendingOne := s.Earn(p, "100")
	s.ApproveAll(three...)
	s.WantBalance(p, "10", "30", "0") // one sum for the three
	s.Clock.Advance(time.Hour)
	line := shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("30")))(s)
	s.WantBalance(p, "10", "0", "30")
	if line.State != payout.Settled || line.Amount != shoptest.USD("30") || !line.SettledAt.Equal(s.Clock.Now()) ||
		line.Method != affiliate.PayPal {
		t.Errorf("the payment is %+v", line)
	}
	for _, c := range s.Now(three...) {
		journals := shoptest.Must(s.Journals(t.Context(), c.ID))(s)
		if c.Status != ledger.Paid || len(journals) != 4 || journals[2].Kind != ledger.PayOut ||
			journals[3].Kind != ledger.Settle || journals[3].PayoutLineID != line.ID {
			t.Errorf("commission %s is %s by %+v", c.ID, c.Status, journals)
		}
	}
	if got := s.Now(pendingOne)[0].Status; got != ledger.Pending {
		t.Errorf("a pending commission became %s", got)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'pay' AND object_id = ?
		AND actor = ?`, p.ID, shoptest.Anna); n != 1 {
		t.Errorf("%d audit entries of the payment", n)
	}
	s.wantRefused(p, "30", "$30.00", "$0.00") // sent twice
	s.WantClean()
}

// Spec: S84 D19.4
func TestAPaymentIsRefusedWhenTheAmountChanged(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.ApproveAll(s.Earn(p, "100"))
	s.ApproveAll(s.Earn(p, "23.40"))
	s.wantRefused(p, "10", "from $10.00 to $12.34", "Nothing was paid")
	s.WantBalance(p, "0", "12.34", "0")
	s.WantClean()
	s.Exec(`UPDATE {wp}partner_center_partners SET state = 'applied' WHERE id = ?`, p.ID)
	s.wantRefused(p, "12.34", "waiting for approval")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payouts`); n != 0 {
		t.Errorf("%d payouts were left behind", n)
	}
}

// Spec: S93.2 S93.3 S94 D20.3 D22 B4.2
func TestAClawbackReducesTheNextPayment(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	s.ApproveAll(c)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("10")))(s)
	o = shoptest.Refunded(o, "40")
	s.Place(o)
	s.WantBalance(p, "0", "-4", "10")
	if got := s.Now(c)[0]; got.Status != ledger.Paid || got.Payable != shoptest.USD("-4") ||
		got.Amount != shoptest.USD("6") {
		t.Errorf("after the refund the commission is %+v", got)
	}
	s.wantRefused(p, "-4", "nothing to pay") // never a negative payout
	next := s.Earn(p, "90")
	s.ApproveAll(next)
	line := shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("5")))(s)
	s.WantBalance(p, "0", "0", "15")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payout_items WHERE line_id = ?`, line.ID); n != 2 {
		t.Errorf("the payment has %d items, want the commission and the clawback", n)
	}
	s.Place(shoptest.Refunded(o, "0")) // un-refunded: payable again without a new approval
	s.WantBalance(p, "0", "4", "15")
	s.WantClean()
}

// Spec: S94.1 B4.1
func TestARefundBeforePaymentIsJustSubtracted(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	pendingSale, approvedSale := s.Sale("bob@example.com", s.Click(p)), s.Sale("cy@example.com", s.Click(p))
	s.Place(pendingSale)
	s.ApproveAll(s.Place(approvedSale).Commissions...)
	s.Place(shoptest.Refunded(pendingSale, "50"))
	s.Place(shoptest.Refunded(approvedSale, "50"))
	s.WantBalance(p, "5", "5", "0")
	s.Place(shoptest.Refunded(shoptest.Refunded(pendingSale, "50"), "100"))
	s.Place(shoptest.Refunded(shoptest.Refunded(approvedSale, "50"), "100"))
	s.WantBalance(p, "0", "0", "0")
	s.WantClean()
}
