package sale

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
)

var (
	noon   = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	asAnna = ledger.Recording{Recorded: noon, Actor: "anna", Zone: time.UTC}
)

func usd(text string) money.Amount { return money.MustParse(text) }

// books are commissions and balances in memory, posted to as the database is.
type books struct {
	all      []*ledger.Commission
	balances map[ledger.Account]money.Amount
	kinds    []ledger.Kind
}

func newBooks() *books { return &books{balances: map[ledger.Account]money.Amount{}} }

type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// post applies postings and gives new commissions what the shell would.
func (b *books) post(t failer, postings []ledger.Posting) {
	t.Helper()
	for _, p := range postings {
		if p.Commission.ID == 0 {
			p.Commission.Stage, p.Commission.Currency = ledger.Pending, "USD"
			b.all = append(b.all, p.Commission)
			p.Commission.ID = ledger.CommissionID(len(b.all))
		}
		b.kinds = append(b.kinds, p.Kind)
	}
	_, entries, err := ledger.Enter(asAnna, postings)
	if err != nil {
		t.Fatal(err)
	}
	for _, journal := range entries {
		for _, e := range journal {
			sum, err := b.balances[e.Account].Add(e.Amount)
			if err != nil {
				t.Fatal(err)
			}
			b.balances[e.Account] = sum
		}
	}
}

// converge posts what the targets ask for and returns how many journals that took.
func (b *books) converge(t failer, wanted ...Target) int {
	t.Helper()
	postings, err := Plan(wanted, b.all)
	if err != nil {
		t.Fatal(err)
	}
	b.post(t, postings)
	return len(postings)
}

func (b *books) act(t failer, c *ledger.Commission, kind ledger.Kind, from, to ledger.Account, amount money.Amount) {
	t.Helper()
	b.post(t, []ledger.Posting{{Commission: c, Kind: kind, From: from, To: to, Amount: amount}})
}

// cancel takes a commission back as an admin does.
func (b *books) cancel(t failer, c *ledger.Commission) {
	t.Helper()
	rest, err := besides(c, b.all)
	if err != nil {
		t.Fatal(err)
	}
	b.post(t, []ledger.Posting{{Commission: c, Kind: ledger.Cancel, From: c.Account(), To: ledger.AccountExpense,
		Amount: c.Amount, Rest: rest}})
}

// besides is what the others of its line and level have.
func besides(c *ledger.Commission, all []*ledger.Commission) (money.Amount, error) {
	others := []*ledger.Commission{}
	for _, other := range all {
		if other != c && other.Slot() == c.Slot() {
			others = append(others, other)
		}
	}
	return ledger.SumOf(others)
}

func (b *books) approve(t failer, c *ledger.Commission) {
	b.act(t, c, ledger.Approve, ledger.AccountPending, ledger.AccountPayable, c.Amount)
}

// pay pays whatever is payable, unless that is a debt.
func (b *books) pay(t failer) {
	if b.balances[ledger.AccountPayable].Sign() <= 0 {
		return
	}
	due := b.due()
	b.move(t, due, ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout)
	b.move(t, due, ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid)
}

// dueItem is what a payout takes of a commission.
type dueItem struct {
	commission *ledger.Commission
	amount     money.Amount
}

func sumDue(items []dueItem) (money.Amount, error) {
	amounts := []money.Amount{}
	for _, i := range items {
		amounts = append(amounts, i.amount)
	}
	return money.Sum(amounts...)
}

// due are the open payable entries.
func (b *books) due() []dueItem {
	items := []dueItem{}
	for _, c := range b.all {
		if !c.Payable.IsZero() {
			items = append(items, dueItem{commission: c, amount: c.Payable})
		}
	}
	return items
}

// move takes the items of a payout line from one account to another.
func (b *books) move(t failer, items []dueItem, kind ledger.Kind, from, to ledger.Account) {
	t.Helper()
	postings := []ledger.Posting{}
	for _, i := range items {
		postings = append(postings, ledger.Posting{Commission: i.commission, Kind: kind, From: from, To: to,
			Amount: i.amount})
	}
	b.post(t, postings)
}

