package sale_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// again runs an order again for a partner and returns what it did.
func (s *site) again(id affiliate.OrderID, r sale.Rerun) sale.RerunPlan {
	s.Helper()
	if r.Reason == "" {
		r.Reason = "the partner asked"
	}
	return shoptest.Must(s.Rerun(s.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: id}}, r))(s)
}

func to(p affiliate.Partner) sale.Rerun { return sale.Rerun{Choice: sale.AnyPartner, PartnerID: p.ID} }

// moves are what a plan does: partner:level:account:amount.
func moves(p sale.RerunPlan) []string {
	all := []string{}
	for _, o := range p.Orders {
		for _, m := range o.Moves {
			all = append(all, fmt.Sprintf("%s:%d:%s:%s", m.PartnerID, m.Level, m.Account, m.Amount))
		}
	}
	return all
}

// Spec: S96.2 S97.1 S97.2 D24.3 D24.6
func TestARerunMovesWhatAnOrderEarned(t *testing.T) {
	s := newSite(t)
	r1, r2 := s.Partner("r1"), s.Partner("r2")
	a, b := s.Partner("a", r1), s.Partner("b", r2)
	r := s.Place(s.Sale("bob@example.com", s.Click(a)))
	s.Clock.Advance(time.Hour)
	preview := shoptest.Must(s.PreviewRerun(t.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: r.OrderID}},
		sale.Rerun{Choice: sale.AnyPartner, PartnerID: b.ID, Reason: "x"}))(s)
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"),
		shoptest.Earned(2, r1.ID, ledger.Pending, "5")) // nothing was written
	done := s.again(r.OrderID, to(b))
	want := []string{
		fmt.Sprintf("%s:1:pending:-10", a.ID), fmt.Sprintf("%s:1:pending:10", b.ID),
		fmt.Sprintf("%s:2:pending:-5", r1.ID), fmt.Sprintf("%s:2:pending:5", r2.ID)}
	if !slices.Equal(moves(preview), want) || !slices.Equal(moves(done), want) {
		t.Errorf("previewed %v, did %v; want %v", moves(preview), moves(done), want)
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Canceled, "0"),
		shoptest.Earned(2, r1.ID, ledger.Canceled, "0"), shoptest.Earned(1, b.ID, ledger.Pending,
			"10"), shoptest.Earned(2, r2.ID, ledger.Pending, "5"))
	s.WantBalance(a, "0", "0", "0")
	s.WantBalance(b, "10", "0", "0")

	view := s.View(r.OrderID)
	old, moved := shoptest.Must(s.Journals(t.Context(), view.Commissions[0].ID))(s),
		shoptest.Must(s.Journals(t.Context(), view.Commissions[2].ID))(s)
	if len(old) != 2 || old[1].Kind != ledger.Reverse || moved[0].RelatedID != old[1].ID ||
		moved[0].Actor != shoptest.Anna {
		t.Errorf("the journals are not linked: %+v, then %+v", old, moved)
	}
	if c := view.Commissions[2]; c.Day != view.Commissions[0].Day || c.DecisionVersion != 2 {
		t.Errorf("the sale counts on %s, in decision_version %d", c.Day, c.DecisionVersion)
	}
	if d := view.Decisions[1]; d.Choice != sale.AnyPartner || d.Via != sale.ByAdmin || d.Actor != shoptest.Anna {
		t.Errorf("the decision is %+v", d)
	}
	s.wantTrace(r, "gave credit to "+b.ID.String()+" instead of "+a.ID.String())
	// whom it went to is none of their business
	if lines := view.Decisions[1].Trace.PartnerLines(a.ID); len(lines) != 0 {
		t.Errorf("the partner who lost the sale reads %q", lines)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'run again' AND object_id = ?
		AND reason = 'the partner asked'`, r.OrderID); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if p := s.again(r.OrderID, to(b)); len(p.Orders) != 0 || p.Skipped[0].Reason != reason.SkipSame {
		t.Errorf("again: %+v", p)
	}
	s.WantClean()
}

// Spec: S96.1
func TestARerunOffersTheReferrers(t *testing.T) {
	s := newSite(t)
	first, sold, last := s.Partner("first"), s.Partner("sold"), s.Partner("last")
	s.OptIn("bob@example.com", s.Click(first), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	r := s.Place(s.Sale("bob@example.com", s.Click(sold)))
	s.Clock.Advance(time.Hour)
	s.OptIn("bob@example.com", s.Click(last), s.Clock.Now())
	for _, test := range []struct {
		choice sale.Choice
		want   affiliate.Partner
	}{{sale.CurrentLast, last}, {sale.CurrentFirst, first}, {sale.AtSale, sold}} {
		p := s.again(r.OrderID, sale.Rerun{Choice: test.choice})
		if len(p.Orders) != 1 || p.Orders[0].To.PartnerID != test.want.ID || p.Orders[0].To.ToolID != s.Tool.ID {
			t.Errorf("%s credits %+v", test.choice, p)
		}
		s.WantBalance(test.want, "10", "0", "0")
	}
	unknown := s.Place(s.Sale("cy@example.com", ""))
	if p := s.again(unknown.OrderID, sale.Rerun{Choice: sale.CurrentLast}); len(p.Skipped) != 1 ||
		p.Skipped[0].Reason != reason.NoReferrer {
		t.Errorf("without a referrer: %+v", p)
	}
	s.again(unknown.OrderID, to(first)) // nobody was credited before
	s.WantEarned(unknown.OrderID, shoptest.Earned(1, first.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: S40 S93 S97.1 D16.3 D24.1 D24.5
func TestARerunAfterPaymentClawsBack(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	o := s.Sale("bob@example.com", s.Click(a))
	r := s.Place(o)
	s.ApproveAll(r.Commissions...)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, a.ID, "USD", shoptest.USD("10")))(s)
	s.again(r.OrderID, to(b))
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, b.ID, ledger.Pending, "10"))
	s.WantBalance(a, "0", "-10", "10")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE partner_id = ? AND kind = 'refund'`,
		a.ID); n != 0 {
		t.Error("the clawback counts as a refund")
	}
	s.Place(shoptest.Refunded(o, "40")) // of the present holder only
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, b.ID, ledger.Pending, "6"))
	s.WantBalance(a, "0", "-10", "10")
	s.Place(shoptest.Refunded(shoptest.Refunded(o, "40"), "100"))
	s.WantBalance(b, "0", "0", "0")
	s.Place(shoptest.Refunded(shoptest.Refunded(shoptest.Refunded(o, "40"), "100"), "0"))
	s.WantBalance(b, "10", "0", "0")
	more := s.Earn(a, "150") // the debt is carried forward
	s.ApproveAll(more)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, a.ID, "USD", shoptest.USD("5")))(s)
	s.WantBalance(a, "0", "0", "15")
	s.WantClean()
}

