package commissions

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// Order shows an order, its decision and its commissions.
func (p *Pages) Order(r *web.Request) error {
	view, err := p.orderOf(r)
	if err != nil {
		return err
	}
	page, err := parts.ExplainOne(r, p.Registry, view)
	if err != nil {
		return err
	}
	return r.Page(pages, "order.html", locale.T("Order %s", view.Order.Number), page)
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
