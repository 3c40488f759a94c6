package ledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// again runs an order again for a partner and returns what it did.
func (s *site) again(id OrderID, r Rerun) RerunPlan {
	s.Helper()
	if r.Reason == "" {
		r.Reason = "the partner asked"
	}
	return must(s.Rerun(s.Context(), anna, []RerunPick{{OrderID: id}}, r))(s)
}

func to(p affiliate.Partner) Rerun { return Rerun{Choice: AnyPartner, PartnerID: p.ID} }

// moves are what a plan does: partner:level:account:amount.
func (p RerunPlan) moves() []string {
	all := []string{}
	for _, o := range p.Orders {
		for _, m := range o.Moves {
			all = append(all, fmt.Sprintf("%s:%d:%s:%s", m.PartnerID, m.Level, m.Account, m.Amount))
		}
	}
	return all
}

// Spec: S96, S97, D24
func TestARerunMovesWhatAnOrderEarned(t *testing.T) {
	s := newSite(t)
	r1, r2 := s.partner("r1"), s.partner("r2")
	a, b := s.partner("a", r1), s.partner("b", r2)
	r := s.converge(s.sale("bob@example.com", s.click(a)))
	s.clock.Advance(time.Hour)
	preview := must(s.PreviewRerun(t.Context(), anna, []RerunPick{{OrderID: r.OrderID}}, Rerun{Choice: AnyPartner, PartnerID: b.ID, Reason: "x"}))(s)
	s.wantEarned(r.OrderID, earned(1, a.ID, Pending, "10"), earned(2, r1.ID, Pending, "5")) // nothing was written
	done := s.again(r.OrderID, to(b))
	want := []string{
		fmt.Sprintf("%s:1:pending:-10", a.ID), fmt.Sprintf("%s:1:pending:10", b.ID),
		fmt.Sprintf("%s:2:pending:-5", r1.ID), fmt.Sprintf("%s:2:pending:5", r2.ID)}
	if !slices.Equal(preview.moves(), want) || !slices.Equal(done.moves(), want) {
		t.Errorf("previewed %v, did %v; want %v", preview.moves(), done.moves(), want)
	}
	s.wantEarned(r.OrderID, earned(1, a.ID, Canceled, "0"), earned(2, r1.ID, Canceled, "0"), earned(1, b.ID, Pending, "10"), earned(2, r2.ID, Pending, "5"))
	s.wantBalance(a, "0", "0", "0")
	s.wantBalance(b, "10", "0", "0")

	view := s.order(r.OrderID)
	old, moved := must(s.Journals(t.Context(), view.Commissions[0].ID))(s), must(s.Journals(t.Context(), view.Commissions[2].ID))(s)
	if len(old) != 2 || old[1].Kind != Reverse || moved[0].RelatedID != old[1].ID || moved[0].Actor != anna {
		t.Errorf("the journals are not linked: %+v, then %+v", old, moved)
	}
	if c := view.Commissions[2]; c.Day != view.Commissions[0].Day || c.DecisionVersion != 2 {
		t.Errorf("the sale counts on %s, in decision_version %d", c.Day, c.DecisionVersion)
	}
	if d := view.Decisions[1]; d.Choice != AnyPartner || d.Via != ByAdmin || d.Actor != anna {
		t.Errorf("the decision is %+v", d)
	}
	s.wantTrace(r, "chose partner "+b.ID.String()+"; "+a.ID.String()+" was credited before")
	if lines := view.Decisions[1].Trace.PartnerLines(a.ID); len(lines) != 0 { // whom it went to is none of his business
		t.Errorf("the partner who lost the sale reads %q", lines)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'run again' AND object_id = ? AND reason = 'the partner asked'`, r.OrderID); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if p := s.again(r.OrderID, to(b)); len(p.Orders) != 0 || p.Skipped[0].Reason != SkipSame {
		t.Errorf("again: %+v", p)
	}
	s.wantClean()
}

// Spec: S96
func TestARerunOffersTheReferrers(t *testing.T) {
	s := newSite(t)
	first, sold, last := s.partner("first"), s.partner("sold"), s.partner("last")
	s.optIn("bob@example.com", s.click(first), s.clock.Now())
	s.clock.Advance(time.Hour)
	r := s.converge(s.sale("bob@example.com", s.click(sold)))
	s.clock.Advance(time.Hour)
	s.optIn("bob@example.com", s.click(last), s.clock.Now())
	for _, test := range []struct {
		choice Choice
		want   affiliate.Partner
	}{{CurrentLast, last}, {CurrentFirst, first}, {AtSale, sold}} {
		p := s.again(r.OrderID, Rerun{Choice: test.choice})
		if len(p.Orders) != 1 || p.Orders[0].To.PartnerID != test.want.ID || p.Orders[0].To.ToolID != s.tool.ID {
			t.Errorf("%s credits %+v", test.choice, p)
		}
		s.wantBalance(test.want, "10", "0", "0")
	}
	unknown := s.converge(s.sale("cy@example.com", ""))
	if p := s.again(unknown.OrderID, Rerun{Choice: CurrentLast}); len(p.Skipped) != 1 || p.Skipped[0].Reason != NoReferrer {
		t.Errorf("without a referrer: %+v", p)
	}
	s.again(unknown.OrderID, to(first)) // nobody was credited before
	s.wantEarned(unknown.OrderID, earned(1, first.ID, Pending, "10"))
	s.wantClean()
}

// Spec: D24, S40, S97, D16, S93
func TestARerunAfterPaymentClawsBack(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	o := s.sale("bob@example.com", s.click(a))
	r := s.converge(o)
	s.approve(r.Commissions...)
	must(s.PayPartner(t.Context(), anna, a.ID, "USD", usd("10")))(s)
	s.again(r.OrderID, to(b))
	s.wantEarned(r.OrderID, earned(1, a.ID, Canceled, "0"), earned(1, b.ID, Pending, "10"))
	s.wantBalance(a, "0", "-10", "10")
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE partner_id = ? AND kind = 'refund'`, a.ID); n != 0 {
		t.Error("the clawback counts as a refund")
	}
	s.converge(o.refunded("40")) // of the present holder only
	s.wantEarned(r.OrderID, earned(1, a.ID, Canceled, "0"), earned(1, b.ID, Pending, "6"))
	s.wantBalance(a, "0", "-10", "10")
	s.converge(o.refunded("40").refunded("100"))
	s.wantBalance(b, "0", "0", "0")
	s.converge(o.refunded("40").refunded("100").refunded("0"))
	s.wantBalance(b, "10", "0", "0")
	more := s.earn(a, "150") // the debt is carried forward
	s.approve(more)
	must(s.PayPartner(t.Context(), anna, a.ID, "USD", usd("5")))(s)
	s.wantBalance(a, "0", "0", "15")
	s.wantClean()
}