func (b *books) earned(t failer) money.Amount {
	sum, err := ledger.SumOf(b.all)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func on(line affiliate.LineID, amount string) Target {
	return Target{LineID: line, Level: 1, DecisionVersion: 1, partnerID: 7, productID: 3, amount: usd(amount),
		Base: usd(amount)}
}

type state struct {
	status                            ledger.Status
	amount, pending, payable, settled string
}

func (b *books) want(t *testing.T, when string, wanted ...state) {
	t.Helper()
	got := []state{}
	for _, c := range b.all {
		got = append(got, state{c.Status, c.Amount.String(), c.Pending.String(), c.Payable.String(),
			c.Book.Paid.String()})
	}
	if !slices.Equal(got, wanted) {
		t.Fatalf("%s:\n got %v\nwant %v", when, got, wanted)
	}
}

// Spec: S73 D22.1
func TestPendingFollowsTheOrderInPlace(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.want(t, "earned", state{ledger.Pending, "10", "10", "0", "0"})
	b.converge(t, on(1, "14"))
	b.want(t, "grown", state{ledger.Pending, "14", "14", "0", "0"})
	b.converge(t, on(1, "6"))
	b.want(t, "refunded in part", state{ledger.Pending, "6", "6", "0", "0"})
	b.converge(t, on(1, "0"))
	b.want(t, "refunded", state{ledger.Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "14"))
	b.want(t, "un-refunded", state{ledger.Pending, "14", "14", "0", "0"})
}

// Spec: D22.1 D22.2 D22.3
func TestApprovedNeverGrowsASupplementDoes(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.approve(t, b.all[0])
	b.converge(t, on(1, "15"))
	b.want(t, "grown", state{ledger.Approved, "10", "0", "10", "0"}, state{ledger.Pending, "5", "5", "0", "0"})
	if c := b.all[1]; c.Sequence != 2 || c.DecisionVersion != 1 || c.LineID != 1 || c.Level != 1 {
		t.Errorf("the supplement is %+v", c)
	}
	b.converge(t, on(1, "12"))
	b.want(t, "the pending part goes first", state{ledger.Approved, "10", "0", "10", "0"},
		state{ledger.Pending, "2", "2", "0", "0"})
	b.converge(t, on(1, "7"))
	b.want(t, "then the payable one", state{ledger.Approved, "7", "0", "7", "0"},
		state{ledger.Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "11"))
	b.want(t, "un-refunded without a new approval, no further", state{ledger.Approved, "10", "0", "10", "0"},
		state{ledger.Pending, "1", "1", "0", "0"})
}

// Spec: S93.2 S93.3 S94 D20 D22.3 B4.2
func TestRefundAfterPaymentIsCarriedForward(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "20"), on(2, "8"))
	b.approve(t, b.all[0])
	b.pay(t)
	b.converge(t, on(1, "0"), on(2, "8"))
	b.want(t, "clawback", state{ledger.Paid, "0", "0", "-20", "20"}, state{ledger.Pending, "8", "8", "0", "0"})
	b.approve(t, b.all[1])
	b.pay(t) // owes 12 still: nothing may be paid
	b.want(t, "debt", state{ledger.Paid, "0", "0", "-20", "20"}, state{ledger.Approved, "8", "0", "8", "0"})
	b.converge(t, on(1, "0"), on(2, "8"), on(3, "15"))
	b.approve(t, b.all[2])
	b.pay(t)
	b.want(t, "netted", state{ledger.Paid, "0", "0", "0", "0"}, state{ledger.Paid, "8", "0", "0", "8"},
		state{ledger.Paid, "15", "0", "0", "15"})
	b.converge(t, on(1, "20"), on(2, "8"), on(3, "15"))
	b.want(t, "un-refunded", state{ledger.Paid, "20", "0", "20", "0"}, state{ledger.Paid, "8", "0", "0", "8"},
		state{ledger.Paid, "15", "0", "0", "15"})
}

// Spec: S81 D16.2
func TestWhatAnAdminCanceledStaysCanceled(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"), on(2, "5"))
	b.cancel(t, b.all[0])
	for _, amount := range []string{"10", "25", "0", "10"} {
		if n := b.converge(t, on(1, amount), on(2, "5")); n != 0 {
			t.Errorf("at %s, %d journals came back", amount, n)
		}
	}
	b.want(t, "canceled", state{ledger.Canceled, "0", "0", "0", "0"}, state{ledger.Pending, "5", "5", "0", "0"})
}

// A canceled supplement leaves the approved part to rise and fall below it.
//
// Spec: D16.2 D22
func TestACanceledSupplementIsACap(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.approve(t, b.all[0])
	b.converge(t, on(1, "15"))
	b.cancel(t, b.all[1])
	b.converge(t, on(1, "4"))
	b.want(t, "down", state{ledger.Approved, "4", "0", "4", "0"}, state{ledger.Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "30"))
	b.want(t, "up to what was granted", state{ledger.Approved, "10", "0", "10", "0"},
		state{ledger.Canceled, "0", "0", "0", "0"})
}

