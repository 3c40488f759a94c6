package overview

import (
	"net/url"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// overviewPage says first what needs doing, then how the program does, and last
// that all works.
type overviewPage struct {
	Steps    []firstStep // until all are done
	Trouble  []locale.Text
	Todo     []Todo
	Reviews  []sale.Order    // the latest
	Failed   []messages.Mail // given up
	Next     affiliate.Day   // of payment, zero without a schedule (S143)
	Presets  []web.Tab
	Programs []web.Option
	Kept     []web.Hidden
	Problem  bool // the range or program asked for does not exist
	Figures  parts.SiteFigures
	Partners []top
	Tools    []top
	Query    []string // of the days shown
	Events   []event
	Hints    []parts.Hint
	People   parts.People // of Hints
	Health   []locale.Text
}

// firstStep is a step on the way to the first partner.
type firstStep struct {
	Name, Help locale.Text
	Path       string
	Done       bool
}

// Overview says what needs doing today, and how the program does.
func (p *Pages) Overview(r *web.Request) error {
	page := overviewPage{Trouble: p.Trouble(r.Ctx())}
	for _, part := range []func(*web.Request, *overviewPage) error{p.fillSteps, p.fillTodo, p.fillDays, p.fillEvents,
		p.fillHealth} {
		if err := part(r, &page); err != nil {
			return err
		}
	}
	return r.Page(pages, "overview.html", locale.T("Overview"), page)
}

// fillSteps lists the first steps while one of them is missing.
func (p *Pages) fillSteps(r *web.Request, page *overviewPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page.Next = settings.NextPayment(p.Reports.Today())
	programs, err := p.Registry.Programs(r.Ctx())
	if err != nil {
		return err
	}
	counts, err := p.Registry.PartnerCounts(r.Ctx())
	if err != nil {
		return err
	}
	products, tools, err := p.firstOf(r, programs)
	if err != nil {
		return err
	}
	first := parts.Programs
	if len(programs) > 0 {
		first = parts.ProgramPath(programs[0].ID, "")
	}
	steps := []firstStep{
		{locale.T("Save the settings"), locale.T("How partners are paid, and which referrer earns."),
			parts.Settings, settings.Version > 0},
		{locale.T("Create a program"), locale.T("1 or 2 Tier, and who can join."), parts.Programs, len(programs) > 0},
		{locale.T("Add a product"), locale.T("Only products of the program earn commission."), first, products},
		{locale.T("Create a promo tool"), locale.T("Begin with a standard link."), first, tools},
		{locale.T("Get your first partner"), locale.T("Through the program's sign-up form, or added by you."),
			parts.Partners, len(counts) > 0},
	}
	for _, step := range steps {
		if !step.Done {
			page.Steps = steps
		}
	}
	return nil
}

// firstOf tells whether any program has a product, and any a promo tool.
func (p *Pages) firstOf(r *web.Request, programs []affiliate.Program) (product, tool bool, err error) {
	for _, program := range programs {
		if !product {
			list, err := p.Registry.ProgramProducts(r.Ctx(), program.ID, "", affiliate.Page{Limit: 1})
			if err != nil {
				return false, false, err
			}
			product = len(list) > 0
		}
		if !tool {
			list, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
			if err != nil {
				return false, false, err
			}
			tool = len(list) > 0
		}
	}
	return product, tool, nil
}

func (p *Pages) fillTodo(r *web.Request, page *overviewPage) (err error) {
	if page.Todo, err = p.todo(r.Ctx(), web.View{Request: r}); err != nil {
		return err
	}
	if page.Reviews, err = p.Sales.Reviews(r.Ctx(), affiliate.Page{Limit: parts.Latest}); err != nil {
		return err
	}
	page.Failed, err = p.Mails.Mails(r.Ctx(), messages.Dead, affiliate.Page{Limit: parts.Latest})
	if err != nil {
		return err
	}
	page.Hints, err = parts.Hints(r.Ctx(), p.Tracker, p.Coupons, 0, r.Site.Now(), r.Site.Zone(), parts.Latest)
	if err != nil {
		return err
	}
	ids := []affiliate.PartnerID{}
	for _, h := range page.Hints {
		ids = append(ids, h.PartnerID)
	}
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	return err
}

// usual are the days shown unless others are asked for.
const usual = reports.Last30

// fillDays shows money and traffic of the chosen days, and who and what brought most.
func (p *Pages) fillDays(r *web.Request, page *overviewPage) error {
	preset := reports.Preset(r.Query("range"))
	if preset == "" {
		preset = usual
	}
	values := url.Values{"range": {string(preset)}, "program": {r.Query("program")}}
	q, err := reports.ParseQuery(values, p.Reports.Today())
	if page.Problem = affiliate.KindOf(err) == affiliate.KindInvalid; page.Problem {
		preset = usual
		q, err = reports.ParseQuery(url.Values{"range": {string(usual)}}, p.Reports.Today())
	}
	if err != nil {
		return err
	}
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	page.choices(r, preset, q)
	if page.Figures, err = parts.SiteFiguresOf(r, p.Reports, parts.Overview, q, preset); err != nil {
		return err
	}
	partners, tools, err := p.Reports.SiteTop(r.Ctx(), q, parts.Latest)
	page.Partners, page.Tools = topOf(r, partners), topOf(r, tools)
	return err
}

// choices are the other days one can look at; the program and what the chart
// shows stay.
func (page *overviewPage) choices(r *web.Request, current reports.Preset, q reports.Query) {
	var kept []string
	if q.Program != 0 {
		kept = append(kept, "program", q.Program.String())
	}
	if measure := r.Query("measure"); measure != "" {
		kept = append(kept, "measure", measure)
		page.Kept = append(page.Kept, web.Hidden{Name: "measure", Value: measure})
	}
	page.Kept = append(page.Kept, web.Hidden{Name: "range", Value: string(current)})
	for _, preset := range reports.Presets {
		page.Presets = append(page.Presets, web.Tab{Name: preset.Name, Path: parts.Overview,
			Query: append([]string{"range", string(preset.Preset)}, kept...), Current: preset.Preset == current})
	}
	page.Query = []string{"range", string(current)}
	if q.Program != 0 {
		page.Query = append(page.Query, "program", q.Program.String())
	}
}

// top is who or what brought most.
type top struct {
	Name   string
	ID     int64
	Orders string
	Earned []string // by currency
}

func topOf(r *web.Request, found []reports.SiteTop) (list []top) {
	view := web.View{Request: r}
	for _, one := range found {
		t := top{Name: one.Name, ID: one.ID, Orders: view.Number(one.Figures.Sales)}
		for _, cur := range one.Figures.Currencies() {
			t.Earned = append(t.Earned, view.Money(one.Figures.Money[cur].Commission, cur))
		}
		list = append(list, t)
	}
	return list
}

// fillHealth says quietly that all works; what does not stands above.
func (p *Pages) fillHealth(r *web.Request, page *overviewPage) error {
	click, err := p.Tracker.LastVisit(r.Ctx())
	if err != nil {
		return err
	}
	order, err := p.Sales.LastOrder(r.Ctx())
	if err != nil {
		return err
	}
	page.Health = []locale.Text{locale.T("The Partner Center service runs"), locale.T("No click recorded yet"),
		locale.T("No order yet")}
	words, zone := r.Language(), r.Site.Zone()
	if !click.IsZero() {
		page.Health[1] = locale.T("Last click: %s", words.Moment(click.In(zone)))
	}
	if !order.IsZero() {
		page.Health[2] = locale.T("Last order: %s", words.Moment(order.In(zone)))
	}
	return nil
}

// SendAgain tries a mail that was given up once more.
func (p *Pages) SendAgain(r *web.Request) error {
	id, err := affiliate.ParseID[messages.Mail](r.Param("mail"))
	if err != nil {
		return err
	}
	if err := p.Mails.Again(r.Ctx(), r.Who.Actor(), id); err != nil && affiliate.KindOf(err) != affiliate.KindConflict {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The email is on its way again.")}, "admin")
}

// DismissMail takes a mail that was given up out of the list.
func (p *Pages) DismissMail(r *web.Request) error {
	id, err := affiliate.ParseID[messages.Mail](r.Param("mail"))
	if err != nil {
		return err
	}
	if err := p.Mails.Dismiss(r.Ctx(), r.Who.Actor(), id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Dismissed: the email isn't sent.")}, "admin")
}
