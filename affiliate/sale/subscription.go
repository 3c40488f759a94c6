package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Renewed is the source of a credit that follows a subscription's first order.
const Renewed Via = "renewal"

// lockSubscription lets decisions on the payments of one subscription follow
// one another. It comes before all other locks.
func lockSubscription(ctx context.Context, q db.Queryer, s OrderState) error {
	if s.SubscriptionID == "" {
		return nil
	}
	_, err := q.Exec(ctx, `/* sale.lockSubscription */
		INSERT INTO {wp}partner_center_subscriptions (source, external_id) VALUES (?, ?)
		ON DUPLICATE KEY UPDATE external_id = VALUES(external_id)`, s.Source, s.SubscriptionID)
	return err
}

// lockSubscriptionsOf lets payments of somebody's subscriptions wait, whoever
// makes them, while a form may decide the first orders once more.
func lockSubscriptionsOf(ctx context.Context, q db.Queryer, email string) error {
	folded, err := affiliate.FoldEmail(email)
	if err != nil {
		return nil // applying the form says so
	}
	bought := []Order{}
	err = q.Select(ctx, &bought, `/* sale.lockSubscriptionsOf */ SELECT DISTINCT o.source, o.subscription_id
		FROM {wp}partner_center_contacts k JOIN {wp}partner_center_orders o ON o.contact_id = k.id
		WHERE k.email = ? AND o.subscription_id > '' ORDER BY o.source, o.subscription_id`, folded)
	for _, o := range bought {
		if err := lockSubscription(ctx, q, o.asState()); err != nil {
			return err
		}
	}
	return err
}

// earlier finds the payments of a subscription before one, by the time of
// placing and not of arrival (D39).
const earlier = `o.source = ? AND o.subscription_id = ? AND (o.placed_at < ? OR o.placed_at = ? AND o.external_id < ?)`

func (s OrderState) earlier() []any {
	return []any{s.Source, s.SubscriptionID, s.PlacedAt, s.PlacedAt, s.ExternalID}
}

// followedBy is the decision that the order follows as a later payment of its
// subscription (D23); false when it is the first one that is known.
func followedBy(ctx context.Context, q db.Queryer, s OrderState) (Decision, bool, error) {
	var leader Decision
	if s.SubscriptionID == "" {
		return leader, false, nil
	}
	err := q.Get(ctx, &leader, `/* sale.followedBy */
		SELECT `+DecisionColumns+` FROM {wp}partner_center_decisions WHERE id = (
			SELECT d.id FROM {wp}partner_center_orders o JOIN {wp}partner_center_decisions d ON d.order_id = o.id
			AND d.leads_renewals = 1
			WHERE `+earlier+` ORDER BY o.placed_at DESC, o.external_id DESC, d.decision_version DESC LIMIT 1)`,
		s.earlier()...)
	if db.NoRows(err) {
		return leader, false, nil
	}
	return leader, err == nil, err
}

// renewal is all that the decision on a later payment depends on: neither
// cookies nor the credit rule (S90, D14, D23).
type renewal struct {
	leader         Decision         // of the first order
	enrollment     enrollment       // of its partner when the payment was placed
	recruiterEarns bool             // the leader's
	archived       bool             // the leader's program
	number         int              // among the later payments, from 1
	limit          int              // of those that earn; 0: none (S148)
	policy         affiliate.Policy // whose hold and approval count for payments, too (S76)
}

// decide credits the leader's partner as far as they may still earn (S92). It is pure.
func (r renewal) decide() Decision {
	d := Decision{SettingsVersion: r.leader.SettingsVersion, FollowsID: r.leader.ID,
		Trace: Trace{Version: traceVersion}}
	d.Trace.add(reason.FollowsFirstOrder, "order", r.leader.OrderID, "partner", orNone(r.leader.PartnerID), "number",
		r.number)
	if d.Reason = r.refusal(); d.Reason != reason.Credited {
		d.Trace.add(d.Reason, "partner", orNone(r.leader.PartnerID), "program", r.leader.ProgramID, "limit", r.limit)
		return d
	}
	d.Via, d.PartnerID, d.ToolID = Renewed, r.leader.PartnerID, r.leader.ToolID
	d.SubID, d.Page = r.leader.SubID, r.leader.Page
	d.ProgramID, d.MembershipID = r.leader.ProgramID, r.leader.MembershipID
	d.PolicyVersion, d.HoldDays, d.FlatPer, d.Base = r.policy.Version, r.policy.Hold, r.policy.FlatPer, r.policy.Base
	if r.policy.Approve {
		d.Auto = AutoApprove
	}
	if r.leader.Unproven { // until the first payment is decided, so are the later ones
		d.Auto, d.Unproven = AutoDecide, true
	}
	d.Trace.add(reason.CreditedRenewal, "partner", d.PartnerID, "program", d.ProgramID)
	switch {
	case r.leader.RecruiterID == 0:
		d.Trace.add(reason.NoRecruiter, "partner", d.PartnerID)
	case !r.recruiterEarns:
		d.Trace.add(reason.RecruiterInactive, "partner", d.PartnerID, "recruiter", r.leader.RecruiterID)
	default:
		d.RecruiterID = r.leader.RecruiterID
		d.Trace.add(reason.Level2Credited, "partner", d.PartnerID, "recruiter", d.RecruiterID)
	}
	return d
}

