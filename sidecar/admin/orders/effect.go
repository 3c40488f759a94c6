package orders

import (
	"cmp"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// effect is what a change of an order means for the money of each partner.
type effect struct {
	Rows   []effectRow
	People parts.People
}

type effectRow struct {
	PartnerID  affiliate.PartnerID
	Currency   money.Currency
	Before     money.Amount
	After      money.Amount
	Difference money.Amount
	// Back is what was paid, or is in a payout, and is taken off the next payment.
	Back money.Amount
}

// effectOf compares an order's commissions before and after, by partner.
func (p *Pages) effectOf(r *web.Request, before, after []ledger.Commission) (effect, error) {
	rows := map[affiliate.PartnerID]*effectRow{}
	var failed error
	add := func(to *money.Amount, amount money.Amount) {
		sum, err := to.Add(amount)
		failed, *to = cmp.Or(failed, err), sum
	}
	row := func(c ledger.Commission) *effectRow {
		if rows[c.PartnerID] == nil {
			rows[c.PartnerID] = &effectRow{PartnerID: c.PartnerID, Currency: c.Currency}
		}
		return rows[c.PartnerID]
	}
	was := map[ledger.CommissionID]ledger.Commission{}
	for _, c := range before {
		was[c.ID] = c
		add(&row(c).Before, c.Amount)
	}
	for _, c := range after {
		add(&row(c).After, c.Amount)
		if old := was[c.ID]; old.Stage == ledger.Paid || old.Stage == ledger.InPayout {
			add(&row(c).Back, old.Payable)
			add(&row(c).Back, c.Payable.Neg())
		}
	}
	e, ids := effect{}, []affiliate.PartnerID{}
	for id, row := range rows {
		add(&row.Difference, row.After)
		add(&row.Difference, row.Before.Neg())
		e.Rows, ids = append(e.Rows, *row), append(ids, id)
	}
	if failed != nil {
		return e, failed
	}
	slices.SortFunc(e.Rows, func(a, b effectRow) int { return cmp.Compare(a.PartnerID, b.PartnerID) })
	var err error
	e.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	return e, err
}

// Changes tells whether any partner's money changes.
func (e effect) Changes() bool {
	return slices.ContainsFunc(e.Rows, func(r effectRow) bool { return !r.Difference.IsZero() || !r.Back.IsZero() })
}
