package overview

import (
	"cmp"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// event is something that happened lately.
type event struct {
	At   time.Time
	What locale.Text
	By   locale.Text // "" for sales
	Path string      // of what it is about
	Sale bool
}

const (
	eventsShown = 8
	eventsRead  = 100         // actions; a bulk action is many
	together    = time.Minute // like actions so near each other are one event
)

// fillEvents merges the latest sales and the latest actions.
func (p *Pages) fillEvents(r *web.Request, page *overviewPage) error {
	sales, err := p.Ledger.Latest(r.Ctx(), 3*eventsShown) // an order has lines
	if err != nil {
		return err
	}
	ids := []affiliate.PartnerID{}
	for _, c := range sales {
		ids = append(ids, c.PartnerID)
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	if err != nil {
		return err
	}
	view := web.View{Request: r}
	for i := 0; i < len(sales); {
		c, amounts := sales[i], []money.Amount{}
		for i < len(sales) && sales[i].OrderID == c.OrderID && sales[i].PartnerID == c.PartnerID { // lines of an order
			amounts, i = append(amounts, sales[i].Amount), i+1
		}
		sum, err := money.Sum(amounts...)
		if err != nil {
			return err
		}
		page.Events = append(page.Events, event{At: c.OccurredAt, Sale: true, Path: parts.OrderPath(c.OrderID),
			What: locale.T("Sale: %s for %s", view.Money(sum, c.Currency), people.Name(c.PartnerID))})
	}
	actions, err := p.Registry.Activity(r.Ctx(), affiliate.ActivityFilter{Limit: eventsRead})
	page.Events = append(page.Events, actionsOf(actions)...)
	slices.SortStableFunc(page.Events, func(a, b event) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
	page.Events = page.Events[:min(eventsShown, len(page.Events))]
	return err
}

// actionsOf are the actions, those of one bulk action as one event.
func actionsOf(records []affiliate.AuditRecord) (events []event) {
	for i := 0; i < len(records); {
		first, n := records[i], 1
		for i+n < len(records) && alike(first, records[i+n]) {
			n++
		}
		e := event{At: first.At, What: parts.Done(first), By: first.Actor.Text(), Path: parts.AboutPath(first)}
		if n > 1 {
			e.What = locale.Layout("%s ×%d", e.What, n)
			e.Path = parts.Activity
		}
		events, i = append(events, e), i+n
	}
	return events
}

func alike(a, b affiliate.AuditRecord) bool {
	return a.Actor == b.Actor && a.Action == b.Action && a.Object == b.Object && a.At.Sub(b.At).Abs() < together
}
