// Package payout pays partners what the books owe them: who can be paid
// (payrule.go), one partner at once (payout.go) or a batch (batch.go) that is
// filed (batch_step.go), sent and settled (batch_settle.go). Each step posts to
// the ledger.
//
// Tables of this package: payouts, payout_lines, payout_items, payout_files.
package payout

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/clock"
	"partnercenter/db"
)

// Service pays, on the site's database. It is safe for concurrent use, also by
// several sidecars.
type Service struct {
	db   *db.Handle
	now  clock.Clock
	zone func() *time.Location // the site's, may change at run time
}

// New works with the given clock; zone names the days of the site.
func New(h *db.Handle, now clock.Clock, zone func() *time.Location) *Service {
	return &Service{db: h, now: now, zone: zone}
}

func (sv *Service) stamp(actor affiliate.Actor) ledger.Stamp {
	return ledger.Stamp{Recorded: sv.now(), Actor: actor, Zone: sv.zone()}
}
