// Package tracking knows who brought whom: promo tools and their links, the
// click and its cookie, the forms of contacts and the referrers they make.
//
// A click is stored as a visit and names no person (S135). A form (opt-in,
// order, sign-up) ties a contact to the visit its cookie names; the first and
// last referrer of a contact are the fold of its forms in the order in which
// they happened, so they do not depend on when each form was processed.
//
// Tables of this package: tools, tool_groups, visits, visit_seen, visit_days,
// click_rejects, forms, instances.
package tracking

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// Tracker records clicks and forms on the site's database.
type Tracker struct {
	db       *db.Handle
	now      clock.Clock
	zone     func() *time.Location // the site's, may change at run time
	registry *affiliate.Registry
}
