package commissions

import (
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// What the books keep as the reason of a decision that took one click.
const (
	becauseProven     = "The referrer proven before gets the credit."
	becauseReinstated = "The cancellation was taken back."
	becauseReleased   = "An admin looked at the sale and released it."
)

// CreditProven gives a sale that an unproven referrer would have earned to the
// one who was proven before (D41).
func (p *Pages) CreditProven(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.OrderNoun](r.Param("order"))
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(r.PostForm("decision"))
	if err != nil || seen < 1 {
		return affiliate.Conflict("Please decide on the order's page.")
	}
	wish := sale.Rerun{Choice: sale.ProvenBefore, Reason: becauseProven}
	plan, err := p.Sales.Rerun(r.Ctx(), r.Who.Actor(), []sale.RerunPick{{OrderID: id, Seen: seen}}, wish)
	if err != nil {
		return err
	}
	if len(plan.Orders) == 0 {
		return r.Done(web.Flash{Text: notCredited(plan)}, parts.OrderPath(id))
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, plan.Orders[0].To.PartnerID)
	if err != nil {
		return err
	}
	name := people.Name(plan.Orders[0].To.PartnerID)
	text := locale.T("%s gets the credit now. The commission is pending.", name)
	return r.Done(web.Flash{Text: text}, parts.OrderPath(id))
}

// Reinstate brings back what was canceled of an order, for whom it was (S82).
func (p *Pages) Reinstate(r *web.Request) error {
	view, err := p.orderOf(r)
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(r.PostForm("decision"))
	if err != nil || seen < 1 || len(view.Decisions) == 0 {
		return affiliate.Conflict("Please decide on the order's page.")
	}
	id, credited := view.Order.ID, view.Decisions[len(view.Decisions)-1].PartnerID
	wish := sale.Rerun{Choice: sale.AnyPartner, PartnerID: credited, ThisOnly: true, Reason: becauseReinstated}
	plan, err := p.Sales.Rerun(r.Ctx(), r.Who.Actor(), []sale.RerunPick{{OrderID: id, Seen: seen}}, wish)
	if err != nil {
		return err
	}
	if len(plan.Orders) == 0 {
		return r.Done(web.Flash{Text: notCredited(plan)}, parts.OrderPath(id))
	}
	return r.Done(web.Flash{Text: locale.T("Reinstated. The commission is pending again.")}, parts.OrderPath(id))
}

func (p *Pages) orderOf(r *web.Request) (sale.OrderView, error) {
	id, err := affiliate.ParseID[affiliate.OrderNoun](r.Param("order"))
	if err != nil {
		return sale.OrderView{}, err
	}
	return p.Sales.Order(r.Ctx(), id)
}

// notCredited says why a sale stays as it is.
func notCredited(plan sale.RerunPlan) locale.Text {
	text := locale.T("Nothing was changed.")
	for _, skip := range plan.Skipped {
		text = locale.Join(text, skip.Reason.ForAdmin(nil))
	}
	return text
}

// ReleaseOrder approves a sale that waits for a person, as it is credited (D41, S76).
func (p *Pages) ReleaseOrder(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.OrderNoun](r.Param("order"))
	if err != nil {
		return err
	}
	form := r.Form()
	picks := picksOf(form)
	if form.Err() != nil {
		return affiliate.Conflict("Please decide on the order's page.")
	}
	view, err := p.Sales.Order(r.Ctx(), id)
	if err != nil {
		return err
	}
	report, err := p.Ledger.ApproveEarly(r.Ctx(), r.Who.Actor(), ofOrder(view, picks), becauseReleased)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: outcome(report, approved)}, parts.OrderPath(id))
}

// ofOrder leaves out commissions of other orders.
func ofOrder(view sale.OrderView, picks []ledger.Pick) (own []ledger.Pick) {
	for _, pick := range picks {
		for _, c := range view.Commissions {
			if c.ID == pick.ID {
				own = append(own, pick)
			}
		}
	}
	return own
}
