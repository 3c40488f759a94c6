package sale

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// facts are all that a decision depends on: what was so when the order was
// placed, whenever it is decided.
type facts struct {
	settings   affiliate.Settings
	policy     affiliate.Policy // of the candidate's program
	placed     time.Time
	total      money.Amount
	currency   money.Currency
	buyer      bool     // the order names a usable e-mail
	before     bool     // it was placed before the program began
	person     identity // who bought and paid
	returning  bool     // the buyer had paid for an order before
	touch      tracking.Touch
	past       []tracking.FoldTouchpoint // the buyer's forms up to the order's own, in the order of time
	referrers  tracking.Referrers        // just after the order's own form (S66)
	reset      *tracking.Reset           // of the buyer's referral right; nil without
	enrollment enrollment                // of the candidate; zero without one
	coupons    []coupon.Used             // partners' coupons that the order used
	byCoupon   bool                      // the candidate is the owner of the coupon, see claims
	owner      couponOwner               // of the coupon that counts; zero without one
	override   bool                      // an admin chose whom to credit: the rules of credit do not apply (D24)
}

// enrollment is where the candidate and their recruiter stood when the order was placed.
type enrollment struct {
	State          affiliate.PartnerState `db:"state"`
	MembershipID   affiliate.MembershipID `db:"membership_id"`
	ProgramID      affiliate.ProgramID    `db:"program_id"`
	Tiers          int                    `db:"tiers"`
	Archived       bool                   `db:"archived"`
	RecruiterID    affiliate.PartnerID    `db:"recruiter_id"`
	RecruiterEarns bool                   `db:"recruiter_earns"`
	person         identity
	recruiter      identity
}

// identity is what tells whether two people are the same one.
type identity struct {
	contact affiliate.ContactID
	user    affiliate.UserID
	emails  []string // folded: of contact, payer, PayPal account
}

// same is by what two identities are one person, "" when they are not.
func (i identity) same(other identity) string {
	switch {
	case i.contact != 0 && i.contact == other.contact:
		return "contact"
	case i.user != 0 && i.user == other.user:
		return "user"
	}
	for _, email := range i.emails {
		if slices.Contains(other.emails, email) {
			return "e-mail"
		}
	}
	return ""
}

// identify gathers folded addresses; those that are none are excluded.
func identify(contact affiliate.ContactID, user affiliate.UserID, emails ...string) identity {
	i := identity{contact: contact, user: user}
	for _, email := range emails {
		if folded, err := affiliate.FoldEmail(email); err == nil {
			i.emails = append(i.emails, affiliate.FoldMailbox(folded))
		}
	}
	return i
}

// gather reads the facts; what the scenario changes is changed before anything
// that depends on it is read.
func gather(ctx context.Context, q db.Queryer, u undecided, what Scenario) (facts, error) {
	s, applied := u.state, u.applied
	f := facts{buyer: s.email() != "", before: s.Past, placed: s.PlacedAt, total: s.Total, currency: s.Currency,
		person: identify(applied.Contact.ID, s.Buyer.UserID, s.Buyer.Email, s.Payer),
		touch:  applied.Touch, past: applied.Past, referrers: tracking.Referrers{First: applied.First,
			Last: applied.Last, Proven: applied.Proven}}
	settings, err := affiliate.SettingsAt(ctx, q, s.PlacedAt)
	if err != nil {
		return f, err
	}
	f.settings = what.settings(settings)
	if f.enrollment, f.policy, err = standing(ctx, q, f.candidate().PartnerID, s.PlacedAt, what); err != nil {
		return f, err
	}
	if err := f.gatherCoupons(ctx, q, u.order, what); err != nil {
		return f, err
	}
	if f.enrollment.MembershipID == 0 && f.owner.enrollment.MembershipID == 0 {
		return f, nil
	}
	if reset, found, err := tracking.ResetAt(ctx, q, applied.Contact.ID, s.PlacedAt); err != nil {
		return f, err
	} else if found {
		f.reset = &reset
	}
	if looksAtCustomer(f.policy) || looksAtCustomer(f.owner.policy) {
		f.returning, err = hadPaid(ctx, q, u.order, applied.Contact.ID, s.PlacedAt)
	}
	return f, err
}

// standing is where a candidate stood at that time, and the policy of their program.
func standing(ctx context.Context, q db.Queryer, candidate affiliate.PartnerID, at time.Time,
	what Scenario) (enrollment, affiliate.Policy, error) {
	e, err := enrollmentOf(ctx, q, candidate, at)
	if err != nil || e.MembershipID == 0 {
		return e, affiliate.Policy{}, err
	}
	policy, err := affiliate.PolicyAt(ctx, q, e.ProgramID, at)
	policy = what.policy(policy)
	e.Tiers = policy.Tiers
	return e, policy, err
}

func looksAtCustomer(p affiliate.Policy) bool {
	return p.NewOnly || slices.ContainsFunc(p.Rules,
		func(r affiliate.AutoRule) bool { return r.When == affiliate.ReturningCustomer })
}

// hadPaid tells whether the contact had paid for another order by then (S148).
func hadPaid(ctx context.Context, q db.Queryer, id affiliate.OrderID, contact affiliate.ContactID,
	by time.Time) (bool, error) {
	var paid bool
	err := q.Get(ctx, &paid, `/* sale.hadPaid */
		SELECT EXISTS (SELECT 1 FROM {wp}partner_center_orders WHERE contact_id = ? AND id <> ? AND placed_at <= ?
		AND paid_at <= ?)`,
		contact, int64(id), by, by)
	return paid, err
}
