package center

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// whyPage explains one commission to its partner (B2): how it was calculated, why it
// is theirs, and what became of it. It says nothing of the buyer.
type whyPage struct {
	Commission ledger.Commission
	Product    string
	Through    string      // of level 2: who made the sale (D44)
	Formula    locale.Text // how the amount came about; none where it earns nothing at present
	Earned     money.Amount
	Lost       money.Amount // of Earned; zero where nothing was taken back
	LostBy     locale.Text
	Lines      []locale.Text
	Events     []event
	Tool       string // and SubID: of the partner's own sale
	SubID      string
}

// event is something that happened to the commission, or comes next.
type event struct {
	At     time.Time // zero: it is still to come
	Text   locale.Text
	PaidBy affiliate.PayoutLineID // the payment that it was, 0 for none
}

// why is the path of the page that explains a row of commissions.
const why = "earnings/commissions/%d"

var errNoCommission = affiliate.Missing("There is no such commission among yours.")

// Why shows how a commission came about.
func (p *Pages) Why(r *web.Request) error {
	c, journals, err := p.ownCommission(r)
	if err != nil {
		return err
	}
	effects, err := p.Ledger.Effects(r.Ctx(), c.ID)
	if err != nil {
		return err
	}
	page := whyPage{Commission: c, Events: events(c, journals, effects)}
	if err := page.lost(journals, effects); err != nil {
		return err
	}
	order, err := p.Sales.Order(r.Ctx(), c.OrderID)
	if err != nil {
		return err
	}
	if err := p.explainSale(r, &page, order); err != nil {
		return err
	}
	next, err := p.next(r, c)
	if err != nil {
		return err
	}
	if !next.IsZero() {
		page.Events = append(page.Events, event{Text: next})
	}
	return r.Page(pages, "why.html", locale.T("How you earned this commission"), page)
}

// ownCommission is the commission that the path names, with its journals. One of
// others, or that the partner may not know of, is as one that does not exist.
func (p *Pages) ownCommission(r *web.Request) (c ledger.Commission, journals []ledger.Journal, err error) {
	id, err := affiliate.ParseID[ledger.Commission](r.Param("id"))
	if err != nil {
		return c, nil, errNoCommission
	}
	if c, err = p.Ledger.Commission(r.Ctx(), id); err != nil {
		return c, nil, err
	}
	if c.PartnerID != r.Who.Partner.ID {
		return c, nil, errNoCommission
	}
	if journals, err = p.Ledger.Journals(r.Ctx(), id); err != nil {
		return c, nil, err
	}
	shown, err := p.mayShow(r, journals)
	if err == nil && !shown {
		err = errNoCommission
	}
	return c, journals, err
}

// explainSale fills in what the order's decision says of the commission. Of level 2
// neither promo tool nor SubID nor click are told: they are the seller's own (D44).
func (p *Pages) explainSale(r *web.Request, page *whyPage, order sale.OrderView) error {
	c, line := page.Commission, ""
	for _, l := range order.Lines {
		if l.ID == c.LineID {
			line, page.Product = l.Line, l.Name
		}
	}
	if c.Level == 1 {
		page.SubID = tracking.SubIDText(c.SubID)
		names, err := p.Tracker.ToolNames(r.Ctx(), c.ToolID)
		if err != nil {
			return err
		}
		page.Tool = names[c.ToolID]
	}
	for _, d := range order.Decisions {
		if d.DecisionVersion != c.DecisionVersion {
			continue
		}
		page.Formula = d.Trace.Formula(c.PartnerID, line, c.Level)
		page.Lines = d.Trace.CommissionLines(c.PartnerID, line, c.Level)
		if c.Level == 2 {
			return p.nameSeller(r.Ctx(), page, d.PartnerID)
		}
		page.tellClick(d.Trace)
	}
	return nil
}

func (p *Pages) nameSeller(ctx context.Context, page *whyPage, id affiliate.PartnerID) error {
	sellers, err := p.Registry.PartnerContacts(ctx, []affiliate.PartnerID{id})
	page.Through = affiliate.Line(sellers[id].FirstName + " " + sellers[id].LastName)
	return err
}

