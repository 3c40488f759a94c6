package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
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
	OrderID     OrderID
	Outcome     Outcome
	Decision    Decision
	Review      Reason    // why a person must look at it; "" = nothing
	Reopened    []OrderID // other orders of the buyer that were decided anew (D18)
	Commissions []Commission
}

// Converge takes an order's full state and posts what its commissions differ
// from it (B3). It may be called with any state, any number of times, in any
// order: the highest version counts. All of it is one transaction.
//
// Errors: affiliate.KindInvalid for a state that cannot be reckoned with,
// KindConflict for one in another currency than its commissions.
func (l *Ledger) Converge(ctx context.Context, s OrderState) (Result, error) {
	s = s.cut()
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	var r Result
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		order, err := lockOrder(ctx, tx, s, l.stamp(affiliate.System))
		if err != nil {
			return err
		}
		r, err = l.converge(ctx, tx, order, s, affiliate.System)
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

// converge is Converge on the locked order.
func (l *Ledger) converge(ctx context.Context, q db.Queryer, order Order, s OrderState, actor affiliate.Actor) (Result, error) {
	switch {
	case s.Version < order.Version:
		err := logState(ctx, q, order.ID, s, Stale, l.now())
		return Result{OrderID: order.ID, Outcome: Stale, Review: order.Review}, err
	case s.Version == order.Version:
		return again(ctx, q, order, s)
	}
	return l.applyState(ctx, q, order, s, actor)
}

// again answers a state whose version is known.
func again(ctx context.Context, q db.Queryer, order Order, s OrderState) (Result, error) {
	known, err := loadState(ctx, q, order)
	if err != nil || s.sameAs(known) {
		return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
	}
	return Result{OrderID: order.ID, Outcome: Differs, Review: ReviewDiffers}, setReview(ctx, q, order.ID, ReviewDiffers)
}

// applyState makes the state that of the order: buyer, lines, decision, commissions.
func (l *Ledger) applyState(ctx context.Context, q db.Queryer, order Order, s OrderState, actor affiliate.Actor) (Result, error) {
	at := l.stamp(actor)
	lines, err := saveLines(ctx, q, order, s)
	if err != nil {
		return Result{}, err
	}
	decision, applied, err := l.decisionFor(ctx, q, order, s, at)
	if err != nil {
		return Result{}, err
	}
	before := order
	order = order.withState(s, applied)
	if order.Review, err = s.review(); err != nil {
		return Result{}, err
	}
	commissions, err := l.settleOrder(ctx, q, before, &order, lines, &decision, s, at)
	if err != nil {
		return Result{}, err
	}
	if err := saveOrder(ctx, q, order, applied.Touch.VisitID, at.recorded); err != nil {
		return Result{}, err
	}
	if err := logState(ctx, q, order.ID, s, Applied, at.recorded); err != nil {
		return Result{}, err
	}
	r := Result{OrderID: order.ID, Outcome: Applied, Decision: decision, Review: order.Review, Commissions: commissions}
	if applied.Late {
		r.Reopened, err = l.Reconsider(ctx, q, order.ContactID, order.PlacedAt)
	}
	return r, err
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

// decisionFor is the decision of the order's latest generation; the first state
// makes it, after its form was applied to the contact (S66, D16). Carts keep
// drafts without an e-mail: until there is one, nothing is decided for good.
func (l *Ledger) decisionFor(ctx context.Context, q db.Queryer, order Order, s OrderState, at stamp) (Decision, tracking.Applied, error) {
	if order.Version == 0 {
		return l.decideOrder(ctx, q, order.ID, s, 1, at)
	}
	d, err := loadDecision(ctx, q, order.ID)
	if err != nil || d.Reason != NoBuyer || s.email() == "" {
		return d, tracking.Applied{}, err
	}
	s.PlacedAt = order.PlacedAt
	return l.decideOrder(ctx, q, order.ID, s, d.Generation+1, at)
}

// decideOrder applies the order's form, gathers the facts and decides.
func (l *Ledger) decideOrder(ctx context.Context, q db.Queryer, id OrderID, s OrderState, generation int, at stamp) (Decision, tracking.Applied, error) {
	applied, err := l.applyOrderForm(ctx, q, s)
	if err != nil {
		return Decision{}, applied, err
	}
	f := facts{buyer: s.email() != "", touch: applied.Touch, referrers: tracking.Referrers{First: applied.First, Last: applied.Last}}
	if f.settings, err = affiliate.SettingsAt(ctx, q, s.PlacedAt); err != nil {
		return Decision{}, applied, err
	}
	if f.standing, err = standingOf(ctx, q, f.candidate().PartnerID, s.PlacedAt); err != nil {
		return Decision{}, applied, err
	}
	d := decide(f)
	d.OrderID, d.Generation, d.DecidedAt, d.Actor = id, generation, at.recorded, at.actor
	return d, applied, nil
}

// settleOrder makes the order's commissions what state and decision ask for,
// and stores the decision with the reasoning of each line.
func (l *Ledger) settleOrder(ctx context.Context, q db.Queryer, before Order, o *Order, lines []Line, d *Decision, s OrderState, at stamp) ([]Commission, error) {
	wanted, err := reckon(ctx, q, o, lines, d)
	if err != nil {
		return nil, err
	}
	if err := saveDecision(ctx, q, d); err != nil {
		return nil, err
	}
	have := []*Commission{}
	if before.Version > 0 {
		if have, err = lockCommissions(ctx, q, `order_id = ?`, o.ID); err != nil {
			return nil, err
		}
		if len(have) > 0 && have[0].Currency != o.Currency {
			return nil, affiliate.Conflict("Order %s earned commissions in %s and now says %s: cancel it and place a new one.", o.Number, have[0].Currency, o.Currency)
		}
	}
	postings, err := plan(wanted, have)
	if err != nil {
		return nil, err
	}
	explain(postings, *o, *d, s, at.zone)
	if err := post(ctx, q, at, postings); err != nil {
		return nil, err
	}
	return withNew(have, postings), nil
}

// reckon is what the order's lines are to earn, with the trace's lines renewed.
func reckon(ctx context.Context, q db.Queryer, o *Order, lines []Line, d *Decision) ([]target, error) {
	terms := map[affiliate.ProductID]affiliate.Terms{}
	if products := productsOf(lines); d.PartnerID != 0 && len(products) > 0 {
		var err error
		if terms, err = affiliate.TermsAt(ctx, q, d.ProgramID, products, o.PlacedAt); err != nil {
			return nil, err
		}
	}
	wanted, traces, err := targets(*o, lines, *d, terms)
	d.Trace.Currency, d.Trace.Order, d.Trace.Lines = o.Currency, o.Status.statusStep(), traces
	for _, t := range traces {
		for _, level := range t.Levels {
			if level.Code == FlatNoCurrency && o.Review == "" {
				o.Review = FlatNoCurrency
			}
		}
	}
	return wanted, err
}

func productsOf(lines []Line) []affiliate.ProductID {
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
func explain(postings []posting, o Order, d Decision, s OrderState, zone *time.Location) {
	for i := range postings {
		p := &postings[i]
		p.occurred, p.reason = s.At, string(OrderChanged)
		if step := o.Status.statusStep(); step != "" {
			p.reason = string(step)
		}
		c := p.commission
		if c.ID != 0 && c.Generation != d.Generation {
			p.reason = string(DecidedAnew)
		}
		if c.ID != 0 {
			continue
		}
		p.reason, p.occurred = string(Earned), s.earnedAt()
		if c.Sequence > 1 {
			p.reason, p.occurred = string(OrderChanged), s.At
		}
		c.OrderID, c.ProgramID, c.Currency, c.Stage = o.ID, d.ProgramID, o.Currency, Pending
		c.ToolID, c.SubID = d.ToolID, d.SubID
		c.OccurredAt, c.Day = p.occurred, affiliate.DayOf(p.occurred, zone)
	}
}

func withNew(have []*Commission, postings []posting) []Commission {
	all := []Commission{}
	for _, c := range have {
		all = append(all, *c)
	}
	for _, p := range postings {
		if p.commission.Journals == 1 {
			all = append(all, *p.commission)
		}
	}
	return all
}
