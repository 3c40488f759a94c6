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

// histories is how many random histories each property is tried on.
var histories = flag.Int("histories", 10_000, "random histories that the ledger's properties are tried on")

// world is an order in memory: its lines as they stand, who is credited, and
// the books of everybody who ever was.
type world struct {
	decision Decision
	bases    map[affiliate.LineID]int64 // what is left of each line, in whole units
	all      []*ledger.Commission
	balances map[affiliate.PartnerID]map[ledger.Account]money.Amount
}

func newWorld() *world {
	return &world{decision: Decision{DecisionVersion: 1, PartnerID: 1, ProgramID: 1},
		bases:    map[affiliate.LineID]int64{},
		balances: map[affiliate.PartnerID]map[ledger.Account]money.Amount{}}
}

// wanted are the targets of the order: 10 % on level 1, 5 % on level 2, and
// twice that in program 2.
func (w *world) wanted() []Target {
	all := []Target{}
	for line, base := range w.bases {
		for level, partner := range map[int]affiliate.PartnerID{1: w.decision.PartnerID, 2: w.decision.RecruiterID} {
			if partner == 0 {
				continue
			}
			all = append(all, Target{LineID: line, Level: level, DecisionVersion: w.decision.DecisionVersion,
				partnerID: partner,
				Base:      usd(itoa(base)), amount: cents(base * 10 / int64(level) * int64(w.decision.ProgramID))})
		}
	}
	slices.SortFunc(all, func(a, b Target) int { return int(a.LineID-b.LineID)*10 + a.Level - b.Level })
	return all
}

func cents(n int64) money.Amount {
	a, err := money.MulDiv(usd(itoa(n)), usd("1"), usd("100"), "USD")
	if err != nil {
		panic(err)
	}
	return a
}

// converge does as a settlement does, and returns how many journals it took.
func (w *world) converge(t failer) int {
	t.Helper()
	w.decision.adopt(w.all)
	postings, err := Plan(w.wanted(), w.all)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range postings {
		if c := p.Commission; c.ID == 0 {
			c.Stage, c.Currency, c.ProgramID, c.ToolID = ledger.Pending, "USD", w.decision.ProgramID, w.decision.ToolID
			w.all = append(w.all, c)
			c.ID = ledger.CommissionID(len(w.all))
		}
	}
	rebase(w.wanted(), w.all)
	w.post(t, postings)
	return len(postings)
}

func (w *world) post(t failer, postings []ledger.Posting) {
	t.Helper()
	journals, entries, err := ledger.Enter(asAnna, postings)
	if err != nil {
		t.Fatal(err)
	}
	for i, journal := range entries {
		partner := journals[i].PartnerID
		if w.balances[partner] == nil {
			w.balances[partner] = map[ledger.Account]money.Amount{}
		}
		for _, e := range journal {
			w.balances[partner][e.Account] = mustSum(t, w.balances[partner][e.Account], e.Amount)
		}
	}
}

// credit re-decides the order, as a re-run or a move to another program does.
func (w *world) credit(t *rapid.T) {
	w.decision.DecisionVersion++
	w.decision.PartnerID = affiliate.PartnerID(rapid.IntRange(1, 3).Draw(t, "partner"))
	w.decision.RecruiterID = affiliate.PartnerID(rapid.SampledFrom([]int{0, 4, 5}).Draw(t, "recruiter"))
	w.decision.ProgramID = affiliate.ProgramID(rapid.IntRange(1, 2).Draw(t, "program"))
	w.decision.ToolID = affiliate.ToolID(rapid.IntRange(0, 1).Draw(t, "tool"))
}

// act is something an admin does to a commission.
func (w *world) act(t *rapid.T) {
	if len(w.all) == 0 {
		return
	}
	c := rapid.SampledFrom(w.all).Draw(t, "commission")
	switch kind := rapid.SampledFrom([]ledger.Kind{ledger.Approve, ledger.Approve, ledger.Approve, ledger.Unapprove,
		ledger.Cancel}).Draw(t, "action"); {
	case kind == ledger.Approve && c.Status == ledger.Pending:
		w.post(t, []ledger.Posting{{Commission: c, Kind: ledger.Approve, From: ledger.AccountPending,
			To: ledger.AccountPayable, Amount: c.Amount}})
	case kind == ledger.Unapprove && c.Status == ledger.Approved:
		w.post(t, []ledger.Posting{{Commission: c, Kind: ledger.Unapprove, From: ledger.AccountPayable,
			To: ledger.AccountPending, Amount: c.Amount}})
	case kind == ledger.Cancel && (c.Status == ledger.Pending || c.Status == ledger.Approved):
		rest, err := besides(c, w.all)
		if err != nil {
			t.Fatal(err)
		}
		w.post(t, []ledger.Posting{{Commission: c, Kind: ledger.Cancel, From: c.Account(), To: ledger.AccountExpense,
			Amount: c.Amount, Rest: rest}})
	}
}

