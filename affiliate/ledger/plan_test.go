package ledger

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

var (
	noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	desk = recordedBy{recorded: noon, actor: "anna", zone: time.UTC}
)

func usd(text string) money.Amount { return money.MustParse(text) }

// books are commissions and balances in memory, posted to as the database is.
type books struct {
	all      []*Commission
	balances map[account]money.Amount
	kinds    []Kind
}

func newBooks() *books { return &books{balances: map[account]money.Amount{}} }

type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// post applies postings and gives new commissions what the shell would.
func (b *books) post(t failer, postings []posting) {
	t.Helper()
	for _, p := range postings {
		if p.commission.ID == 0 {
			p.commission.Stage, p.commission.Currency = Pending, "USD"
			b.all = append(b.all, p.commission)
			p.commission.ID = CommissionID(len(b.all))
		}
		b.kinds = append(b.kinds, p.kind)
	}
	_, entries, err := enter(desk, postings)
	if err != nil {
		t.Fatal(err)
	}
	for _, journal := range entries {
		for _, e := range journal {
			sum, err := b.balances[e.account].Add(e.amount)
			if err != nil {
				t.Fatal(err)
			}
			b.balances[e.account] = sum
		}
	}
}

// converge posts what the targets ask for and returns how many journals that took.
func (b *books) converge(t failer, wanted ...target) int {
	t.Helper()
	postings, err := plan(wanted, b.all)
	if err != nil {
		t.Fatal(err)
	}
	b.post(t, postings)
	return len(postings)
}

func (b *books) act(t failer, c *Commission, kind Kind, from, to account, amount money.Amount) {
	t.Helper()
	b.post(t, []posting{{commission: c, kind: kind, from: from, to: to, amount: amount}})
}

// cancel takes a commission back as an admin does.
func (b *books) cancel(t failer, c *Commission) {
	t.Helper()
	others := map[CommissionID]*Commission{}
	for _, c := range b.all {
		others[c.ID] = c
	}
	rest, err := sharedSlots(others).without(c)
	if err != nil {
		t.Fatal(err)
	}
	b.post(t, []posting{{commission: c, kind: Cancel, from: c.account(), to: expense, amount: c.Amount, rest: rest}})
}

func (b *books) approve(t failer, c *Commission) { b.act(t, c, Approve, pending, payable, c.Amount) }

// pay pays whatever is payable, unless that is a debt.
func (b *books) pay(t failer) {
	if b.balances[payable].Sign() <= 0 {
		return
	}
	due := b.due()
	b.move(t, due, PayOut, payable, inPayout)
	b.move(t, due, Settle, inPayout, paid)
}

// due are the open payable entries.
func (b *books) due() []item {
	items := []item{}
	for _, c := range b.all {
		if !c.Payable.IsZero() {
			items = append(items, item{commission: c, amount: c.Payable})
		}
	}
	return items
}

// move takes the items of a payout line from one account to another.
func (b *books) move(t failer, items []item, kind Kind, from, to account) {
	t.Helper()
	postings := []posting{}
	for _, i := range items {
		postings = append(postings, posting{commission: i.commission, kind: kind, from: from, to: to, amount: i.amount})
	}
	b.post(t, postings)
}

func (b *books) earned(t failer) money.Amount {
	sum, err := sumOf(b.all)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func on(line LineID, amount string) target {
	return target{lineID: line, level: 1, decisionVersion: 1, partnerID: 7, productID: 3, amount: usd(amount), base: usd(amount)}
}

type state struct {
	status                            Status
	amount, pending, payable, settled string
}

func (b *books) want(t *testing.T, when string, wanted ...state) {
	t.Helper()
	got := []state{}
	for _, c := range b.all {
		got = append(got, state{c.Status, c.Amount.String(), c.Pending.String(), c.Payable.String(), c.Book.Paid.String()})
	}
	if !slices.Equal(got, wanted) {
		t.Fatalf("%s:\n got %v\nwant %v", when, got, wanted)
	}
}

// Spec: S73, D22
func TestPendingFollowsTheOrderInPlace(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.want(t, "earned", state{Pending, "10", "10", "0", "0"})
	b.converge(t, on(1, "14"))
	b.want(t, "grown", state{Pending, "14", "14", "0", "0"})
	b.converge(t, on(1, "6"))
	b.want(t, "refunded in part", state{Pending, "6", "6", "0", "0"})
	b.converge(t, on(1, "0"))
	b.want(t, "refunded", state{Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "14"))
	b.want(t, "un-refunded", state{Pending, "14", "14", "0", "0"})
}

// Spec: D22
func TestApprovedNeverGrowsASupplementDoes(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.approve(t, b.all[0])
	b.converge(t, on(1, "15"))
	b.want(t, "grown", state{Approved, "10", "0", "10", "0"}, state{Pending, "5", "5", "0", "0"})
	if c := b.all[1]; c.Sequence != 2 || c.DecisionVersion != 1 || c.LineID != 1 || c.Level != 1 {
		t.Errorf("the supplement is %+v", c)
	}
	b.converge(t, on(1, "12"))
	b.want(t, "the pending part goes first", state{Approved, "10", "0", "10", "0"}, state{Pending, "2", "2", "0", "0"})
	b.converge(t, on(1, "7"))
	b.want(t, "then the payable one", state{Approved, "7", "0", "7", "0"}, state{Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "11"))
	b.want(t, "un-refunded without a new approval, no further", state{Approved, "10", "0", "10", "0"}, state{Pending, "1", "1", "0", "0"})
}

// Spec: S93, S94, D20, D22, B4
func TestRefundAfterPaymentIsCarriedForward(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "20"), on(2, "8"))
	b.approve(t, b.all[0])
	b.pay(t)
	b.converge(t, on(1, "0"), on(2, "8"))
	b.want(t, "clawback", state{Paid, "0", "0", "-20", "20"}, state{Pending, "8", "8", "0", "0"})
	b.approve(t, b.all[1])
	b.pay(t) // owes 12 still: nothing may be paid
	b.want(t, "debt", state{Paid, "0", "0", "-20", "20"}, state{Approved, "8", "0", "8", "0"})
	b.converge(t, on(1, "0"), on(2, "8"), on(3, "15"))
	b.approve(t, b.all[2])
	b.pay(t)
	b.want(t, "netted", state{Paid, "0", "0", "0", "0"}, state{Paid, "8", "0", "0", "8"}, state{Paid, "15", "0", "0", "15"})
	b.converge(t, on(1, "20"), on(2, "8"), on(3, "15"))
	b.want(t, "un-refunded", state{Paid, "20", "0", "20", "0"}, state{Paid, "8", "0", "0", "8"}, state{Paid, "15", "0", "0", "15"})
}

