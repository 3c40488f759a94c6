package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Manual is money that no order gives, entered by an admin with a reason: it
// stands in the partner's statement and is paid like a commission (S140). What
// was wrong is undone by a counter entry, never changed.
type Manual struct {
	ID         ManualID            `db:"id"`
	PartnerID  affiliate.PartnerID `db:"partner_id"`
	Currency   money.Currency      `db:"currency"`
	Kind       Kind                `db:"kind"`   // Adjustment, WriteOff, Opening or Counter
	Amount     money.Amount        `db:"amount"` // negative: taken from the partner
	Reason     string              `db:"reason"` // as the admin wrote it; the partner reads it
	UndoesID   ManualID            `db:"undoes_id"`
	FormID     *string             `db:"form_id"`
	OccurredAt time.Time           `db:"occurred_at"`
	Day        affiliate.Day       `db:"day"`
	Actor      affiliate.Actor     `db:"actor"`
	CreatedAt  time.Time           `db:"created_at"`
	UpdatedAt  time.Time           `db:"updated_at"`
	Journals   int                 `db:"journals"`
	Status     Status              `db:"status"` // pending, approved, in_payout or paid
	Book
}

// ManualEntry is what an admin enters.
type ManualEntry struct {
	PartnerID affiliate.PartnerID
	Currency  money.Currency
	Amount    money.Amount // signed, for the partner; of a write-off it is calculated
	Reason    string
	FormID    string    // names the form it came from: sent twice, it is entered once
	At        time.Time // when it happened; zero: now
}

// Adjust enters a bonus, or with a negative amount a correction (S140). It is
// payable at once.
func (l *Ledger) Adjust(ctx context.Context, actor affiliate.Actor, e ManualEntry) (Manual, error) {
	return l.enterManual(ctx, actor, e, Adjustment, AccountPayable)
}

// WriteOff gives up what a partner owes: it brings a negative payable balance
// to 0 (S140). expected is that balance as it was shown, the amount of e is
// calculated; a balance that is another by now, or not negative, is a Conflict.
func (l *Ledger) WriteOff(ctx context.Context, actor affiliate.Actor, e ManualEntry,
	expected money.Amount) (Manual, error) {
	e.Amount = expected.Neg()
	return l.enterManual(ctx, actor, e, WriteOff, AccountPayable)
}

// Open enters what a partner had before this ledger began: Pending is not
// approved yet (see ApproveManual), Approved is payable, Paid was paid
// elsewhere (S140).
func (l *Ledger) Open(ctx context.Context, actor affiliate.Actor, e ManualEntry, stage Status) (Manual, error) {
	to := map[Status]Account{Pending: AccountPending, Approved: AccountPayable, Paid: AccountPaid}[stage]
	return l.enterManual(ctx, actor, e, Opening, to)
}

func (l *Ledger) enterManual(ctx context.Context, actor affiliate.Actor, e ManualEntry, kind Kind,
	to Account) (Manual, error) {
	e.Reason = affiliate.Line(e.Reason)
	if err := e.validate(kind, to); err != nil {
		return Manual{}, err
	}
	var m Manual
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := affiliate.LoadPartner(ctx, tx, e.PartnerID); err != nil {
			return err
		}
		if kind == WriteOff {
			if err := owes(ctx, tx, e); err != nil {
				return err
			}
		}
		at := l.recordedBy(actor)
		m = e.manual(kind, at)
		return postManual(ctx, tx, at, &m, to)
	})
	if e.FormID != "" && db.Duplicate(err) {
		return oneManual(ctx, l.db, `form_id = ?`, e.FormID)
	}
	return m, err
}

func (e ManualEntry) validate(kind Kind, to Account) error {
	p := affiliate.Problems{}
	_, err := money.ParseCurrency(string(e.Currency))
	p.Check(err == nil, "currency", "Please choose a currency.")
	if err == nil {
		p.Check(e.Amount.IsRounded(e.Currency), "amount", "%s can have %d decimals.", e.Currency, e.Currency.Digits())
	}
	p.Check(!e.Amount.IsZero(), "amount", "Please enter an amount that is not 0.")
	p.Check(kind != Opening || to == AccountPayable || e.Amount.Sign() > 0, "amount",
		"Only what is payable can be negative.")
	p.Check(e.Reason != "" && e.Reason == affiliate.Cut(e.Reason, 255), "reason",
		"Please give a reason, in at most 255 characters: the partner reads it.")
	p.Check(len(e.FormID) <= 64, "form_id", "Please load the form again.")
	p.Check(to != "", "stage", "Please choose pending, payable or paid.")
	return p.Err()
}