// pay pays a partner whatever they are owed.
func (w *world) pay(t *rapid.T) {
	partner := affiliate.PartnerID(rapid.IntRange(1, 5).Draw(t, "paid"))
	owed := w.balances[partner][ledger.AccountPayable]
	if owed.Sign() <= 0 {
		return
	}
	postings, sum := []ledger.Posting{}, money.Amount{}
	for _, c := range w.all {
		if c.PartnerID == partner && !c.Payable.IsZero() {
			sum = mustSum(t, sum, c.Payable)
			postings = append(postings, ledger.Posting{Commission: c, Kind: ledger.PayOut, From: ledger.AccountPayable,
				To: ledger.AccountInPayout, Amount: c.Payable})
			postings = append(postings, ledger.Posting{Commission: c, Kind: ledger.Settle, From: ledger.AccountInPayout,
				To: ledger.AccountPaid, Amount: c.Payable})
		}
	}
	if sum != owed || sum.Sign() <= 0 {
		t.Fatalf("the payout of %s is made of %s", owed, sum)
	}
	w.post(t, postings)
}

// Random orders, refunds, re-runs, moves to other programs, approvals,
// cancellations and payouts, with duplicates.
//
// Spec: S82 S93 S94 S97.2 D11.2 D16 D20 D22 D24 D39 B1 B3 B4.1
func TestRandomHistoriesOfRerunsAndRefunds(t *testing.T) {
	checks(t, *histories)
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		for range rapid.IntRange(1, 16).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1, 2:
				w.bases[affiliate.LineID(rapid.IntRange(1, 2).Draw(t, "line"))] = rapid.Int64Range(0, 40).Draw(t,
					"base")
				w.converge(t)
			case 3:
				w.credit(t)
				w.converge(t)
				w.checkReinstated(t)
			case 4, 5:
				w.act(t)
			case 6:
				w.pay(t)
			case 7:
				if n := w.converge(t); n != 0 {
					t.Fatalf("the same state again took %d journals", n)
				}
			}
			w.check(t)
		}
		for line := range w.bases {
			w.bases[line] = 0
		}
		w.converge(t)
		w.check(t)
		if sum, err := ledger.SumOf(w.all); err != nil || !sum.IsZero() {
			t.Fatalf("%s is left of a full refund, %v", sum, err)
		}
	})
}

// check proves what must hold at any time.
func (w *world) check(t *rapid.T) {
	sums, capped, bases := map[ledger.Slot]money.Amount{}, map[ledger.Slot]bool{}, map[ledger.Slot]money.Amount{}
	net := map[affiliate.PartnerID]map[ledger.Account]money.Amount{}
	for _, c := range w.all {
		key := c.Slot()
		sums[key] = mustSum(t, sums[key], c.Amount)
		if c.Amount.Sign() < 0 || c.DecisionVersion != w.decision.DecisionVersion && !c.Amount.IsZero() {
			t.Fatalf("commission %+v is impossible", c)
		}
		if c.DecisionVersion == w.decision.DecisionVersion && c.Stage == ledger.Canceled {
			capped[key] = true
		}
		if c.DecisionVersion == w.decision.DecisionVersion && c.Stage != ledger.Canceled {
			bases[key] = mustSum(t, bases[key], c.Base)
		}
		if net[c.PartnerID] == nil {
			net[c.PartnerID] = map[ledger.Account]money.Amount{}
		}
		for a, amount := range map[ledger.Account]money.Amount{ledger.AccountPending: c.Pending,
			ledger.AccountPayable: c.Payable, ledger.AccountInPayout: c.InPayout, ledger.AccountPaid: c.Book.Paid,
			ledger.AccountExpense: c.Amount.Neg()} {
			net[c.PartnerID][a] = mustSum(t, net[c.PartnerID][a], amount)
		}
	}
	w.checkSlots(t, sums, bases, capped)
	for partner, accounts := range w.balances {
		total := money.Amount{}
		for a, amount := range accounts {
			total = mustSum(t, total, amount)
			if net[partner][a] != amount {
				t.Fatalf("partner %s has %s on %s, their commissions %s", partner, amount, a, net[partner][a])
			}
		}
		if !total.IsZero() {
			t.Fatalf("the accounts of partner %s sum to %s", partner, total)
		}
	}
}