// Found by random histories: the supplement had fallen to nothing and rose in
// the place of the part that was canceled.
//
// Spec: D16.2 D22
func TestWhatIsLeftNeverTakesThePlaceOfWhatWasCanceled(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.approve(t, b.all[0])
	b.converge(t, on(1, "15"))
	b.converge(t, on(1, "10"))
	b.cancel(t, b.all[0])
	for _, amount := range []string{"10", "15", "0", "99"} {
		if n := b.converge(t, on(1, amount)); n != 0 {
			t.Errorf("at %s, %d journals came back", amount, n)
		}
	}
}

// Spec: D18
func TestANewGenerationTakesTheOldOneBack(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	next := on(1, "12")
	next.DecisionVersion, next.partnerID = 2, 8
	b.converge(t, next)
	b.want(t, "moved", state{ledger.Canceled, "0", "0", "0", "0"}, state{ledger.Pending, "12", "12", "0", "0"})
	if b.all[0].PartnerID != 7 || b.all[1].PartnerID != 8 || b.all[1].DecisionVersion != 2 {
		t.Error("the commission did not go to the new partner")
	}
}

func TestCommissionsWithoutATargetAreTakenBack(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"), on(2, "3"))
	b.converge(t, on(2, "3"))
	if got := b.earned(t); got != usd("3") {
		t.Errorf("%s is earned, want 3", got)
	}
}

func TestAPlanRefusesBooksThatCannotBe(t *testing.T) {
	c := &ledger.Commission{LineID: 1, Level: 1, DecisionVersion: 1, Sequence: 1, Amount: usd("-5"),
		Book: ledger.Book{Stage: ledger.Pending}}
	d := &ledger.Commission{LineID: 1, Level: 1, DecisionVersion: 1, Sequence: 2, Amount: usd("10"),
		Book: ledger.Book{Stage: ledger.Canceled}}
	if _, err := Plan([]Target{on(1, "-20")}, []*ledger.Commission{c, d}); err == nil {
		t.Error("taking more back than there is was planned")
	}
}

// The transitions of S76, replayed journal by journal.
//
// Spec: S76.1 B1.2
func TestStatusIsAViewOfTheJournals(t *testing.T) {
	var b ledger.Book
	for _, step := range []struct {
		kind     ledger.Kind
		from, to ledger.Account
		amount   string
		want     ledger.Status
	}{
		{ledger.Earn, ledger.AccountExpense, ledger.AccountPending, "10", ledger.Pending},
		{ledger.Approve, ledger.AccountPending, ledger.AccountPayable, "10", ledger.Approved},
		{ledger.Unapprove, ledger.AccountPayable, ledger.AccountPending, "10", ledger.Pending},
		{ledger.Approve, ledger.AccountPending, ledger.AccountPayable, "10", ledger.Approved},
		{ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout, "10", ledger.InPayout},
		{ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid, "10", ledger.Paid},
		{ledger.Refund, ledger.AccountPayable, ledger.AccountExpense, "4", ledger.Paid},
		{ledger.PayOut, ledger.AccountPayable, ledger.AccountInPayout, "-4", ledger.Paid},
		{ledger.Settle, ledger.AccountInPayout, ledger.AccountPaid, "-4", ledger.Paid},
	} {
		if err := b.Apply(step.kind, step.from, step.to, usd(step.amount)); err != nil {
			t.Fatal(err)
		}
		if total, _ := b.Total(); b.StatusWith(total) != step.want {
			t.Errorf("after %s the status is %s, want %s", step.kind, b.StatusWith(total), step.want)
		}
	}
	if b.Paid != usd("6") {
		t.Errorf("paid is %s, want 6", b.Paid)
	}
}

func TestOverflowIsAnError(t *testing.T) {
	c := &ledger.Commission{PartnerID: affiliate.PartnerID(7), Currency: "USD",
		Book: ledger.Book{Stage: ledger.Pending}}
	most := ledger.Posting{Commission: c, Kind: ledger.Earn, From: ledger.AccountExpense, To: ledger.AccountPending,
		Amount: usd("922337203685477.58")}
	if _, _, err := ledger.Enter(asAnna, []ledger.Posting{most, most}); err == nil {
		t.Error("twice the largest amount was posted")
	}
}
