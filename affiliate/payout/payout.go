package payout

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Payout is a batch of payments in one currency (B16).
type Payout struct {
	ID        PayoutID        `db:"id"`
	Code      string          `db:"code"` // public name
	Currency  money.Currency  `db:"currency"`
	State     PayoutState     `db:"state"`
	CutOff    *time.Time      `db:"cutoff_at"` // sales before it are paid; nil: all
	Format    paypal.Format   `db:"format"`    // of the PayPal file, "" before it is made
	Comma     bool            `db:"decimal_comma"`
	CreatedAt time.Time       `db:"created_at"`
	Actor     affiliate.Actor `db:"actor"` // who made the batch
	FiledAt   *time.Time      `db:"filed_at"`
	FiledBy   affiliate.Actor `db:"filed_by"` // who released it
	SentAt    *time.Time      `db:"sent_at"`
	Note      string          `db:"note"`
	FormID    *string         `db:"form_id"`
}

// PayoutLine is what one partner gets in a payout, with his address as it stood then.
type PayoutLine struct {
	ID           affiliate.PayoutLineID  `db:"id"`
	PayoutID     PayoutID                `db:"payout_id"`
	PartnerID    affiliate.PartnerID     `db:"partner_id"`
	Currency     money.Currency          `db:"currency"`
	Amount       money.Amount            `db:"amount"`
	Method       affiliate.PaymentPolicy `db:"method"` // paypal or check
	PayPalEmail  string                  `db:"paypal_email"`
	Payee        string                  `db:"payee"`
	Address      string                  `db:"address"`
	CheckNumber  string                  `db:"check_number"`
	Exception    string                  `db:"exception"` // why it is paid below the threshold (S143)
	State        PayoutState             `db:"state"`
	UpdatedAt    time.Time               `db:"updated_at"`
	SettledAt    *time.Time              `db:"settled_at"`
	Day          affiliate.Day           `db:"day"` // of SettledAt
	ReturnedAt   *time.Time              `db:"returned_at"`
	ReturnedDay  affiliate.Day           `db:"returned_day"`
	ReturnReason string                  `db:"return_reason"`
}

// PayoutID is the row of a Payout.
type PayoutID = affiliate.ID[Payout]

// PayoutState is where a payment stands; kept for each line, because a single
// payment may come back. A batch is where its lines are that are furthest behind.
type PayoutState string

// The states, in their order. Only Settled is paid: a file may be made, looked
// at and undone (B16).
const (
	Draft     PayoutState = "draft"     // nothing is posted; the amounts follow the books
	Filing    PayoutState = "filing"    // of a batch: its file is being made
	Filed     PayoutState = "filed"     // in_payout: the file is made
	Sent      PayoutState = "sent"      // handed to PayPal, checks are in the post
	Settled   PayoutState = "settled"   // paid
	Returned  PayoutState = "returned"  // of a line: came back, payable again (D21)
	Discarded PayoutState = "discarded" // of a batch: a draft that was given up
)

const (
	PayoutColumns = `id, code, currency, state, cutoff_at, format, decimal_comma, created_at, actor, filed_at, filed_by, sent_at, note, form_id`
	lineOfPayout  = `id, payout_id, partner_id, currency, amount, method, paypal_email, payee, address, check_number, exception,
	state, updated_at, settled_at, day, returned_at, returned_day, return_reason`
)

// PayPartner marks all that a partner is owed in a currency as paid: a payout
// of one line, in and out of the account in_payout at once (S84, D19). No money
// moves. expected is the amount that was shown; when it is another by now, or
// below the threshold (S6), nothing is paid and the error, a Conflict, says so.
func (sv *Service) PayPartner(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	cur money.Currency, expected money.Amount) (PayoutLine, error) {
	return sv.payPartner(ctx, actor, PayoutLine{PartnerID: partner, Currency: cur, Amount: expected})
}

// PayException is PayPartner for an amount below the threshold, by exception
// and with the reason for it (S143).
func (sv *Service) PayException(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	cur money.Currency, expected money.Amount, reason string) (PayoutLine, error) {
	reason, err := exception(reason)
	if err != nil {
		return PayoutLine{}, err
	}
	return sv.payPartner(ctx, actor, PayoutLine{PartnerID: partner, Currency: cur, Amount: expected, Exception: reason})
}

