package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Commission is what one partner earns on one order line and level. A later
// supplement is a commission of its own with the next sequence (D22).
type Commission struct {
	ID              CommissionID        `db:"id"`
	OrderID         affiliate.OrderID   `db:"order_id"`
	LineID          affiliate.LineID    `db:"line_id"`
	Level           int                 `db:"level"` // 1 or 2
	DecisionVersion int                 `db:"decision_version"`
	Sequence        int                 `db:"sequence"` // from 1
	PartnerID       affiliate.PartnerID `db:"partner_id"`
	ProgramID       affiliate.ProgramID `db:"program_id"`
	ProductID       affiliate.ProductID `db:"product_id"`
	ToolID          affiliate.ToolID    `db:"tool_id"`
	SubID           string              `db:"subid"`
	Page            string              `db:"page"` // where the click arrived; see tracking.PageText
	Currency        money.Currency      `db:"currency"`
	// Base is what the commission is calculated on: what is left of the line's
	// base, of a supplement only its increase, so that bases may be summed (S37).
	// Once approved it rises to GrantedBase at most.
	Base        money.Amount  `db:"base"`
	GrantedBase money.Amount  `db:"granted_base"`
	Reason      string        `db:"reason"`
	OccurredAt  time.Time     `db:"occurred_at"`
	Day         affiliate.Day `db:"day"`
	NotBefore   *time.Time    `db:"not_before"` // on hold until then; nil: not at all (S76)
	ApproveAt   *time.Time    `db:"approve_at"` // by itself; nil: by a person (S133)
	Journals    int           `db:"journals"`   // how many; also its version for compare-and-set
	UpdatedAt   time.Time     `db:"updated_at"`
	Amount      money.Amount  `db:"amount"` // pending + payable + in payout + paid
	Status      Status        `db:"status"`
	// PaidBase is the most that Base has been since the commission went into the
	// payout that stands, as far as it was approved; nil before. What Base is less
	// than that was refunded after payment (S37, S41).
	PaidBase *money.Amount `db:"paid_base"`
	Book
}

// fixBase notes on what a commission is paid that goes into a payout for the
// first time, or again after that came back.
func (c *Commission) fixBase() {
	base := money.Min(c.Base, c.GrantedBase)
	c.PaidBase = &base
}

// Rebase changes the base. What a paid sale gets back of a refund was not
// refunded.
func (c *Commission) Rebase(base money.Amount) {
	c.Base = base
	if (c.Stage == InPayout || c.Stage == Paid) && c.PaidBase != nil &&
		money.Min(base, c.GrantedBase).Cmp(*c.PaidBase) > 0 {
		c.fixBase()
	}
}

// Book is where the money of a commission is, a view of its journals: replaying
// them gives it (Verify does). Clawbacks make Payable negative (S93).
type Book struct {
	Stage Status `db:"stage"`
	// Granted is up to where the commission may rise again without a new
	// approval; of one that an admin canceled, what the others of its line and
	// level had then, which they never exceed (D16).
	Granted  money.Amount `db:"granted"`
	Pending  money.Amount `db:"pending"`
	Payable  money.Amount `db:"payable"`
	InPayout money.Amount `db:"in_payout"`
	Paid     money.Amount `db:"paid"`
	// Clawback is what refunds took back since it is in a payout or paid, and did
	// not give back (S40).
	Clawback money.Amount `db:"clawback"`
}

// Status is where a commission stands (S76).
type Status string

// The statuses. A commission's stage is the status it would have if nothing had
// been taken back: an order that is un-refunded returns to it without a new
// approval (D22). The stage Canceled is final: an admin canceled it (D16).
const (
	Pending  Status = "pending"
	Approved Status = "approved"
	InPayout Status = "in_payout"
	Paid     Status = "paid"
	Canceled Status = "canceled"
)

// Kind is the cause of a journal.
type Kind string

// The kinds, with the accounts their amount goes from and to.
const (
	Earn      Kind = "earn"      // expense → pending
	Approve   Kind = "approve"   // pending → payable
	Unapprove Kind = "unapprove" // payable → pending
	Cancel    Kind = "cancel"    // by an admin: pending or payable → expense
	Refund    Kind = "refund"    // the order fell: pending or payable → expense
	Reverse   Kind = "reverse"   // the order is credited otherwise: pending or payable → expense
	Restore   Kind = "restore"   // the order rose again: expense → payable, or pending
	PayOut    Kind = "payout"    // payable → in payout
	Settle    Kind = "settle"    // in payout → paid
	Release   Kind = "release"   // in payout → payable: the payout was undone or came back unsettled
	Return    Kind = "return"    // paid → payable: a settled payment came back (D21)

	Adjustment Kind = "adjustment" // by hand: expense → payable, or back where it is negative (S140)
	WriteOff   Kind = "writeoff"   // by hand: expense → payable, up to 0
	Opening    Kind = "opening"    // by hand: expense → pending, payable or paid
	Counter    Kind = "counter"    // by hand: undoes one of these
)

