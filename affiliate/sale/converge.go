package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Outcome is what became of an order state.
type Outcome string

// The outcomes.
const (
	Applied  Outcome = "applied"
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

// Converge takes an order's full state and posts what its commissions differ
// from it (B3). It may be called with any state, any number of times, in any
// order: the highest version counts. All of it is one transaction.
//
// Errors: affiliate.KindInvalid for a state that cannot be calculated with,
// KindConflict for one in another currency than its commissions.
func (sv *Service) Converge(ctx context.Context, s OrderState) (Result, error) {
	s = s.cut()
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	var r Result
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lockSubscription(ctx, tx, s); err != nil {
			return err
		}
		order, applied, err := sv.lockOrder(ctx, tx, s, sv.stamp(affiliate.System))
		if err != nil {
			return err
		}
		r, err = sv.converge(ctx, tx, order, applied, s, affiliate.System)
		return err
	})
	return r, err
}

// cut brings times to the precision of the database.
func (s OrderState) cut() OrderState {
	s.At, s.PlacedAt = clock.Cut(s.At), clock.Cut(s.PlacedAt)
	if s.PaidAt != nil {
		paid := clock.Cut(*s.PaidAt)
		s.PaidAt = &paid
	}
	return s
}

// converge is Converge on the locked order, with what its form did if it is new.
func (sv *Service) converge(ctx context.Context, q db.Queryer, order Order, applied tracking.Applied, s OrderState, actor affiliate.Actor) (Result, error) {
	switch {
	case s.Version < order.Version:
		err := logState(ctx, q, order.ID, s, Stale, sv.now())
		return Result{OrderID: order.ID, Outcome: Stale, Review: order.Review}, err
	case s.Version == order.Version:
		return again(ctx, q, order, s)
	}
	return sv.applyState(ctx, q, order, applied, s, actor)
}

// again answers a state whose version is known.
func again(ctx context.Context, q db.Queryer, order Order, s OrderState) (Result, error) {
	known, err := loadState(ctx, q, order)
	if err != nil || s.sameAs(known) {
		return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
	}
	return Result{OrderID: order.ID, Outcome: Differs, Review: reason.ReviewDiffers}, setReview(ctx, q, order.ID, reason.ReviewDiffers)
}

// settlement is an order whose commissions are to be made what its state and
// decision ask for.
type settlement struct {
	order    Order
	state    OrderState
	lines    []Line
	decision Decision
	have     []*ledger.Commission // locked
	touched  []*ledger.Commission // of have: those that change beside their amounts
	made     []*ledger.Commission // of have: new ones
	rebased  bool                 // lines have other bases than are stored
}

// applyState makes the state that of the order: buyer, lines, decision,
// commissions; with it the orders that its form re-decides (D18). All of
// them are posted at once, because balances are locked last.
func (sv *Service) applyState(ctx context.Context, q db.Queryer, order Order, applied tracking.Applied, s OrderState, actor affiliate.Actor) (Result, error) {
	at := sv.stamp(actor)
	this := &settlement{state: s}
	var err error
	if order.Version > 0 {
		if this.have, err = ledger.LockCommissionsOf(ctx, q, []affiliate.OrderID{order.ID}); err != nil {
			return Result{}, err
		}
	}
	if this.lines, err = saveLines(ctx, q, order, s); err != nil {
		return Result{}, err
	}
	if applied, err = sv.decideFor(ctx, q, this, order, applied, at); err != nil {
		return Result{}, err
	}
	reopened, err := sv.reopenAfter(ctx, q, this, order, applied)
	if err != nil {
		return Result{}, err
	}
	all := append([]*settlement{this}, reopened...)
	if err := settle(ctx, q, all, at); err != nil {
		return Result{}, err
	}
	if err := sv.announce(ctx, q, all); err != nil {
		return Result{}, err
	}
	if err := saveOrder(ctx, q, this.order, applied.Touch.VisitID, at.Recorded); err != nil {
		return Result{}, err
	}
	return this.result(all[1:]), logState(ctx, q, order.ID, s, Applied, at.Recorded)
}

func (t *settlement) result(reopened []*settlement) Result {
	r := Result{OrderID: t.order.ID, Outcome: Applied, Decision: t.decision, Review: t.order.Review}
	for _, c := range t.have {
		r.Commissions = append(r.Commissions, *c)
	}
	for _, other := range reopened {
		r.Reopened = append(r.Reopened, other.order.ID)
	}
	return r
}

// withState is the order as the state has it. Buyer and time of placing stay
// those by which its credit was decided (D16).
func (o Order) withState(s OrderState, applied tracking.Applied) Order {
	if o.Version == 0 {
		o.PlacedAt = s.PlacedAt
	}
	if o.ContactID == 0 {
		o.ContactID = applied.Contact.ID
	}
	o.Number, o.Version, o.Status, o.Currency, o.Total = s.number(), s.Version, s.Status, s.Currency, s.Total
	o.SubscriptionID, o.PaidAt, o.Note = s.SubscriptionID, s.PaidAt, s.Note
	return o
}

// decideFor fills in the decision and the order as the state has it.
func (sv *Service) decideFor(ctx context.Context, q db.Queryer, this *settlement, before Order, applied tracking.Applied, at ledger.Stamp) (tracking.Applied, error) {
	d, applied, err := sv.decisionFor(ctx, q, before, applied, this.state, at)
	if err != nil {
		return applied, err
	}
	this.order, this.decision = before.withState(this.state, applied), d
	if this.order.Review, err = this.state.review(); err != nil || d.Choice != "" || d.FollowsID != 0 ||
		before.Version == 0 || before.SubscriptionID == this.state.SubscriptionID {
		return applied, err
	}
	return applied, join(ctx, q, this, at)
}

