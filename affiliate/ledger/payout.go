package ledger

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Payout is a batch of payments in one currency (B16).
type Payout struct {
	ID        PayoutID        `db:"id"`
	Code      string          `db:"code"` // public name
	Currency  money.Currency  `db:"currency"`
	CreatedAt time.Time       `db:"created_at"`
	Actor     affiliate.Actor `db:"actor"`
	Note      string          `db:"note"`
}

// PayoutLine is what one partner gets in a payout, with his address as it stood then.
type PayoutLine struct {
	ID          PayoutLineID            `db:"id"`
	PayoutID    PayoutID                `db:"payout_id"`
	PartnerID   affiliate.PartnerID     `db:"partner_id"`
	Currency    money.Currency          `db:"currency"`
	Amount      money.Amount            `db:"amount"`
	Method      affiliate.PaymentPolicy `db:"method"` // paypal or check
	PayPalEmail string                  `db:"paypal_email"`
	State       PayoutState             `db:"state"`
	UpdatedAt   time.Time               `db:"updated_at"`
	SettledAt   *time.Time              `db:"settled_at"`
	Day         affiliate.Day           `db:"day"` // of SettledAt
}

// PayoutState is where a payment stands; kept for each line, because a single
// payment may come back.
type PayoutState string

// Settled payments are made.
const Settled PayoutState = "settled"

// PayPartner marks all that a partner is owed in a currency as paid: a payout
// of one line, in and out of the account in_payout at once (S84, D19). No money
// moves. expected is the amount that was shown; when it is another by now, or
// below the threshold (S6), nothing is paid and the error, a Conflict, says so.
func (l *Ledger) PayPartner(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID, cur money.Currency, expected money.Amount) (PayoutLine, error) {
	var line PayoutLine
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		line, err = l.payPartner(ctx, tx, actor, partner, cur, expected)
		return err
	})
	return line, err
}

func (l *Ledger) payPartner(ctx context.Context, q db.Queryer, actor affiliate.Actor, id affiliate.PartnerID, cur money.Currency, expected money.Amount) (PayoutLine, error) {
	partner, err := affiliate.LoadPartner(ctx, q, id)
	if err != nil {
		return PayoutLine{}, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return PayoutLine{}, err
	}
	due, err := lockDue(ctx, q, id, cur, expected)
	if err != nil {
		return PayoutLine{}, err
	}
	if err := payableNow(settings, partner, cur, expected); err != nil {
		return PayoutLine{}, err
	}
	at := l.stamp(actor)
	line, err := insertPayout(ctx, q, at, PayoutLine{PartnerID: id, Currency: cur, Amount: expected,
		Method: settings.MethodOf(partner), PayPalEmail: partner.PayPalEmail})
	if err != nil {
		return line, err
	}
	if err := insertItems(ctx, q, line.ID, due); err != nil {
		return line, err
	}
	if err := post(ctx, q, at, payments(due, line.ID, at.recorded)); err != nil {
		return line, err
	}
	return line, affiliate.Audit(ctx, q, at.recorded, affiliate.AuditEntry{Actor: actor, Action: "pay", Object: "partner", ObjectID: int64(id), After: line})
}

