package sale

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// runAgainBy are the steps that say what an admin chose.
var runAgainBy = map[Choice]reason.Code{AtSale: reason.RunAgainAtSale, CurrentFirst: reason.RunAgainFirst,
	CurrentLast: reason.RunAgainLast, AnyPartner: reason.RunAgainPartner,
	ProvenBefore: reason.RunAgainProven}

// Rerun is an admin's wish to have orders re-credited (S82, S96, D24). It goes
// over the rules that decide by themselves: who may be credited, what a partner
// sells to themselves, what is declined.
type Rerun struct {
	Choice    Choice
	PartnerID affiliate.PartnerID // of AnyPartner
	ThisOnly  bool                // leave the later payments of an order's subscription where they are
	Reason    string              // at most 255 characters, for the audit
}

// Choice is whom an admin credits when they run an order's commissions again (S96).
type Choice string

// The choices.
const (
	AtSale       Choice = "at_sale" // the referrer or coupon at the time of the sale, by its rules
	CurrentFirst Choice = "first"   // the contact's first referrer as of now
	CurrentLast  Choice = "last"    // the contact's last referrer as of now
	AnyPartner   Choice = "partner" // whom the admin names
	ProvenBefore Choice = "proven"  // who was proven before an unproven referrer took the place (D41)
	Nobody       Choice = "nobody"  // no one: the way back of a re-run whose order had credited no one
)

// ByAdmin is the source of a credit that an admin gave an order.
const ByAdmin Via = "admin"

// RerunPick is an order to be run again. Seen is its decision when it was
// shown: one that was re-decided since is skipped. 0 takes it as it is. Plan is
// what a preview promised (RerunPlan.Picks): where the run would do anything
// else by now, the order is skipped as well; "" promises nothing.
type RerunPick struct {
	OrderID affiliate.OrderID `db:"order_id"`
	Seen    int               `db:"seen"`
	Plan    string            `db:"-"`
}

// RerunPlan is what a re-run does, order by order, and in sum.
type RerunPlan struct {
	Orders  []RerunOrder
	Skipped []RerunSkip
	Sums    []RerunSum // by partner and currency
}

// RerunOrder is one order of a re-run.
type RerunOrder struct {
	OrderID  affiliate.OrderID
	Number   string
	Seen     int               // its decision before
	Follows  affiliate.OrderID // 0, or the order whose later payment it is
	From, To Decision
	// Now tells that the new partner was in no program when the order was
	// placed, so that the terms are those of their present one (D24).
	Now   bool
	Moves []RerunMove
}

// RerunMove is one journal of a re-run.
type RerunMove struct {
	PartnerID affiliate.PartnerID
	LineID    affiliate.LineID
	Level     int
	Kind      ledger.Kind
	Account   string       // pending or payable
	Amount    money.Amount // added to it; negative: taken away, of what was paid as a clawback
	Paid      bool         // the commission was paid or is in a payout: it stays so
}

// RerunSum is what a re-run changes for a partner.
type RerunSum struct {
	PartnerID affiliate.PartnerID
	Currency  money.Currency
	Orders    int
	Pending   money.Amount
	Payable   money.Amount
}

// RerunSkip is an order that a re-run leaves as it is.
type RerunSkip struct {
	OrderID affiliate.OrderID
	Reason  reason.Code
}

// ordersAtOnce is how many orders one transaction of a re-run takes.
const ordersAtOnce = 20

func (r Rerun) validated() (Rerun, error) {
	p := affiliate.Problems{}
	r.Reason = affiliate.Line(r.Reason)
	p.Check(r.Reason != "" && r.Reason == affiliate.Cut(r.Reason, 255), "reason",
		"Please give a reason, in at most 255 characters.")
	switch r.Choice {
	case AtSale, CurrentFirst, CurrentLast, ProvenBefore, Nobody:
	case AnyPartner:
		p.Check(r.PartnerID != 0, "partner_id", "Please choose the partner who gets credit.")
	default:
		p.Add("choice", "Please choose who gets the credit.")
	}
	return r, p.Err()
}

// PreviewRerun plans a re-run and writes nothing: it is the very plan of Rerun.
// Errors: KindInvalid by the fields choice, partner_id and reason.
func (sv *Service) PreviewRerun(ctx context.Context, actor affiliate.Actor, picks []RerunPick,
	r Rerun) (RerunPlan, error) {
	return sv.rerun(ctx, actor, picks, r, false)
}

// Rerun credits orders once more (S96, S97): what they earned is taken back from
// those who lose it, of what was paid as a clawback, and is pending for those
// who gain it, each pair of journals linked. With it go the later payments of
// a subscription, those there are and those to come, unless ThisOnly. Each
// order is fully done or skipped with a reason; doing it twice changes nothing.
// Errors are those of PreviewRerun; what the plan does not name was not touched.
func (sv *Service) Rerun(ctx context.Context, actor affiliate.Actor, picks []RerunPick, r Rerun) (RerunPlan, error) {
	return sv.rerun(ctx, actor, picks, r, true)
}

