package api

import (
	"encoding/json"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
)

// orderSource names the orders whose caller names no source.
const orderSource = "api"

// ownSources are those that come in by other ways: a key must not speak for them.
var ownSources = []string{"manual", "woocommerce", "edd", "wordpress", "pixel"}

// orderResult is what became of an order's state.
type orderResult struct {
	OrderID     affiliate.OrderID `json:"order_id,omitempty"`
	DryRun      bool              `json:"dry_run"`
	Outcome     sale.Outcome      `json:"outcome"`
	Review      reason.Code       `json:"review,omitempty"`
	ReviewText  string            `json:"review_text,omitempty"`
	Credit      *credit           `json:"credit,omitempty"`
	Commissions []commission      `json:"commissions"`
}

// credit is who is credited with an order, and why.
type credit struct {
	Code      reason.Code         `json:"code"`
	Reason    string              `json:"reason"`
	PartnerID affiliate.PartnerID `json:"partner_id,omitempty"`
	ProgramID affiliate.ProgramID `json:"program_id,omitempty"`
}

func creditOf(d sale.Decision) *credit {
	if d.Reason == "" {
		return nil
	}
	return &credit{d.Reason, d.Reason.ForAdmin(nil).String(), d.PartnerID, d.ProgramID}
}

// takeOrder takes an order's full state (B3), or tells what it would do.
func takeOrder(c *call, in sale.OrderState) (orderResult, error) {
	if err := completeOrder(&in, c.api.Now()); err != nil {
		return orderResult{}, err
	}
	if c.flag("dry_run") {
		r, err := c.api.Sales.Preview(c.Ctx(), in)
		r.OrderID = 0
		out := resultOf(r)
		out.DryRun = true
		return out, err
	}
	r, err := c.api.Sales.Converge(c.Ctx(), in)
	return resultOf(r), err
}

// completeOrder fills in what a caller need not say.
func completeOrder(in *sale.OrderState, now time.Time) error {
	p := affiliate.Problems{}
	if in.Source == "" {
		in.Source = orderSource
	}
	p.Check(!slices.Contains(ownSources, in.Source), "source",
		"Orders of %q come in by another way. Use a source of your own.", in.Source)
	if in.At.IsZero() {
		in.At = now
	}
	if in.PlacedAt.IsZero() {
		in.PlacedAt = in.At
	}
	for field, at := range map[string]time.Time{"at": in.At, "placed_at": in.PlacedAt} {
		p.Check(!at.After(now.Add(ahead)), field, "This time is in the future.")
	}
	if in.PaidAt != nil {
		p.Check(!in.PaidAt.After(now.Add(ahead)), "paid_at", "This time is in the future.")
	}
	return p.Err()
}

func resultOf(r sale.Result) orderResult {
	out := orderResult{OrderID: r.OrderID, Outcome: r.Outcome, Review: r.Review, Credit: creditOf(r.Decision),
		Commissions: []commission{}}
	if r.Review != "" {
		out.ReviewText = r.Review.ForAdmin(nil).String()
	}
	for _, k := range r.Commissions {
		out.Commissions = append(out.Commissions, commission{ID: k.ID, Version: k.Journals, OrderID: k.OrderID,
			PartnerID: k.PartnerID, Level: k.Level,
			ProductID: k.ProductID, SubID: k.SubID, Currency: k.Currency, Base: k.Base, Amount: k.Amount,
			Status: k.Status, Clawback: k.Clawback, OccurredAt: k.OccurredAt, NotBefore: k.NotBefore,
			UpdatedAt: k.UpdatedAt})
	}
	return out
}

// refund is all that was given back of an order so far, added up.
type refund struct {
	Source     string        `json:"source,omitempty"`
	ExternalID string        `json:"external_id"`
	Version    int64         `json:"version"`
	At         *time.Time    `json:"at,omitempty"`
	Lines      []refundLine  `json:"lines,omitempty"`
	Amount     *money.Amount `json:"amount,omitempty"`
	Tax        *money.Amount `json:"tax,omitempty"`
	Shipping   *money.Amount `json:"shipping,omitempty"`
	Fees       *money.Amount `json:"fees,omitempty"`
}

type refundLine struct {
	Line     string       `json:"line"`
	Refunded money.Amount `json:"refunded"`
}

