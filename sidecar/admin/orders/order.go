package orders

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// orderPage is an order with its lines and what they earned, the story of its
// credit, and what can be done.
type orderPage struct {
	parts.Explained
	State sale.OrderState
	Cart  cart
	Story []event
	Earns []sum // what all of its commissions come to now
	Deeds []deed
	// of a logged one whose date was corrected, the entry before and the one after
	Before, After affiliate.OrderID
}

// deed is something that can be done with commissions of the order: with those
// that are ticked, or else with all that are ready for it, both levels (D29).
type deed struct {
	web.BulkAction
	Every string // those, each as the checkbox of one
}

// cart is where an order that no admin logged is changed.
type cart struct {
	Name locale.Text
	URL  string // "" where it is unknown
}

// sum is an amount in its currency.
type sum struct {
	Amount   money.Amount
	Currency money.Currency
}

// Order shows an order, its decision and its commissions.
func (p *Pages) Order(r *web.Request) error {
	view, err := p.orderOf(r)
	if err != nil {
		return err
	}
	page := orderPage{Cart: cartOf(r, view.Order)}
	if page.Explained, err = parts.ExplainOne(r, p.Registry, view); err != nil {
		return err
	}
	if page.State, err = p.Sales.State(r.Ctx(), view.Order.ID); err != nil {
		return err
	}
	if page.Story, err = p.story(r, page.Explained); err != nil {
		return err
	}
	if len(view.Commissions) > 0 {
		all := sum{Currency: view.Commissions[0].Currency}
		for _, c := range view.Commissions {
			if all.Amount, err = all.Amount.Add(c.Amount); err != nil {
				return err
			}
		}
		page.Earns = []sum{all}
	}
	if r.Who.User.Can(web.CanApprove) {
		page.Deeds = deedsOf(view, r.Site.Now())
	}
	if page.Before, page.After, err = p.redated(r, view.Order); err != nil {
		return err
	}
	return r.Page(pages, "order.html", locale.T("Order %s", view.Order.Number), page)
}

// Lost is how a canceled commission was calculated, which shows what was lost; none of
// any other.
func (p orderPage) Lost(c ledger.Commission) locale.Text {
	if c.Status != ledger.Canceled {
		return locale.Text{}
	}
	for _, d := range p.Decisions {
		for _, l := range p.Lines {
			if d.DecisionVersion == c.DecisionVersion && l.ID == c.LineID {
				return d.Trace.Formula(c.PartnerID, l.Line, c.Level)
			}
		}
	}
	return locale.Text{}
}

// redated are the entries whose place this one took, and which took its place,
// where the date was corrected; else 0.
func (p *Pages) redated(r *web.Request, o sale.Order) (before, after affiliate.OrderID, err error) {
	if !o.Logged() {
		return 0, 0, nil
	}
	for id, found := range map[string]*affiliate.OrderID{sale.RedatedFrom(o.ExternalID): &before,
		sale.RedatedAs(o.ExternalID): &after} {
		if id == "" {
			continue
		}
		*found, err = p.Sales.FindLogged(r.Ctx(), id)
		if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
			return 0, 0, err
		}
	}
	return before, after, nil
}

// deedsOf are what can be done with the order's commissions as they are. The way
// back from a cancellation stands on the page by itself.
func deedsOf(view sale.OrderView, now time.Time) (all []deed) {
	for _, action := range parts.DeedsFor(now, view.Commissions...) {
		if action.Name == parts.Reinstate {
			continue
		}
		every := []string{}
		for _, c := range view.Commissions {
			if parts.Ready(action.Name, c, now) {
				every = append(every, fmt.Sprintf("%s.%d", c.ID, c.Journals))
			}
		}
		all = append(all, deed{action, strings.Join(every, " ")})
	}
	return all
}

// Ticks tells whether a commission has a checkbox: one can do something with it.
func (p orderPage) Ticks(c ledger.Commission) bool {
	return len(p.Deeds) > 0 && (c.Status == ledger.Pending || c.Status == ledger.Approved)
}

// Refunded tells whether anything of the order was given back.
func (p orderPage) Refunded() bool {
	for _, l := range p.State.Lines {
		if !l.Refunded.IsZero() {
			return true
		}
	}
	back := p.State.Refund
	return !back.Amount.IsZero() || !back.Tax.IsZero() || !back.Shipping.IsZero() || !back.Fees.IsZero()
}

// cartOf is where an order came from, with its own screen there.
func cartOf(r *web.Request, o sale.Order) cart {
	id, admin := url.QueryEscape(o.ExternalID), r.Site.Handover().AdminURL
	switch coupon.Shop(o.Source) {
	case coupon.WooCommerce:
		return cart{web.Label(coupon.WooCommerce), admin + "post.php?action=edit&post=" + id}
	case coupon.EDD:
		return cart{web.Label(coupon.EDD), admin +
			"edit.php?post_type=download&page=edd-payment-history&view=view-order-details&id=" + id}
	}
	return cart{Name: locale.Data(o.Source)}
}

func (p *Pages) orderOf(r *web.Request) (sale.OrderView, error) {
	id, err := affiliate.ParseID[affiliate.OrderNoun](r.Param("order"))
	if err != nil {
		return sale.OrderView{}, err
	}
	return p.Sales.Order(r.Ctx(), id)
}

// OrderTrace answers with the reasoning of all decisions on an order as JSON,
// for programs and for keeping.
func (p *Pages) OrderTrace(r *web.Request) error {
	view, err := p.orderOf(r)
	if err != nil {
		return err
	}
	type decision struct {
		DecisionVersion int             `json:"decision_version"`
		Reason          reason.Code     `json:"reason"`
		Via             sale.Via        `json:"via,omitempty"`
		DecidedAt       time.Time       `json:"decided_at"`
		Actor           affiliate.Actor `json:"actor"`
		Trace           sale.Trace      `json:"trace"`
	}
	decisions := []decision{}
	for _, d := range view.Decisions {
		decisions = append(decisions, decision{d.DecisionVersion, d.Reason, d.Via, d.DecidedAt, d.Actor, d.Trace})
	}
	r.Attach("order-"+view.Order.ID.String()+"-trace.json", "application/json")
	r.JSON(200, map[string]any{"order": view.Order.ID, "source": view.Order.Source,
		"external_id": view.Order.ExternalID,
		"decisions":   decisions})
	return nil
}

// ReviewedOrder notes that somebody has looked at an order.
func (p *Pages) ReviewedOrder(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.OrderNoun](r.Param("order"))
	if err != nil {
		return err
	}
	if err := p.Sales.Reviewed(r.Ctx(), r.Who.Actor(), id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Marked as reviewed.")}, parts.OrderPath(id))
}
