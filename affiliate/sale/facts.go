package sale

import (
	"context"
	"slices"
	"strings"
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

// gather reads the facts of one order.
func gather(ctx context.Context, q db.Queryer, u undecided) (facts, error) {
	all, err := gatherAll(ctx, q, []undecided{u}, Scenario{})
	if err != nil {
		return facts{}, err
	}
	return all[0], nil
}

// gatherAll reads the facts of orders together; what the scenario changes is
// changed before anything that depends on it is read.
func gatherAll(ctx context.Context, q db.Queryer, us []undecided, what Scenario) ([]facts, error) {
	if len(us) == 0 {
		return nil, nil
	}
	from, to := span(us)
	settings, err := affiliate.SettingsBetween(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	used, err := couponsOf(ctx, q, us)
	if err != nil {
		return nil, err
	}
	// Of each order first the candidate is asked for, then the owner of its coupon.
	all, asked, contacts := make([]facts, len(us)), make([]candidacy, 2*len(us)), []affiliate.ContactID{}
	for i, u := range us {
		all[i] = u.facts(what.settings(settings.At(u.state.PlacedAt)))
		all[i].use(used[u.order])
		asked[2*i] = candidacy{all[i].candidate().PartnerID, u.state.PlacedAt}
		asked[2*i+1] = candidacy{all[i].owner.PartnerID, u.state.PlacedAt}
		contacts = append(contacts, u.applied.Contact.ID)
	}
	enrolled, err := enrollmentsOf(ctx, q, asked)
	if err != nil {
		return nil, err
	}
	policies, err := affiliate.PoliciesBetween(ctx, q, programsOf(enrolled), from, to)
	if err != nil {
		return nil, err
	}
	resets, err := tracking.ResetsOf(ctx, q, contacts)
	if err != nil {
		return nil, err
	}
	for i := range all {
		f := &all[i]
		f.enrollment, f.owner.enrollment = enrolled[2*i], enrolled[2*i+1]
		for of, policy := range map[*enrollment]*affiliate.Policy{&f.enrollment: &f.policy,
			&f.owner.enrollment: &f.owner.policy} {
			if of.MembershipID != 0 {
				*policy = what.policy(policies[of.ProgramID].At(f.placed))
				of.Tiers = policy.Tiers
			}
		}
		f.reset = resets[us[i].applied.Contact.ID].At(f.placed)
	}
	return all, gatherPast(ctx, q, us, all)
}

// facts are those that the order and its form tell.
func (u undecided) facts(settings affiliate.Settings) facts {
	s, applied := u.state, u.applied
	return facts{buyer: s.email() != "", before: s.Past, placed: s.PlacedAt, total: s.Total, currency: s.Currency,
		person: identify(applied.Contact.ID, s.Buyer.UserID, s.Buyer.Email, s.Payer), touch: applied.Touch,
		past: applied.Past, settings: settings,
		referrers: tracking.Referrers{First: applied.First, Last: applied.Last, Proven: applied.Proven}}
}

// span is from the first to the last of the times at which orders were placed.
func span(us []undecided) (from, to time.Time) {
	for i, u := range us {
		if at := u.state.PlacedAt; i == 0 {
			from, to = at, at
		} else if at.Before(from) {
			from = at
		} else if at.After(to) {
			to = at
		}
	}
	return from, to
}

func programsOf(enrolled []enrollment) []affiliate.ProgramID {
	programs := []affiliate.ProgramID{}
	for _, e := range enrolled {
		if e.ProgramID != 0 && !slices.Contains(programs, e.ProgramID) {
			programs = append(programs, e.ProgramID)
		}
	}
	return programs
}

func looksAtCustomer(p affiliate.Policy) bool {
	return p.NewOnly || slices.ContainsFunc(p.Rules,
		func(r affiliate.AutoRule) bool { return r.When == affiliate.ReturningCustomer })
}

// gatherPast tells of which orders the buyer had paid for another one by the
// time they were placed, where the policy asks (S148).
func gatherPast(ctx context.Context, q db.Queryer, us []undecided, all []facts) error {
	selects, args := []string{}, []any{}
	for i, f := range all {
		if !looksAtCustomer(f.policy) && !looksAtCustomer(f.owner.policy) {
			continue
		}
		selects = append(selects, `SELECT ? AS i, EXISTS (SELECT 1 FROM {wp}partner_center_orders WHERE contact_id = ?
			AND id <> ? AND placed_at <= ? AND paid_at <= ?) AS paid`)
		args = append(args, i, us[i].applied.Contact.ID, int64(us[i].order), f.placed, f.placed)
	}
	if len(selects) == 0 {
		return nil
	}
	rows := []struct {
		I    int  `db:"i"`
		Paid bool `db:"paid"`
	}{}
	err := q.Select(ctx, &rows, `/* sale.gatherPast */ `+strings.Join(selects, " UNION ALL "), args...)
	for _, r := range rows {
		all[r.I].returning = r.Paid
	}
	return err
}
