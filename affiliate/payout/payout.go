package payout

import (
	"context"
	"maps"
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

// PayoutLine is what one partner gets in a payout, with their address as it stood then.
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
	Reference    string                  `db:"reference"` // of a payment marked by hand: what the bank calls it
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
	Closed    PayoutState = "closed"    // of a line: taken out of its batch. It stays, because journals may name it
)

const (
	PayoutColumns = `id, code, currency, state, cutoff_at, format, decimal_comma, created_at, actor, filed_at,
	filed_by, sent_at, note, form_id`
	lineColumns = `id, payout_id, partner_id, currency, amount, method, paypal_email, payee, address, check_number,
	reference, exception, state, updated_at, settled_at, day, returned_at, returned_day, return_reason`
)

// funded is a line with what it pays, all of it locked.
type funded struct {
	PayoutLine
	items []item
}

// move is a step of lines that moves their money.
type move struct {
	kind     ledger.Kind
	from, to ledger.Account
	reason   reason.Code
	occurred time.Time // zero: when it is recorded
}

// on is the move of money that moved at another time than it is recorded.
func (m move) on(t time.Time) move { m.occurred = t; return m }

func moves(kind ledger.Kind, from, to ledger.Account, why reason.Code) move {
	return move{kind: kind, from: from, to: to, reason: why}
}

// The moves of a line.
var (
	intoPayout = moves(ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout, reason.PaidOut)
	outOfIt    = moves(ledger.Release, ledger.AccountInPayout, ledger.AccountPayable, reason.PayoutUndone)
	arrived    = moves(ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid, reason.PaidOut)
	// before it settled
	bounced  = moves(ledger.Release, ledger.AccountInPayout, ledger.AccountPayable, reason.PaymentReturned)
	returned = moves(ledger.Return, ledger.AccountPaid, ledger.AccountPayable, reason.PaymentReturned)
	mistaken = moves(ledger.Return, ledger.AccountPaid, ledger.AccountPayable, reason.PaymentUndone)
)

// fileLines takes the items of lines out of payable.
func fileLines(ctx context.Context, q db.Queryer, at ledger.Recording, lines []funded, on time.Time) error {
	if len(lines) == 0 {
		return nil
	}
	plain, items := []PayoutLine{}, map[affiliate.PayoutLineID][]itemRow{}
	for i := range lines {
		lines[i].State = Filed
		plain = append(plain, lines[i].PayoutLine)
		for _, it := range lines[i].items {
			items[lines[i].ID] = append(items[lines[i].ID], it.row())
		}
	}
	if err := saveItems(ctx, q, plain, items); err != nil {
		return err
	}
	return moveLines(ctx, q, at, lines, intoPayout.on(on))
}

// settleLines pays lines that are in a payout. Their day is that on which the
// money went out; when it was written down is another matter (D47).
func settleLines(ctx context.Context, q db.Queryer, at ledger.Recording, lines []funded, on time.Time) error {
	for i := range lines {
		l := &lines[i].PayoutLine
		l.State, l.SettledAt, l.Day = Settled, &at.Recorded, affiliate.DayOf(on, at.Zone)
	}
	return moveLines(ctx, q, at, lines, arrived.on(on))
}

// moveLines saves lines in their new states and moves their money there.
func moveLines(ctx context.Context, q db.Queryer, at ledger.Recording, lines []funded, m move) error {
	plain, postings := []PayoutLine{}, []ledger.Posting{}
	if m.occurred.IsZero() {
		m.occurred = at.Recorded
	}
	for i := range lines {
		l := &lines[i]
		l.UpdatedAt = at.Recorded
		plain = append(plain, l.PayoutLine)
		for _, it := range l.items {
			postings = append(postings, ledger.Posting{Commission: it.commission, Manual: it.manual, Kind: m.kind,
				From: m.from, To: m.to, Amount: it.amount, Reason: string(m.reason), Occurred: m.occurred,
				PayoutLineID: l.ID})
		}
	}
	if err := updateLines(ctx, q, plain); err != nil {
		return err
	}
	return ledger.Post(ctx, q, at, postings)
}