// Spec: S82, D16
func TestARerunReinstatesWhatWasCanceled(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	o.Lines = append(o.Lines, s.line("2", s.book, "50"))
	o.Total = usd("150")
	r := s.converge(o)
	must(s.Cancel(t.Context(), anna, all(r.Commissions[0]), "by mistake"))(s)
	s.approve(r.Commissions[1])
	s.again(r.OrderID, Rerun{Choice: AtSale})
	s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Approved, "5"), earned(1, p.ID, Pending, "10"))
	c := s.order(r.OrderID).Commissions
	canceled, back := must(s.Journals(t.Context(), c[0].ID))(s), must(s.Journals(t.Context(), c[2].ID))(s)
	if back[0].RelatedID != canceled[1].ID || canceled[1].Kind != Cancel {
		t.Errorf("the new commission is linked to journal %s, not to the cancellation %s", back[0].RelatedID, canceled[1].ID)
	}
	if p := s.again(r.OrderID, Rerun{Choice: AtSale}); len(p.Orders) != 0 {
		t.Errorf("again: %+v", p)
	}
	must(s.Cancel(t.Context(), anna, all(s.order(r.OrderID).Commissions[1]), "rightly"))(s)
	s.converge(o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("200"), usd("250") }))
	s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Pending, "20"))
	s.wantClean()
}