// Account is one of the five accounts of D19.
type Account string

const (
	AccountExpense  Account = "expense"
	AccountPending  Account = "pending"
	AccountPayable  Account = "payable"
	AccountInPayout Account = "in_payout"
	AccountPaid     Account = "paid"
)

// Apply moves money in the book and takes the stage on. It knows nothing of
// whether the action is allowed: that is decided before.
func (b *Book) Apply(kind Kind, from, to Account, amount money.Amount) error {
	before := *b
	if err := b.move(from, amount.Neg()); err != nil {
		return err
	}
	if err := b.move(to, amount); err != nil {
		return err
	}
	total, err := b.Total()
	if err != nil {
		return err
	}
	b.follow(kind, before)
	b.grant(kind, total)
	return b.countClawback(before, total)
}

// follow takes the stage on. Of what payouts move, only the commission's own
// money does so: a clawback in a payout leaves it as it was.
func (b *Book) follow(kind Kind, before Book) {
	switch kind {
	case Earn, Unapprove:
		b.Stage = Pending
	case Approve:
		b.Stage = Approved
	case Cancel, Reverse: // what was paid of it is clawed back, which is no refund (D24)
		b.Stage = Canceled
	case Adjustment, WriteOff, Opening, Counter:
		b.Stage = b.opened()
	case PayOut:
		if b.InPayout.Cmp(before.InPayout) > 0 {
			b.Stage = furthest(b.Stage, InPayout)
		}
	case Settle:
		if b.Paid.Cmp(before.Paid) > 0 && b.Stage != Canceled {
			b.Stage = Paid
		}
	case Release:
		if b.Stage == InPayout && b.InPayout.Cmp(before.InPayout) < 0 && b.InPayout.Sign() <= 0 {
			b.Stage = Approved
		}
	case Return:
		if b.Stage == Paid && b.Paid.Cmp(before.Paid) < 0 && b.Paid.Sign() <= 0 {
			b.Stage = Approved
			if b.InPayout.Sign() > 0 {
				b.Stage = InPayout
			}
		}
	}
}

// opened is the stage of a manual entry, by the account it stands on.
func (b *Book) opened() Status {
	switch {
	case !b.Pending.IsZero():
		return Pending
	case !b.Paid.IsZero():
		return Paid
	}
	return Approved
}

// countClawback keeps Clawback. A payment that did not stand takes the count back: the
// refund is then one before payment.
func (b *Book) countClawback(before Book, total money.Amount) error {
	if b.Stage != InPayout && b.Stage != Paid || before.Stage != InPayout && before.Stage != Paid {
		b.Clawback = money.Amount{}
		return nil
	}
	was, err := before.Total()
	if err != nil {
		return err
	}
	fell, err := was.Sub(total)
	if err != nil {
		return err
	}
	if b.Clawback, err = b.Clawback.Add(fell); b.Clawback.Sign() < 0 {
		b.Clawback = money.Amount{}
	}
	return err
}

// grant keeps Granted: up to it the commission may rise again where it stands.
// While pending that is the most it ever was, from approval on what was approved.
func (b *Book) grant(kind Kind, total money.Amount) {
	if kind == Approve || kind == Unapprove || b.Stage == Pending && total.Cmp(b.Granted) > 0 {
		b.Granted = total
	}
}

// furthest keeps a paid commission paid, and a canceled one canceled, whatever
// else of it goes into a payout.
func furthest(stage, next Status) Status {
	if stage == Paid || stage == Canceled {
		return stage
	}
	return next
}

func (b *Book) move(a Account, amount money.Amount) error {
	var balance *money.Amount
	switch a {
	case AccountExpense:
		return nil // the mirror image of the other four
	case AccountPending:
		balance = &b.Pending
	case AccountPayable:
		balance = &b.Payable
	case AccountInPayout:
		balance = &b.InPayout
	case AccountPaid:
		balance = &b.Paid
	default:
		return fmt.Errorf("there is no account %q", a)
	}
	sum, err := balance.Add(amount)
	*balance = sum
	return err
}

