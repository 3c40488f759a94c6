package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Journal is one change of money, for one partner and currency; it is never
// altered. Its entries sum to zero (D19).
type Journal struct {
	ID           JournalID              `db:"id"`
	PartnerID    affiliate.PartnerID    `db:"partner_id"`
	Currency     money.Currency         `db:"currency"`
	CommissionID CommissionID           `db:"commission_id"`
	ManualID     ManualID               `db:"manual_id"` // or of a manual entry
	Seq          int                    `db:"seq"`       // of its commission or entry, from 1
	Kind         Kind                   `db:"kind"`
	PayoutLineID affiliate.PayoutLineID `db:"payout_line_id"`
	// of a re-run: the journal that took it from the holder before (S97)
	RelatedID  JournalID       `db:"related_id"`
	OccurredAt time.Time       `db:"occurred_at"`
	Day        affiliate.Day   `db:"day"`
	RecordedAt time.Time       `db:"recorded_at"`
	Actor      affiliate.Actor `db:"actor"`
	Reason     string          `db:"reason"`
}

const journalColumns = `id, partner_id, currency, commission_id, manual_id, seq, kind, payout_line_id,
	related_id, occurred_at, day, recorded_at, actor, reason`

// entry is an amount on an account. Money on an account is positive, so what
// the site spent stands negative on expense.
type entry struct {
	Account Account
	Amount  money.Amount
}

// Recording says when something was written down and by whom; zone names the days.
type Recording struct {
	Recorded time.Time
	Actor    affiliate.Actor
	Zone     *time.Location
	Tell     Tell // nil: nobody is told
}

func (l *Ledger) recordedBy(actor affiliate.Actor) Recording {
	return Recording{Recorded: l.now(), Actor: actor, Zone: l.zone(), Tell: l.tell}
}

// Posting is one journal to be written: amount from one account to another, of
// a commission or of a manual entry.
type Posting struct {
	Commission   *Commission // one with ID 0 is made
	Manual       *Manual     // likewise, instead of a commission
	Kind         Kind
	From, To     Account
	Amount       money.Amount
	Rest         money.Amount // of Cancel: what the others of the line and level have
	Reason       string
	Follows      *Commission // of a new one: what it comes in the place of, its journals are linked (D24)
	related      JournalID   // the journal by which it was taken from there
	Occurred     time.Time   // when its cause happened, not when it is processed (D15)
	PayoutLineID affiliate.PayoutLineID
}

// String names what the posting is about.
func (p Posting) String() string {
	if p.Manual != nil {
		return "manual entry " + p.Manual.ID.String()
	}
	return "commission " + p.Commission.ID.String()
}

// apply takes the commission or manual entry to its new state.
func (p Posting) apply(at Recording) (Journal, error) {
	j := Journal{Kind: p.Kind, PayoutLineID: p.PayoutLineID, RelatedID: p.related, OccurredAt: p.Occurred,
		Day:        affiliate.DayOf(p.Occurred, at.Zone),
		RecordedAt: at.Recorded, Actor: at.Actor, Reason: p.Reason}
	if m := p.Manual; m != nil {
		err := m.Apply(p.Kind, p.From, p.To, p.Amount)
		m.Status, m.UpdatedAt = m.Stage, at.Recorded
		m.Journals++
		j.PartnerID, j.Currency, j.Seq = m.PartnerID, m.Currency, m.Journals
		return j, err
	}
	c := p.Commission
	before := c.Stage
	if err := c.Apply(p.Kind, p.From, p.To, p.Amount); err != nil {
		return j, err
	}
	switch p.Kind {
	case Cancel:
		c.Granted = p.Rest
	case Approve:
		c.GrantedBase = c.Base
	case PayOut:
		if before == Approved {
			c.fixBase()
		}
	case Unapprove:
		c.ApproveAt = nil // a person took it back: no rule approves it again
	}
	total, err := c.Total()
	c.Amount, c.Status, c.Reason = total, c.StatusWith(total), p.Reason
	c.Journals++
	c.UpdatedAt = at.Recorded
	j.PartnerID, j.Currency, j.Seq = c.PartnerID, c.Currency, c.Journals
	return j, err
}

// Post writes journals with their entries, the commissions they change and the
// balances, all as one step of the caller's transaction. The caller holds the
// locks of the commissions; those of the balances are taken here, in order.
func Post(ctx context.Context, q db.Queryer, at Recording, postings []Posting) error {
	alone, linked := []Posting{}, []Posting{}
	for _, p := range postings {
		if p.Follows == nil {
			alone = append(alone, p)
		} else {
			linked = append(linked, p)
		}
	}
	if err := postAll(ctx, q, at, alone); err != nil {
		return err
	}
	if err := linkJournals(ctx, q, linked); err != nil {
		return err
	}
	return postAll(ctx, q, at, linked)
}