// Spec: S82.1 S82.2 D16
func TestARerunReinstatesWhatWasCanceled(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	o.Lines = append(o.Lines, s.Line("2", s.Book, "50"))
	o.Total = shoptest.USD("150")
	r := s.Place(o)
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(r.Commissions[0]), "by mistake"))(s)
	s.ApproveAll(r.Commissions[1])
	s.again(r.OrderID, sale.Rerun{Choice: sale.AtSale})
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Approved, "5"), shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	c := s.View(r.OrderID).Commissions
	canceled, back := shoptest.Must(s.Journals(t.Context(), c[0].ID))(s), shoptest.Must(s.Journals(t.Context(),
		c[2].ID))(s)
	if back[0].RelatedID != canceled[1].ID || canceled[1].Kind != ledger.Cancel {
		t.Errorf("the new commission is linked to journal %s, not to the cancellation %s", back[0].RelatedID,
			canceled[1].ID)
	}
	if p := s.again(r.OrderID, sale.Rerun{Choice: sale.AtSale}); len(p.Orders) != 0 {
		t.Errorf("again: %+v", p)
	}
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(s.View(r.OrderID).Commissions[1]), "rightly"))(s)
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("200"),
			shoptest.USD("250")
	}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"), shoptest.Earned(1, p.ID, ledger.Pending, "20"))
	s.WantClean()
}