// exception checks the reason for paying below the threshold.
func exception(reason string) (string, error) {
	p := affiliate.Problems{}
	reason = affiliate.Line(reason)
	p.Check(reason != "" && reason == affiliate.Cut(reason, 255), "reason",
		"Please say why it is paid below the threshold, in at most 255 characters.")
	return reason, p.Err()
}

func (sv *Service) payPartner(ctx context.Context, actor affiliate.Actor, line PayoutLine) (PayoutLine, error) {
	var paid PayoutLine
	err := sv.settling(ctx, func(tx *db.Tx) error {
		paid = line
		return sv.payNow(ctx, tx, sv.stamp(actor), &paid)
	})
	return paid, err
}

// payNow takes a line through all states of a payout.
func (sv *Service) payNow(ctx context.Context, q db.Queryer, at ledger.Stamp, line *PayoutLine) error {
	partner, err := affiliate.LoadPartner(ctx, q, line.PartnerID)
	if err != nil {
		return err
	}
	rules, err := sv.payRules(ctx, q, line.PartnerID)
	if err != nil {
		return err
	}
	if rules.settings.TwoPeople {
		return affiliate.Conflict("Two people are required to pay: make a batch, which somebody else releases. Nothing was paid.")
	}
	due, owed, err := lockDue(ctx, q, line.PartnerID, line.Currency)
	if err != nil {
		return err
	}
	if owed != line.Amount {
		return affiliate.Conflict("The amount changed from %s %s to %s %s in the meantime. Nothing was paid: please look at it again.",
			money.Decimal(line.Amount, line.Currency), line.Currency, money.Decimal(owed, line.Currency), line.Currency)
	}
	rules.address(line, partner)
	if why := rules.refuseByHand(*line, partner); why != nil {
		return affiliate.Conflict("%s Nothing was paid.", why.Sentence())
	}
	payout := Payout{Currency: line.Currency, State: Settled, Actor: at.Actor, CreatedAt: at.Recorded,
		FiledBy: at.Actor, FiledAt: &at.Recorded, SentAt: &at.Recorded}
	if err := insertPayout(ctx, q, &payout); err != nil {
		return err
	}
	line.PayoutID, line.State, line.UpdatedAt = payout.ID, Draft, at.Recorded
	if err := insertLine(ctx, q, line); err != nil {
		return err
	}
	if err := fileLine(ctx, q, at, line, due); err != nil {
		return err
	}
	if err := settleLine(ctx, q, at, line, due); err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: "pay", Object: "partner",
		ObjectID: int64(line.PartnerID),
		After:    line, Reason: line.Exception})
}

// fileLine takes the items of a line out of payable.
func fileLine(ctx context.Context, q db.Queryer, at ledger.Stamp, line *PayoutLine, items []item) error {
	if err := fixBases(ctx, q, items); err != nil {
		return err
	}
	if err := saveItems(ctx, q, line.ID, items); err != nil {
		return err
	}
	line.State = Filed
	return moveLine(ctx, q, at, line, items, ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout,
		reason.PaidOut)
}

// settleLine pays a line that is in a payout.
func settleLine(ctx context.Context, q db.Queryer, at ledger.Stamp, line *PayoutLine, items []item) error {
	line.State, line.SettledAt, line.Day = Settled, &at.Recorded, affiliate.DayOf(at.Recorded, at.Zone)
	return moveLine(ctx, q, at, line, items, ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid, reason.PaidOut)
}

// moveLine saves a line in its new state and moves its money there.
func moveLine(ctx context.Context, q db.Queryer, at ledger.Stamp, line *PayoutLine, items []item, kind ledger.Kind,
	from, to ledger.Account, why reason.Code) error {
	line.UpdatedAt = at.Recorded
	if err := updateLine(ctx, q, *line); err != nil {
		return err
	}
	postings := []ledger.Posting{}
	for _, i := range items {
		postings = append(postings, ledger.Posting{Commission: i.commission, Manual: i.manual, Kind: kind, From: from,
			To:     to,
			Amount: i.amount, Reason: string(why), Occurred: at.Recorded, PayoutLineID: line.ID})
	}
	return ledger.Post(ctx, q, at, postings)
}

