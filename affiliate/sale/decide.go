package sale

import (
	"cmp"
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// Decision says who is credited for an order and why. It is made once for each
// decision; later states of the order change amounts only (D16).
type Decision struct {
	ID              affiliate.ID[Decision] `db:"id"`
	OrderID         affiliate.OrderID      `db:"order_id"`
	DecisionVersion int                    `db:"decision_version"` // from 1
	Reason          reason.Code            `db:"reason"`
	Via             Via                    `db:"via"`
	PartnerID       affiliate.PartnerID    `db:"partner_id"`   // 0: nobody is credited
	RecruiterID     affiliate.PartnerID    `db:"recruiter_id"` // 0: nobody earns on level 2
	ProgramID       affiliate.ProgramID    `db:"program_id"`
	MembershipID    affiliate.MembershipID `db:"membership_id"`
	ToolID          affiliate.ToolID       `db:"tool_id"`
	SubID           string                 `db:"subid"`
	Page            string                 `db:"page"` // where the click arrived
	SettingsVersion int                    `db:"settings_version"`
	PolicyVersion   int                    `db:"policy_version"` // of the program (S129)
	Auto            Auto                   `db:"auto"`
	Unproven        bool                   `db:"unproven"`
	HoldDays        int                    `db:"hold_days"` // that its commissions wait for approval (S76)
	FlatPer         affiliate.FlatPer      `db:"flat_per"`  // "" is for each unit (D9)
	Base            affiliate.Base         `db:"base"`      // what percentages are taken of (D8)
	DecidedAt       time.Time              `db:"decided_at"`
	Actor           affiliate.Actor        `db:"actor"`
	Trace           Trace                  `db:"trace"`
	LockedTerms     LockedTerms            `db:"locked_terms"`
	LeadsRenewals   bool                   `db:"leads_renewals"` // later payments of its subscription follow it (D23)
	FollowsID       affiliate.ID[Decision] `db:"follows_id"`     // the decision that it followed
	Choice          Choice                 `db:"choice"`         // of the admin who had it re-decided; "" = none did
}

// undecided is an order whose form is applied, with what its decision is to say
// of itself.
type undecided struct {
	order   affiliate.OrderID
	state   OrderState // PlacedAt is the order's
	applied tracking.Effect
	version int
	at      ledger.Recording
}

// decide gathers what is known and lets the pure rules decide: those of
// subscriptions for a later payment (subscription.go), those below for any other
// order.
func (u undecided) decide(ctx context.Context, q db.Queryer) (Decision, error) {
	d, follows, err := u.follow(ctx, q)
	if err == nil && !follows {
		var f facts
		f, err = gather(ctx, q, u)
		d = decide(f)
		d.LeadsRenewals = true
	}
	if u.state.Unverified && d.Reason == reason.Credited {
		d.Auto = AutoDecide
		d.Trace.add(reason.Unverified, "source", u.state.Source)
	}
	return u.stamped(d), err
}

// follow is the decision on a later payment of a subscription; false when the
// order is none.
func (u undecided) follow(ctx context.Context, q db.Queryer) (Decision, bool, error) {
	leader, found, err := followedBy(ctx, q, u.state)
	if err != nil {
		return Decision{}, false, err
	}
	if !found {
		return firstOrderUnknown(), u.state.Renewal, nil
	}
	r, err := gatherRenewal(ctx, q, u.state, leader)
	return r.decide(), true, err
}

// stamped says of which order the decision is, and when and by whom it was made.
func (u undecided) stamped(d Decision) Decision {
	d.OrderID, d.DecisionVersion, d.DecidedAt, d.Actor = u.order, u.version, u.at.Recorded, u.at.Actor
	d.Trace.Currency = u.state.Currency
	return d
}

// Via is the source of a credit (S74).
type Via string

// The sources of referrers.
const (
	Link     Via = "link"     // a click that the order itself carried
	Stored   Via = "stored"   // a referral kept on the contact (S60, D1)
	Assigned Via = "assigned" // an admin named the contact's referrer
	ByCoupon Via = "coupon"   // their coupon, which the order used (D45)
)

// candidate is who earns if their enrollment allows: the referrer, or the owner of
// the coupon.
func (f facts) candidate() affiliate.Referrer {
	if f.byCoupon {
		return affiliate.Referrer{PartnerID: f.owner.PartnerID}
	}
	return f.referrers.Candidate(f.settings.Credit)
}

// decide credits a partner or nobody (S7, S9, S14-S16, S60, S74). It is pure:
// the same facts give the same decision.
func decide(f facts) Decision {
	d := Decision{SettingsVersion: f.settings.Version, Trace: Trace{Version: traceVersion}}
	d.consider(f)
	claims := f.claims()
	d.compare(claims)
	refused := d.try(claims[0])
	if len(claims) < 2 || refused.Reason == reason.Credited || !yields[refused.Reason] {
		return refused
	}
	d.Trace = refused.Trace
	second := d.try(claims[1])
	if second.Reason == reason.Credited || !yields[second.Reason] {
		return second
	}
	refused.Trace = second.Trace
	return refused
}

// try credits the candidate of one claim, or nobody.
func (d Decision) try(f facts) Decision {
	d.PolicyVersion, d.FlatPer, d.Base = f.policy.Version, f.policy.FlatPer, f.policy.Base
	if d.Reason = f.refusal(); d.Reason != reason.Credited {
		d.Trace.add(d.Reason, "partner", orNone(cmp.Or(f.candidate().PartnerID, f.touch.PartnerID)), "program",
			f.enrollment.ProgramID)
		return d
	}
	if d.Reason = d.judge(f); d.Reason != reason.Credited {
		return d
	}
	d.credit(f)
	d.creditRecruiter(f)
	return d
}

// consider notes the facts that are looked at, whatever comes of them.
func (d *Decision) consider(f facts) {
	d.Trace.add(touchCodes[f.touch.State], "touch", orNone(f.touch.PartnerID), "clicked", instant(f.touch.ClickedAt))
	d.Trace.add(reason.Referrers, "first", orNone(f.referrers.First.PartnerID), "last",
		orNone(f.referrers.Last.PartnerID),
		"rule", f.settings.Credit, "version", f.settings.Version)
	d.noteCoupons(f)
}

var touchCodes = map[tracking.CookieState]reason.Code{
	"":                reason.TouchNone,
	tracking.NoCookie: reason.TouchNone,
	tracking.Valid:    reason.TouchValid,
	tracking.Expired:  reason.TouchExpired,
	tracking.Forged:   reason.TouchForged,
	tracking.Unknown:  reason.TouchUnknown,
	tracking.Inactive: reason.TouchInactive,
}

// instant is a time as traces hold it, "" for none.
func instant(at *time.Time) string {
	if at == nil || at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func orNone(id affiliate.PartnerID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// refusal is the first thing that stands against a credit, or Credited.
func (f facts) refusal() reason.Code {
	switch {
	case f.before:
		return reason.BeforeProgram
	case !f.buyer:
		return reason.NoBuyer
	case f.candidate().PartnerID == 0:
		return f.noCandidate()
	case !f.enrollment.State.MayEarn():
		return reason.PartnerNotActive
	case f.enrollment.MembershipID == 0:
		return reason.NoProgram
	case f.enrollment.Archived:
		return reason.ProgramArchived
	}
	return reason.Credited
}

func (f facts) noCandidate() reason.Code {
	nobody := f.referrers.Last.PartnerID == 0
	switch {
	case nobody && f.touch.State == tracking.Expired:
		return reason.CookieExpired
	case nobody && f.touch.State == tracking.Inactive:
		return reason.PartnerNotActive
	case f.settings.Credit == affiliate.FirstReferrer:
		return reason.NoFirstReferrer
	}
	return reason.NoReferrer
}

func (d *Decision) credit(f facts) {
	referrer := f.candidate()
	d.PartnerID, d.ToolID, d.SubID, d.Page = referrer.PartnerID, referrer.ToolID, referrer.SubID, referrer.Page
	d.ProgramID, d.MembershipID = f.enrollment.ProgramID, f.enrollment.MembershipID
	if f.byCoupon {
		d.Via = ByCoupon
		d.Trace.add(reason.CreditedCoupon, "partner", d.PartnerID, "program", d.ProgramID, "coupon", f.owner.Code)
		d.Trace.add(reason.ViaCoupon, "partner", d.PartnerID, "coupon", f.owner.Code)
		return
	}
	d.Trace.add(reason.Credited, "partner", d.PartnerID, "rule", f.settings.Credit, "program", d.ProgramID)
	if f.touch.State == tracking.Valid && f.touch.VisitID == referrer.VisitID {
		d.Via = Link
		d.Trace.add(reason.ViaLink, "partner", d.PartnerID)
		return
	}
	code := reason.ViaStored
	d.Via = Stored
	if referrer.VisitID == 0 {
		code, d.Via = reason.ViaAssigned, Assigned
	}
	d.Trace.add(code, "partner", d.PartnerID, "since", instant(referrer.At))
}

// creditRecruiter decides on level 2 (S14-S16, D6, D29).
func (d *Decision) creditRecruiter(f facts) {
	s, code := f.enrollment, reason.Level2Credited
	switch {
	case s.Tiers < 2:
		code = reason.Level2NotIn1Tier
	case s.RecruiterID == 0 || s.RecruiterID == d.PartnerID:
		code = reason.NoRecruiter
	case !s.RecruiterEarns:
		code = reason.RecruiterInactive
	case !f.override && f.policy.SelfReferral == affiliate.DenySelf && f.person.same(s.recruiter) != "":
		code = reason.RecruiterBuys
	default:
		d.RecruiterID = s.RecruiterID
	}
	d.Trace.add(code, "partner", d.PartnerID, "recruiter", orNone(s.RecruiterID))
}

// sameCredit tells whether two decisions pay the same people the same way.
func (d Decision) sameCredit(e Decision) bool {
	return d.PartnerID == e.PartnerID && d.RecruiterID == e.RecruiterID && d.MembershipID == e.MembershipID &&
		d.ToolID == e.ToolID && d.SubID == e.SubID && d.Page == e.Page
}

// samePay tells whether they pay the same amounts as well.
func (d Decision) samePay(e Decision) bool {
	return d.sameCredit(e) && (d.PartnerID == 0 || d.Base == e.Base &&
		(d.FlatPer == affiliate.FlatPerOrder) == (e.FlatPer == affiliate.FlatPerOrder))
}

// notBefore is until when a commission earned at that time is on hold, nil for
// no hold (S76).
func (d Decision) notBefore(earned time.Time) *time.Time {
	switch {
	case d.Auto == AutoDecide:
		return &ledger.HeldUntilDecided
	case d.HoldDays > 0:
		end := earned.AddDate(0, 0, d.HoldDays)
		return &end
	}
	return nil
}

// approveAt is when a commission earned at that time is approved by itself, nil
// for never.
func (d Decision) approveAt(earned time.Time) *time.Time {
	if d.Auto != AutoApprove {
		return nil
	}
	at := earned.AddDate(0, 0, d.HoldDays)
	return &at
}
