package api

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	payouts "partnercenter/affiliate/payout"
)

// payout is a batch of payments.
type payout struct {
	ID        payouts.PayoutID `json:"id" db:"id"`
	Code      string           `json:"code" db:"code"`
	Currency  money.Currency   `json:"currency" db:"currency"`
	State     string           `json:"state" db:"state"`
	Note      string           `json:"note" db:"note"`
	CreatedAt time.Time        `json:"created_at" db:"created_at"`
	SentAt    *time.Time       `json:"sent_at,omitempty" db:"sent_at"`
}

const selectPayouts = `/* api.payouts */ SELECT id, code, currency, state, note, created_at, sent_at
	FROM {wp}partner_center_payouts`

func listPayouts(c *call) (page[payout], error) {
	f := filter{}
	f.textIs(c, "state", "state")
	return list(c, selectPayouts, "id", f, func(p payout) int64 { return int64(p.ID) })
}

// payoutDetail is a payout with the payment of each partner.
type payoutDetail struct {
	payout
	Payments []payment `json:"payments"`
}

type payment struct {
	ID         affiliate.PayoutLineID `json:"id" db:"id"`
	PartnerID  affiliate.PartnerID    `json:"partner_id" db:"partner_id"`
	Amount     money.Amount           `json:"amount" db:"amount"`
	Method     string                 `json:"method" db:"method"`
	State      string                 `json:"state" db:"state"`
	SettledAt  *time.Time             `json:"settled_at,omitempty" db:"settled_at"`
	ReturnedAt *time.Time             `json:"returned_at,omitempty" db:"returned_at"`
}

func onePayout(c *call) (out payoutDetail, err error) {
	n, err := id[payouts.Payout](c)
	if err != nil {
		return out, err
	}
	if out.payout, err = one[payout](c, "payout", selectPayouts+` WHERE id = ?`, n); err != nil {
		return out, err
	}
	out.Payments = []payment{}
	err = c.api.DB.Select(c.Ctx(), &out.Payments, `/* api.onePayout */
		SELECT id, partner_id, amount, method, state, settled_at, returned_at FROM {wp}partner_center_payout_lines
		WHERE payout_id = ? ORDER BY id`, n)
	return out, err
}