func insertPayout(ctx context.Context, q db.Queryer, p *Payout) error {
	p.Code = affiliate.NewCode()
	res, err := q.Exec(ctx, `/* payout.insertPayout */
		INSERT INTO {wp}partner_center_payouts (code, currency, state, cutoff_at, created_at, actor, filed_at, filed_by, sent_at, note, form_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Code, p.Currency, p.State, p.CutOff, p.CreatedAt, p.Actor, p.FiledAt, p.FiledBy, p.SentAt, p.Note, p.FormID)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	p.ID = PayoutID(id)
	return err
}

func insertLine(ctx context.Context, q db.Queryer, line *PayoutLine) error {
	res, err := q.Exec(ctx, `/* payout.insertLine */
		INSERT INTO {wp}partner_center_payout_lines (payout_id, partner_id, currency, amount, method, paypal_email, payee, address, exception, state, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, line.PayoutID, line.PartnerID, line.Currency, line.Amount, line.Method, line.PayPalEmail,
		line.Payee, line.Address, line.Exception, line.State, line.UpdatedAt)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	line.ID = affiliate.PayoutLineID(id)
	return err
}

func updateLine(ctx context.Context, q db.Queryer, l PayoutLine) error {
	_, err := q.Exec(ctx, `/* payout.updateLine */ UPDATE {wp}partner_center_payout_lines SET amount = ?, method = ?, paypal_email = ?, payee = ?, address = ?,
		check_number = ?, state = ?, updated_at = ?, settled_at = ?, day = ?, returned_at = ?, returned_day = ?, return_reason = ? WHERE id = ?`,
		l.Amount, l.Method, l.PayPalEmail, l.Payee, l.Address, l.CheckNumber, l.State, l.UpdatedAt, l.SettledAt, l.Day, l.ReturnedAt, l.ReturnedDay, l.ReturnReason, l.ID)
	return err
}

// lockPayout lets the steps of one batch follow one another.
func lockPayout(ctx context.Context, q db.Queryer, id PayoutID) (Payout, error) {
	var p Payout
	err := q.Get(ctx, &p, `/* payout.lockPayout */ SELECT `+PayoutColumns+` FROM {wp}partner_center_payouts WHERE id = ? FOR UPDATE`, id)
	return p, affiliate.MissingRow(err, "payout")
}

func updatePayout(ctx context.Context, q db.Queryer, p Payout) error {
	_, err := q.Exec(ctx, `/* payout.updatePayout */
		UPDATE {wp}partner_center_payouts SET state = ?, format = ?, decimal_comma = ?, filed_at = ?, filed_by = ?, sent_at = ? WHERE id = ?`,
		p.State, p.Format, p.Comma, p.FiledAt, p.FiledBy, p.SentAt, p.ID)
	return err
}

// LinesOf are the lines of a batch in some states, in the order of their ids;
// in all states when none is named.
func LinesOf(ctx context.Context, q db.Queryer, id PayoutID, states ...PayoutState) ([]PayoutLine, error) {
	lines := []PayoutLine{}
	err := q.Select(ctx, &lines, `/* payout.linesOf */
		SELECT `+lineOfPayout+` FROM {wp}partner_center_payout_lines WHERE payout_id = ? ORDER BY id`, id)
	if len(states) > 0 {
		lines = slices.DeleteFunc(lines, func(l PayoutLine) bool { return !slices.Contains(states, l.State) })
	}
	return lines, err
}

// hasLines tells whether the batch has a line in one of the states. It looks at
// one row: a batch may have thousands.
func hasLines(ctx context.Context, q db.Queryer, id PayoutID, states ...PayoutState) (bool, error) {
	lines, err := someLines(ctx, q, id, 1, states...)
	return len(lines) > 0, err
}

// someLines are at most so many lines of the batch in the states.
func someLines(ctx context.Context, q db.Queryer, id PayoutID, most int, states ...PayoutState) ([]PayoutLine, error) {
	lines := []PayoutLine{}
	for _, state := range states { // one by one, each by its index
		found := []PayoutLine{}
		err := q.Select(ctx, &found, `/* payout.someLines */ SELECT `+lineOfPayout+`
			FROM {wp}partner_center_payout_lines WHERE payout_id = ? AND state = ? ORDER BY id LIMIT ?`, id, state, most-len(lines))
		if err != nil {
			return nil, err
		}
		if lines = append(lines, found...); len(lines) == most {
			break
		}
	}
	return lines, nil
}

func lockLine(ctx context.Context, q db.Queryer, id affiliate.PayoutLineID) (PayoutLine, error) {
	var line PayoutLine
	err := q.Get(ctx, &line, `/* payout.lockLine */ SELECT `+lineOfPayout+` FROM {wp}partner_center_payout_lines WHERE id = ? FOR UPDATE`, id)
	return line, affiliate.MissingRow(err, "payment")
}
