package parts

import (
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// Explained is an order with its reasoning as admins read it (B2); the template
// "explained" prints it.
type Explained struct {
	sale.OrderView
	Decision sale.Decision // in force
	Decided  locale.Text   // who gets credit, or why no one does
	Steps    []locale.Text // the whole reasoning
	Review   locale.Text   // why a person must look at it; none = nothing
	People   People
}

// Explain puts the decisions on orders into words, the names for all of them
// read at once.
func Explain(r *web.Request, registry *affiliate.Registry, views ...sale.OrderView) ([]Explained, error) {
	partners := []affiliate.PartnerID{}
	for _, view := range views {
		partners = append(partners, partnersIn(view)...)
	}
	people, err := PeopleOf(r.Ctx(), registry, partners...)
	if err != nil {
		return nil, err
	}
	programs, err := ProgramNames(r.Ctx(), registry)
	if err != nil {
		return nil, err
	}
	orders := []Explained{}
	for _, view := range views {
		orders = append(orders, explain(view, people, programs, r.Site.Zone()))
	}
	return orders, nil
}

// ExplainOne is Explain for one order.
func ExplainOne(r *web.Request, registry *affiliate.Registry, view sale.OrderView) (Explained, error) {
	all, err := Explain(r, registry, view)
	if err != nil {
		return Explained{}, err
	}
	return all[0], nil
}

func explain(view sale.OrderView, people People, programs map[affiliate.ProgramID]string,
	zone *time.Location) Explained {
	o := Explained{OrderView: view, Review: view.Order.Review.ForAdmin(nil), People: people}
	if len(view.Decisions) == 0 { // the order is being recorded at this moment
		return o
	}
	o.Decision = view.Decisions[len(view.Decisions)-1]
	trace := readable(o.Decision.Trace, programs, zone)
	o.Steps = trace.AdminLines(people.Name)
	trace.Lines, trace.Order = nil, ""
	for i, step := range trace.Steps {
		if step.Code == o.Decision.Reason {
			trace.Steps = trace.Steps[i : i+1]
			o.Decided = trace.AdminLines(people.Name)[0]
			break
		}
	}
	return o
}

// LineName is what a line of the order is called.
func (o Explained) LineName(id affiliate.LineID) string {
	for _, line := range o.Lines {
		if line.ID == id {
			return line.Name
		}
	}
	return ""
}

// WhyNothing says why an order without commissions has none: no one
// gets credit, or nothing of it earns.
func (o Explained) WhyNothing() locale.Text {
	if o.Decision.PartnerID == 0 || o.Decision.Trace.Order != "" {
		return locale.Join(o.Decided, o.Decision.Trace.Order.ForAdmin(nil))
	}
	first := len(o.Decision.Trace.Steps)
	return locale.Join(o.Steps[min(first, len(o.Steps)):]...)
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
				step.Facts[name] = at.In(zone).Format(time.RFC3339)
			}
			if id, err := affiliate.ParseID[affiliate.Program](value); name == "program" && err == nil {
				step.Facts[name] = programs[id]
			}
		}
		t.Steps[i] = step
	}
	return t
}