// Spec: D16, S81
func TestWhatAnAdminCanceledStaysCanceled(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"), on(2, "5"))
	b.cancel(t, b.all[0])
	for _, amount := range []string{"10", "25", "0", "10"} {
		if n := b.converge(t, on(1, amount), on(2, "5")); n != 0 {
			t.Errorf("at %s, %d journals came back", amount, n)
		}
	}
	b.want(t, "canceled", state{Canceled, "0", "0", "0", "0"}, state{Pending, "5", "5", "0", "0"})
}

// A canceled supplement leaves the approved part to rise and fall below it.
//
// Spec: D16, D22
func TestACanceledSupplementIsACap(t *testing.T) {
	b := newBooks()
	b.converge(t, on(1, "10"))
	b.approve(t, b.all[0])
	b.converge(t, on(1, "15"))
	b.cancel(t, b.all[1])
	b.converge(t, on(1, "4"))
	b.want(t, "down", state{Approved, "4", "0", "4", "0"}, state{Canceled, "0", "0", "0", "0"})
	b.converge(t, on(1, "30"))
	b.want(t, "up to what was granted", state{Approved, "10", "0", "10", "0"}, state{Canceled, "0", "0", "0", "0"})
}

// Found by random histories: the supplement had fallen to nothing and rose in
// the place of the part that was canceled.
//
// Spec: D16, D22
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
	next.decisionVersion, next.partnerID = 2, 8
	b.converge(t, next)
	b.want(t, "moved", state{Canceled, "0", "0", "0", "0"}, state{Pending, "12", "12", "0", "0"})
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
	c := &Commission{LineID: 1, Level: 1, DecisionVersion: 1, Sequence: 1, Amount: usd("-5"), Book: Book{Stage: Pending}}
	d := &Commission{LineID: 1, Level: 1, DecisionVersion: 1, Sequence: 2, Amount: usd("10"), Book: Book{Stage: Canceled}}
	if _, err := plan([]target{on(1, "-20")}, []*Commission{c, d}); err == nil {
		t.Error("taking more back than there is was planned")
	}
}

// The transitions of S76, replayed journal by journal.
//
// Spec: S76
func TestStatusIsAViewOfTheJournals(t *testing.T) {
	var b Book
	for _, step := range []struct {
		kind     Kind
		from, to account
		amount   string
		want     Status
	}{
		{Earn, expense, pending, "10", Pending},
		{Approve, pending, payable, "10", Approved},
		{Unapprove, payable, pending, "10", Pending},
		{Approve, pending, payable, "10", Approved},
		{PayOut, payable, inPayout, "10", InPayout},
		{Settle, inPayout, paid, "10", Paid},
		{Refund, payable, expense, "4", Paid},
		{PayOut, payable, inPayout, "-4", Paid},
		{Settle, inPayout, paid, "-4", Paid},
	} {
		if err := b.apply(step.kind, step.from, step.to, usd(step.amount)); err != nil {
			t.Fatal(err)
		}
		if total, _ := b.total(); b.status(total) != step.want {
			t.Errorf("after %s the status is %s, want %s", step.kind, b.status(total), step.want)
		}
	}
	if b.Paid != usd("6") {
		t.Errorf("paid is %s, want 6", b.Paid)
	}
}

// Spec: D19
func TestAJournalMustBalance(t *testing.T) {
	for _, entries := range [][]entry{
		{{pending, usd("1")}, {expense, usd("-2")}},
		{{pending, usd("0")}, {expense, usd("0")}},
		{{pending, usd("1")}, {pending, usd("-1")}},
	} {
		if err := balanced(entries); err == nil {
			t.Errorf("%v was taken for a journal", entries)
		}
	}
}

func TestOverflowIsAnError(t *testing.T) {
	c := &Commission{PartnerID: affiliate.PartnerID(7), Currency: "USD", Book: Book{Stage: Pending}}
	most := posting{commission: c, kind: Earn, from: expense, to: pending, amount: usd("922337203685477.58")}
	if _, _, err := enter(desk, []posting{most, most}); err == nil {
		t.Error("twice the largest amount was posted")
	}
}
