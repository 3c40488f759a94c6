package parts

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// Hint is something about a partner that is worth a look. It proves nothing, and
// says so.
type Hint struct {
	PartnerID affiliate.PartnerID
	Text      locale.Text
	Path      string // where one sees more
	Query     []string
}

// hintDays is for how long back coupons are looked at.
const hintDays = 30

// Hints are what is worth a look, at most limit of each kind: of one partner,
// unless it is 0. name says what a partner is called.
func Hints(ctx context.Context, tracker *tracking.Tracker, coupons *coupon.Service, partner affiliate.PartnerID,
	now time.Time, zone *time.Location, limit int) (hints []Hint, err error) {
	jumps, err := tracker.Jumps(ctx, affiliate.DayOf(now, zone), partner, limit)
	if err != nil {
		return nil, err
	}
	for _, j := range jumps {
		hints = append(hints, Hint{PartnerID: j.PartnerID, Path: Reports,
			Query: []string{"partner", j.PartnerID.String(), "measure", "visits"},
			Text: locale.T(
				"%d clicks in 7 days, usually %d, and no lead. It may be a robot or a new page: worth a look.",
				j.Clicks, j.Usual)})
	}
	suspects, err := coupons.Suspects(ctx, partner, now.AddDate(0, 0, -hintDays), limit)
	if err != nil {
		return nil, err
	}
	for _, s := range suspects {
		hints = append(hints, Hint{PartnerID: s.PartnerID, Path: PartnerPath(s.PartnerID),
			Text: locale.T("Coupon %s: %d of %d uses in 30 days came from buyers who never clicked a link of this "+
				"partner. The code may be on a coupon site.", s.Code, s.Unreached, s.Uses)})
	}
	if partner == 0 {
		return hints, nil // the groups of addresses are a task of their own
	}
	leads, err := tracker.LeadsToCheck(ctx, partner)
	if leads > 0 {
		hints = append(hints, Hint{PartnerID: partner, Path: Checks,
			Text: locale.N("%d lead came from a click or network that named many addresses. Decide if it counts.",
				"%d leads came from a click or network that named many addresses. Decide if they count.", leads)})
	}
	return hints, err
}
