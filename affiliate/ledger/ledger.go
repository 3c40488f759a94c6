// Package ledger keeps the books: what partners earn, owe and were paid, as
// double-entry journals that are only ever added to.
//
// Money stands on five accounts of a partner (journal.go). Other packages move
// it by postings of commissions and manual entries, which Post writes down
// together with what they change. Here are the steps that an admin
// takes on commissions (action.go, hold.go), entries by hand (manual.go),
// balances and statements. Who earns what is decided in package sale, who is
// paid in package payout, and package verify proves all of it.
//
// Tables of this package: commissions, manuals, journals, entries, balances. Locks
// are taken in the order that docs/architecture.md gives.
package ledger

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// Ledger keeps the books on the site's database. It is safe for concurrent use,
// also by several sidecars.
type Ledger struct {
	db   *db.Handle
	now  clock.Clock
	zone func() *time.Location // the site's, may change at run time
	tell Tell
}

// New keeps books with the given clock; zone names the days of the site.
func New(h *db.Handle, now clock.Clock, zone func() *time.Location) *Ledger {
	return &Ledger{db: h, now: now, zone: zone}
}

// The ids of this package's nouns.
type (
	CommissionID = affiliate.ID[Commission]
	ManualID     = affiliate.ID[Manual]
	JournalID    = affiliate.ID[Journal]
)
