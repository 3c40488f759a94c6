// Package ledger turns orders into commissions and commissions into payments,
// as double-entry journals that are only ever added to.
//
// An order comes in as its full state, any number of times (Converge). Who is
// credited is decided once and stored with its reasons (decide.go); what each
// line earns is calculated from the state (target.go); a pure plan compares that
// with what stands in the books and yields the differences (plan.go), which
// are posted in one transaction (journal.go). Approving, entries by hand and
// paying post to the same books (action.go, manual.go, payout.go, batch.go), and
// Verify proves them (verify.go).
//
// Tables of this package: orders, subscriptions, order_states, order_lines, decisions,
// commissions, manuals, journals, entries, balances, payouts, payout_lines,
// payout_items, payout_files. Locks are taken in the order: subscription, order, its contact,
// payout, its lines, commissions by id, manual entries by id, balances by
// partner and currency.
package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Ledger keeps the books on the site's database. It is safe for concurrent use,
// also by several sidecars.
type Ledger struct {
	db       *db.Handle
	now      clock.Clock
	zone     func() *time.Location // the site's, may change at run time
	registry *affiliate.Registry
	tracker  *tracking.Tracker
	tell     func(context.Context, db.Queryer, Earning) error // nil: nobody is told
}

// NewLedger keeps books with the given clock; zone names the days of the site.
func NewLedger(h *db.Handle, now clock.Clock, zone func() *time.Location, registry *affiliate.Registry, tracker *tracking.Tracker) *Ledger {
	return &Ledger{db: h, now: now, zone: zone, registry: registry, tracker: tracker}
}

// The ids of this package's nouns.
type (
	OrderID      = affiliate.ID[Order]
	LineID       = affiliate.ID[Line]
	CommissionID = affiliate.ID[Commission]
	ManualID     = affiliate.ID[Manual]
	JournalID    = affiliate.ID[Journal]
	PayoutID     = affiliate.ID[Payout]
	PayoutLineID = affiliate.ID[PayoutLine]
)
