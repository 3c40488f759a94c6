package orders

import (
	"net/http"

	"partnercenter/affiliate/money"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// orderBox is what a cart shows beside an order: sentences and links, as texts.
type orderBox struct {
	Decided     string         `json:"decided"`
	Review      string         `json:"review"` // why a person must look at it; "" = nothing
	Commissions []boxedEarning `json:"commissions"`
	URL         string         `json:"url"` // where all of it is explained
}

type boxedEarning struct {
	Partner string `json:"partner"`
	Amount  string `json:"amount"`
	Status  string `json:"status"`
	Level   int    `json:"level"`
}

// OrderBox answers with who earned what by an order of a cart, and why, for the
// cart's own screen of it; 404 while the order is not known here.
func (p *Pages) OrderBox(r *web.Request) error {
	id, err := p.Sales.Find(r.Ctx(), r.Query("source"), r.Query("id"))
	if err != nil {
		return err
	}
	view, err := p.Sales.Order(r.Ctx(), id)
	if err != nil {
		return err
	}
	order, err := parts.ExplainOne(r, p.Registry, view)
	if err != nil {
		return err
	}
	box := orderBox{Decided: r.Say(order.Decided), Review: r.Say(order.Review), URL: r.Surface.URL(parts.OrderPath(id)),
		Commissions: []boxedEarning{}}
	if len(view.Commissions) == 0 {
		box.Decided = r.Say(order.WhyNothing())
	}
	for _, c := range view.Commissions {
		box.Commissions = append(box.Commissions, boxedEarning{
			Partner: order.People.Name(c.PartnerID), Amount: r.Say(money.Text(c.Amount, c.Currency)),
			Status: r.Say(web.Label(c.Status)), Level: int(c.Level),
		})
	}
	r.JSON(http.StatusOK, box)
	return nil
}