func insertPayout(ctx context.Context, q db.Queryer, p *Payout) error {
	p.Code = affiliate.NewCode()
	res, err := q.Exec(ctx, `/* payout.insertPayout */
		INSERT INTO {wp}partner_center_payouts (code, currency, state, cutoff_at, created_at, actor, filed_at, filed_by,
			sent_at, note, form_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.Code, p.Currency, p.State, p.CutOff, p.CreatedAt, p.Actor, p.FiledAt, p.FiledBy, p.SentAt, p.Note, p.FormID)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	p.ID = PayoutID(id)
	return err
}

// lockPayout lets the steps of one batch follow one another.
func lockPayout(ctx context.Context, q db.Queryer, id PayoutID) (Payout, error) {
	var p Payout
	err := q.Get(ctx, &p, `/* payout.lockPayout */
		SELECT `+PayoutColumns+` FROM {wp}partner_center_payouts WHERE id = ? FOR UPDATE`, id)
	return p, affiliate.MissingRow(err, "payout")
}

func updatePayout(ctx context.Context, q db.Queryer, p Payout) error {
	_, err := q.Exec(ctx, `/* payout.updatePayout */
		UPDATE {wp}partner_center_payouts SET state = ?, format = ?, decimal_comma = ?, filed_at = ?, filed_by = ?,
			sent_at = ? WHERE id = ?`, p.State, p.Format, p.Comma, p.FiledAt, p.FiledBy, p.SentAt, p.ID)
	return err
}

// insertLines adds lines to a payout; each gets its id, read back by the unique
// key because those of one INSERT need not follow one another on a cluster.
func insertLines(ctx context.Context, q db.Queryer, id PayoutID, lines []PayoutLine) error {
	rows, at := [][]any{}, map[affiliate.PartnerID]int{}
	for i, l := range lines {
		at[l.PartnerID] = i
		rows = append(rows, []any{id, l.PartnerID, l.Currency, l.Amount, l.Method, l.PayPalEmail, l.Payee, l.Address,
			l.Exception, l.State, l.UpdatedAt})
	}
	err := db.Insert(ctx, q, `/* payout.insertLines */ INSERT INTO {wp}partner_center_payout_lines
		(payout_id, partner_id, currency, amount, method, paypal_email, payee, address, exception, state, updated_at)
		VALUES `, rows, "")
	if err != nil {
		return err
	}
	written := []struct {
		ID        affiliate.PayoutLineID `db:"id"`
		PartnerID affiliate.PartnerID    `db:"partner_id"`
	}{}
	query, args, err := db.In(`/* payout.insertLines */ SELECT id, partner_id FROM {wp}partner_center_payout_lines
		WHERE payout_id = ? AND partner_id IN (?)`, id, slices.Collect(maps.Keys(at)))
	if err != nil {
		return err
	}
	err = q.Select(ctx, &written, query, args...)
	for _, w := range written {
		l := &lines[at[w.PartnerID]]
		l.ID, l.PayoutID = w.ID, id
	}
	return err
}

// updateLines saves lines that are there.
func updateLines(ctx context.Context, q db.Queryer, lines []PayoutLine) error {
	rows := [][]any{}
	for _, l := range lines {
		rows = append(rows, []any{l.ID, l.PayoutID, l.PartnerID, l.Currency, l.Amount, l.Method, l.PayPalEmail,
			l.Payee, l.Address, l.CheckNumber, l.Reference, l.Exception, l.State, l.UpdatedAt,
			l.SettledAt, l.Day, l.ReturnedAt, l.ReturnedDay, l.ReturnReason})
	}
	return db.Insert(ctx, q, `/* payout.updateLines */ INSERT INTO {wp}partner_center_payout_lines (`+lineColumns+`)
		VALUES `, rows, ` ON DUPLICATE KEY UPDATE amount = VALUES(amount), method = VALUES(method),
		paypal_email = VALUES(paypal_email), payee = VALUES(payee), address = VALUES(address),
		check_number = VALUES(check_number), reference = VALUES(reference), exception = VALUES(exception),
		state = VALUES(state),
		updated_at = VALUES(updated_at),
		settled_at = VALUES(settled_at), day = VALUES(day), returned_at = VALUES(returned_at),
		returned_day = VALUES(returned_day), return_reason = VALUES(return_reason)`)
}

// LinesOf are the lines of a batch in some states, in the order of their ids;
// all that are not closed when none is named.
func LinesOf(ctx context.Context, q db.Queryer, id PayoutID, states ...PayoutState) ([]PayoutLine, error) {
	lines := []PayoutLine{}
	err := q.Select(ctx, &lines, `/* payout.linesOf */
		SELECT `+lineColumns+` FROM {wp}partner_center_payout_lines WHERE payout_id = ? ORDER BY id`, id)
	return slices.DeleteFunc(lines, func(l PayoutLine) bool {
		return l.State == Closed && len(states) == 0 || len(states) > 0 && !slices.Contains(states, l.State)
	}), err
}

// lockLines locks lines by id and returns those in a state.
func lockLines(ctx context.Context, q db.Queryer, ids []affiliate.PayoutLineID,
	state PayoutState) ([]PayoutLine, error) {
	lines := []PayoutLine{}
	err := db.SelectIn(ctx, q, &lines, `/* payout.lockLines */
		SELECT `+lineColumns+` FROM {wp}partner_center_payout_lines WHERE id IN (?) ORDER BY id FOR UPDATE`, ids)
	return slices.DeleteFunc(lines, func(l PayoutLine) bool { return l.State != state }), err
}

// lockLine locks one line, in whatever state.
func lockLine(ctx context.Context, q db.Queryer, id affiliate.PayoutLineID) (PayoutLine, error) {
	var line PayoutLine
	err := q.Get(ctx, &line, `/* payout.lockLine */
		SELECT `+lineColumns+` FROM {wp}partner_center_payout_lines WHERE id = ? FOR UPDATE`, id)
	return line, affiliate.MissingRow(err, "payment")
}

// someLines are the ids of at most so many lines of the batch in a state.
func someLines(ctx context.Context, q db.Queryer, id PayoutID, most int,
	state PayoutState) ([]affiliate.PayoutLineID, error) {
	ids := []affiliate.PayoutLineID{}
	err := q.Select(ctx, &ids, `/* payout.someLines */ SELECT id FROM {wp}partner_center_payout_lines
		WHERE payout_id = ? AND state = ? ORDER BY id LIMIT ?`, id, state, most)
	return ids, err
}

// hasLines tells whether the batch has a line in one of the states. It looks at
// one row of each: a batch may have thousands.
func hasLines(ctx context.Context, q db.Queryer, id PayoutID, states ...PayoutState) (bool, error) {
	for _, state := range states {
		lines, err := someLines(ctx, q, id, 1, state)
		if err != nil || len(lines) > 0 {
			return len(lines) > 0, err
		}
	}
	return false, nil
}

func idsOf(lines []PayoutLine) []affiliate.PayoutLineID {
	ids := make([]affiliate.PayoutLineID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	return ids
}
