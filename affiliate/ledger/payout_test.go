package ledger

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

func (s *site) threshold(amount string) {
	s.settings(func(g *affiliate.Settings) { g.Thresholds = map[money.Currency]money.Amount{"USD": usd(amount)} })
}

// wantRefused checks that a payment is refused with all these words.
func (s *site) wantRefused(p affiliate.Partner, amount string, words ...string) {
	s.Helper()
	_, err := s.PayPartner(s.Context(), anna, p.ID, "USD", usd(amount))
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

// Spec: S6
func TestTheThresholdIsReachedExactly(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.threshold("50")
	s.approve(s.earn(p, "499.90"))
	s.wantBalance(p, "0", "49.99", "0")
	s.wantRefused(p, "49.99", "49.99 USD", "50.00 USD")
	s.approve(s.earn(p, "0.10"))
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("50")))(s)
	s.wantBalance(p, "0", "0", "50")

	s.threshold("0")
	s.wantRefused(p, "0", "nothing to pay")
	s.approve(s.earn(p, "0.10"))
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("0.01")))(s)
	s.wantClean()
}

// Spec: S83, S84, S88, D19
func TestPayingMarksAllThatIsPayableAsPaid(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	three := []Commission{s.earn(p, "100"), s.earn(p, "100"), s.earn(p, "100")}
	pendingOne := s.earn(p, "100")
	s.approve(three...)
	s.wantBalance(p, "10", "30", "0") // one sum for the three
	s.clock.Advance(time.Hour)
	line := must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("30")))(s)
	s.wantBalance(p, "10", "0", "30")
	if line.State != Settled || line.Amount != usd("30") || !line.SettledAt.Equal(s.clock.Now()) || line.Method != affiliate.PayPal {
		t.Errorf("the payment is %+v", line)
	}
	for _, c := range s.now(three...) {
		journals := must(s.Journals(t.Context(), c.ID))(s)
		if c.Status != Paid || len(journals) != 4 || journals[2].Kind != PayOut || journals[3].Kind != Settle || journals[3].PayoutLineID != line.ID {
			t.Errorf("commission %s is %s by %+v", c.ID, c.Status, journals)
		}
	}
	if got := s.now(pendingOne)[0].Status; got != Pending {
		t.Errorf("a pending commission became %s", got)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'pay' AND object_id = ? AND actor = ?`, p.ID, anna); n != 1 {
		t.Errorf("%d audit entries of the payment", n)
	}
	s.wantRefused(p, "30", "30.00 USD", "0.00 USD") // sent twice
	s.wantClean()
}

// Spec: S84, D19
func TestAPaymentIsRefusedWhenTheAmountChanged(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.approve(s.earn(p, "100"))
	s.approve(s.earn(p, "23.40"))
	s.wantRefused(p, "10", "from 10.00 USD to 12.34 USD", "Nothing was paid")
	s.wantBalance(p, "0", "12.34", "0")
	s.exec(`UPDATE {wp}partner_center_partners SET state = 'applied' WHERE id = ?`, p.ID)
	s.wantRefused(p, "12.34", "applied")
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_payouts`); n != 0 {
		t.Errorf("%d payouts were left behind", n)
	}
	s.wantClean()
}

// Spec: S93, S94, D20, D22, B4
func TestAClawbackReducesTheNextPayment(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	s.approve(c)
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("10")))(s)
	o = o.refunded("40")
	s.converge(o)
	s.wantBalance(p, "0", "-4", "10")
	if got := s.now(c)[0]; got.Status != Paid || got.Payable != usd("-4") || got.Amount != usd("6") {
		t.Errorf("after the refund the commission is %+v", got)
	}
	s.wantRefused(p, "-4", "nothing to pay") // never a negative payout
	next := s.earn(p, "90")
	s.approve(next)
	line := must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("5")))(s)
	s.wantBalance(p, "0", "0", "15")
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_payout_items WHERE line_id = ?`, line.ID); n != 2 {
		t.Errorf("the payment has %d items, want the commission and the clawback", n)
	}
	s.converge(o.refunded("0")) // un-refunded: payable again without a new approval
	s.wantBalance(p, "0", "4", "15")
	s.wantClean()
}

// Spec: S94
func TestARefundBeforePaymentIsJustSubtracted(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	pendingSale, approvedSale := s.sale("bob@example.com", s.click(p)), s.sale("cy@example.com", s.click(p))
	s.converge(pendingSale)
	s.approve(s.converge(approvedSale).Commissions...)
	s.converge(pendingSale.refunded("50"))
	s.converge(approvedSale.refunded("50"))
	s.wantBalance(p, "5", "5", "0")
	s.converge(pendingSale.refunded("50").refunded("100"))
	s.converge(approvedSale.refunded("50").refunded("100"))
	s.wantBalance(p, "0", "0", "0")
	s.wantClean()
}
