package center

import (
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// dashboardPage answers first what link to share and what is owed, with when it
// is paid; then how a range of days went, what happened last, and the terms.
type dashboardPage struct {
	Box     *linkBox
	Owed    []owed // by currency
	Pending bool   // may be seen (S89)
	NoPay   bool   // the PayPal address is missing
	Paused  bool
	Guide   *guide     // nil once its steps are done
	Days    *daysCard  // nil while nothing has come yet
	Feed    []feedItem // newest first
	Program string     // "" in none
	Terms   affiliate.ShortTerms
	Asked   signup.Standing // to the terms of the program, which may wait to be accepted
	Waits   bool            // the payment address came with a sign-up form and is unconfirmed (D42)
}

// feedItems is how much of what happened last is shown.
const feedItems = 7

// Dashboard is the partner's first page.
func (p *Pages) Dashboard(r *web.Request) error {
	page := dashboardPage{Paused: !r.Who.Partner.State.LinksCount(), Waits: r.Who.Partner.PaymentUnconfirmed}
	for _, fill := range []func(*web.Request, *dashboardPage) error{p.fillOwed, p.fillLink, p.fillDays, p.fillFeed,
		p.fillGuide, p.fillTerms} {
		if err := fill(r, &page); err != nil {
			return err
		}
	}
	return r.Page(pages, "dashboard.html", locale.T("Dashboard"), page)
}

func (p *Pages) fillOwed(r *web.Request, page *dashboardPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	balances, err := p.Reports.Balances(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	last, err := p.Reports.LastPayments(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	page.Pending = balances.PendingShown
	for _, b := range balances.All {
		page.Owed = append(page.Owed, owed{Balance: b, Next: settings.NextPayment(p.Reports.Today()),
			Last: last[b.Currency]})
	}
	page.NoPay = settings.MethodOf(r.Who.Partner) == affiliate.PayPal && r.Who.Partner.PayPalEmail == ""
	return nil
}

// fillLink makes the link box, which keeps what the days below are about.
func (p *Pages) fillLink(r *web.Request, page *dashboardPage) (err error) {
	page.Box, err = p.linkBox(r, "", hidden(given(r, "range", "from", "to", "chart"))...)
	page.Box.Renews = "pc-ranges pc-charts"
	return err
}

func (p *Pages) fillDays(r *web.Request, page *dashboardPage) error {
	days, err := p.daysCard(r, page.currencies())
	if err == nil && days.Any {
		page.Days = days
	}
	return err
}

func (p *Pages) fillFeed(r *web.Request, page *dashboardPage) error {
	events, err := p.Reports.Feed(r.Ctx(), r.Who.Partner.ID, feedItems)
	for _, e := range events {
		page.Feed = append(page.Feed, feedItem{Event: e, today: p.Reports.Today()})
	}
	return err
}

func (p *Pages) fillTerms(r *web.Request, page *dashboardPage) error {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !member {
		return err
	}
	page.Program = program.Name
	if page.Terms, err = p.Registry.ShortTerms(r.Ctx(), program); err != nil {
		return err
	}
	page.Asked, err = p.Signups.Standing(r.Ctx(), r.Who.Partner.ID)
	return err
}

// currencies are those of the balances.
func (page *dashboardPage) currencies() (found []money.Currency) {
	for _, o := range page.Owed {
		found = append(found, o.Currency)
	}
	return found
}

// feedItem is something that happened, as the page shows it.
type feedItem struct {
	reports.Event
	today affiliate.Day
}

// IsToday tells that the time of day is enough to say when; Yesterday, that
// there is a word for the day.
func (f feedItem) IsToday() bool   { return f.Day == f.today }
func (f feedItem) Yesterday() bool { return f.Day.Next() == f.today }

// Why is the path of the page that explains a sale or refund.
func (f feedItem) Why() string { return fmt.Sprintf(why, f.Ref.ID) }

// Mark is the color of the dot before it: that of its state.
func (f feedItem) Mark() string {
	switch {
	case f.Kind == reports.EventClicks:
		return "pc-key-none"
	case f.Kind == reports.EventLead:
		return ""
	case f.Kind == reports.EventRefund && f.Amount.Sign() < 0, f.Status == "canceled":
		return "pc-key-bad"
	case f.Status == "pending":
		return "pc-key-pending"
	}
	return "pc-key-approved"
}

// hasSold tells whether any commission or payment was ever theirs.
func (page *dashboardPage) hasSold() bool {
	return slices.ContainsFunc(page.Owed, func(o owed) bool {
		return !o.Pending.IsZero() || !o.Owed.IsZero() || !o.Paid.IsZero()
	}) || slices.ContainsFunc(page.Feed, func(f feedItem) bool { return f.Kind == reports.EventSale })
}