// takeRefund puts an order's refunds in the place of those known of it, and
// leaves the rest of its state.
func takeRefund(c *call, in refund) (orderResult, error) {
	now := c.api.Now()
	if in.Source == "" {
		in.Source = orderSource
	}
	r, err := c.api.Sales.Amend(c.Ctx(), in.Source, in.ExternalID, func(s *sale.OrderState) error {
		s.Version, s.At = in.Version, now
		if in.At != nil {
			s.At = *in.At
		}
		for i := range s.Lines {
			s.Lines[i].Refunded = money.Amount{}
		}
		s.Refund = sale.OrderRefund{Amount: amount(in.Amount), Tax: amount(in.Tax), Shipping: amount(in.Shipping),
			Fees: amount(in.Fees)}
		for _, l := range in.Lines {
			i := slices.IndexFunc(s.Lines, func(known sale.LineState) bool { return known.Line == l.Line })
			if i < 0 {
				return affiliate.Invalid("lines", "The order has no line %s.", affiliate.Cut(l.Line, 64))
			}
			s.Lines[i].Refunded = l.Refunded
		}
		return completeOrder(s, now)
	})
	return resultOf(r), err
}

func amount(a *money.Amount) money.Amount {
	if a == nil {
		return money.Amount{}
	}
	return *a
}

// order is an order as it stands.
type order struct {
	ID         affiliate.OrderID   `json:"id" db:"id"`
	Source     string              `json:"source" db:"source"`
	ExternalID string              `json:"external_id" db:"external_id"`
	Number     string              `json:"number" db:"number"`
	Version    int64               `json:"version" db:"version"`
	Status     sale.OrderStatus    `json:"status" db:"status"`
	Currency   money.Currency      `json:"currency" db:"currency"`
	Total      money.Amount        `json:"total" db:"total"`
	ContactID  affiliate.ContactID `json:"contact_id,omitempty" db:"contact_id"`
	PlacedAt   time.Time           `json:"placed_at" db:"placed_at"`
	PaidAt     *time.Time          `json:"paid_at,omitempty" db:"paid_at"`
	Review     reason.Code         `json:"review,omitempty" db:"review"`
	UpdatedAt  time.Time           `json:"updated_at" db:"updated_at"`
}

const selectOrders = `/* api.orders */
	SELECT id, source, external_id, number, version, status, currency, total, contact_id, placed_at, paid_at, review,
	updated_at
	FROM {wp}partner_center_orders`

var orderQuery = []parameter{
	{"source", "Only orders of this source.", "string"},
	{"external_id", "Only the order with this id in its source.", "string"},
	{"review", "1: only orders that a person must look at.", "boolean"},
	afterParameter, limitParameter,
}

func listOrders(c *call) (page[order], error) {
	f := filter{}
	f.textIs(c, "source", "source")
	f.textIs(c, "external_id", "external_id")
	if c.flag("review") {
		f.add("review <> ''")
	}
	return list(c, selectOrders, "id", f, func(o order) int64 { return int64(o.ID) })
}

// orderDetail is an order with its lines, its credit and its commissions.
type orderDetail struct {
	order
	Lines       []orderLine     `json:"lines"`
	Credit      *credit         `json:"credit,omitempty"`
	Trace       json.RawMessage `json:"trace,omitempty"`
	Commissions []commission    `json:"commissions"`
}

type orderLine struct {
	Line      string              `json:"line"`
	ProductID affiliate.ProductID `json:"product_id,omitempty"`
	Name      string              `json:"name"`
	Quantity  money.Quantity      `json:"quantity"`
	Base      money.Amount        `json:"base"`
	Refunded  money.Amount        `json:"refunded"`
}

func oneOrder(c *call) (out orderDetail, err error) {
	n, err := id[affiliate.OrderNoun](c)
	if err != nil {
		return out, err
	}
	if out.order, err = one[order](c, "order", selectOrders+` WHERE id = ?`, n); err != nil {
		return out, err
	}
	v, err := c.api.Sales.Order(c.Ctx(), n)
	if err != nil {
		return out, err
	}
	out.Lines = []orderLine{}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, orderLine{l.Line, l.ProductID, l.Name, l.Quantity, l.Base, l.Refunded})
	}
	out.Commissions = resultOf(sale.Result{Commissions: v.Commissions}).Commissions
	if len(v.Decisions) > 0 {
		d := v.Decisions[len(v.Decisions)-1]
		out.Credit = creditOf(d)
		out.Trace, err = json.Marshal(d.Trace)
	}
	return out, err
}
