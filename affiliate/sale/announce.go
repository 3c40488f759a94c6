package sale

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Earning is the event that a partner has earned on an order, on one level: all
// lines together (S20).
type Earning struct {
	PartnerID affiliate.PartnerID
	OrderID   affiliate.OrderID
	Level     int
	SellerID  affiliate.PartnerID // who made the sale: of level 2 another
	Amount    money.Amount
	Currency  money.Currency
	Program   affiliate.Program // of the sale
}

// OnEarned is told of each earning whose program notifies its partners, as a
// step of the transaction that books it: a failure undoes both. The automatic
// rules have run by then; re-runs, simulations and changes of known orders are
// not told (S20). Call it before the ledger is used.
func (sv *Service) OnEarned(tell func(context.Context, db.Queryer, Earning) error) { sv.tell = tell }

// announce tells of what was booked just now.
func (sv *Service) announce(ctx context.Context, q db.Queryer, all []*reconciliation) error {
	if sv.tell == nil {
		return nil
	}
	for _, t := range all {
		earned, err := t.earned()
		if err != nil || len(earned) == 0 {
			return err
		}
		program, err := affiliate.LoadProgram(ctx, q, t.decision.ProgramID)
		if err != nil {
			return err
		}
		for _, e := range earned {
			e.Program = program
			if !program.NotifyEarned {
				continue
			}
			if err := sv.tell(ctx, q, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// earned are the earnings that are new, by level.
func (t *reconciliation) earned() ([]Earning, error) {
	earned := []Earning{}
	if t.decision.Choice != "" {
		return earned, nil
	}
	for _, c := range t.created {
		if c.Sequence != 1 {
			continue // a supplement
		}
		i := slices.IndexFunc(earned, func(e Earning) bool { return e.Level == c.Level && e.PartnerID == c.PartnerID })
		if i < 0 {
			earned = append(earned, Earning{PartnerID: c.PartnerID, OrderID: t.order.ID, Level: c.Level,
				SellerID: t.decision.PartnerID, Currency: c.Currency})
			i = len(earned) - 1
		}
		var err error
		if earned[i].Amount, err = earned[i].Amount.Add(c.Amount); err != nil {
			return nil, err
		}
	}
	return earned, nil
}
