package center

import (
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// whyPage explains one commission to its partner (B2): why it is theirs, how it
// was calculated, and what became of it. It says nothing of the buyer.
type whyPage struct {
	Commission ledger.Commission
	Through    string // of level 2: who made the sale (D44)
	Lines      []locale.Text
	Events     []event
	Tool       string // and SubID: of the partner's own sale
	SubID      string
	Next       locale.Text            // what comes next, none where nothing does
	PaidBy     affiliate.PayoutLineID // the payment that paid it, 0 for none
}

type event struct {
	At   time.Time
	Text locale.Text
}

// why is the path of the page that explains a row of commissions.
const why = "earnings/commissions/%d"

// Why shows how a commission came about.
func (p *Pages) Why(r *web.Request) error {
	id, err := affiliate.ParseID[ledger.Commission](r.Param("id"))
	if err != nil {
		return errNoCommission
	}
	c, err := p.Ledger.Commission(r.Ctx(), id)
	if err != nil {
		return err
	}
	if c.PartnerID != r.Who.Partner.ID {
		return errNoCommission
	}
	journals, err := p.Ledger.Journals(r.Ctx(), id)
	if err != nil {
		return err
	}
	if shown, err := p.mayShow(r, journals); err != nil {
		return err
	} else if !shown {
		return errNoCommission
	}
	order, err := p.Sales.Order(r.Ctx(), c.OrderID)
	if err != nil {
		return err
	}
	page := whyPage{Commission: c, Events: events(journals), Next: next(c, r.Site.Now()), PaidBy: paidBy(c, journals)}
	if c.Level == 1 {
		page.SubID = tracking.SubIDText(c.SubID)
		names, err := p.Tracker.ToolNames(r.Ctx(), c.ToolID)
		if err != nil {
			return err
		}
		page.Tool = names[c.ToolID]
	}
	line := ""
	for _, l := range order.Lines {
		if l.ID == c.LineID {
			line = l.Line
		}
	}
	for _, d := range order.Decisions {
		if d.DecisionVersion != c.DecisionVersion {
			continue
		}
		page.Lines = d.Trace.CommissionLines(r.Who.Partner.ID, line, c.Level)
		if c.Level == 2 {
			sellers, err := p.Registry.PartnerContacts(r.Ctx(), []affiliate.PartnerID{d.PartnerID})
			if err != nil {
				return err
			}
			seller := sellers[d.PartnerID]
			page.Through = affiliate.Line(seller.FirstName + " " + seller.LastName)
		}
	}
	return r.Page(pages, "why.html", locale.T("How you earned this commission"), page)
}

// next is what becomes of a commission that is not paid yet.
func next(c ledger.Commission, now time.Time) locale.Text {
	switch c.Status {
	case ledger.Pending:
		if c.NotBefore != nil && now.Before(*c.NotBefore) {
			return locale.T("On hold until %s, in case the order is returned. Then we review it.",
				locale.At(*c.NotBefore))
		}
		return locale.T("We review it next.")
	case ledger.Approved:
		return locale.T("It goes out with your next payment.")
	case ledger.InPayout:
		return locale.T("Its payment is on the way to you.")
	}
	return locale.Text{}
}

// paidBy is the latest payment of a paid commission.
func paidBy(c ledger.Commission, journals []ledger.Journal) (line affiliate.PayoutLineID) {
	for _, j := range journals {
		if c.Status == ledger.Paid && j.Kind == ledger.Settle {
			line = j.PayoutLineID
		}
	}
	return line
}

var errNoCommission = affiliate.Missing("There is no such commission among yours.")

// mayShow tells whether the partner may know of a commission with these
// journals: where pending ones are hidden, only once it was approved (S89).
func (p *Pages) mayShow(r *web.Request, journals []ledger.Journal) (bool, error) {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	approved := slices.ContainsFunc(journals, func(j ledger.Journal) bool { return j.Kind == ledger.Approve })
	return member && program.ShowPending || approved, err
}

// events are what happened to a commission, oldest first, as far as there is
// something to say to the partner.
func events(journals []ledger.Journal) (events []event) {
	for _, j := range journals {
		text := reason.PartnerWords(j.Reason)
		switch j.Kind {
		case ledger.Earn:
			text = locale.T("You earned this commission.")
		case ledger.Cancel: // by an admin, who wrote why
			text = locale.T("The commission was canceled: %s", j.Reason)
		}
		if !text.IsZero() && (len(events) == 0 || events[len(events)-1].Text.String() != text.String()) {
			events = append(events, event{j.OccurredAt, text})
		}
	}
	return events
}
