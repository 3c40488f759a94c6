package overview

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// overviewPage holds what needs doing today; what is empty is not shown.
type overviewPage struct {
	Steps        []firstStep // until all are done
	Pending      int64
	PendingSums  []ledger.Waiting
	Payable      []reports.Cell // what can be paid now, by currency
	Next         affiliate.Day  // of payment, zero without a schedule (S143)
	NoDetails    []reports.Cell // what cannot, because nobody knows where to send it
	Applications int
	Checks       int // groups of addresses (D41)
	Reviews      []sale.Order
	Failed       []messages.Mail // given up
	Trouble      []locale.Text
}

// Quiet tells that nothing needs doing.
func (o overviewPage) Quiet() bool {
	return len(o.Steps) == 0 && o.Pending == 0 && len(o.Payable) == 0 && len(o.NoDetails) == 0 &&
		o.Applications == 0 && o.Checks == 0 && len(o.Reviews) == 0 && len(o.Failed) == 0 && len(o.Trouble) == 0
}

// firstStep is a step on the way to the first partner.
type firstStep struct {
	Name, Help locale.Text
	Path       string
	Done       bool
}

// Overview says what needs doing today.
func (p *Pages) Overview(r *web.Request) error {
	page := overviewPage{Trouble: p.Trouble(r.Ctx())}
	for _, part := range []func(*web.Request, *overviewPage) error{p.fillSteps, p.fillMoney, p.fillPeople} {
		if err := part(r, &page); err != nil {
			return err
		}
	}
	return r.Page(pages, "overview.html", locale.T("Partners"), page)
}

// fillSteps lists the first steps while one of them is missing.
func (p *Pages) fillSteps(r *web.Request, page *overviewPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
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

func (p *Pages) fillMoney(r *web.Request, page *overviewPage) (err error) {
	if page.Pending, page.PendingSums, err = p.Ledger.Waiting(r.Ctx()); err != nil {
		return err
	}
	if page.Reviews, err = p.Sales.Reviews(r.Ctx(), affiliate.Page{Limit: parts.Latest}); err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page.Next = settings.NextPayment(p.Reports.Today())
	due, err := reports.Find(reports.ForAdmin, "due")
	if err != nil {
		return err
	}
	if page.Payable, err = p.owed(r, due, reports.Ready); err != nil {
		return err
	}
	page.NoDetails, err = p.owed(r, due, reports.NoDetails)
	return err
}

// owed is what is owed in a state, by currency.
func (p *Pages) owed(r *web.Request, due *reports.Report, state reports.DueState) (sums []reports.Cell, err error) {
	found, err := p.Reports.Page(r.Ctx(), due, reports.Query{Status: string(state), Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, total := range found.Table.Totals {
		sums = append(sums, found.Cell(total, "payable"))
	}
	return sums, nil
}

func (p *Pages) fillPeople(r *web.Request, page *overviewPage) error {
	counts, err := p.Registry.PartnerCounts(r.Ctx())
	if err != nil {
		return err
	}
	page.Applications = counts[affiliate.Applied]
	if page.Checks, err = p.Tracker.OpenClaims(r.Ctx()); err != nil {
		return err
	}
	page.Failed, err = p.Mails.Mails(r.Ctx(), messages.Dead, affiliate.Page{Limit: parts.Latest})
	return err
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
