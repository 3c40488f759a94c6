package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/clock"
	"partnercenter/db"
)

// Outcome is what became of an order state.
type Outcome string

// The outcomes.
const (
	Recorded Outcome = "applied"
	Repeated Outcome = "repeated" // the same state again
	Stale    Outcome = "stale"    // a later one is known: logged and ignored (D17)
	Differs  Outcome = "differs"  // another state of a known version: on review (D17)
)

// Result tells what became of an order state and how the order stands.
type Result struct {
	OrderID     affiliate.OrderID
	Outcome     Outcome
	Decision    Decision
	Review      reason.Code         // why a person must look at it; "" = nothing
	Reopened    []affiliate.OrderID // other orders of the buyer that were re-decided (D18)
	Commissions []ledger.Commission
}

// cut brings times to the precision of the database. A paid order that does not
// say when it was paid, as one that an admin logs, was paid when it was placed:
// else its buyer would be a new customer for good (S148).
func (s OrderState) cut() OrderState {
	if s.Status == OrderPaid && s.PaidAt == nil {
		paid := s.PlacedAt
		s.PaidAt = &paid
	}
	s.At, s.PlacedAt = clock.Cut(s.At), clock.Cut(s.PlacedAt)
	if s.PaidAt != nil {
		paid := clock.Cut(*s.PaidAt)
		s.PaidAt = &paid
	}
	return s
}

// converge is Converge on the locked order.
func (sv *Service) converge(ctx context.Context, q db.Queryer, order lockedOrder, s OrderState) (Result, error) {
	switch {
	case s.Version < order.Version:
		err := logState(ctx, q, order.ID, s, Stale, sv.now())
		return Result{OrderID: order.ID, Outcome: Stale, Review: order.Review}, err
	case s.Version == order.Version:
		return again(ctx, q, order.Order, s)
	}
	return sv.applyState(ctx, q, order, s)
}

// again answers a state whose version is known.
func again(ctx context.Context, q db.Queryer, order Order, s OrderState) (Result, error) {
	known, err := loadState(ctx, q, order)
	if err != nil || s.sameAs(known) {
		return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
	}
	return Result{OrderID: order.ID, Outcome: Differs, Review: reason.ReviewDiffers}, setReview(ctx, q, order.ID,
		reason.ReviewDiffers)
}

// reconciliation is an order whose commissions are to be made what its state and
// decision ask for.
type reconciliation struct {
	order    Order
	state    OrderState
	lines    []Line
	decision Decision
	existing []*ledger.Commission // locked
	touched  []*ledger.Commission // of existing: those that change beside their amounts
	created  []*ledger.Commission // of existing: new ones
	rebased  bool                 // lines have other bases than are stored
}

// applyState makes the state that of the order: buyer, lines, decision,
// commissions; with it the orders that its form re-decides (D18). All of
// them are posted at once, because balances are locked last.
func (sv *Service) applyState(ctx context.Context, q db.Queryer, order lockedOrder, s OrderState) (Result, error) {
	t := &reconciliation{state: s}
	var err error
	if order.Version > 0 {
		if t.existing, err = ledger.LockCommissionsOf(ctx, q, []affiliate.OrderID{order.ID}); err != nil {
			return Result{}, err
		}
	}
	if t.lines, err = saveLines(ctx, q, order.Order, s); err != nil {
		return Result{}, err
	}
	if err := t.decide(ctx, q, order); err != nil {
		return Result{}, err
	}
	reopened, err := sv.reopenAfter(ctx, q, t, order)
	if err != nil {
		return Result{}, err
	}
	all := append([]*reconciliation{t}, reopened...)
	if err := reconcile(ctx, q, all, order.at); err != nil {
		return Result{}, err
	}
	if err := sv.announce(ctx, q, all); err != nil {
		return Result{}, err
	}
	if err := saveOrder(ctx, q, t.order, order.form.Touch.VisitID, order.at.Recorded); err != nil {
		return Result{}, err
	}
	return t.result(all[1:]), logState(ctx, q, order.ID, s, Recorded, order.at.Recorded)
}

