package sale

import (
	"testing"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
)

// Of what stands at the same stage, the latest supplement is taken back first;
// what is pending goes before all of it.
//
// Spec: D22.2
func TestTheLatestSupplementIsTakenBackFirst(t *testing.T) {
	of := func(sequence int, stage ledger.Status, amount string) *ledger.Commission {
		return &ledger.Commission{Sequence: sequence, Amount: usd(amount), Book: ledger.Book{Stage: stage}}
	}
	all := []*ledger.Commission{of(1, ledger.Approved, "10"), of(3, ledger.Approved, "4"), of(2, ledger.Pending, "2"),
		of(4, ledger.Approved, "1")}
	postings, err := lower(all, usd("6"), ledger.Refund)
	if err != nil {
		t.Fatal(err)
	}
	type taken struct {
		sequence int
		amount   money.Amount
	}
	want := []taken{{2, usd("2")}, {4, usd("1")}, {3, usd("3")}}
	for i, p := range postings {
		if i >= len(want) || (taken{p.Commission.Sequence, p.Amount}) != want[i] {
			t.Errorf("journal %d takes %s of sequence %d", i, p.Amount, p.Commission.Sequence)
		}
	}
	if len(postings) != len(want) {
		t.Errorf("%d journals, want %d", len(postings), len(want))
	}
}