// Spec: S96, D23, D24
func TestARerunMovesLaterPaymentsToo(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b", s.partner("r"))
	first := s.subscribed("bob@example.com", s.click(a))
	one, two := s.converge(first), s.converge(s.renewed(first, 1))
	s.again(two.OrderID, Rerun{Choice: AnyPartner, PartnerID: b.ID, ThisOnly: true})
	three := s.converge(s.renewed(first, 2))
	s.wantEarned(one.OrderID, earned(1, a.ID, Pending, "10"))
	s.wantBalance(b, "10", "0", "0")
	s.wantEarned(three.OrderID, earned(1, a.ID, Pending, "10"))

	p := s.again(one.OrderID, to(b))
	if len(p.Orders) != 3 || p.Orders[2].Follows != one.OrderID || p.Orders[2].To.PartnerID != b.ID {
		t.Errorf("moved %+v", p.Orders)
	}
	four := s.converge(s.renewed(first, 3))
	if four.Decision.PartnerID != b.ID {
		t.Errorf("the next payment is %s's", four.Decision.PartnerID)
	}
	s.wantBalance(a, "0", "0", "0")
	s.wantBalance(b, "40", "0", "0")
	s.again(three.OrderID, to(a)) // from the third on
	s.wantBalance(b, "20", "0", "0")
	five := s.converge(s.renewed(first, 4))
	s.wantEarned(five.OrderID, earned(1, a.ID, Pending, "10"))
	s.wantClean()
}

// Spec: D24
func TestARerunTakesTheTermsOfTheOrdersTimeElseTodays(t *testing.T) {
	s := newSite(t)
	a := s.partner("a")
	rich := s.newProgram("Rich", 1)
	r := s.converge(s.sale("bob@example.com", s.click(a)))
	s.clock.Advance(time.Hour)
	s.terms(rich, s.book, percent("50", "0"))
	late := s.partnerIn(rich, "late")
	s.clock.Advance(time.Hour)
	p := s.again(r.OrderID, to(late))
	if !p.Orders[0].Now || p.Orders[0].To.ProgramID != rich.ID {
		t.Errorf("the terms are %+v", p.Orders[0])
	}
	s.wantEarned(r.OrderID, earned(1, a.ID, Canceled, "0"), earned(1, late.ID, Pending, "50"))
	s.wantTrace(r, "in no program when the order was placed: the terms are those of program")
	if p := s.again(r.OrderID, to(a)); p.Orders[0].Now {
		t.Error("the old partner is credited by terms of now")
	}
	s.exec(`DELETE FROM {wp}partner_center_memberships WHERE partner_id = ?`, late.ID)
	if p := s.again(r.OrderID, to(late)); len(p.Skipped) != 1 || p.Skipped[0].Reason != NoProgram {
		t.Errorf("a partner without a program: %+v", p)
	}
	s.wantClean()
}

// Spec: S96, S77
func TestManyOrdersAreRunAgainByAFilter(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	for i := range 25 {
		s.converge(s.sale(fmt.Sprintf("buyer%d@example.com", i), s.click(a)))
	}
	s.converge(s.sale("other@example.com", s.click(b)))
	from := s.clock.Now()
	s.clock.Advance(time.Hour)
	s.converge(s.sale("later@example.com", s.click(a)))
	picks := must(s.RerunOrders(t.Context(), RerunFilter{Partner: a.ID, To: from}))(s)
	wish := Rerun{Choice: AnyPartner, PartnerID: b.ID, Reason: "merged"}
	preview := must(s.PreviewRerun(t.Context(), anna, picks, wish))(s)
	want := []RerunSum{{PartnerID: a.ID, Currency: "USD", Orders: 25, Pending: usd("-250")}, {PartnerID: b.ID, Currency: "USD", Orders: 25, Pending: usd("250")}}
	if len(preview.Orders) != 25 || !slices.Equal(preview.Sums, want) {
		t.Errorf("previewed %d orders, %+v", len(preview.Orders), preview.Sums)
	}
	s.again(picks[3].OrderID, Rerun{Choice: AnyPartner, PartnerID: s.partner("c").ID})
	done := must(s.Rerun(t.Context(), anna, picks, wish))(s)
	if len(done.Orders) != 24 || len(done.Skipped) != 1 || done.Skipped[0] != (RerunSkip{picks[3].OrderID, SkipChanged}) {
		t.Errorf("did %d orders, skipped %+v", len(done.Orders), done.Skipped)
	}
	s.wantBalance(b, "250", "0", "0")
	s.wantBalance(a, "10", "0", "0")
	for field, bad := range map[string]Rerun{"choice": {Reason: "x"}, "partner_id": {Choice: AnyPartner, Reason: "x"}, "reason": {Choice: AtSale}} {
		_, err := s.Rerun(t.Context(), anna, picks, bad)
		if e, ok := err.(*affiliate.Error); !ok || e.Fields[field].IsZero() {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.wantClean()
}
