// Package persons forgets a person wherever one stands (D37). Each package erases
// its own tables; this one knows all of them, and what has to stay.
//
// It owns no tables.
package persons

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/pixel"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/webhooks"
	"partnercenter/clock"
	"partnercenter/db"
)

// Service erases persons on the site's database.
type Service struct {
	DB  *db.Handle
	Now clock.Clock
	// Facts erases what was reported from outside and is kept for a while.
	Facts func(context.Context, db.Queryer, affiliate.Traces) error
}

// Effect is what erasing a person leaves behind.
type Effect struct {
	Contact affiliate.Contact // as it is before
	Partner affiliate.PartnerID
	Open    []Open // money that isn't settled: who is erased can't be paid any more
	Kept    payout.KeptIdentity
}

// Open is a partner's balance in a currency that is not zero.
type Open struct {
	ledger.Balance
	Owed money.Amount // approved and unpaid
}

// Preview tells what erasing would leave, and does nothing.
func (s *Service) Preview(ctx context.Context, id affiliate.ContactID) (e Effect, err error) {
	err = s.DB.ReadOnly(ctx, func(tx *db.Tx) error {
		if e.Contact, err = affiliate.LoadContact(ctx, tx, id); err != nil {
			return err
		}
		p, err := affiliate.LoadPartnerByContact(ctx, tx, id)
		if affiliate.KindOf(err) == affiliate.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return e.fill(ctx, tx, p.ID)
	})
	return e, err
}

// fill adds what hangs on the partner that the person is.
func (e *Effect) fill(ctx context.Context, q db.Queryer, partner affiliate.PartnerID) (err error) {
	e.Partner = partner
	if e.Kept, err = payout.IdentityKept(ctx, q, partner); err != nil {
		return err
	}
	balances, err := ledger.BalancesOf(ctx, q, partner)
	if err != nil {
		return err
	}
	for _, b := range balances {
		owed, err := b.Owed()
		if err != nil {
			return err
		}
		if !owed.IsZero() || !b.Pending.IsZero() {
			e.Open = append(e.Open, Open{b, owed})
		}
	}
	return nil
}

// Asked is who is to be erased, and why.
type Asked struct {
	Contact affiliate.ContactID
	Reason  string
	// Despite erases a partner whose balance is open as well. The books keep it,
	// but nobody knows any more where it would go.
	Despite bool
}

// Erase takes a person out of all tables, in one transaction: afterwards the books,
// the audit and its chain are as whole as before, and name nobody. Payments keep
// payee and address. Erasing twice changes nothing more.
//
// Errors: KindInvalid by the field reason; KindNotFound; KindConflict for an open
// balance.
func (s *Service) Erase(ctx context.Context, actor affiliate.Actor, asked Asked) (e Effect, err error) {
	reason, err := affiliate.CheckReason(asked.Reason)
	if err != nil {
		return e, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		t, err := affiliate.FindTraces(ctx, tx, asked.Contact)
		if err != nil {
			return err
		}
		e = Effect{Contact: t.Contact}
		if t.Partner.ID != 0 {
			if err := e.fill(ctx, tx, t.Partner.ID); err != nil {
				return err
			}
		}
		if len(e.Open) > 0 && !asked.Despite {
			return affiliate.Conflict("This partner's balance is open. Pay it or write it off first.")
		}
		at := s.Now()
		if err := s.erase(ctx, tx, t, at); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at, affiliate.AuditEntry{Actor: actor, Action: "erase", Object: "contact",
			ObjectID: int64(asked.Contact), Reason: reason})
	})
	return e, err
}

// EraseUnknown takes a person out of what waits to be taken in, so that it doesn't bring
// them: no contact has their address. Nothing is written down of it, since it would name
// them.
func (s *Service) EraseUnknown(ctx context.Context, email string) error {
	address, err := affiliate.FoldEmail(email)
	if err != nil {
		return nil // nothing can wait for it
	}
	t := affiliate.Traces{Addresses: []string{address}}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		for _, step := range []func(context.Context, db.Queryer, affiliate.Traces) error{signup.ErasePerson,
			imports.ErasePerson, s.Facts} {
			if err := step(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) erase(ctx context.Context, tx *db.Tx, t affiliate.Traces, at time.Time) error {
	if err := affiliate.ErasePerson(ctx, tx, t, at); err != nil {
		return err
	}
	for _, step := range []func(context.Context, db.Queryer, affiliate.Traces) error{tracking.ErasePerson,
		sale.ErasePerson, signup.ErasePerson, messages.ErasePerson, apikey.ErasePerson, pixel.ErasePerson,
		task.ErasePerson, imports.ErasePerson, s.Facts} {
		if err := step(ctx, tx, t); err != nil {
			return err
		}
	}
	return webhooks.ErasePerson(ctx, tx, t, at)
}