// tellClick puts the click that the sale goes back to before what followed it.
func (page *whyPage) tellClick(t sale.Trace) {
	at, link := t.CameBy(page.Commission.PartnerID)
	if at.IsZero() {
		return
	}
	by := locale.T("You became the buyer's referrer.")
	switch {
	case link && page.Tool != "" && page.SubID != "":
		by = locale.T("The buyer clicked your link “%s” with SubID %s.", page.Tool, page.SubID)
	case link && page.Tool != "":
		by = locale.T("The buyer clicked your link “%s”.", page.Tool)
	case link:
		by = locale.T("The buyer clicked your link.")
	case page.Tool != "" && page.SubID != "":
		by = locale.T("The buyer came by your link “%s” with SubID %s.", page.Tool, page.SubID)
	case page.Tool != "":
		by = locale.T("The buyer came by your link “%s”.", page.Tool)
	}
	page.Events = slices.Insert(page.Events, 0, event{At: at, Text: by})
}

// lost says what refunds and cancellations took of what was earned, and why at last.
func (page *whyPage) lost(journals []ledger.Journal, effects map[ledger.JournalID]money.Amount) (err error) {
	for _, j := range journals {
		switch effect := effects[j.ID]; {
		case j.Seq == 1:
			page.Earned = effect
		case effect.Sign() < 0:
			page.LostBy = reason.PartnerWords(j.Reason)
		}
	}
	if page.Lost, err = page.Earned.Sub(page.Commission.Amount); page.Lost.Sign() < 0 {
		page.Lost = money.Amount{}
	}
	return err
}

// next is what becomes of a commission that is not paid yet.
func (p *Pages) next(r *web.Request, c ledger.Commission) (locale.Text, error) {
	now := r.Site.Now()
	switch c.Status {
	case ledger.Pending:
		held := c.NotBefore != nil && now.Before(*c.NotBefore)
		switch {
		case held && c.ApproveAt != nil:
			return locale.T("On hold until %s, in case the order is returned. Then it is approved.",
				locale.At(*c.NotBefore)), nil
		case held && !c.UntilDecided():
			return locale.T("On hold until %s, in case the order is returned. Then we review it.",
				locale.At(*c.NotBefore)), nil
		}
		return locale.T("We review it next."), nil
	case ledger.Approved:
		return p.nextPayment(r)
	case ledger.InPayout:
		return locale.T("Its payment is on the way to you."), nil
	}
	return locale.Text{}, nil
}

func (p *Pages) nextPayment(r *web.Request) (locale.Text, error) {
	settings, err := p.Registry.Settings(r.Ctx())
	if day := settings.NextPayment(p.Reports.Today()); err == nil && !day.IsZero() {
		return locale.T("It goes out with your next payment, around %s.", day), nil
	}
	return locale.T("It goes out with your next payment."), err
}

// mayShow tells whether the partner may know of a commission with these
// journals: where pending ones are hidden, only once it was approved (S89).
func (p *Pages) mayShow(r *web.Request, journals []ledger.Journal) (bool, error) {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	approved := slices.ContainsFunc(journals, func(j ledger.Journal) bool { return j.Kind == ledger.Approve })
	return member && program.ShowPending || approved, err
}

// events are what happened to a commission, oldest first, as far as there is
// something to say to the partner.
func events(c ledger.Commission, journals []ledger.Journal, effects map[ledger.JournalID]money.Amount) (all []event) {
	for _, j := range journals {
		e := event{At: j.OccurredAt, Text: reason.PartnerWords(j.Reason)}
		effect := effects[j.ID]
		by := money.Text(money.Max(effect, effect.Neg()), c.Currency)
		switch {
		case j.Kind == ledger.Earn && j.Seq == 1:
			e.Text = locale.T("You earned %s.", by)
		case j.Kind == ledger.Cancel: // by an admin, who wrote why
			e.Text = locale.T("The commission was canceled: %s", j.Reason)
		case j.Kind == ledger.Settle:
			e.PaidBy = j.PayoutLineID
		case effect.Sign() < 0:
			e.Text = locale.Join(locale.T("%s was taken back.", by), e.Text)
		case effect.Sign() > 0:
			e.Text = locale.Join(locale.T("%s was added.", by), e.Text)
		}
		if n := len(all); n > 0 && all[n-1].Text.String() == e.Text.String() {
			all[n-1].PaidBy = max(all[n-1].PaidBy, e.PaidBy) // going into a payout reads as being paid
		} else if !e.Text.IsZero() {
			all = append(all, e)
		}
	}
	return all
}