// decisionFor is the decision of the order's latest generation; the first state
// makes it (D16). Carts keep drafts without an e-mail: until there is one,
// nothing is decided for good.
func (sv *Service) decisionFor(ctx context.Context, q db.Queryer, order Order, applied tracking.Applied, s OrderState, at ledger.Stamp) (Decision, tracking.Applied, error) {
	if order.Version == 0 {
		d, err := decideOrder(ctx, q, order.ID, s, applied, 1, at)
		return d, applied, err
	}
	d, err := loadDecision(ctx, q, order.ID)
	if err != nil || d.Reason != reason.NoBuyer || s.email() == "" {
		return d, tracking.Applied{}, err
	}
	s.PlacedAt = order.PlacedAt
	if applied, err = sv.applyOrderForm(ctx, q, s); err != nil {
		return d, applied, err
	}
	d, err = decideOrder(ctx, q, order.ID, s, applied, d.DecisionVersion+1, at)
	return d, applied, err
}

// join takes an order into a subscription that its first state did not name.
func join(ctx context.Context, q db.Queryer, this *settlement, at ledger.Stamp) error {
	s := this.state
	s.PlacedAt = this.order.PlacedAt
	d, renewal, err := decideRenewal(ctx, q, s)
	if err != nil || !renewal {
		return err
	}
	if this.decision.open(this.have) {
		this.decision = d.madeFor(this.order.ID, s, this.decision.DecisionVersion+1, at)
		return persistDecision(ctx, q, &this.decision)
	} else if !d.sameCredit(this.decision) {
		this.order.Review = reason.ReviewLateFact
	}
	return nil
}

// decideOrder gathers the facts of an order whose form is applied, and decides.
func decideOrder(ctx context.Context, q db.Queryer, id affiliate.OrderID, s OrderState, applied tracking.Applied, decisionVersion int, at ledger.Stamp) (Decision, error) {
	d, renewal, err := decideRenewal(ctx, q, s)
	if err == nil && !renewal {
		d, err = decideFirst(ctx, q, id, s, applied)
		d.LeadsRenewals = true
	}
	return d.madeFor(id, s, decisionVersion, at), err
}

// madeFor says of which order the decision is, and when and by whom it was made.
func (d Decision) madeFor(id affiliate.OrderID, s OrderState, decisionVersion int, at ledger.Stamp) Decision {
	d.OrderID, d.DecisionVersion, d.DecidedAt, d.Actor = id, decisionVersion, at.Recorded, at.Actor
	d.Trace.Currency = s.Currency
	return d
}

// settle makes the commissions of orders what their states and decisions ask
// for, and stores the decisions with the reasoning of each line.
func settle(ctx context.Context, q db.Queryer, all []*settlement, at ledger.Stamp) error {
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

// plan is what is to be posted for one order; have gains the new commissions.
func (t *settlement) plan(ctx context.Context, q db.Queryer, zone *time.Location) ([]ledger.Posting, error) {
	var err error
	if t.rebased, err = takeBases(t.lines, t.decision.Base); err != nil {
		return nil, err
	}
	wanted, err := reckon(ctx, q, &t.order, t.lines, &t.decision)
	if err != nil {
		return nil, err
	}
	if len(t.have) > 0 && t.have[0].Currency != t.order.Currency {
		return nil, affiliate.Conflict("Order %s earned commissions in %s and now says %s: cancel it and place a new one.",
			t.order.Number, t.have[0].Currency, t.order.Currency)
	}
	adopted := t.decision.adopt(t.have)
	postings, err := Plan(wanted, t.have)
	if err != nil {
		return nil, err
	}
	explain(postings, t.order, t.decision, t.state, zone)
	for _, p := range postings {
		if p.Commission.ID == 0 {
			t.have, t.made = append(t.have, p.Commission), append(t.made, p.Commission)
		}
	}
	t.touched = append(adopted, rebase(wanted, t.have)...)
	return postings, nil
}

// calculate is what the order's lines are to earn, with the trace's lines renewed.
func reckon(ctx context.Context, q db.Queryer, o *Order, lines []Line, d *Decision) ([]Target, error) {
	terms, err := TermsFor(ctx, q, *o, lines, d)
	if err != nil {
		return nil, err
	}
	wanted, traces, err := Targets(*o, lines, *d, terms)
	d.Trace.Currency, d.Trace.Order, d.Trace.Lines = o.Currency, o.Status.statusStep(), traces
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
		p.Occurred, p.Reason = s.At, string(reason.OrderChanged)
		if step := o.Status.statusStep(); step != "" {
			p.Reason = string(step)
		}
		c := p.Commission
		if p.Kind == ledger.Reverse {
			p.Reason = string(reason.Redecided)
		}
		if p.Kind == ledger.Reverse && d.Choice != "" {
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
		c.ToolID, c.SubID = d.ToolID, d.SubID
		c.OccurredAt, c.Day = p.Occurred, affiliate.DayOf(p.Occurred, zone)
		c.NotBefore, c.ApproveAt = d.notBefore(p.Occurred), d.approveAt(p.Occurred)
		if p.Follows != nil && d.Choice != "" { // the sale is as old as it was, the journal is of now
			p.Reason, p.Occurred = string(reason.Reran), d.DecidedAt
		}
	}
}
