package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
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

// withState is the order as the state has it. Buyer and time of placing are
// those of the first state: attribution hangs on them (D16).
func (o Order) withState(s OrderState, applied tracking.Applied) Order {
	if o.Version == 0 {
		o.ContactID, o.PlacedAt = applied.Contact.ID, s.PlacedAt
	}
	o.Number, o.Version, o.Status, o.Currency, o.Total = s.number(), s.Version, s.Status, s.Currency, s.Total
	o.SubscriptionID, o.PaidAt, o.Note = s.SubscriptionID, s.PaidAt, s.Note
	return o
}

// decisionFor is the decision of the order's latest generation; the first state
// makes it, after its form was applied to the contact (S66, D16).
func (l *Ledger) decisionFor(ctx context.Context, q db.Queryer, order Order, s OrderState, at stamp) (Decision, tracking.Applied, error) {
	if order.Version > 0 {
		d, err := loadDecision(ctx, q, order.ID)
		return d, tracking.Applied{}, err
	}
	return l.decideOrder(ctx, q, order.ID, s, 1, at)
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

// Reconsider decides orders of a contact anew that were placed at or after
// since, because an earlier fact became known (D18). Where a commission was
// approved or canceled by then, the order goes to review instead. It is a step
// of the caller's transaction; the ids are those of orders whose credit changed.
func (l *Ledger) Reconsider(ctx context.Context, q db.Queryer, contact affiliate.ContactID, since time.Time) ([]OrderID, error) {
	orders := []Order{}
	err := q.Select(ctx, &orders, `/* ledger.Reconsider */
		SELECT `+orderColumns+` FROM {wp}pc_orders WHERE contact_id = ? AND placed_at >= ? AND version > 0 ORDER BY id FOR UPDATE`, contact, since)
	if err != nil {
		return nil, err
	}
	reopened := []OrderID{}
	for _, o := range orders {
		changed, err := l.reconsider(ctx, q, o)
		if err != nil {
			return nil, err
		}
		if changed {
			reopened = append(reopened, o.ID)
		}
	}
	return reopened, nil
}

func (l *Ledger) reconsider(ctx context.Context, q db.Queryer, o Order) (bool, error) {
	old, err := loadDecision(ctx, q, o.ID)
	if err != nil {
		return false, err
	}
	s, err := loadState(ctx, q, o)
	if err != nil {
		return false, err
	}
	at := l.stamp(affiliate.System)
	s.PlacedAt = o.PlacedAt
	d, _, err := l.decideOrder(ctx, q, o.ID, s, old.Generation+1, at)
	if err != nil || d.sameCredit(old) {
		return false, err
	}
	have, err := lockCommissions(ctx, q, `order_id = ?`, o.ID)
	if err != nil {
		return false, err
	}
	for _, c := range have {
		if c.Stage != Pending {
			return false, setReview(ctx, q, o.ID, ReviewLateFact)
		}
	}
	lines, err := loadLines(ctx, q, o.ID)
	if err != nil {
		return false, err
	}
	_, err = l.settleOrder(ctx, q, o, &o, lines, &d, s, at)
	return true, err
}

// manual is the source of orders that an admin enters.
const manual = "manual"

// LogOrder records a sale that no cart reports (S75): s needs a buyer, a
// currency and lines. ExternalID names the form it came from, so that sending
// the form twice logs one sale; the same id with another content is a new state
// of that sale. Status is paid unless given; times default to now.
func (l *Ledger) LogOrder(ctx context.Context, actor affiliate.Actor, s OrderState) (Result, error) {
	s.Source, s.Version = manual, 1
	if s.Status == "" {
		s.Status = OrderPaid
	}
	p := affiliate.Problems{}
	p.Check(s.email() != "", "email", "Please enter the buyer's e-mail address.")
	p.Check(len(s.Lines) > 0, "lines", "Please enter at least one product.")
	if err := p.Err(); err != nil {
		return Result{}, err
	}
	var r Result
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		r, err = l.logOrder(ctx, tx, actor, s)
		return err
	})
	return r, err
}

func (l *Ledger) logOrder(ctx context.Context, q db.Queryer, actor affiliate.Actor, s OrderState) (Result, error) {
	known, err := findOrder(ctx, q, s)
	if err != nil && !db.NoRows(err) {
		return Result{}, err
	}
	if s, err = s.completed(known, l.now()); err != nil {
		return Result{}, err
	}
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	order, err := lockOrder(ctx, q, s, l.stamp(actor))
	if err != nil {
		return Result{}, err
	}
	if order.Version > 0 {
		last, err := loadState(ctx, q, order)
		if err != nil || s.sameAs(last) {
			return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
		}
	}
	s.Version = order.Version + 1
	r, err := l.converge(ctx, q, order, s, actor)
	if err != nil {
		return r, err
	}
	return r, affiliate.Audit(ctx, q, l.now(), affiliate.AuditEntry{Actor: actor, Action: "log", Object: "order", ObjectID: int64(r.OrderID), After: s})
}

// completed fills in what an admin need not enter.
func (s OrderState) completed(known Order, now time.Time) (OrderState, error) {
	s.At = now
	if s.PlacedAt.IsZero() {
		s.PlacedAt = now
		if known.ID != 0 { // the form sent again
			s.PlacedAt = known.PlacedAt
		}
	}
	amounts := []money.Amount{s.Tax, s.Shipping, s.Fees}
	for _, line := range s.Lines {
		amounts = append(amounts, line.Base)
	}
	var err error
	s.Total, err = money.Sum(amounts...)
	return s.cut(), err
}