func (b Book) Total() (money.Amount, error) {
	return money.Sum(b.Pending, b.Payable, b.InPayout, b.Paid)
}

// StatusWith is what people see of a book: nothing left before anything was paid
// counts as canceled (S36).
func (b Book) StatusWith(total money.Amount) Status {
	if total.IsZero() && (b.Stage == Pending || b.Stage == Approved) {
		return Canceled
	}
	return b.Stage
}

// Account is where the commission's own money is before it is in a payout, and
// where refunds take it from and restorations put it.
func (b Book) Account() Account {
	if b.Stage == Pending {
		return AccountPending
	}
	return AccountPayable
}

// Slot is what a target and its commissions have in common.
type Slot struct {
	LineID affiliate.LineID
	Level  int
}

// at is the slot of the commission.
func (c *Commission) Slot() Slot { return Slot{LineID: c.LineID, Level: c.Level} }

func SumOf(commissions []*Commission) (money.Amount, error) {
	amounts := make([]money.Amount, len(commissions))
	for i, c := range commissions {
		amounts[i] = c.Amount
	}
	return money.Sum(amounts...)
}

// Room is how much of more fits into the commission as it stands.
func (c *Commission) Room(more money.Amount) (money.Amount, error) {
	switch c.Stage {
	case Canceled:
		return money.Amount{}, nil
	case Pending:
		return more, nil
	}
	free, err := c.Granted.Sub(c.Amount)
	return money.Min(more, free), err
}

// CommissionColumns are the columns of a Commission, in the order of row.
const CommissionColumns = `id, order_id, line_id, level, decision_version, sequence, partner_id, program_id, product_id,
	tool_id, subid, page, currency, base, amount, status, reason, occurred_at, day, journals, updated_at,
	stage, granted, granted_base, pending, payable, in_payout, paid, clawback, paid_base, not_before, approve_at`

// row is the commission in the order of commissionColumns.
func (c *Commission) row() []any {
	return []any{c.ID, c.OrderID, c.LineID, c.Level, c.DecisionVersion, c.Sequence, c.PartnerID, c.ProgramID,
		c.ProductID,
		c.ToolID, c.SubID, c.Page, c.Currency, c.Base, c.Amount, c.Status, c.Reason, c.OccurredAt, c.Day, c.Journals,
		c.UpdatedAt, c.Stage, c.Granted, c.GrantedBase, c.Pending, c.Payable, c.InPayout, c.Book.Paid, c.Clawback,
		c.PaidBase, c.NotBefore, c.ApproveAt}
}