// owes makes sure that the write-off is of exactly what the partner owes.
func owes(ctx context.Context, q db.Queryer, e ManualEntry) error {
	balances, err := LockBalances(ctx, q, e.Currency, e.PartnerID)
	b := balances[e.PartnerID]
	if err == nil && (b.Payable.Sign() >= 0 || b.Payable != e.Amount.Neg()) {
		err = affiliate.Conflict("The balance is now %s. Nothing was written off. Please look at it again.",
			money.Text(b.Payable, e.Currency))
	}
	return err
}

func (e ManualEntry) manual(kind Kind, at Recording) Manual {
	m := Manual{PartnerID: e.PartnerID, Currency: e.Currency, Kind: kind, Amount: e.Amount, Reason: e.Reason,
		OccurredAt: e.At, Actor: at.Actor, CreatedAt: at.Recorded}
	if e.FormID != "" {
		m.FormID = &e.FormID
	}
	if m.OccurredAt.IsZero() {
		m.OccurredAt = at.Recorded
	}
	m.Day = affiliate.DayOf(m.OccurredAt, at.Zone)
	return m
}

// postManual writes a new entry by its one balanced journal, audited.
func postManual(ctx context.Context, q db.Queryer, at Recording, m *Manual, to Account) error {
	err := Post(ctx, q, at, []Posting{{Manual: m, Kind: m.Kind, From: AccountExpense, To: to, Amount: m.Amount,
		Reason: m.Reason, Occurred: m.OccurredAt}})
	if err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: "enter " + string(m.Kind),
		Object:   "manual",
		ObjectID: int64(m.ID), After: m, Reason: m.Reason})
}

// UndoManual takes an entry back by a counter entry with the opposite amount:
// from the account it still stands on, else, when it is in a payout or was paid
// out, as a clawback from payable. Undoing it twice is a Conflict.
func (l *Ledger) UndoManual(ctx context.Context, actor affiliate.Actor, id ManualID, reason string) (Manual, error) {
	var counter Manual
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		m, err := lockManual(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Kind == Counter {
			return affiliate.Conflict("A counter entry cannot be undone: enter an adjustment.")
		}
		e := ManualEntry{PartnerID: m.PartnerID, Currency: m.Currency, Amount: m.Amount.Neg(),
			Reason: affiliate.Line(reason)}
		if err := e.validate(Counter, AccountPayable); err != nil {
			return err
		}
		at := l.recordedBy(actor)
		counter = e.manual(Counter, at)
		counter.UndoesID = id
		return postManual(ctx, tx, at, &counter, m.counterAccount())
	})
	if db.Duplicate(err) {
		err = affiliate.Conflict("This entry is undone already.")
	}
	return counter, err
}

// counterAccount is where a counter entry takes the money from. What was paid
// before this ledger began comes back to paid; what a payout of ours paid is
// owed back.
func (m Manual) counterAccount() Account {
	switch {
	case m.Stage == Pending:
		return AccountPending
	case m.Kind == Opening && m.Journals == 1 && m.Stage == Paid:
		return AccountPaid
	}
	return AccountPayable
}

// ApproveManual makes a pending opening balance payable; one that is not
// pending, or undone, is a Conflict. Where two people are required, whoever
// entered it is Forbidden to approve it (B16).
func (l *Ledger) ApproveManual(ctx context.Context, actor affiliate.Actor, id ManualID) (Manual, error) {
	var m Manual
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		locked, err := lockManual(ctx, tx, id)
		if err != nil {
			return err
		}
		undone, err := isUndone(ctx, tx, id)
		if err != nil {
			return err
		}
		if locked.Status != Pending || locked.Kind == Counter || undone {
			return affiliate.Conflict("This entry is not pending.")
		}
		settings, err := affiliate.LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if settings.TwoPeople && actor.Same(locked.Actor) {
			return affiliate.Forbidden("Two people are required: someone else has to approve the entry that you made.")
		}
		at := l.recordedBy(actor)
		err = Post(ctx, tx, at, []Posting{{Manual: locked, Kind: Approve, From: AccountPending, To: AccountPayable,
			Amount: locked.Amount,
			Reason: string(reason.ApprovedByAdmin), Occurred: at.Recorded}})
		if err != nil {
			return err
		}
		m = *locked
		return affiliate.Audit(ctx, tx, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "approve",
			Object: "manual", ObjectID: int64(id),
			Before: Pending, After: m.Status})
	})
	return m, err
}