func (w *world) checkSlots(t *rapid.T, sums, bases map[ledger.Slot]money.Amount, capped map[ledger.Slot]bool) {
	for _, wanted := range w.wanted() {
		key := ledger.Slot{LineID: wanted.LineID, Level: wanted.Level}
		allowed := wanted.allowed(w.inForce(key))
		if sums[key] != allowed {
			t.Fatalf("line %s, level %d: commissions sum to %s, want %s of %s", key.LineID, key.Level, sums[key],
				allowed, wanted.amount)
		}
		if _, live := bases[key]; live && !capped[key] && bases[key] != wanted.Base {
			t.Fatalf("line %s, level %d: bases sum to %s, want %s", key.LineID, key.Level, bases[key], wanted.Base)
		}
		if bases[key].Cmp(wanted.Base) > 0 {
			t.Fatalf("line %s, level %d: bases sum to %s of %s", key.LineID, key.Level, bases[key], wanted.Base)
		}
	}
}

// checkReinstated proves that a re-run leaves nothing canceled of what the order
// earns, and nothing of a sale with those who lost it.
func (w *world) checkReinstated(t *rapid.T) {
	sums := map[ledger.Slot]money.Amount{}
	for _, c := range w.all {
		key := c.Slot()
		sums[key] = mustSum(t, sums[key], c.Amount)
	}
	for _, wanted := range w.wanted() {
		if key := (ledger.Slot{LineID: wanted.LineID, Level: wanted.Level}); sums[key] != wanted.amount {
			t.Fatalf("line %s, level %d: after a re-run commissions sum to %s, want %s", key.LineID, key.Level,
				sums[key], wanted.amount)
		}
	}
}

func (w *world) inForce(key ledger.Slot) []*ledger.Commission {
	found := []*ledger.Commission{}
	for _, c := range w.all {
		if (c.Slot()) == key && c.DecisionVersion == w.decision.DecisionVersion {
			found = append(found, c)
		}
	}
	return found
}

// What is reinstated beside a supplement that stayed is its line's first
// commission again, by which sales are counted.
//
// Spec: S82, D22
func TestWhatIsReinstatedIsTheFirstOfItsLine(t *testing.T) {
	w := newWorld()
	w.bases[1] = 100
	w.converge(t)
	w.post(t, []ledger.Posting{{Commission: w.all[0], Kind: ledger.Approve, From: ledger.AccountPending,
		To: ledger.AccountPayable, Amount: w.all[0].Amount}})
	w.bases[1] = 150
	w.converge(t)
	w.post(t, []ledger.Posting{{Commission: w.all[0], Kind: ledger.Cancel, From: ledger.AccountPayable,
		To: ledger.AccountExpense, Amount: w.all[0].Amount, Rest: w.all[1].Amount}})
	w.decision.DecisionVersion++
	w.converge(t)
	if c := w.all[len(w.all)-1]; c.Sequence != 1 || c.DecisionVersion != 2 || c.Amount != usd("15") {
		t.Errorf("after the re-run there is %+v", *c)
	}
	if sum, _ := ledger.SumOf(w.all); sum != usd("15") {
		t.Errorf("the line earns %s", sum)
	}
}

// A supplement's base is only its increase; refunds take from it first.
//
// Spec: S37, D22
func TestBasesMayBeSummed(t *testing.T) {
	w := newWorld()
	step := func(base int64, want ...string) {
		t.Helper()
		w.bases[1] = base
		w.converge(t)
		got := []string{}
		for _, c := range w.all {
			got = append(got, c.Base.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("at %s the bases are %v, want %v", strconv.FormatInt(base, 10), got, want)
		}
	}
	step(100, "100")
	step(80, "80") // refunded while pending
	w.post(t, []ledger.Posting{{Commission: w.all[0], Kind: ledger.Approve, From: ledger.AccountPending,
		To: ledger.AccountPayable, Amount: w.all[0].Amount}})
	step(120, "80", "40")
	step(90, "80", "10")
	step(60, "60", "0")
	step(75, "75", "0")
	step(100, "80", "20")
}
