package ledger

import (
	"flag"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate/money"
)

// checks is how many cases rapid tries, unless -rapid.checks asks for another number.
func checks(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	f.Value.Set(strconv.Itoa(n))
	t.Cleanup(func() { f.Value.Set(f.DefValue) })
}

// Random orders, refunds, approvals, cancellations and payments, each with
// duplicates: the books always balance and say what the last state asks for.
//
// Spec: B1, B3, B4, D11, D19, D20, D22, D39, S76
func TestRandomHistories(t *testing.T) {
	checks(t, *histories)
	rapid.Check(t, func(t *rapid.T) {
		b := newBooks()
		wanted := map[slot]target{}
		amounts := rapid.Int64Range(0, 40)
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0, 1, 2:
				key := slot{LineID(rapid.IntRange(1, 2).Draw(t, "line")), rapid.IntRange(1, 2).Draw(t, "level")}
				wanted[key] = target{lineID: key.lineID, level: key.level, decisionVersion: 1, partnerID: 7,
					amount: usd(strconv.FormatInt(amounts.Draw(t, "target"), 10))}
				b.converge(t, targetsOf(wanted)...)
			case 3, 4:
				b.randomAction(t)
			case 5:
				b.pay(t)
			case 6:
				if n := b.converge(t, targetsOf(wanted)...); n != 0 {
					t.Fatalf("the same state again took %d journals", n)
				}
			}
			b.check(t, wanted)
		}
		for key, w := range wanted {
			w.amount = money.Amount{}
			wanted[key] = w
		}
		b.converge(t, targetsOf(wanted)...)
		b.check(t, wanted)
		if got := b.earned(t); !got.IsZero() {
			t.Fatalf("%s is left of a full refund", got)
		}
	})
}

func targetsOf(wanted map[slot]target) []target {
	all := []target{}
	for _, t := range wanted {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b target) int { return int(a.lineID-b.lineID)*10 + a.level - b.level })
	return all
}

// randomAction is something an admin may do to some commission.
func (b *books) randomAction(t *rapid.T) {
	if len(b.all) == 0 {
		return
	}
	c := rapid.SampledFrom(b.all).Draw(t, "commission")
	switch kind := rapid.SampledFrom([]Kind{Approve, Approve, Unapprove, Cancel}).Draw(t, "action"); {
	case kind == Approve && c.Status == Pending:
		b.approve(t, c)
	case kind == Unapprove && c.Status == Approved && c.Payable == c.Amount:
		b.act(t, c, Unapprove, payable, pending, c.Amount)
	case kind == Cancel && (c.Status == Pending || c.Status == Approved):
		b.cancel(t, c)
	}
}

// check proves what must hold at any time.
func (b *books) check(t *rapid.T, wanted map[slot]target) {
	sums, net := map[slot]money.Amount{}, map[account]money.Amount{}
	for _, c := range b.all {
		if c.Amount.Sign() < 0 || c.Pending.Sign() < 0 || c.Amount.Cmp(c.Granted) > 0 && c.Stage != Canceled {
			t.Fatalf("commission %+v is impossible", c)
		}
		key := slot{c.LineID, c.Level}
		sums[key] = mustSum(t, sums[key], c.Amount)
		for a, amount := range map[account]money.Amount{pending: c.Pending, payable: c.Payable, inPayout: c.InPayout, paid: c.Book.Paid, expense: c.Amount.Neg()} {
			net[a] = mustSum(t, net[a], amount)
		}
	}
	for key, w := range wanted {
		want := w.amount
		for _, c := range b.all {
			if c.Stage == Canceled && key == (slot{c.LineID, c.Level}) {
				want = smaller(want, c.Granted)
			}
		}
		if sums[key] != want {
			t.Fatalf("line %d, level %d: commissions sum to %s, want %s of the target %s", key.lineID, key.level, sums[key], want, w.amount)
		}
	}
	for _, a := range accounts {
		if net[a] != b.balances[a] {
			t.Fatalf("account %s holds %s, its commissions %s", a, b.balances[a], net[a])
		}
	}
	if !mustSum(t, b.balances[expense], b.balances[pending], b.balances[payable], b.balances[inPayout], b.balances[paid]).IsZero() {
		t.Fatalf("the accounts do not sum to zero: %v", b.balances)
	}
}

func mustSum(t failer, amounts ...money.Amount) money.Amount {
	sum, err := money.Sum(amounts...)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