// SaveCommissions inserts the new ones, which get their ids, and updates the others.
func SaveCommissions(ctx context.Context, q db.Queryer, commissions []*Commission) error {
	created, known := []*Commission{}, []*Commission{}
	for _, c := range commissions {
		if c.ID == 0 {
			created = append(created, c)
		} else {
			known = append(known, c)
		}
	}
	// An unexpected clash on the unique key of a new one must be an error,
	// never an update: so these are two statements.
	for part := range slices.Chunk(created, db.RowsAtOnce) {
		if err := db.Insert(ctx, q, insertCommissions, rowsOf(part), ""); err != nil {
			return err
		}
		if err := commissionIDs(ctx, q, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(known, db.RowsAtOnce) {
		if err := db.Insert(ctx, q, insertCommissions, rowsOf(part), ` ON DUPLICATE KEY UPDATE
			decision_version = VALUES(decision_version), program_id = VALUES(program_id),
			product_id = VALUES(product_id), tool_id = VALUES(tool_id), subid = VALUES(subid), page = VALUES(page),
			base = VALUES(base), granted_base = VALUES(granted_base), amount = VALUES(amount), status = VALUES(status),
			reason = VALUES(reason), journals = VALUES(journals), updated_at = VALUES(updated_at),
			stage = VALUES(stage), granted = VALUES(granted), pending = VALUES(pending), payable = VALUES(payable),
			in_payout = VALUES(in_payout), paid = VALUES(paid), clawback = VALUES(clawback),
			paid_base = VALUES(paid_base), approve_at = VALUES(approve_at)`); err != nil {
			return err
		}
	}
	orders := []affiliate.OrderID{}
	for _, c := range commissions {
		orders = append(orders, c.OrderID)
	}
	slices.Sort(orders)
	for part := range slices.Chunk(slices.Compact(orders), db.RowsAtOnce) {
		if err := affiliate.OrdersChanged(ctx, q, part...); err != nil {
			return err
		}
	}
	return nil
}

const insertCommissions = `/* ledger.saveCommissions */ INSERT INTO {wp}partner_center_commissions (` +
	CommissionColumns + `) VALUES `

func rowsOf(commissions []*Commission) [][]any {
	rows := [][]any{}
	for _, c := range commissions {
		rows = append(rows, c.row())
	}
	return rows
}

// commissionIDs fills in the ids of new commissions.
func commissionIDs(ctx context.Context, q db.Queryer, created []*Commission) error {
	type key struct {
		Line            affiliate.LineID `db:"line_id"`
		Level           int              `db:"level"`
		DecisionVersion int              `db:"decision_version"`
		Sequence        int              `db:"sequence"`
	}
	written := []struct {
		key
		ID CommissionID `db:"id"`
	}{}
	orders := []affiliate.OrderID{}
	for _, c := range created {
		orders = append(orders, c.OrderID)
	}
	slices.Sort(orders)
	err := db.SelectIn(ctx, q, &written, `/* ledger.commissionIDs */
		SELECT line_id, level, decision_version, sequence, id FROM {wp}partner_center_commissions
		WHERE order_id IN (?)`, slices.Compact(orders))
	ids := map[key]CommissionID{}
	for _, w := range written {
		ids[w.key] = w.ID
	}
	for _, c := range created {
		c.ID = ids[key{c.LineID, c.Level, c.DecisionVersion, c.Sequence}]
		if err == nil && c.ID == 0 {
			err = fmt.Errorf("a commission of order %s was written, but is not there", c.OrderID)
		}
	}
	return err
}

// lockCommissionsWhere reads commissions and locks them, by id, until the end of
// the transaction. where must find rows by an index.
func lockCommissionsWhere(ctx context.Context, q db.Queryer, where string, arg any) ([]*Commission, error) {
	commissions := []*Commission{}
	err := db.SelectIn(ctx, q, &commissions, `/* ledger.lockCommissions */
		SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE `+where+` ORDER BY id FOR UPDATE`, arg)
	return commissions, err
}

// Commission is one commission; Missing when there is none.
func (l *Ledger) Commission(ctx context.Context, id CommissionID) (Commission, error) {
	var c Commission
	err := l.db.Get(ctx, &c, `/* ledger.Commission */ SELECT `+CommissionColumns+
		` FROM {wp}partner_center_commissions WHERE id = ?`, id)
	return c, affiliate.MissingRow(err, "commission")
}

// Commissions are those of the ids that there are, by id.
func (l *Ledger) Commissions(ctx context.Context, ids []CommissionID) (map[CommissionID]Commission, error) {
	all := map[CommissionID]Commission{}
	for part := range slices.Chunk(ids, db.RowsAtOnce) {
		found := []Commission{}
		err := db.SelectIn(ctx, l.db, &found, `/* ledger.Commissions */
			SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE id IN (?)`, part)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			all[c.ID] = c
		}
	}
	return all, nil
}

// CommissionsOfOrders are the commissions of orders, by id, without locks.
func CommissionsOfOrders(ctx context.Context, q db.Queryer, orders []affiliate.OrderID) ([]Commission, error) {
	found := []Commission{}
	err := db.SelectIn(ctx, q, &found, `/* ledger.CommissionsOfOrders */
		SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE order_id IN (?) ORDER BY id`, orders)
	return found, err
}

// Journals are the journals of a commission, oldest first: who did what to it
// and when (S76).
func (l *Ledger) Journals(ctx context.Context, id CommissionID) ([]Journal, error) {
	journals := []Journal{}
	err := l.db.Select(ctx, &journals, `/* ledger.Journals */
		SELECT `+journalColumns+` FROM {wp}partner_center_journals WHERE commission_id = ? ORDER BY seq`, id)
	return journals, err
}

// Effects are what journals of a commission gave its partner or, negative, took
// from them; those that moved money on without changing it are not among them.
func (l *Ledger) Effects(ctx context.Context, id CommissionID) (map[JournalID]money.Amount, error) {
	rows := []struct {
		Journal JournalID    `db:"journal_id"`
		Amount  money.Amount `db:"amount"`
	}{}
	err := l.db.Select(ctx, &rows, `/* ledger.Effects */
		SELECT e.journal_id, e.amount FROM {wp}partner_center_journals j
		JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account = 'expense'
		WHERE j.commission_id = ?`, id)
	effects := map[JournalID]money.Amount{}
	for _, row := range rows {
		effects[row.Journal] = row.Amount.Neg()
	}
	return effects, err
}