func (sv *Service) rerun(ctx context.Context, actor affiliate.Actor, picks []RerunPick, r Rerun,
	write bool) (RerunPlan, error) {
	var plan RerunPlan
	r, err := r.validated()
	if err != nil {
		return plan, err
	}
	done := map[affiliate.OrderID]bool{}
	for part := range slices.Chunk(picks, ordersAtOnce) {
		var run *rerunning
		err := sv.db.Tx(ctx, func(tx *db.Tx) error {
			var err error
			if run, err = sv.planRerun(ctx, tx, actor, part, r, done); err != nil || !write {
				return err
			}
			return run.book(ctx, tx)
		})
		if err != nil {
			return plan, err
		}
		for _, t := range run.all {
			done[t.order.ID] = true
		}
		plan.Orders, plan.Skipped = append(plan.Orders, run.planned...), append(plan.Skipped, run.skipped...)
	}
	plan.Sums, err = sumsOf(plan.Orders)
	return plan, err
}

// RerunFilter names orders for a re-run; empty fields do not matter.
type RerunFilter struct {
	Orders   []affiliate.OrderID // only these; nil: any
	Partner  affiliate.PartnerID // credited by the decision in force
	Program  affiliate.ProgramID // by whose terms they are credited
	Nobody   bool                // nobody is credited
	Contact  affiliate.ContactID
	Contacts []affiliate.ContactID // of any of these; nil: of anyone
	Product  affiliate.ProductID
	From, To time.Time // placed in [From, To)
	Limit    int       // at most that many; 0: all
}

// RerunOrders are the orders of a filter as they stand, the earliest first: the
// snapshot that is previewed and run (S77).
func (sv *Service) RerunOrders(ctx context.Context, f RerunFilter) ([]RerunPick, error) {
	where, args := "o.version > 0", []any{}
	add := func(condition string, values ...any) { where, args = where+" AND "+condition, append(args, values...) }
	if len(f.Orders) > 0 {
		add("o.id IN (?"+strings.Repeat(", ?", len(f.Orders)-1)+")", anyOf(f.Orders)...)
	}
	if f.Partner != 0 {
		add("d.partner_id = ?", f.Partner)
	}
	if f.Program != 0 {
		add("d.program_id = ?", f.Program)
	}
	if f.Nobody {
		add("d.partner_id IS NULL")
	}
	if f.Contact != 0 {
		add("o.contact_id = ?", f.Contact)
	}
	if len(f.Contacts) > 0 {
		add("o.contact_id IN (?"+strings.Repeat(", ?", len(f.Contacts)-1)+")", anyOf(f.Contacts)...)
	}
	if f.Product != 0 {
		add("EXISTS (SELECT 1 FROM {wp}partner_center_order_lines l WHERE l.order_id = o.id AND l.product_id = ?)",
			f.Product)
	}
	if !f.From.IsZero() {
		add("o.placed_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		add("o.placed_at < ?", f.To)
	}
	limit := ""
	if f.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	picks := []RerunPick{}
	err := sv.db.Select(ctx, &picks, `/* sale.RerunOrders */
		SELECT o.id AS order_id, d.decision_version AS seen FROM {wp}partner_center_orders o
		JOIN {wp}partner_center_decisions d ON d.order_id = o.id
			AND d.decision_version = (SELECT MAX(m.decision_version) FROM {wp}partner_center_decisions m
			WHERE m.order_id = o.id)
		WHERE `+where+` ORDER BY o.placed_at, o.id`+limit, args...)
	return picks, err
}

func anyOf[ID any](ids []ID) (values []any) {
	for _, id := range ids {
		values = append(values, id)
	}
	return values
}

// Picks are the orders of a plan, without the later payments that go with them,
// each with what the plan does for it: a run by them does that or nothing.
func (p RerunPlan) Picks() (picks []RerunPick) {
	for _, o := range p.Orders {
		if o.Follows == 0 {
			picks = append(picks, RerunPick{o.OrderID, o.Seen, promise(p.Orders, o.OrderID)})
		}
	}
	return picks
}

// promise is a short digest of what a re-run does for an order and the later
// payments that go with it: whom it credits by which terms, and each journal.
func promise(orders []RerunOrder, id affiliate.OrderID) string {
	digest := sha256.New()
	for _, o := range orders {
		if o.OrderID == id || o.Follows == id {
			fmt.Fprintln(digest, o.OrderID, o.Seen, o.To.PartnerID, o.To.RecruiterID, o.To.ProgramID, o.Now, o.Moves)
		}
	}
	return hex.EncodeToString(digest.Sum(nil)[:6])
}