// Spec: S96.3 D23 D24
func TestARerunMovesLaterPaymentsToo(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b", s.Partner("r"))
	first := s.subscribed("bob@example.com", s.Click(a))
	one, two := s.Place(first), s.Place(s.renewed(first, 1))
	s.again(two.OrderID, sale.Rerun{Choice: sale.AnyPartner, PartnerID: b.ID, ThisOnly: true})
	three := s.Place(s.renewed(first, 2))
	s.WantEarned(one.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.WantBalance(b, "10", "0", "0")
	s.WantEarned(three.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))

	p := s.again(one.OrderID, to(b))
	if len(p.Orders) != 3 || p.Orders[2].Follows != one.OrderID || p.Orders[2].To.PartnerID != b.ID {
		t.Errorf("moved %+v", p.Orders)
	}
	four := s.Place(s.renewed(first, 3))
	if four.Decision.PartnerID != b.ID {
		t.Errorf("the next payment is %s's", four.Decision.PartnerID)
	}
	s.WantBalance(a, "0", "0", "0")
	s.WantBalance(b, "40", "0", "0")
	s.again(three.OrderID, to(a)) // from the third on
	s.WantBalance(b, "20", "0", "0")
	five := s.Place(s.renewed(first, 4))
	s.WantEarned(five.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: D24.2
func TestARerunTakesTheTermsOfTheOrdersTimeElseTodays(t *testing.T) {
	s := newSite(t)
	a := s.Partner("a")
	rich := s.NewProgram("Rich", 1)
	r := s.Place(s.Sale("bob@example.com", s.Click(a)))
	s.Clock.Advance(time.Hour)
	s.Terms(rich, s.Book, shoptest.Percent("50", "0"))
	late := s.PartnerIn(rich, "late")
	s.Clock.Advance(time.Hour)
	p := s.again(r.OrderID, to(late))
	if !p.Orders[0].Now || p.Orders[0].To.ProgramID != rich.ID {
		t.Errorf("the terms are %+v", p.Orders[0])
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, late.ID, ledger.Pending, "50"))
	s.wantTrace(r, "wasn't in a program when the order was placed, so the terms are those of the program")
	if p := s.again(r.OrderID, to(a)); p.Orders[0].Now {
		t.Error("the old partner is credited by terms of now")
	}
	s.WantClean()
	s.Exec(`DELETE FROM {wp}partner_center_memberships WHERE partner_id = ?`, late.ID)
	if p := s.again(r.OrderID, to(late)); len(p.Skipped) != 1 || p.Skipped[0].Reason != reason.NoProgram {
		t.Errorf("a partner without a program: %+v", p)
	}
}

// Spec: S77.2 S96
func TestManyOrdersAreRunAgainByAFilter(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	for i := range 25 {
		s.Place(s.Sale(fmt.Sprintf("buyer%d@example.com", i), s.Click(a)))
	}
	s.Place(s.Sale("other@example.com", s.Click(b)))
	from := s.Clock.Now()
	s.Clock.Advance(time.Hour)
	s.Place(s.Sale("later@example.com", s.Click(a)))
	picks := shoptest.Must(s.RerunOrders(t.Context(), sale.RerunFilter{Partner: a.ID, To: from}))(s)
	wish := sale.Rerun{Choice: sale.AnyPartner, PartnerID: b.ID, Reason: "merged"}
	preview := shoptest.Must(s.PreviewRerun(t.Context(), shoptest.Anna, picks, wish))(s)
	want := []sale.RerunSum{{PartnerID: a.ID, Currency: "USD", Orders: 25, Pending: shoptest.USD("-250")},
		{PartnerID: b.ID, Currency: "USD", Orders: 25, Pending: shoptest.USD("250")}}
	if len(preview.Orders) != 25 || !slices.Equal(preview.Sums, want) {
		t.Errorf("previewed %d orders, %+v", len(preview.Orders), preview.Sums)
	}
	s.again(picks[3].OrderID, sale.Rerun{Choice: sale.AnyPartner, PartnerID: s.Partner("c").ID})
	done := shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, picks, wish))(s)
	if len(done.Orders) != 24 || len(done.Skipped) != 1 || done.Skipped[0] != (sale.RerunSkip{picks[3].OrderID,
		reason.SkipChanged}) {
		t.Errorf("did %d orders, skipped %+v", len(done.Orders), done.Skipped)
	}
	s.WantBalance(b, "250", "0", "0")
	s.WantBalance(a, "10", "0", "0")
	for field, bad := range map[string]sale.Rerun{"choice": {Reason: "x"},
		"partner_id": {Choice: sale.AnyPartner, Reason: "x"}, "reason": {Choice: sale.AtSale}} {
		_, err := s.Rerun(t.Context(), shoptest.Anna, picks, bad)
		if e, ok := err.(*affiliate.Error); !ok || e.Fields[field].IsZero() {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.WantClean()
}

// A re-run for whom the sale named regards the coupon by the priority of that time,
// and says so.
//
// Spec: S96 D24 D45
func TestARerunForTheSaleRegardsItsCoupon(t *testing.T) {
	s := newSite(t)
	anna, bert, carl := s.Partner("anna"), s.Partner("bert"), s.Partner("carl")
	assigned(s.Site, anna, "ANNA10")
	bare := s.Place(using(s.Sale("eva@example.com", ""), "anna10"))
	clicked := s.Place(using(s.Sale("dora@example.com", s.Click(bert)), "ANNA10"))
	s.Clock.Advance(time.Second)
	s.Settings(func(set *affiliate.Settings) { set.Coupons = affiliate.CouponWins })
	s.Clock.Advance(time.Second)
	won := s.Place(using(s.Sale("fred@example.com", s.Click(bert)), "ANNA10"))
	s.Clock.Advance(time.Second)
	s.Settings(func(set *affiliate.Settings) { set.Coupons = affiliate.ClickWins }) // of now
	s.Clock.Advance(time.Second)
	for _, test := range []struct {
		order affiliate.OrderID
		want  affiliate.Partner
		says  reason.Code
	}{{bare.OrderID, anna, reason.CouponUsed}, {clicked.OrderID, bert, reason.ClickBeforeCoupon},
		{won.OrderID, anna, reason.CouponBeforeClick}} {
		if p := s.again(test.order, sale.Rerun{Choice: sale.AtSale}); len(p.Orders) != 0 {
			t.Errorf("order %s has its partner already: %+v", test.order, p)
		}
		s.again(test.order, to(carl))
		p := s.again(test.order, sale.Rerun{Choice: sale.AtSale})
		if len(p.Orders) != 1 || p.Orders[0].To.PartnerID != test.want.ID {
			t.Fatalf("order %s: %+v, want %s", test.order, p, test.want.ID)
		}
		if trace := fmt.Sprint(p.Orders[0].To.Trace); !strings.Contains(trace, string(test.says)) {
			t.Errorf("order %s: the trace is without %s: %s", test.order, test.says, trace)
		}
	}
	s.again(won.OrderID, to(carl))
	s.WantClean()
}
