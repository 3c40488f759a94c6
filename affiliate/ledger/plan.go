package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate/money"
)

// posting is one journal to be written: amount from one account to another, of
// a commission or of a manual entry.
type posting struct {
	commission   *Commission // one with ID 0 is made
	manual       *Manual     // likewise, instead of a commission
	kind         Kind
	from, to     account
	amount       money.Amount
	rest         money.Amount // of Cancel: what the others of the line and level have
	reason       string
	follows      *Commission // of a new one: what it comes in the place of, its journals are linked (D24)
	related      JournalID   // the journal by which it was taken from there
	occurred     time.Time   // when its cause happened, not when it is processed (D15)
	payoutLineID PayoutLineID
}

// slot is what a target and its commissions have in common.
type slot struct {
	lineID LineID
	level  int
}

// plan yields the journals that make the commissions of an order sum to their
// targets (B3, D22). It is pure and idempotent: applied, it plans nothing more.
//
// Targets are those of one generation; commissions of others are worth nothing
// any more. Where an admin canceled a commission, the others of its line and
// level never come to more than they did then (D16).
func plan(wanted []target, have []*Commission) ([]posting, error) {
	bySlot := map[slot][]*Commission{}
	for _, c := range have {
		key := slot{c.LineID, c.Level}
		bySlot[key] = append(bySlot[key], c)
	}
	var out []posting
	for _, t := range wanted {
		key := slot{t.lineID, t.level}
		p, err := planSlot(t, bySlot[key])
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
		delete(bySlot, key)
	}
	for _, key := range sortedSlots(bySlot) { // nobody is to earn on these any more
		p, err := planSlot(target{lineID: key.lineID, level: key.level}, bySlot[key])
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	return out, nil
}

func sortedSlots(m map[slot][]*Commission) []slot {
	keys := []slot{}
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b slot) int { return cmp.Or(cmp.Compare(a.lineID, b.lineID), a.level-b.level) })
	return keys
}

// planSlot brings one line and level to its target.
func planSlot(t target, have []*Commission) ([]posting, error) {
	var current []*Commission
	var out []posting
	for _, c := range have {
		if c.DecisionVersion == t.decisionVersion {
			current = append(current, c)
			continue
		}
		p, err := lower([]*Commission{c}, c.Amount, Reverse)
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	sum, err := sumOf(current)
	if err != nil {
		return nil, err
	}
	diff, err := t.allowed(current).Sub(sum)
	if err != nil {
		return nil, err
	}
	var p []posting
	switch diff.Sign() {
	case -1:
		p, err = lower(current, diff.Neg(), Refund)
	case 1:
		p, err = raise(t, current, diff)
		link(p, current, have)
	}
	return append(out, p...), err
}

// link names the commission of an earlier generation that the first one of a
// new generation takes the place of (S97).
func link(postings []posting, current, have []*Commission) {
	var before *Commission
	for _, c := range have {
		if !slices.Contains(current, c) && (before == nil || c.DecisionVersion > before.DecisionVersion) {
			before = c
		}
	}
	for i := range postings {
		c := postings[i].commission
		first := !slices.ContainsFunc(current, func(other *Commission) bool { return other.Sequence < c.Sequence })
		if c.ID == 0 && first {
			postings[i].follows = before
		}
	}
}

// allowed is the target as far as no admin canceled it.
func (t target) allowed(commissions []*Commission) money.Amount {
	amount := t.amount
	for _, c := range commissions {
		if c.Stage == Canceled {
			amount = smaller(amount, c.Granted)
		}
	}
	return amount
}

func sumOf(commissions []*Commission) (money.Amount, error) {
	amounts := make([]money.Amount, len(commissions))
	for i, c := range commissions {
		amounts[i] = c.Amount
	}
	return money.Sum(amounts...)
}

// stages in the order in which money is taken back: pending, then payable, then
// as a clawback of what is in a payout or paid (D22).
var stages = map[Status]int{Pending: 0, Approved: 1, InPayout: 2, Paid: 3, Canceled: 4}

// lower takes less back from commissions, the latest supplement first, none
// below 0.
func lower(commissions []*Commission, less money.Amount, kind Kind) ([]posting, error) {
	order := slices.SortedFunc(slices.Values(commissions), func(a, b *Commission) int {
		return cmp.Or(stages[a.Stage]-stages[b.Stage], b.Sequence-a.Sequence)
	})
	var out []posting
	for _, c := range order {
		take := smaller(less, c.Amount)
		if take.Sign() <= 0 {
			continue
		}
		out = append(out, posting{commission: c, kind: kind, from: c.account(), to: expense, amount: take})
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
func raise(t target, commissions []*Commission, more money.Amount) ([]posting, error) {
	order := slices.SortedFunc(slices.Values(commissions), func(a, b *Commission) int {
		return cmp.Or(stages[b.Stage]-stages[a.Stage], a.Sequence-b.Sequence)
	})
	next := 1
	var out []posting
	for _, c := range order {
		next = max(next, c.Sequence+1)
		room, err := c.room(more)
		if err != nil {
			return nil, err
		}
		if room.Sign() <= 0 {
			continue
		}
		kind := Restore
		if c.Stage == Pending && !c.Amount.IsZero() {
			kind = Earn
		}
		out = append(out, posting{commission: c, kind: kind, from: expense, to: c.account(), amount: room})
		if more, err = more.Sub(room); err != nil {
			return nil, err
		}
	}
	if more.IsZero() {
		return out, nil
	}
	if !slices.ContainsFunc(commissions, func(c *Commission) bool { return c.Sequence == 1 }) {
		next = 1 // what an earlier generation left is a supplement of what takes its place
	}
	c := &Commission{LineID: t.lineID, Level: t.level, DecisionVersion: t.decisionVersion, Sequence: next,
		PartnerID: t.partnerID, ProductID: t.productID}
	return append(out, posting{commission: c, kind: Earn, from: expense, to: pending, amount: more}), nil
}

// room is how much of more fits into the commission as it stands.
func (c *Commission) room(more money.Amount) (money.Amount, error) {
	switch c.Stage {
	case Canceled:
		return money.Amount{}, nil
	case Pending:
		return more, nil
	}
	free, err := c.Granted.Sub(c.Amount)
	return smaller(more, free), err
}

func smaller(a, b money.Amount) money.Amount {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}
