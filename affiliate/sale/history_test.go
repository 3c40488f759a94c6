package sale

import (
	"flag"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
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
// Spec: S76 D11.2 D19 D20 D22.1 D22.2 D39 B1 B3.1 B4.1
func TestRandomHistories(t *testing.T) {
	checks(t, *histories)
	rapid.Check(t, func(t *rapid.T) {
		b := newBooks()
		wanted := map[ledger.Slot]Target{}
		amounts := rapid.Int64Range(0, 40)
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0, 1, 2:
				key := ledger.Slot{LineID: affiliate.LineID(rapid.IntRange(1, 2).Draw(t, "line")),
					Level: rapid.IntRange(1, 2).Draw(t, "level")}
				wanted[key] = Target{LineID: key.LineID, Level: key.Level, DecisionVersion: 1, partnerID: 7,
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

func targetsOf(wanted map[ledger.Slot]Target) []Target {
	all := []Target{}
	for _, t := range wanted {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Target) int { return int(a.LineID-b.LineID)*10 + a.Level - b.Level })
	return all
}

// randomAction is something an admin may do to some commission.
func (b *books) randomAction(t *rapid.T) {
	if len(b.all) == 0 {
		return
	}
	c := rapid.SampledFrom(b.all).Draw(t, "commission")
	switch kind := rapid.SampledFrom([]ledger.Kind{ledger.Approve, ledger.Approve, ledger.Unapprove,
		ledger.Cancel}).Draw(t, "action"); {
	case kind == ledger.Approve && c.Status == ledger.Pending:
		b.approve(t, c)
	case kind == ledger.Unapprove && c.Status == ledger.Approved && c.Payable == c.Amount:
		b.act(t, c, ledger.Unapprove, ledger.AccountPayable, ledger.AccountPending, c.Amount)
	case kind == ledger.Cancel && (c.Status == ledger.Pending || c.Status == ledger.Approved):
		b.cancel(t, c)
	}
}

// check proves what must hold at any time.
func (b *books) check(t *rapid.T, wanted map[ledger.Slot]Target) {
	sums, net := map[ledger.Slot]money.Amount{}, map[ledger.Account]money.Amount{}
	for _, c := range b.all {
		if c.Amount.Sign() < 0 || c.Pending.Sign() < 0 || c.Amount.Cmp(c.Granted) > 0 && c.Stage != ledger.Canceled {
			t.Fatalf("commission %+v is impossible", c)
		}
		key := c.Slot()
		sums[key] = mustSum(t, sums[key], c.Amount)
		for a, amount := range map[ledger.Account]money.Amount{ledger.AccountPending: c.Pending,
			ledger.AccountPayable: c.Payable, ledger.AccountInPayout: c.InPayout, ledger.AccountPaid: c.Book.Paid,
			ledger.AccountExpense: c.Amount.Neg()} {
			net[a] = mustSum(t, net[a], amount)
		}
	}
	for key, w := range wanted {
		want := w.amount
		for _, c := range b.all {
			if c.Stage == ledger.Canceled && key == (c.Slot()) {
				want = money.Min(want, c.Granted)
			}
		}
		if sums[key] != want {
			t.Fatalf("line %d, level %d: commissions sum to %s, want %s of the target %s", key.LineID, key.Level,
				sums[key], want, w.amount)
		}
	}
	for _, a := range []ledger.Account{ledger.AccountExpense, ledger.AccountPending, ledger.AccountPayable,
		ledger.AccountInPayout, ledger.AccountPaid} {
		if net[a] != b.balances[a] {
			t.Fatalf("account %s holds %s, its commissions %s", a, b.balances[a], net[a])
		}
	}
	if !mustSum(t, b.balances[ledger.AccountExpense], b.balances[ledger.AccountPending],
		b.balances[ledger.AccountPayable], b.balances[ledger.AccountInPayout],
		b.balances[ledger.AccountPaid]).IsZero() {
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
