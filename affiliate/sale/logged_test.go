package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// logged is a sale of two books that an admin enters for a referred buyer.
func (s *site) logged(p affiliate.Partner) sale.Result {
	s.Helper()
	s.OptIn("bob@example.com", s.Click(p), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	o := s.Sale("bob@example.com", "")
	o.Lines = []sale.LineState{s.Line("1", s.Book, "60"), s.Line("2", s.Book, "40")}
	o.ExternalID, o.Tax = "form", shoptest.USD("19")
	return shoptest.Must(s.LogOrder(s.Context(), shoptest.Anna, o))(s)
}

// correct changes a logged order as it stands.
func (s *site) correct(id affiliate.OrderID, to func(*sale.OrderState) error) sale.Result {
	s.Helper()
	s.Clock.Advance(time.Minute)
	seen := s.View(id).Order.Version
	c := sale.LoggedChange{OrderID: id, Seen: seen, Reason: "typing error", To: to}
	preview := shoptest.Must(s.PreviewLogged(s.Context(), shoptest.Anna, c))(s)
	if s.View(id).Order.Version != seen {
		s.Fatal("the preview wrote")
	}
	r := shoptest.Must(s.ChangeLogged(s.Context(), shoptest.Anna, c))(s)
	if len(r.Commissions) != len(preview.Commissions) {
		s.Errorf("previewed %d commissions, made %d", len(preview.Commissions), len(r.Commissions))
	}
	for i, c := range r.Commissions {
		if c.Amount != preview.Commissions[i].Amount || c.Book != preview.Commissions[i].Book {
			s.Errorf("previewed %+v, made %+v", preview.Commissions[i], c)
		}
	}
	s.WantClean()
	return r
}

func refundLine(i int, amount string) func(*sale.OrderState) error {
	return func(o *sale.OrderState) error { o.Lines[i].Refunded = shoptest.USD(amount); return nil }
}

// Spec: S155 D15.2 D16.1 D22
func TestALoggedOrderIsCorrected(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	r := s.logged(p)
	s.WantBalance(p, "10", "0", "0")
	s.correct(r.OrderID, func(o *sale.OrderState) error { o.Lines[0].Base = shoptest.USD("80"); return nil })
	s.WantBalance(p, "12", "0", "0")
	if o := s.View(r.OrderID).Order; o.Total != shoptest.USD("139") || o.Review != "" {
		t.Errorf("the order is %+v", o)
	}
	s.correct(r.OrderID, refundLine(1, "10"))
	s.WantBalance(p, "11", "0", "0")
	s.correct(r.OrderID, sale.RefundAll)
	s.WantBalance(p, "0", "0", "0")
	s.correct(r.OrderID, sale.TakeRefundsBack)
	s.WantBalance(p, "12", "0", "0")
	s.correct(r.OrderID, sale.Void)
	s.WantBalance(p, "0", "0", "0")
	s.correct(r.OrderID, sale.Restore)
	s.WantBalance(p, "12", "0", "0")
	if d := s.View(r.OrderID).Decisions; len(d) != 1 {
		t.Errorf("it was decided %d times", len(d))
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'edit' AND object = 'order'
		AND object_id = ? AND reason = 'typing error'`, r.OrderID); n != 6 {
		t.Errorf("%d audit entries", n)
	}
}

// Spec: S93 S155 B4
func TestALoggedOrderIsRefundedAfterPayment(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	r := s.logged(p)
	s.ApproveAll(r.Commissions...)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("10")))(s)
	s.correct(r.OrderID, refundLine(0, "30"))
	s.WantBalance(p, "0", "-3", "10")
	s.correct(r.OrderID, sale.RefundAll)
	s.WantBalance(p, "0", "-10", "10")
	s.correct(r.OrderID, sale.TakeRefundsBack)
	s.WantBalance(p, "0", "0", "10")
}

func TestALoggedOrderIsNotChangedBlindly(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	r := s.logged(p)
	c := sale.LoggedChange{OrderID: r.OrderID, Seen: 1, Reason: "x", To: sale.Void}
	shoptest.Must(s.ChangeLogged(t.Context(), shoptest.Anna, c))(s)
	if _, err := s.ChangeLogged(t.Context(), shoptest.Anna, c); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("sent twice: %v", err)
	}
	same := sale.LoggedChange{OrderID: r.OrderID, Seen: 2, Reason: "x", To: func(*sale.OrderState) error { return nil }}
	if r := shoptest.Must(s.ChangeLogged(t.Context(), shoptest.Anna, same))(s); r.Outcome != sale.Repeated {
		t.Errorf("no change: %+v", r)
	}
	cart := s.Place(s.Sale("cy@example.com", s.Click(p)))
	c = sale.LoggedChange{OrderID: cart.OrderID, Seen: 1, Reason: "x", To: sale.Void}
	if _, err := s.ChangeLogged(t.Context(), shoptest.Anna, c); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("an order of a cart: %v", err)
	}
	c.Reason = " "
	if _, err := s.ChangeLogged(t.Context(), shoptest.Anna, c); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("no reason: %v", err)
	}
	if _, err := s.State(t.Context(), 4711); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("no order: %v", err)
	}
	s.WantClean()
}

// Spec: S96 D24
func TestARerunDoesWhatItsPreviewPromisedOrNothing(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	one, two := s.Place(s.Sale("bob@example.com", s.Click(a))), s.Place(s.Sale("cy@example.com", s.Click(a)))
	picks := []sale.RerunPick{{OrderID: one.OrderID}, {OrderID: two.OrderID}}
	wish := to(b)
	wish.Reason = "x"
	plan := shoptest.Must(s.PreviewRerun(t.Context(), shoptest.Anna, picks, wish))(s)
	s.ApproveAll(one.Commissions...) // meanwhile: it would be taken from what is payable
	done := shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, plan.Picks(), wish))(s)
	if len(done.Orders) != 1 || done.Orders[0].OrderID != two.OrderID || len(done.Skipped) != 1 ||
		done.Skipped[0] != (sale.RerunSkip{OrderID: one.OrderID, Reason: reason.SkipChanged}) {
		t.Errorf("%+v", done)
	}
	s.WantBalance(a, "0", "10", "0")
	s.WantBalance(b, "10", "0", "0")
	if len(done.Sums) != 2 || done.Sums[0].Pending != shoptest.USD("-10") {
		t.Errorf("%+v", done.Sums)
	}
	s.WantClean()
}

// Spec: S96 D23 D24
func TestARerunCreditsNoOne(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	first := s.subscribed("bob@example.com", "")
	one, two := s.Place(first), s.Place(s.renewed(first, 1))
	s.again(one.OrderID, to(b))
	s.WantBalance(b, "20", "0", "0")
	back := s.again(one.OrderID, sale.Rerun{Choice: sale.Nobody})
	if len(back.Orders) != 2 || back.Orders[1].OrderID != two.OrderID {
		t.Errorf("%+v", back)
	}
	s.WantBalance(b, "0", "0", "0")
	if three := s.Place(s.renewed(first, 2)); three.Decision.PartnerID != 0 {
		t.Errorf("the third payment credits %s", three.Decision.PartnerID)
	}
	if p := s.again(one.OrderID, sale.Rerun{Choice: sale.Nobody}); len(p.Orders) != 0 ||
		p.Skipped[0].Reason != reason.SkipSame {
		t.Errorf("again: %+v", p)
	}
	s.again(one.OrderID, to(a))
	s.WantBalance(a, "30", "0", "0")
	s.WantEarned(one.OrderID, shoptest.Earned(1, b.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.wantTrace(one, "gave credit to "+a.ID.String())
	s.WantClean()
}
