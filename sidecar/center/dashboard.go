package center

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// dashboardPage answers first what is owed and when it is paid, then how the
// last 30 days went.
type dashboardPage struct {
	Owed    []owed // by currency
	Link    string // the partner's main link, "" while the program has none
	Tool    string // its promo tool
	Figures []figure
	Charts  []web.Tab
	Chart   *web.Chart // nil while there is nothing to draw
	Latest  web.ReportPage
	New     bool // nothing has come yet
	Paused  bool
	NoPay   bool          // the PayPal address is missing
	Next    affiliate.Day // of payment, zero without a schedule (S143)
	Pending bool          // may be seen (S89)
}

// figure is a number of the last 30 days beside that of the 30 days before.
type figure struct {
	Name   locale.Text
	Value  string
	Before string // "" while nothing is known of those days
	Trend  int    // of the two: -1, 0 or 1
}

const dashboardDays = 30

// Dashboard is the partner's first page.
func (p *Pages) Dashboard(r *web.Request) error {
	page := dashboardPage{Paused: !r.Who.Partner.State.LinksCount()}
	for _, fill := range []func(*web.Request, *dashboardPage) error{p.fillOwed, p.fillLink, p.fillDays, p.fillLatest} {
		if err := fill(r, &page); err != nil {
			return err
		}
	}
	page.New = page.New && len(page.Latest.Shown.Rows) == 0
	return r.Page(pages, "dashboard.html", locale.T("Dashboard"), page)
}

func (p *Pages) fillOwed(r *web.Request, page *dashboardPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page.Next = settings.NextPayment(p.Reports.Today())
	balances, err := p.Reports.Balances(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	page.Pending = balances.PendingShown
	for _, b := range balances.All {
		page.Owed = append(page.Owed, owed{b})
	}
	page.NoPay = settings.MethodOf(r.Who.Partner) == affiliate.PayPal && r.Who.Partner.PayPalEmail == ""
	return nil
}

func (p *Pages) fillLink(r *web.Request, page *dashboardPage) error {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !member {
		return err
	}
	tool, found, err := p.Tracker.MainTool(r.Ctx(), program)
	if err != nil || !found {
		return err
	}
	page.Link, page.Tool = r.Site.Links().For(tool, r.Who.Partner.Code, ""),
		tool.Name
	return nil
}

// fillDays reads the days shown and as many before them at once.
func (p *Pages) fillDays(r *web.Request, page *dashboardPage) error {
	tomorrow := p.Reports.Today().Next()
	days := affiliate.Range{From: tomorrow.AddDays(-2 * dashboardDays), To: tomorrow}
	points, err := p.Reports.Series(r.Ctx(), r.Who.Partner.ID, days)
	if err != nil {
		return err
	}
	before, now := points[:dashboardDays], points[dashboardDays:]
	currencies := currenciesIn(points)
	for _, owed := range page.Owed {
		if !slices.Contains(currencies, owed.Currency) {
			currencies = append(currencies, owed.Currency)
		}
	}
	slices.Sort(currencies)
	view := web.View{Request: r}
	page.Figures, err = figuresOf(view, now, before, currencies)
	if !slices.ContainsFunc(before, func(p reports.Point) bool { return p.Known }) {
		for i := range page.Figures {
			page.Figures[i].Before = ""
		}
	}
	page.New = !slices.ContainsFunc(points, func(p reports.Point) bool { return p.Clicks+p.Leads+p.Sales > 0 })
	if !page.New {
		page.fillChart(view, now, before, currencies, r.Query("chart"))
	}
	return err
}

// fillChart draws unique visits, or the commission in the chosen currency.
func (page *dashboardPage) fillChart(view web.View, now, before []reports.Point, currencies []money.Currency,
	chosen string) {
	earlier := locale.T("the 30 days before")
	shown := web.CountAxis(view, locale.T("Unique visits"), earlier)
	value := func(p reports.Point) int64 { return p.Unique }
	page.Charts = []web.Tab{{Name: shown.Title, Current: true}}
	for _, cur := range currencies {
		t := web.Tab{Name: locale.T("Commission in %s", string(cur)), Query: []string{"chart", string(cur)},
			Current: chosen == string(cur)}
		page.Charts = append(page.Charts, t)
		if t.Current {
			page.Charts[0].Current = false
			shown = web.MoneyAxis(view, t.Name, cur, earlier)
			value = func(p reports.Point) int64 { return p.Money[cur].Commission.Units() }
		}
	}
	bars := func(points []reports.Point) []web.Bar {
		days := affiliate.Range{From: points[0].Day, To: points[len(points)-1].Day.Next()}
		return web.Bars(points, reports.Spans(days, reports.ByDay), value)
	}
	drawn := web.NewChart(shown, reports.ByDay, bars(now), bars(before))
	page.Chart = &drawn
}

func (p *Pages) fillLatest(r *web.Request, page *dashboardPage) error {
	report, err := reports.Find(reports.ForPartner, "commissions")
	if err != nil {
		return err
	}
	spec := web.ReportSpec{Report: report, Partner: r.Who.Partner.ID, Explain: why}
	page.Latest, err = r.ReportExcerpt(p.Reports, spec, reports.Query{Partner: r.Who.Partner.ID, Limit: 5},
		"day", "amount", "status", "product", "customer")
	return err
}

func currenciesIn(points []reports.Point) (found []money.Currency) {
	for _, p := range points {
		for cur := range p.Money {
			if !slices.Contains(found, cur) {
				found = append(found, cur)
			}
		}
	}
	return found
}

// figuresOf sums the days up.
func figuresOf(view web.View, now, before []reports.Point, currencies []money.Currency) ([]figure, error) {
	var figures []figure
	for _, count := range []struct {
		name locale.Text
		of   func(reports.Point) int64
	}{
		{locale.T("Unique visits"), func(p reports.Point) int64 { return p.Unique }},
		{locale.T("Leads"), func(p reports.Point) int64 { return p.Leads }},
		{locale.T("Sales"), func(p reports.Point) int64 { return p.Sales }},
	} {
		a, b := sum(now, count.of), sum(before, count.of)
		figures = append(figures, figure{count.name, view.Number(a), view.Number(b), compare(a, b)})
	}
	for _, cur := range currencies {
		a, err := earned(now, cur)
		if err != nil {
			return nil, err
		}
		b, err := earned(before, cur)
		if err != nil {
			return nil, err
		}
		name := locale.T("Commission")
		if len(currencies) > 1 {
			name = locale.T("Commission in %s", string(cur))
		}
		figures = append(figures, figure{name, view.Money(a, cur), view.Money(b, cur), a.Cmp(b)})
	}
	return figures, nil
}

func sum(points []reports.Point, of func(reports.Point) int64) (total int64) {
	for _, p := range points {
		total += of(p)
	}
	return total
}

func compare(a, b int64) int { return max(-1, min(1, int(a-b))) }

func earned(points []reports.Point, cur money.Currency) (money.Amount, error) {
	amounts := []money.Amount{}
	for _, p := range points {
		amounts = append(amounts, p.Money[cur].Commission)
	}
	return money.Sum(amounts...)
}