// lockDue locks every open payable entry of the partner, clawbacks included
// (D20), and makes sure that they are the amount that was shown.
func lockDue(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, cur money.Currency, expected money.Amount) ([]*Commission, error) {
	ids := []CommissionID{}
	// Found without locks, then locked by id: the index's own order would clash
	// with that of approvals.
	err := q.Select(ctx, &ids, `/* ledger.lockDue */
		SELECT id FROM {wp}pc_commissions WHERE partner_id = ? AND currency = ? AND (payable < 0 OR payable > 0)`, partner, cur)
	if err != nil {
		return nil, err
	}
	due := []*Commission{}
	amounts := []money.Amount{}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, rowsAtOnce) {
		locked, err := lockCommissions(ctx, q, `id IN (?)`, part)
		if err != nil {
			return nil, err
		}
		for _, c := range locked {
			if !c.Payable.IsZero() {
				due = append(due, c)
				amounts = append(amounts, c.Payable)
			}
		}
	}
	sum, err := money.Sum(amounts...)
	if err != nil {
		return nil, err
	}
	balance, err := loadBalance(ctx, q, partner, cur, true)
	if err != nil {
		return nil, err
	}
	// The balance also tells of commissions approved since they were found.
	if balance.Payable != expected || sum != expected {
		return nil, affiliate.Conflict("The amount changed from %s %s to %s %s in the meantime. Nothing was paid: please look at it again.",
			money.Decimal(expected, cur), cur, money.Decimal(balance.Payable, cur), cur)
	}
	return due, nil
}

// payableNow refuses what must not be paid yet.
func payableNow(settings affiliate.Settings, partner affiliate.Partner, cur money.Currency, amount money.Amount) error {
	threshold := settings.Threshold(cur)
	switch {
	case amount.Sign() <= 0:
		return affiliate.Conflict("There is nothing to pay: %s %s is owed.", money.Decimal(amount, cur), cur)
	case amount.Cmp(threshold) < 0:
		return affiliate.Conflict("%s %s is owed, less than the threshold of %s %s. Nothing was paid.",
			money.Decimal(amount, cur), cur, money.Decimal(threshold, cur), cur)
	case !partner.State.MayBePaid():
		return affiliate.Conflict("The partner is %s and cannot be paid.", partner.State)
	}
	return nil
}

// insertPayout makes the batch and its only line.
func insertPayout(ctx context.Context, q db.Queryer, at stamp, line PayoutLine) (PayoutLine, error) {
	res, err := q.Exec(ctx, `/* ledger.insertPayout */
		INSERT INTO {wp}pc_payouts (code, currency, created_at, actor) VALUES (?, ?, ?, ?)`,
		affiliate.NewCode(), line.Currency, at.recorded, at.actor)
	if err != nil {
		return line, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return line, err
	}
	line.PayoutID, line.State, line.UpdatedAt = PayoutID(id), Settled, at.recorded
	line.SettledAt, line.Day = &at.recorded, affiliate.DayOf(at.recorded, at.zone)
	res, err = q.Exec(ctx, `/* ledger.insertPayout */
		INSERT INTO {wp}pc_payout_lines (payout_id, partner_id, currency, amount, method, paypal_email, state, updated_at, settled_at, day)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		line.PayoutID, line.PartnerID, line.Currency, line.Amount, line.Method, line.PayPalEmail, line.State, line.UpdatedAt, line.SettledAt, line.Day)
	if err != nil {
		return line, err
	}
	id, err = res.LastInsertId()
	line.ID = PayoutLineID(id)
	return line, err
}

func insertItems(ctx context.Context, q db.Queryer, line PayoutLineID, due []*Commission) error {
	rows := [][]any{}
	for _, c := range due {
		rows = append(rows, []any{line, c.ID, c.Payable})
	}
	for part := range slices.Chunk(rows, rowsAtOnce) {
		err := insert(ctx, q, `/* ledger.insertItems */ INSERT INTO {wp}pc_payout_items (line_id, commission_id, amount) VALUES `, part, "")
		if err != nil {
			return err
		}
	}
	return nil
}

// payments take each commission through in_payout to paid.
func payments(due []*Commission, line PayoutLineID, at time.Time) []posting {
	all := []posting{}
	for _, c := range due {
		p := posting{commission: c, amount: c.Payable, reason: string(PaidOut), occurred: at, payoutLineID: line}
		p.kind, p.from, p.to = PayOut, payable, inPayout
		all = append(all, p)
		p.kind, p.from, p.to = Settle, inPayout, paid
		all = append(all, p)
	}
	return all
}