func postAll(ctx context.Context, q db.Queryer, at Recording, postings []Posting) error {
	if len(postings) == 0 {
		return nil
	}
	journals, entries, err := Enter(at, postings)
	if err != nil {
		return err
	}
	if err := SaveCommissions(ctx, q, changed(postings, commissionOf)); err != nil {
		return err
	}
	if err := saveManuals(ctx, q, changed(postings, manualOf)); err != nil {
		return err
	}
	for i, p := range postings { // new ones have their ids now
		if p.Manual != nil {
			journals[i].ManualID = p.Manual.ID
		} else {
			journals[i].CommissionID = p.Commission.ID
		}
	}
	if err := saveJournals(ctx, q, journals, entries); err != nil {
		return err
	}
	if err := addToBalances(ctx, q, journals, entries); err != nil || at.Tell == nil {
		return err
	}
	return at.Tell(ctx, q, posted(journals, postings))
}

// Enter makes the journals and their entries, and takes the commissions and
// manual entries in memory to their new state.
func Enter(at Recording, postings []Posting) ([]Journal, [][]entry, error) {
	journals, entries := make([]Journal, len(postings)), make([][]entry, len(postings))
	for i, p := range postings {
		entries[i] = []entry{{p.From, p.Amount.Neg()}, {p.To, p.Amount}}
		err := balanced(entries[i])
		if err == nil {
			journals[i], err = p.apply(at)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s, %s: %w", p, p.Kind, err)
		}
	}
	return journals, entries, nil
}

// balanced refuses a journal that makes or loses money, or moves none.
func balanced(entries []entry) error {
	amounts := []money.Amount{}
	accounts := map[Account]bool{}
	for _, e := range entries {
		if e.Amount.IsZero() || accounts[e.Account] {
			return fmt.Errorf("a journal moves an amount between two accounts, not %s on %s", e.Amount, e.Account)
		}
		accounts[e.Account] = true
		amounts = append(amounts, e.Amount)
	}
	sum, err := money.Sum(amounts...)
	if err == nil && !sum.IsZero() {
		err = fmt.Errorf("the entries sum to %s, not to 0", sum)
	}
	return err
}

func commissionOf(p Posting) *Commission { return p.Commission }

func manualOf(p Posting) *Manual { return p.Manual }

// changed are the commissions, or manual entries, of the postings, each once.
func changed[T any](postings []Posting, of func(Posting) *T) []*T {
	all := []*T{}
	seen := map[*T]bool{nil: true}
	for _, p := range postings {
		if t := of(p); !seen[t] {
			seen[t] = true
			all = append(all, t)
		}
	}
	return all
}

