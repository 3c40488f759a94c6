package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Balance is what a partner has in one currency.
type Balance struct {
	Currency  money.Currency `db:"currency"`
	Pending   money.Amount   `db:"pending"` // 0 while the partner may not see it (S89)
	Payable   money.Amount   `db:"payable"` // approved and unpaid, clawbacks taken off; may be negative
	InPayout  money.Amount   `db:"in_payout"`
	Paid      money.Amount   `db:"paid"`
	Owed      money.Amount   `db:"-"` // Payable and InPayout (S33, D7)
	Threshold money.Amount   `db:"-"` // what Payable has to reach to be paid (S6)
	Missing   money.Amount   `db:"-"` // from Payable to Threshold, 0 when it is reached
}

// Balances are what a partner has.
type Balances struct {
	PendingShown bool      // whether the partner may see pending amounts (S89)
	All          []Balance // by currency; never added (D12)
}

// Balances of a partner, as they may see them. One who never earned has one
// balance of 0 in the currency of the settings, so that pages have a number to
// show.
func (r *Reader) Balances(ctx context.Context, partner affiliate.PartnerID) (Balances, error) {
	var b Balances
	err := r.db.ReadOnly(ctx, func(tx *db.Tx) error {
		v, err := viewOf(ctx, tx, partner, r.zone())
		if err != nil {
			return err
		}
		settings, err := affiliate.LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		b.PendingShown = v.ShowPending
		b.All, err = balances(ctx, tx, v, settings)
		return err
	})
	return b, err
}

func balances(ctx context.Context, q db.Queryer, v view, settings affiliate.Settings) ([]Balance, error) {
	var found []Balance
	err := q.Select(ctx, &found, `/* reports.Balances */
		SELECT currency, IF(?, pending, 0) AS pending, payable, in_payout, paid
		FROM {wp}partner_center_balances WHERE partner_id = ? ORDER BY currency`, v.ShowPending, v.partner)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		found = []Balance{{Currency: settings.Currency}}
	}
	for i := range found {
		if err := found[i].fill(settings); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// fill calculates what is not stored.
func (b *Balance) fill(settings affiliate.Settings) error {
	var err error
	if b.Owed, err = b.Payable.Add(b.InPayout); err != nil {
		return err
	}
	b.Threshold = settings.Threshold(b.Currency)
	if b.Payable.Cmp(b.Threshold) < 0 {
		b.Missing, err = b.Threshold.Sub(b.Payable)
	}
	return err
}
