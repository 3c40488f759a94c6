package orders

import (
	"cmp"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// rerunResult is what a re-run would do, or did.
type rerunResult struct {
	Plan    sale.RerunPlan
	People  parts.People
	Totals  []sale.RerunSum // of all partners together, by currency
	Skipped []rerunSkipped
	Backs   []rerunBack
	More    bool // the filter finds more orders than one re-run takes
}

type rerunSkipped struct {
	OrderID affiliate.OrderID
	Number  string
	Why     locale.Text
}

// rerunBack is the way back of the orders that credited the same partner before.
type rerunBack struct {
	PartnerID affiliate.PartnerID // 0: no one
	Orders    int
	Query     []string
}

// What a page has room for.
const ordersListed, ordersLinked = 100, 50

func (p *Pages) rerunResult(r *web.Request, plan sale.RerunPlan) (*rerunResult, error) {
	res := &rerunResult{Plan: plan, Backs: wayBack(plan)}
	partners, orders := []affiliate.PartnerID{}, []affiliate.OrderID{}
	for _, o := range plan.Orders {
		partners = append(partners, o.From.PartnerID, o.To.PartnerID)
		orders = append(orders, o.Follows)
	}
	for _, sum := range plan.Sums {
		partners = append(partners, sum.PartnerID)
	}
	for _, skip := range plan.Skipped {
		orders = append(orders, skip.OrderID)
	}
	numbers, err := p.Sales.Numbers(r.Ctx(), orders)
	if err != nil {
		return nil, err
	}
	for _, skip := range plan.Skipped {
		res.Skipped = append(res.Skipped, rerunSkipped{skip.OrderID,
			cmp.Or(numbers[skip.OrderID], "#"+skip.OrderID.String()), skip.Reason.ForAdmin(nil)})
	}
	if res.Totals, err = together(plan.Sums); err != nil {
		return nil, err
	}
	res.People, err = parts.PeopleOf(r.Ctx(), p.Registry, partners...)
	return res, err
}

// together are the sums of all partners, by currency: a re-run that only moves
// commissions changes nothing of them.
func together(sums []sale.RerunSum) (totals []sale.RerunSum, err error) {
	for _, s := range sums {
		i := slices.IndexFunc(totals, func(t sale.RerunSum) bool { return t.Currency == s.Currency })
		if i < 0 {
			i, totals = len(totals), append(totals, sale.RerunSum{Currency: s.Currency})
		}
		t := &totals[i]
		if t.Pending, err = t.Pending.Add(s.Pending); err != nil {
			return nil, err
		}
		if t.Payable, err = t.Payable.Add(s.Payable); err != nil {
			return nil, err
		}
	}
	return totals, nil
}

// wayBack is how a re-run is taken back: each order goes back to whom it
// credited. Of more than fit into a link, the first.
func wayBack(plan sale.RerunPlan) (backs []rerunBack) {
	for _, o := range plan.Orders {
		if o.Follows != 0 {
			continue
		}
		i := slices.IndexFunc(backs, func(b rerunBack) bool { return b.PartnerID == o.From.PartnerID })
		if i < 0 {
			i, backs = len(backs), append(backs, rerunBack{PartnerID: o.From.PartnerID})
		}
		if backs[i].Orders++; backs[i].Orders <= ordersLinked {
			backs[i].Query = append(backs[i].Query, "order", o.OrderID.String())
		}
	}
	return backs
}

// Rows are the orders that a page has room for.
func (res *rerunResult) Rows() []sale.RerunOrder {
	return res.Plan.Orders[:min(len(res.Plan.Orders), ordersListed)]
}

// Hidden is how many orders Rows leaves out.
func (res *rerunResult) Hidden() int { return len(res.Plan.Orders) - len(res.Rows()) }

// Count is how many orders there are with the later payments that go along.
func (res *rerunResult) Count() int { return len(res.Plan.Orders) }

// Picks are the orders as the form that carries the plan out names them.
func (res *rerunResult) Picks() (texts []string) {
	for _, pick := range res.Plan.Picks() {
		texts = append(texts, fmt.Sprintf("%s.%d.%s", pick.OrderID, pick.Seen, pick.Plan))
	}
	return texts
}

// rerunNet is what a re-run of one order changes for a partner.
type rerunNet struct {
	PartnerID affiliate.PartnerID
	Amount    money.Amount
	Currency  money.Currency
	Paid      bool // it was paid or is in a payout
}

// Net is what an order's moves come to, by partner.
func (*rerunResult) Net(o sale.RerunOrder) (all []rerunNet, err error) {
	for _, m := range o.Moves {
		i := slices.IndexFunc(all, func(n rerunNet) bool { return n.PartnerID == m.PartnerID && n.Paid == m.Paid })
		if i < 0 {
			i = len(all)
			all = append(all, rerunNet{PartnerID: m.PartnerID, Currency: o.To.Trace.Currency, Paid: m.Paid})
		}
		if all[i].Amount, err = all[i].Amount.Add(m.Amount); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// All is what the plan changes for a partner, pending and payable together.
func (*rerunResult) All(s sale.RerunSum) (money.Amount, error) { return s.Pending.Add(s.Payable) }
