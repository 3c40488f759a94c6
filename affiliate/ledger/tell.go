package ledger

import (
	"context"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Posted is a journal that was written just now.
type Posted struct {
	Journal
	Commission *Commission  // as it stands after it; nil for a manual entry
	Amount     money.Amount // that it moved
}

// Tell is told of what is written, as a step of the transaction that writes it:
// a failure undoes both.
type Tell func(context.Context, db.Queryer, []Posted) error

// OnPosted is told of each journal that this ledger writes. Call it before the
// ledger is used.
func (l *Ledger) OnPosted(tell Tell) { l.tell = tell }

func posted(journals []Journal, postings []Posting) []Posted {
	all := make([]Posted, len(journals))
	for i, j := range journals {
		all[i] = Posted{j, postings[i].Commission, postings[i].Amount}
	}
	return all
}
