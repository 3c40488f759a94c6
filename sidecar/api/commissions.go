package api

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

// commission is what a partner earns on one line of an order.
type commission struct {
	ID         ledger.CommissionID `json:"id" db:"id"`
	Version    int                 `json:"version" db:"journals"`
	OrderID    affiliate.OrderID   `json:"order_id" db:"order_id"`
	PartnerID  affiliate.PartnerID `json:"partner_id" db:"partner_id"`
	Level      int                 `json:"level" db:"level"`
	ProductID  affiliate.ProductID `json:"product_id" db:"product_id"`
	SubID      string              `json:"subid" db:"subid"`
	Currency   money.Currency      `json:"currency" db:"currency"`
	Base       money.Amount        `json:"base" db:"base"`
	Amount     money.Amount        `json:"amount" db:"amount"`
	Status     ledger.Status       `json:"status" db:"status"`
	Clawback   money.Amount        `json:"clawback" db:"clawback"`
	OccurredAt time.Time           `json:"occurred_at" db:"occurred_at"`
	NotBefore  *time.Time          `json:"not_before,omitempty" db:"not_before"`
	UpdatedAt  time.Time           `json:"updated_at" db:"updated_at"`
}

const selectCommissions = `/* api.commissions */
	SELECT id, journals, order_id, partner_id, level, product_id, subid, currency, base, amount, status, clawback,
	occurred_at, not_before, updated_at
	FROM {wp}partner_center_commissions`

var (
	commissionStatus = parameter{"status", "Only those in this status: pending, approved, in_payout, paid or canceled.",
		"string"}
	orderParameter = parameter{"order", "Only those of the order with this id.", "integer"}
)

func listCommissions(c *call) (page[commission], error) {
	f := filter{}
	f.textIs(c, "status", "status")
	if err := f.idIs(c, "partner", "partner_id"); err != nil {
		return page[commission]{}, err
	}
	if err := f.idIs(c, "order", "order_id"); err != nil {
		return page[commission]{}, err
	}
	return list(c, selectCommissions, "id", f, func(c commission) int64 { return int64(c.ID) })
}

func oneCommission(c *call) (commission, error) {
	n, err := id[ledger.Commission](c)
	if err != nil {
		return commission{}, err
	}
	return one[commission](c, "commission", selectCommissions+` WHERE id = ?`, n)
}

// picks are commissions to act on, each in the version that was read.
type picks struct {
	Commissions []pick `json:"commissions"`
	Reason      string `json:"reason,omitempty"`
}

type pick struct {
	ID      ledger.CommissionID `json:"id"`
	Version int                 `json:"version,omitempty"`
}

// acted tells what became of each.
type acted struct {
	Done    []ledger.CommissionID `json:"done"`
	Skipped []skipped             `json:"skipped"`
}

type skipped struct {
	ID     ledger.CommissionID `json:"id"`
	Code   reason.Code         `json:"code"`
	Reason string              `json:"reason"`
}

const maxPicks = 1000

func (in picks) picks() ([]ledger.Pick, error) {
	p := affiliate.Problems{}
	p.Check(0 < len(in.Commissions) && len(in.Commissions) <= maxPicks, "commissions", "Name 1 to %d commissions.",
		maxPicks)
	list := []ledger.Pick{}
	for _, c := range in.Commissions {
		p.Check(c.ID > 0 && c.Version >= 0, "commissions", "Each needs an id, and the version that you have read.")
		list = append(list, ledger.Pick{ID: c.ID, Seen: c.Version})
	}
	return list, p.Err()
}

func approveCommissions(c *call, in picks) (acted, error) {
	list, err := in.picks()
	if err != nil {
		return acted{}, err
	}
	r, err := c.api.Ledger.Approve(c.Ctx(), c.actor(), list)
	return actedOn(r), err
}

func cancelCommissions(c *call, in picks) (acted, error) {
	list, err := in.picks()
	if err != nil {
		return acted{}, err
	}
	r, err := c.api.Ledger.Cancel(c.Ctx(), c.actor(), list, in.Reason)
	return actedOn(r), err
}

func actedOn(r ledger.Report) acted {
	out := acted{Done: append([]ledger.CommissionID{}, r.Done...), Skipped: []skipped{}}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, skipped{s.ID, s.Reason, s.Reason.ForAdmin(nil).String()})
	}
	return out
}
