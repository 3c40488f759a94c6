// Package sale turns orders into commissions.
//
// An order comes in as its full state, any number of times (Converge). Who is
// credited is decided once and stored with its reasons (decide.go); what each
// line earns is calculated from the state (target.go); a pure plan compares that
// with what stands in the books and yields the differences (plan.go), which the
// ledger posts in the same transaction.
//
// Tables of this package: orders, subscriptions, order_states, order_persons,
// order_lines, order_coupons, decisions, missing_sales.
package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Service takes orders in and credits partners for them, on the site's
// database. It is safe for concurrent use, also by several sidecars.
type Service struct {
	db      *db.Handle
	now     clock.Clock
	zone    func() *time.Location // the site's, may change at run time
	tracker *tracking.Tracker
	tell    func(context.Context, db.Queryer, Earning) error // nil: nobody is told
	posted  ledger.Tell
}

// New works with the given clock; zone names the days of the site.
func New(h *db.Handle, now clock.Clock, zone func() *time.Location, tracker *tracking.Tracker) *Service {
	return &Service{db: h, now: now, zone: zone, tracker: tracker}
}

func (sv *Service) recordedBy(actor affiliate.Actor) ledger.Recording {
	return ledger.Recording{Recorded: sv.now(), Actor: actor, Zone: sv.zone(), Tell: sv.posted}
}

// OnPosted is told of each journal that orders cause. Call it before the service
// is used.
func (sv *Service) OnPosted(tell ledger.Tell) { sv.posted = tell }