func (t *reconciliation) result(reopened []*reconciliation) Result {
	r := Result{OrderID: t.order.ID, Outcome: Recorded, Decision: t.decision, Review: t.order.Review}
	for _, c := range t.existing {
		r.Commissions = append(r.Commissions, *c)
	}
	for _, other := range reopened {
		r.Reopened = append(r.Reopened, other.order.ID)
	}
	return r
}

// withState is the order as the state has it. Buyer and time of placing stay
// those by which its credit was decided (D16).
func (o Order) withState(s OrderState, buyer affiliate.ContactID) Order {
	if o.Version == 0 {
		o.PlacedAt = s.PlacedAt
	}
	if o.ContactID == 0 {
		o.ContactID = buyer
	}
	o.Number, o.Version, o.Status, o.Currency, o.Total = s.number(), s.Version, s.Status, s.Currency, s.Total
	o.SubscriptionID, o.PaidAt, o.Note = s.SubscriptionID, s.PaidAt, s.Note
	return o
}

// decide fills in the order as the state has it, and its decision: the first
// state makes it, and later ones change amounts only (D16). Carts keep drafts
// without an e-mail: until there is one, nothing is decided for good.
func (t *reconciliation) decide(ctx context.Context, q db.Queryer, before lockedOrder) (err error) {
	u := undecided{order: before.ID, state: t.state, applied: before.form, version: 1, at: before.at}
	if before.Version > 0 {
		if t.decision, err = loadDecision(ctx, q, before.ID); err != nil {
			return err
		}
		u.version, u.state.PlacedAt = t.decision.DecisionVersion+1, before.PlacedAt
	}
	if before.Version == 0 || t.decision.Reason == reason.NoBuyer && t.state.email() != "" {
		if err = saveCoupons(ctx, q, before.ID, u.state); err != nil {
			return err
		}
		if t.decision, err = u.decide(ctx, q); err != nil {
			return err
		}
	}
	t.order = before.withState(t.state, before.form.Contact.ID)
	if t.order.Review, err = t.state.review(); err != nil {
		return err
	}
	attached := before.Version > 0 && before.SubscriptionID != t.state.SubscriptionID
	if attached && t.decision.Choice == "" && t.decision.FollowsID == 0 {
		return t.attach(ctx, q, u)
	}
	return nil
}

// attach lets an order follow a subscription that its first state did not name.
func (t *reconciliation) attach(ctx context.Context, q db.Queryer, u undecided) error {
	d, follows, err := u.follow(ctx, q)
	if err != nil || !follows {
		return err
	}
	if t.decision.open(t.existing) {
		u.version = t.decision.DecisionVersion + 1
		t.decision = u.stamped(d)
		return persistDecision(ctx, q, &t.decision)
	}
	if !d.sameCredit(t.decision) {
		t.order.Review = reason.ReviewLateFact
	}
	return nil
}

// reconcile makes the commissions of orders what their states and decisions ask
// for, and stores the decisions with the reasoning of each line.
func reconcile(ctx context.Context, q db.Queryer, all []*reconciliation, at ledger.Recording) error {
	var postings []ledger.Posting
	var touched []*ledger.Commission
	for _, t := range all {
		p, err := t.plan(ctx, q, at.Zone)
		if err != nil {
			return err
		}
		if err := persistDecision(ctx, q, &t.decision); err != nil {
			return err
		}
		if err := saveBases(ctx, q, t); err != nil {
			return err
		}
		postings, touched = append(postings, p...), append(touched, t.touched...)
	}
	if err := ledger.SaveCommissions(ctx, q, unposted(touched, postings)); err != nil {
		return err
	}
	return ledger.Post(ctx, q, at, postings)
}