// saveJournals writes journals and entries. The ids are read back by their
// unique key, because those of one INSERT need not follow one another on a
// cluster.
func saveJournals(ctx context.Context, q db.Queryer, journals []Journal, entries [][]entry) error {
	for part := range slices.Chunk(indexes(len(journals)), db.RowsAtOnce) {
		rows := [][]any{}
		for _, i := range part {
			j := journals[i]
			rows = append(rows, []any{j.PartnerID, j.Currency, j.CommissionID, j.ManualID, j.Seq, j.Kind,
				j.PayoutLineID,
				j.RelatedID, j.OccurredAt, j.Day, j.RecordedAt, j.Actor, affiliate.Cut(j.Reason, 255), j.seal()})
		}
		err := db.Insert(ctx, q, `/* ledger.saveJournals */ INSERT INTO {wp}partner_center_journals
			(partner_id, currency, commission_id, manual_id, seq, kind, payout_line_id, related_id,
			occurred_at, day, recorded_at, actor, reason, seal) VALUES `, rows, "")
		if err != nil {
			return err
		}
		if err := journalIDs(ctx, q, journals[part[0]:part[len(part)-1]+1]); err != nil {
			return err
		}
		rows = rows[:0]
		for _, i := range part {
			for _, e := range entries[i] {
				rows = append(rows, []any{journals[i].ID, e.Account, e.Amount})
			}
		}
		err = db.Insert(ctx, q,
			`/* ledger.saveJournals */ INSERT INTO {wp}partner_center_entries (journal_id, account, amount) VALUES `,
			rows, "")
		if err != nil {
			return err
		}
	}
	return nil
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// journalIDs fills in the ids of journals just written.
func journalIDs(ctx context.Context, q db.Queryer, journals []Journal) error {
	type key struct {
		Commission CommissionID `db:"commission_id"`
		Manual     ManualID     `db:"manual_id"`
		Seq        int          `db:"seq"`
	}
	at := map[key]int{}
	owners := map[string][]any{}
	for i, j := range journals {
		at[key{j.CommissionID, j.ManualID, j.Seq}] = i
		if j.ManualID != 0 {
			owners["manual_id"] = append(owners["manual_id"], j.ManualID, j.Seq)
		} else {
			owners["commission_id"] = append(owners["commission_id"], j.CommissionID, j.Seq)
		}
	}
	n := 0
	for owner, keys := range owners {
		written := []struct {
			key
			ID JournalID `db:"id"`
		}{}
		err := q.Select(ctx, &written, `/* ledger.journalIDs */
			SELECT commission_id, manual_id, seq, id FROM {wp}partner_center_journals WHERE (`+owner+`, seq) IN (`+
			db.Pairs(len(keys)/2)+`)`, keys...)
		if err != nil {
			return err
		}
		for _, w := range written {
			journals[at[w.key]].ID = w.ID
		}
		n += len(written)
	}
	if n != len(journals) {
		return fmt.Errorf("%d journals were written, %d are there", len(journals), n)
	}
	return nil
}

// BalanceKey is what a balance is kept for.
type BalanceKey struct {
	partner  affiliate.PartnerID
	currency money.Currency
}

// accounts in the order of the columns of balances.
var accounts = []Account{AccountExpense, AccountPending, AccountPayable, AccountInPayout, AccountPaid}

// LockBalances are the balances of partners in a currency, all 0 where there is
// none, which nobody else changes until the end of the transaction. They are
// locked by partner.
func LockBalances(ctx context.Context, q db.Queryer, cur money.Currency,
	partners ...affiliate.PartnerID) (map[affiliate.PartnerID]Balance, error) {
	query, args, err := db.In(`/* ledger.LockBalances */ SELECT `+balanceColumns+` FROM {wp}partner_center_balances
		WHERE partner_id IN (?) AND currency = ? ORDER BY partner_id FOR UPDATE`, partners, cur)
	if err != nil {
		return nil, err
	}
	locked := []Balance{}
	if err := q.Select(ctx, &locked, query, args...); err != nil {
		return nil, err
	}
	all := map[affiliate.PartnerID]Balance{}
	for _, id := range partners {
		all[id] = Balance{PartnerID: id, Currency: cur}
	}
	for _, b := range locked {
		all[b.PartnerID] = b
	}
	return all, nil
}

// addToBalances adds the entries to the balances, locking them in order.
func addToBalances(ctx context.Context, q db.Queryer, journals []Journal, entries [][]entry) error {
	sums := map[BalanceKey]map[Account]money.Amount{}
	for i, j := range journals {
		key := BalanceKey{j.PartnerID, j.Currency}
		if sums[key] == nil {
			sums[key] = map[Account]money.Amount{}
		}
		for _, e := range entries[i] {
			sum, err := sums[key][e.Account].Add(e.Amount)
			if err != nil {
				return fmt.Errorf("balance of partner %s in %s: %w", j.PartnerID, j.Currency, err)
			}
			sums[key][e.Account] = sum
		}
	}
	keys := []BalanceKey{}
	for key := range sums {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b BalanceKey) int {
		return cmp.Or(cmp.Compare(a.partner, b.partner), cmp.Compare(a.currency, b.currency))
	})
	for part := range slices.Chunk(keys, db.RowsAtOnce) {
		if err := addRows(ctx, q, part, sums); err != nil {
			return err
		}
	}
	return nil
}

func addRows(ctx context.Context, q db.Queryer, keys []BalanceKey, sums map[BalanceKey]map[Account]money.Amount) error {
	rows := [][]any{}
	for _, key := range keys {
		row := []any{key.partner, key.currency}
		for _, a := range accounts {
			row = append(row, sums[key][a])
		}
		rows = append(rows, row)
	}
	err := db.Insert(ctx, q, `/* ledger.addToBalances */ INSERT INTO {wp}partner_center_balances
		(partner_id, currency, expense, pending, payable, in_payout, paid) VALUES `, rows, ` ON DUPLICATE KEY UPDATE
		expense = expense + VALUES(expense), pending = pending + VALUES(pending), payable = payable + VALUES(payable),
		in_payout = in_payout + VALUES(in_payout), paid = paid + VALUES(paid)`)
	if err != nil {
		return err
	}
	return readable(ctx, q, keys)
}

// readable refuses balances that the column can hold but an Amount cannot.
func readable(ctx context.Context, q db.Queryer, keys []BalanceKey) error {
	partners := make([]affiliate.PartnerID, len(keys))
	for i, key := range keys {
		partners[i] = key.partner
	}
	balances := []Balance{}
	err := db.SelectIn(ctx, q, &balances, `/* ledger.readable */ SELECT `+balanceColumns+`
		FROM {wp}partner_center_balances WHERE partner_id IN (?)
		AND GREATEST(ABS(expense), ABS(pending), ABS(payable), ABS(in_payout), ABS(paid)) > `+readableUpTo, partners)
	if err != nil {
		return fmt.Errorf("balances: %w", err)
	}
	return nil
}

// readableUpTo is below the largest Amount: only what is beyond needs to be read to know.
const readableUpTo = "900000000000000"
