package sale

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
)

// The states of a payment in memory.
const filed, settled, returned = "filed", "settled", "returned"

// payoutLine is a line of a payout in memory.
type payoutLine struct {
	state string
	items []dueItem
}

// Random orders, refunds and un-refunds, approvals, cancellations, and payouts
// that are filed, undone, settled and returned in any order: the books always
// balance, no payout is negative, every commission's books are what its targets
// ask for, and what is in payouts and paid is what the lines say.
//
// Spec: S93.3 S94 D19 D20 D21 D22 B1 B4.2 B16
func TestRandomPayouts(t *testing.T) {
	checks(t, 10_000)
	rapid.Check(t, func(t *rapid.T) {
		b, lines := newBooks(), []*payoutLine{}
		wanted := map[ledger.Slot]Target{}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1, 2: // an order rises, or falls by a refund
				key := ledger.Slot{LineID: affiliate.LineID(rapid.IntRange(1, 3).Draw(t, "line")), Level: 1}
				wanted[key] = Target{LineID: key.LineID, Level: 1, DecisionVersion: 1, partnerID: 7,
					amount: usd(strconv.Itoa(rapid.IntRange(0, 40).Draw(t, "target")))}
				b.converge(t, targetsOf(wanted)...)
			case 3:
				b.randomAction(t)
			case 4:
				lines = b.fileLine(t, lines)
			default:
				b.stepLine(t, lines)
			}
			b.check(t, wanted)
			b.checkLines(t, lines)
		}
	})
}

// fileLine takes what is payable into a payout, unless it is a debt.
func (b *books) fileLine(t *rapid.T, lines []*payoutLine) []*payoutLine {
	due := b.due()
	sum, err := sumDue(due)
	if err != nil || sum.Sign() <= 0 {
		return lines
	}
	b.move(t, due, ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout)
	return append(lines, &payoutLine{filed, due})
}

// stepLine takes some line on, or back.
func (b *books) stepLine(t *rapid.T, lines []*payoutLine) {
	if len(lines) == 0 {
		return
	}
	line := rapid.SampledFrom(lines).Draw(t, "payment")
	switch {
	case line.state == filed && rapid.Bool().Draw(t, "settle"):
		b.move(t, line.items, ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid)
		line.state = settled
	case line.state == filed:
		b.move(t, line.items, ledger.Release, ledger.AccountInPayout, ledger.AccountPayable)
		line.state = returned
	case line.state == settled:
		b.move(t, line.items, ledger.Return, ledger.AccountPaid, ledger.AccountPayable)
		line.state = returned
	}
}

func (b *books) checkLines(t *rapid.T, lines []*payoutLine) {
	sums := map[string]money.Amount{}
	takes := map[*ledger.Commission]bool{} // commissions with money of their own in a line that stands
	for _, line := range lines {
		sum, err := sumDue(line.items)
		if err != nil || sum.Sign() <= 0 {
			t.Fatalf("a payment of %s: %v", sum, err)
		}
		sums[line.state] = mustSum(t, sums[line.state], sum)
		for _, i := range line.items {
			if line.state != returned && i.amount.Sign() > 0 {
				takes[i.commission] = true
			}
		}
	}
	if sums[filed] != b.balances[ledger.AccountInPayout] || sums[settled] != b.balances[ledger.AccountPaid] {
		t.Fatalf("the lines hold %v, the accounts %v", sums, b.balances)
	}
	for _, c := range b.all {
		if !takes[c] && (c.Status == ledger.InPayout || c.Status == ledger.Paid) {
			t.Fatalf("no payout pays commission %s, which is %s: %+v", c.ID, c.Status, c.Book)
		}
		if !c.Clawback.IsZero() && !slices.Contains([]ledger.Status{ledger.InPayout, ledger.Paid}, c.Stage) ||
			c.Clawback.Sign() < 0 {
			t.Fatalf("of commission %s refunds after payment are %s: %+v", c.ID, c.Clawback, c.Book)
		}
		if c.Stage != ledger.Pending && c.Stage != ledger.Canceled && !c.Pending.IsZero() {
			t.Fatalf("commission %s is %s with %s pending", c.ID, c.Stage, c.Pending)
		}
	}
}
