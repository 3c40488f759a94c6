package sidecar

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/db"
)

// letters makes what happens in the domain events that people are written about,
// each as a step of the transaction in which it happens: a row of ids.
type letters struct{ desk *messages.Desk }

// earned tells of a commission that was earned: once for each partner, order and
// level (S20).
func (l letters) earned(ctx context.Context, q db.Queryer, e sale.Earning) error {
	return l.desk.Tell(ctx, q, messages.Event{Key: fmt.Sprintf("earned-%d-%d-%d", e.OrderID, e.Level, e.PartnerID),
		Occasion: messages.CommissionEarned, ProgramID: e.Program.ID, PartnerID: e.PartnerID,
		Facts: messages.Facts{OrderID: e.OrderID, Level: e.Level, SellerID: e.SellerID, Amount: e.Amount,
			Currency: e.Currency}})
}

// ofPosting are the occasions of commissions, by what was posted.
var ofPosting = map[ledger.Kind]messages.Occasion{ledger.Approve: messages.CommissionApproved,
	ledger.Cancel: messages.CommissionCanceled, ledger.Refund: messages.CommissionRefunded}

// group is what one letter is about: the lines of an order that were posted
// together.
type group struct {
	occasion messages.Occasion
	order    affiliate.OrderID
	level    int
	partner  affiliate.PartnerID
}

// posted tells of journals: what was done to an order at once is one letter.
func (l letters) posted(ctx context.Context, q db.Queryer, all []ledger.Posted) error {
	events, at, paid := []messages.Event{}, map[group]int{}, map[affiliate.PayoutLineID]bool{}
	climbed := map[climber]bool{}
	sellers, err := sellersOf(ctx, q, all)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.PayoutLineID != 0 && !paid[p.PayoutLineID] {
			if e, is := ofPayment(p); is {
				var err error
				if e.ProgramID, err = programOf(ctx, q, p.PartnerID); err != nil {
					return err
				}
				events, paid[p.PayoutLineID] = append(events, e), true
			}
		}
		if e, is := climb(p); is {
			who := climber{e.PartnerID, e.ProgramID}
			if !climbed[who] {
				events, climbed[who] = append(events, e), true
			}
		}
		occasion, is := ofPosting[p.Kind]
		if !is || p.Commission == nil {
			continue
		}
		c := p.Commission
		key := group{occasion, c.OrderID, c.Level, c.PartnerID}
		i, known := at[key]
		if !known {
			i, at[key] = len(events), len(events)
			events = append(events, messages.Event{Key: fmt.Sprintf("%s-%d-%d", occasion, c.ID, p.Seq),
				Occasion: occasion, ProgramID: c.ProgramID, PartnerID: c.PartnerID,
				Facts: messages.Facts{OrderID: c.OrderID, Level: c.Level, Currency: c.Currency, Reason: p.Reason}})
		}
		sum, err := events[i].Facts.Amount.Add(p.Amount)
		if err != nil {
			return err
		}
		events[i].Facts.Amount = sum
		if c.Level == 2 {
			events[i].Facts.SellerID = sellers[c.OrderID]
		}
	}
	return l.desk.Tell(ctx, q, events...)
}

type climber struct {
	partner affiliate.PartnerID
	program affiliate.ProgramID
}

// climb is the event that what a partner has sold may have changed, by which
// milestones are reached.
func climb(p ledger.Posted) (messages.Event, bool) {
	switch p.Kind {
	case ledger.Earn, ledger.Cancel, ledger.Refund, ledger.Restore, ledger.Reverse:
	default:
		return messages.Event{}, false
	}
	c := p.Commission
	if c == nil || c.Level != 1 {
		return messages.Event{}, false
	}
	return messages.Event{Key: fmt.Sprintf("standing-%d-%d", c.ID, p.Seq), Occasion: messages.Standing,
		ProgramID: c.ProgramID, PartnerID: c.PartnerID}, true
}

