// Package payout pays partners what the books owe them: who can be paid
// (payrule.go), one partner at once (payout.go) or a batch (batch.go) that is
// filed (batch_step.go), sent and settled (batch_settle.go). Each step posts to
// the ledger.
//
// Tables of this package: payouts, payout_lines, payout_items, payout_files.
package payout

import (
	"context"
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
	tell ledger.Tell
	sent func(context.Context, db.Queryer, PayoutID) error // nil: nobody is told
}

// New works with the given clock; zone names the days of the site.
func New(h *db.Handle, now clock.Clock, zone func() *time.Location) *Service {
	return &Service{db: h, now: now, zone: zone}
}

func (sv *Service) recordedBy(actor affiliate.Actor) ledger.Recording {
	return ledger.Recording{Recorded: sv.now(), Actor: actor, Zone: sv.zone(), Tell: sv.tell}
}

// OnPosted is told of each journal that payouts write. Call it before the
// service is used.
func (sv *Service) OnPosted(tell ledger.Tell) { sv.tell = tell }

// OnSent is told of each batch that is sent, in its transaction. Call it before
// the service is used.
func (sv *Service) OnSent(tell func(context.Context, db.Queryer, PayoutID) error) { sv.sent = tell }
