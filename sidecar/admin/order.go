package admin

import (
	"maps"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/web"
)

// explainedOrder is an order with its reasoning as admins read it (B2).
type explainedOrder struct {
	sale.OrderView
	Decision sale.Decision // in force
	Decided  string        // who is credited, or why nobody is
	Steps    []string      // the whole reasoning
	Review   string        // why a person must look at it; "" = nothing
	People   people
}

// explain puts an order's decision into words.
func (p *Pages) explain(r *web.Request, view sale.OrderView) (explainedOrder, error) {
	o := explainedOrder{OrderView: view, Review: view.Order.Review.ForAdmin(nil)}
	if len(view.Decisions) == 0 { // the order is being recorded at this moment
		return o, nil
	}
	o.Decision = view.Decisions[len(view.Decisions)-1]
	var err error
	if o.People, err = p.people(r, partnersIn(view)...); err != nil {
		return o, err
	}
	programs, err := p.programNames(r)
	if err != nil {
		return o, err
	}
	trace := readable(o.Decision.Trace, programs, r.Site.Zone())
	o.Steps = trace.AdminLines(o.People.Name)
	trace.Lines, trace.Order = nil, ""
	for i, step := range trace.Steps {
		if step.Code == o.Decision.Reason {
			trace.Steps = trace.Steps[i : i+1]
			o.Decided = trace.AdminLines(o.People.Name)[0]
			break
		}
	}
	return o, nil
}

// LineName is what a line of the order is called.
func (o explainedOrder) LineName(id affiliate.LineID) string {
	for _, line := range o.Lines {
		if line.ID == id {
			return line.Name
		}
	}
	return ""
}

// whyNothing says why an order without commissions has none: nobody is
// credited, or nothing of it earns.
func (o explainedOrder) whyNothing() string {
	if o.Decision.PartnerID == 0 || o.Decision.Trace.Order != "" {
		return strings.Join([]string{o.Decided, o.Decision.Trace.Order.ForAdmin(nil)}, " ")
	}
	first := len(o.Decision.Trace.Steps)
	return strings.Join(o.Steps[min(first, len(o.Steps)):], " ")
}

// partnersIn are the partners that an order's reasoning can name.
func partnersIn(view sale.OrderView) (ids []affiliate.PartnerID) {
	for _, d := range view.Decisions {
		for _, step := range d.Trace.Steps {
			for _, name := range []string{"partner", "recruiter", "touch", "first", "last"} {
				if id, err := affiliate.ParseID[affiliate.Partner](step.Facts[name]); err == nil {
					ids = append(ids, id)
				}
			}
		}
	}
	for _, c := range view.Commissions {
		ids = append(ids, c.PartnerID)
	}
	return ids
}

// readable is a trace with the names of programs instead of their ids, and the
// times of the site's zone.
func readable(t sale.Trace, programs map[affiliate.ProgramID]string, zone *time.Location) sale.Trace {
	t.Steps = slices.Clone(t.Steps)
	for i, step := range t.Steps {
		step.Facts = maps.Clone(step.Facts)
		for name, value := range step.Facts {
			if at, err := time.Parse(time.RFC3339, value); err == nil {
				step.Facts[name] = at.In(zone).Format("2 Jan 2006, 15:04")
			}
			if id, err := affiliate.ParseID[affiliate.Program](value); name == "program" && err == nil {
				step.Facts[name] = programs[id]
			}
		}
		t.Steps[i] = step
	}
	return t
}

type orderPage struct {
	explainedOrder
	Buyer affiliate.Contact // ID 0: not known
}

// Order shows an order, its decision and its commissions.
func (p *Pages) Order(r *web.Request) error {
	view, err := p.orderOf(r)
	if err != nil {
		return err
	}
	page := orderPage{}
	if page.explainedOrder, err = p.explain(r, view); err != nil {
		return err
	}
	if view.Order.ContactID != 0 {
		if page.Buyer, err = p.Registry.Contact(r.Ctx(), view.Order.ContactID); err != nil {
			return err
		}
	}
	return r.Page(pages, "order.html", "Order "+view.Order.Number, page)
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
	r.JSON(200, map[string]any{"order": view.Order.ID, "source": view.Order.Source, "external_id": view.Order.ExternalID, "decisions": decisions})
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
	return r.Done(web.Flash{Text: "Noted: somebody has looked at this order."}, orderPath(id))
}

func orderPath(id affiliate.OrderID) string { return "admin/commissions/orders/" + id.String() }
