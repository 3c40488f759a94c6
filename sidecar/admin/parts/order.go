package parts

import (
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// RerunAtOnce is how many orders one re-run takes: it is carried out while somebody
// waits for it.
const RerunAtOnce = 500

// Explained is an order with its reasoning as admins read it (B2); the template
// "explained" prints it.
type Explained struct {
	sale.OrderView
	Decision sale.Decision // in force
	Decided  locale.Text   // who gets credit, or why no one does
	Steps    []locale.Text // the whole reasoning
	Traces   []sale.Trace  // of each decision, with names and times as people read them
	Past     []locale.Text // of each decision, what Decided is of the one in force
	Review   locale.Text   // why a person must look at it; none = nothing
	People   People
	Buyer    affiliate.Contact   // of ExplainOne; ID 0: not known
	Held     bool                // its commissions wait for a person to decide
	Proven   affiliate.PartnerID // of one held as unproven: who was proven before (D41); 0: nobody
}

// Explain puts the decisions on orders into words, the names for all of them
// read at once.
func Explain(r *web.Request, registry *affiliate.Registry, views ...sale.OrderView) ([]Explained, error) {
	return explainAll(r, registry, nil, views...)
}

// explainAll is Explain with the names of further partners.
func explainAll(r *web.Request, registry *affiliate.Registry, partners []affiliate.PartnerID,
	views ...sale.OrderView) ([]Explained, error) {
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

// ExplainOne is Explain for one order, with its buyer.
func ExplainOne(r *web.Request, registry *affiliate.Registry, view sale.OrderView) (Explained, error) {
	buyer := affiliate.Contact{}
	if view.Order.ContactID != 0 {
		var err error
		if buyer, err = registry.Contact(r.Ctx(), view.Order.ContactID); err != nil {
			return Explained{}, err
		}
	}
	all, err := explainAll(r, registry, []affiliate.PartnerID{buyer.First.PartnerID, buyer.Last.PartnerID}, view)
	if err != nil {
		return Explained{}, err
	}
	all[0].Buyer = buyer
	return all[0], nil
}

func explain(view sale.OrderView, people People, programs map[affiliate.ProgramID]string,
	zone *time.Location) Explained {
	o := Explained{OrderView: view, Review: view.Order.Review.ForAdmin(nil), People: people}
	if len(view.Decisions) == 0 { // the order is being recorded at this moment
		return o
	}
	o.Decision = view.Decisions[len(view.Decisions)-1]
	o.Held, o.Proven = len(o.Waiting()) > 0, provenBefore(o.Decision.Trace)
	o.Steps = readable(o.Decision.Trace, programs, zone).AdminLines(people.Name)
	for _, d := range view.Decisions {
		o.Traces = append(o.Traces, readable(d.Trace, programs, zone))
		o.Past = append(o.Past, decided(d, people, programs, zone))
	}
	o.Decided = o.Past[len(o.Past)-1]
	return o
}

// decided is the step of a decision that says whom it credits, or why no one: the
// first where an admin chose, or another order did.
func decided(d sale.Decision, people People, programs map[affiliate.ProgramID]string, zone *time.Location) locale.Text {
	trace := readable(d.Trace, programs, zone)
	trace.Lines, trace.Order = nil, ""
	if len(trace.Steps) == 0 {
		return locale.Text{}
	}
	at := max(0, slices.IndexFunc(trace.Steps, func(s sale.Step) bool { return s.Code == d.Reason }))
	trace.Steps = trace.Steps[at : at+1]
	return trace.AdminLines(people.Name)[0]
}

// Canceled are the commissions of the decision in force that an admin canceled;
// reinstating brings all of them back (S82).
func (o Explained) Canceled() (canceled []ledger.Commission) {
	for _, c := range o.Commissions {
		if c.Stage == ledger.Canceled && c.DecisionVersion == o.Decision.DecisionVersion {
			canceled = append(canceled, c)
		}
	}
	return canceled
}

// Waiting are the commissions that only a person takes off their hold.
func (o Explained) Waiting() (waiting []ledger.Commission) {
	for _, c := range o.Commissions {
		if c.Status == ledger.Pending && c.UntilDecided() {
			waiting = append(waiting, c)
		}
	}
	return waiting
}

// provenBefore is the partner whom a decision by an unproven referrer passed over.
func provenBefore(t sale.Trace) affiliate.PartnerID {
	for _, step := range t.Steps {
		if id, err := affiliate.ParseID[affiliate.Partner](step.Facts["proven"]); err == nil {
			return id
		}
	}
	return 0
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
			for _, name := range []string{"partner", "recruiter", "touch", "first", "last", "proven"} {
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

// On are the commissions on one line of the order, by level.
func (o Explained) On(line affiliate.LineID) (all []ledger.Commission) {
	for _, c := range o.Commissions {
		if c.LineID == line {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b ledger.Commission) int { return a.Level - b.Level })
	return all
}