func (r renewal) refusal() reason.Code {
	switch {
	case r.leader.PartnerID == 0:
		return reason.FirstOrderUncredited
	case !r.enrollment.State.MayEarn():
		return reason.PartnerNotActive
	case r.enrollment.MembershipID == 0: // any membership will do, also of another program
		return reason.NoProgram
	case r.archived:
		return reason.ProgramArchived
	case r.limit > 0 && r.number > r.limit:
		return reason.RenewalLimit
	}
	return reason.Credited
}

// gatherRenewal reads what the decision on a later payment depends on; leader is
// the decision that it follows.
func gatherRenewal(ctx context.Context, q db.Queryer, s OrderState, leader Decision) (renewal, error) {
	r := renewal{leader: leader}
	err := q.Get(ctx, &r.number, `/* sale.gatherRenewal */ SELECT COUNT(*) FROM {wp}partner_center_orders o WHERE `+
		earlier, s.earlier()...)
	if err == nil && leader.PartnerID != 0 {
		err = r.stand(ctx, q, s.PlacedAt)
	}
	return r, err
}

// firstOrderUnknown is for renewals of a subscription whose first order is not known
// here, such as those sold before there were partners: they are nobody's.
func firstOrderUnknown() Decision {
	d := Decision{Reason: reason.FirstOrderUnknown, Trace: Trace{Version: traceVersion}}
	d.Trace.add(reason.FirstOrderUnknown)
	return d
}

// stand looks up where those whom the leader credits stood at that time.
func (r *renewal) stand(ctx context.Context, q db.Queryer, at time.Time) error {
	var err error
	if r.enrollment, err = enrollmentOf(ctx, q, r.leader.PartnerID, at); err != nil {
		return err
	}
	if r.recruiterEarns, err = earnsOn(ctx, q, r.leader.RecruiterID, at); err != nil {
		return err
	}
	program, err := affiliate.LoadProgram(ctx, q, r.leader.ProgramID)
	if err != nil {
		return err
	}
	r.archived = program.ArchivedAt != nil && !program.ArchivedAt.After(at)
	policy, err := affiliate.PolicyAt(ctx, q, r.leader.ProgramID, at)
	r.limit, r.policy = policy.RenewalLimit, policy
	return err
}

// earnsOn tells whether a recruiter had an active membership then (D6).
func earnsOn(ctx context.Context, q db.Queryer, recruiter affiliate.PartnerID, at time.Time) (bool, error) {
	st, err := enrollmentOf(ctx, q, recruiter, at)
	return st.MembershipID != 0 && st.State.MayEarn(), err
}

// locked is what the first order holds its later payments to.
type locked struct {
	LockedTerms LockedTerms `db:"locked_terms"`
	PlacedAt    time.Time   `db:"placed_at"`
}

// followedTerms are the terms by which products new to an order earn: those of
// its time, or of the order that it follows.
func followedTerms(ctx context.Context, q db.Queryer, o Order, d *Decision,
	products []affiliate.ProductID) (map[affiliate.ProductID]affiliate.Terms, error) {
	if len(products) == 0 || d.FollowsID == 0 {
		return affiliate.TermsAt(ctx, q, d.ProgramID, products, o.PlacedAt)
	}
	var first locked
	err := q.Get(ctx, &first, `/* sale.followedTerms */
		SELECT d.locked_terms, o.placed_at FROM {wp}partner_center_decisions d JOIN {wp}partner_center_orders o
		ON o.id = d.order_id WHERE d.id = ?`, d.FollowsID)
	if err != nil {
		return nil, err
	}
	return first.terms(ctx, q, d.ProgramID, products, o.PlacedAt)
}

// terms are the locked ones, or those of the first order's time, as long as the product
// is still in its program (S92, D23). A product that was not in it then
// earns as it does now.
func (p locked) terms(ctx context.Context, q db.Queryer, program affiliate.ProgramID, products []affiliate.ProductID,
	at time.Time) (map[affiliate.ProductID]affiliate.Terms, error) {
	now, err := affiliate.TermsAt(ctx, q, program, products, at)
	if err != nil {
		return nil, err
	}
	then, err := affiliate.TermsAt(ctx, q, program, products, p.PlacedAt)
	if err != nil {
		return nil, err
	}
	ids := []affiliate.TermsID{}
	for product := range now {
		if id := p.LockedTerms[product]; id != 0 {
			ids = append(ids, id)
		}
	}
	known, err := affiliate.TermsByID(ctx, q, ids)
	for product := range now {
		if t, found := known[p.LockedTerms[product]]; found {
			now[product] = t
		} else if t, found := then[product]; found {
			now[product] = t
		}
	}
	return now, err
}

// laterPayments are the orders of the same subscription placed after one.
func laterPayments(ctx context.Context, q db.Queryer, s OrderState) ([]affiliate.OrderID, error) {
	ids := []affiliate.OrderID{}
	if s.SubscriptionID == "" {
		return ids, nil
	}
	err := q.Select(ctx, &ids, `/* sale.laterPayments */
		SELECT o.id FROM {wp}partner_center_orders o WHERE o.source = ? AND o.subscription_id = ? AND o.version > 0
			AND (o.placed_at > ? OR o.placed_at = ? AND o.external_id > ?)
		ORDER BY o.placed_at, o.external_id`, s.earlier()...)
	return ids, err
}