// sellersOf are who made the sales of the orders that a recruiter's letter is about, as
// decided last: at once for all that was posted, which may be hundreds.
func sellersOf(ctx context.Context, q db.Queryer, all []ledger.Posted) (map[affiliate.OrderID]affiliate.PartnerID,
	error) {
	orders := []affiliate.OrderID{}
	for _, p := range all {
		if _, is := ofPosting[p.Kind]; is && p.Commission != nil && p.Commission.Level == 2 {
			orders = append(orders, p.Commission.OrderID)
		}
	}
	sellers := map[affiliate.OrderID]affiliate.PartnerID{}
	for part := range slices.Chunk(orders, db.RowsAtOnce) {
		found := []struct {
			Order  affiliate.OrderID   `db:"order_id"`
			Seller affiliate.PartnerID `db:"seller"`
		}{}
		err := db.SelectIn(ctx, q, &found, `/* sidecar.sellersOf */ SELECT d.order_id, COALESCE(d.partner_id, 0) AS seller
			FROM {wp}partner_center_decisions d WHERE d.order_id IN (?) AND NOT EXISTS (
				SELECT 1 FROM {wp}partner_center_decisions later
				WHERE later.order_id = d.order_id AND later.decision_version > d.decision_version)`, part)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			sellers[f.Order] = f.Seller
		}
	}
	return sellers, nil
}

// ofPayment is the letter about a payment that was made at once, or came back.
func ofPayment(p ledger.Posted) (messages.Event, bool) {
	e := messages.Event{PartnerID: p.PartnerID, Facts: messages.Facts{PaymentID: p.PayoutLineID}}
	switch p.Kind {
	case ledger.Settle:
		e.Occasion, e.Key = messages.PaymentSent, fmt.Sprintf("paid-%d", p.PayoutLineID)
	case ledger.Return, ledger.Release:
		if p.Reason != string(reason.PaymentReturned) {
			return e, false // taken back by an admin: the partner never had it
		}
		e.Occasion = messages.PaymentReturned
		e.Key = fmt.Sprintf("returned-%d-%d-%d-%d", p.PayoutLineID, p.CommissionID, p.ManualID, p.Seq)
	default:
		return e, false
	}
	return e, true
}

// programOf is the program that a partner is in, or was in last.
func programOf(ctx context.Context, q db.Queryer, id affiliate.PartnerID) (program affiliate.ProgramID, err error) {
	err = q.Get(ctx, &program, `/* sidecar.programOf */ SELECT program_id FROM {wp}partner_center_memberships
		WHERE partner_id = ? ORDER BY active DESC, id DESC LIMIT 1`, id)
	if db.NoRows(err) {
		err = nil
	}
	return program, err
}

// sent tells of the payments of a batch that was sent: each once, though it is
// undone and sent again.
func (l letters) sent(ctx context.Context, q db.Queryer, id payout.PayoutID) error {
	lines := []struct {
		ID        affiliate.PayoutLineID `db:"id"`
		PartnerID affiliate.PartnerID    `db:"partner_id"`
	}{}
	err := q.Select(ctx, &lines, `/* sidecar.letters.sent */ SELECT id, partner_id FROM {wp}partner_center_payout_lines
		WHERE payout_id = ? AND state = 'sent' ORDER BY id`, id)
	if err != nil {
		return err
	}
	events := []messages.Event{}
	for _, line := range lines {
		program, err := programOf(ctx, q, line.PartnerID)
		if err != nil {
			return err
		}
		events = append(events, messages.Event{Key: fmt.Sprintf("paid-%d", line.ID), Occasion: messages.PaymentSent,
			ProgramID: program, PartnerID: line.PartnerID, Facts: messages.Facts{PaymentID: line.ID}})
	}
	return l.desk.Tell(ctx, q, events...)
}

// both tells two of what was posted.
func both(a, b ledger.Tell) ledger.Tell {
	return func(ctx context.Context, q db.Queryer, all []ledger.Posted) error {
		if err := a(ctx, q, all); err != nil {
			return err
		}
		return b(ctx, q, all)
	}
}