// plan is what is to be posted for one order; existing gains the new commissions.
func (t *reconciliation) plan(ctx context.Context, q db.Queryer, zone *time.Location) ([]ledger.Posting, error) {
	var err error
	if t.rebased, err = takeBases(t.lines, t.decision.Base); err != nil {
		return nil, err
	}
	wanted, err := calculate(ctx, q, &t.order, t.lines, &t.decision)
	if err != nil {
		return nil, err
	}
	if len(t.existing) > 0 && t.existing[0].Currency != t.order.Currency {
		return nil, affiliate.Conflict(
			"Order %s earned commissions in %s and now says %s: cancel it and place a new one.",
			t.order.Number, t.existing[0].Currency, t.order.Currency)
	}
	adopted := t.decision.adopt(t.existing)
	postings, err := Plan(wanted, t.existing)
	if err != nil {
		return nil, err
	}
	explain(postings, t.order, t.decision, t.state, zone)
	for _, p := range postings {
		if p.Commission.ID == 0 {
			t.existing, t.created = append(t.existing, p.Commission), append(t.created, p.Commission)
		}
	}
	t.touched = append(adopted, rebase(wanted, t.existing)...)
	return postings, nil
}

// calculate is what the order's lines are to earn, with the trace's lines renewed.
func calculate(ctx context.Context, q db.Queryer, o *Order, lines []Line, d *Decision) ([]Target, error) {
	terms, err := TermsFor(ctx, q, *o, lines, d)
	if err != nil {
		return nil, err
	}
	wanted, traces, err := Targets(*o, lines, *d, terms)
	d.Trace.Reckon(*o, traces)
	for _, t := range traces {
		for _, level := range t.Levels {
			if level.Code == reason.FlatNoCurrency && o.Review == "" {
				o.Review = reason.FlatNoCurrency
			}
		}
	}
	return wanted, err
}

func ProductsOf(lines []Line) []affiliate.ProductID {
	products := []affiliate.ProductID{}
	seen := map[affiliate.ProductID]bool{0: true}
	for _, l := range lines {
		if !seen[l.ProductID] {
			seen[l.ProductID] = true
			products = append(products, l.ProductID)
		}
	}
	return products
}

// explain fills in what the plan leaves open: of new commissions whose and for
// what they are, of each journal when and why.
func explain(postings []ledger.Posting, o Order, d Decision, s OrderState, zone *time.Location) {
	for i := range postings {
		p := &postings[i]
		p.Occurred, p.Reason = s.At, string(s.change(p.Kind))
		if step := o.Status.statusStep(); step != "" {
			p.Reason = string(step)
		}
		c := p.Commission
		redecided := d.ID == 0 && d.DecisionVersion > 1 // the decision, not the order, is what changed
		if p.Kind == ledger.Reverse || redecided {
			p.Reason = string(reason.Redecided)
		}
		if (p.Kind == ledger.Reverse || redecided) && d.Choice != "" {
			p.Reason, p.Occurred = string(reason.Reran), d.DecidedAt
		}
		if c.ID != 0 {
			continue
		}
		p.Reason, p.Occurred = string(reason.Earned), s.earnedAt()
		if c.Sequence > 1 {
			p.Reason, p.Occurred = string(reason.OrderChanged), s.At
		}
		c.OrderID, c.ProgramID, c.Currency, c.Stage = o.ID, d.ProgramID, o.Currency, ledger.Pending
		c.ToolID, c.SubID, c.Page = d.ToolID, d.SubID, d.Page
		c.OccurredAt, c.Day = p.Occurred, affiliate.DayOf(p.Occurred, zone)
		c.NotBefore, c.ApproveAt = d.notBefore(p.Occurred), d.approveAt(p.Occurred)
		if (p.Follows != nil || redecided) && d.Choice != "" { // the sale is as old as it was, the journal is of now
			p.Reason, p.Occurred = string(reason.Reran), d.DecidedAt
		}
	}
}
