// Package tracking knows who brought whom: promo tools and their links, the
// click and its cookie, the forms of contacts and the referrers they make.
//
// A click is stored as a visit and names no person (S135). A form (opt-in,
// order, sign-up) ties a contact to the visit its cookie names; the first and
// last referrer of a contact are the fold of its forms in the order in which
// they happened, so they do not depend on when each form was processed.
//
// Tables of this package: tools, tool_groups, visits, visit_seen, visit_days,
// click_rejects, touchpoints, claims, contact_browsers, resets, reset_contacts,
// instances, click_tokens, floods, visit_sums,
// visit_pages, own_clicks.
package tracking

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
)

// Tracker keeps promo tools and applies forms. Clicks are recorded by Clicks.
type Tracker struct {
	db       *db.Handle
	now      clock.Clock
	zone     func() *time.Location
	registry *affiliate.Registry
	keys     *keyring.Ring
	crowds   *crowds
}

// NewTracker works on the site's database. zone is the site's, asked for each
// fact since it can change at run time; keys sign the click cookies.
func NewTracker(h *db.Handle, now clock.Clock, zone func() *time.Location, registry *affiliate.Registry,
	keys *keyring.Ring) *Tracker {
	return &Tracker{db: h, now: now, zone: zone, registry: registry, keys: keys, crowds: &crowds{}}
}
