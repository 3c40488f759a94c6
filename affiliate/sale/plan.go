package sale

import (
	"cmp"
	"fmt"
	"slices"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
)

// Plan yields the journals that make the commissions of an order sum to their
// targets (B3, D22). It is pure and idempotent: applied, it plans nothing more.
//
// Targets are those of one decision; commissions of others are worth nothing
// any more. Where an admin canceled a commission, the others of its line and
// level never come to more than they did then (D16).
func Plan(wanted []Target, existing []*ledger.Commission) ([]ledger.Posting, error) {
	bySlot := map[ledger.Slot][]*ledger.Commission{}
	for _, c := range existing {
		key := c.Slot()
		bySlot[key] = append(bySlot[key], c)
	}
	var out []ledger.Posting
	for _, t := range wanted {
		key := ledger.Slot{LineID: t.LineID, Level: t.Level}
		p, err := planSlot(t, bySlot[key])
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
		delete(bySlot, key)
	}
	for _, key := range sortedSlots(bySlot) { // nobody is to earn on these any more
		p, err := planSlot(Target{LineID: key.LineID, Level: key.Level}, bySlot[key])
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	return out, nil
}

func sortedSlots(m map[ledger.Slot][]*ledger.Commission) []ledger.Slot {
	keys := []ledger.Slot{}
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b ledger.Slot) int {
		return cmp.Or(cmp.Compare(a.LineID, b.LineID),
			a.Level-b.Level)
	})
	return keys
}

// planSlot brings one line and level to its target.
func planSlot(t Target, existing []*ledger.Commission) ([]ledger.Posting, error) {
	var current []*ledger.Commission
	var out []ledger.Posting
	for _, c := range existing {
		if c.DecisionVersion == t.DecisionVersion {
			current = append(current, c)
			continue
		}
		p, err := lower([]*ledger.Commission{c}, c.Amount, ledger.Reverse)
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	sum, err := ledger.SumOf(current)
	if err != nil {
		return nil, err
	}
	diff, err := t.allowed(current).Sub(sum)
	if err != nil {
		return nil, err
	}
	var p []ledger.Posting
	switch diff.Sign() {
	case -1:
		p, err = lower(current, diff.Neg(), ledger.Refund)
	case 1:
		p, err = raise(t, current, diff)
		link(p, current, existing)
	}
	return append(out, p...), err
}

// link names the commission of an earlier decision that the first one of a
// new decision takes the place of (S97).
func link(postings []ledger.Posting, current, existing []*ledger.Commission) {
	var before *ledger.Commission
	for _, c := range existing {
		if !slices.Contains(current, c) && (before == nil || c.DecisionVersion > before.DecisionVersion) {
			before = c
		}
	}
	for i := range postings {
		c := postings[i].Commission
		first := !slices.ContainsFunc(current,
			func(other *ledger.Commission) bool { return other.Sequence < c.Sequence })
		if c.ID == 0 && first {
			postings[i].Follows = before
		}
	}
}

// allowed is the target as far as no admin canceled it.
func (t Target) allowed(commissions []*ledger.Commission) money.Amount {
	amount := t.amount
	for _, c := range commissions {
		if c.Stage == ledger.Canceled {
			amount = money.Min(amount, c.Granted)
		}
	}
	return amount
}

// stages in the order in which money is taken back: pending, then payable, then
// as a clawback of what is in a payout or paid (D22).
var stages = map[ledger.Status]int{ledger.Pending: 0, ledger.Approved: 1, ledger.InPayout: 2, ledger.Paid: 3,
	ledger.Canceled: 4}

// lower takes less back from commissions, the latest supplement first, none
// below 0.
func lower(commissions []*ledger.Commission, less money.Amount, kind ledger.Kind) ([]ledger.Posting, error) {
	order := slices.SortedFunc(slices.Values(commissions), func(a, b *ledger.Commission) int {
		return cmp.Or(stages[a.Stage]-stages[b.Stage], b.Sequence-a.Sequence)
	})
	var out []ledger.Posting
	for _, c := range order {
		take := money.Min(less, c.Amount)
		if take.Sign() <= 0 {
			continue
		}
		out = append(out, ledger.Posting{Commission: c, Kind: kind, From: c.Account(), To: ledger.AccountExpense,
			Amount: take})
		var err error
		if less, err = less.Sub(take); err != nil {
			return nil, err
		}
	}
	if !less.IsZero() {
		return nil, fmt.Errorf("%s too much is to be taken back: the books are wrong, run verify", less)
	}
	return out, nil
}

// raise gives more: first back to what was granted before, then to what is
// still pending, last as a new pending supplement (D22).
func raise(t Target, commissions []*ledger.Commission, more money.Amount) ([]ledger.Posting, error) {
	order := slices.SortedFunc(slices.Values(commissions), func(a, b *ledger.Commission) int {
		return cmp.Or(stages[b.Stage]-stages[a.Stage], a.Sequence-b.Sequence)
	})
	next := 1
	var out []ledger.Posting
	for _, c := range order {
		next = max(next, c.Sequence+1)
		room, err := c.Room(more)
		if err != nil {
			return nil, err
		}
		if room.Sign() <= 0 {
			continue
		}
		kind := ledger.Restore
		if c.Stage == ledger.Pending && !c.Amount.IsZero() {
			kind = ledger.Earn
		}
		out = append(out, ledger.Posting{Commission: c, Kind: kind, From: ledger.AccountExpense, To: c.Account(),
			Amount: room})
		if more, err = more.Sub(room); err != nil {
			return nil, err
		}
	}
	if more.IsZero() {
		return out, nil
	}
	if !slices.ContainsFunc(commissions, func(c *ledger.Commission) bool { return c.Sequence == 1 }) {
		next = 1 // what an earlier decision left is a supplement of what takes its place
	}
	c := &ledger.Commission{LineID: t.LineID, Level: t.Level, DecisionVersion: t.DecisionVersion, Sequence: next,
		PartnerID: t.partnerID, ProductID: t.productID}
	return append(out, ledger.Posting{Commission: c, Kind: ledger.Earn, From: ledger.AccountExpense,
		To: ledger.AccountPending, Amount: more}), nil
}
