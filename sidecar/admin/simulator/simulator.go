package simulator

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// usualDays is how far back the page looks unless it is told.
const usualDays = 90

// page is the scenario as typed, and what came of it.
type page struct {
	From, To, Credit, Coupons, Program, Rule, Days, Self, New string
	Credits, CouponRules, Programs, Rules, Selfs, News        []web.Option
	Query                                                     []string // of the result, for its files
	Result                                                    *parts.Simulated
	Problems                                                  affiliate.Problems
}

// Simulator shows the form of a scenario, and what it would have changed once
// it was asked for. It writes nothing.
func (p *Pages) Simulator(r *web.Request) error {
	shown, days, what := p.read(r)
	names, err := parts.ProgramFilter(r.Ctx(), p.Registry, shown.Program)
	if err != nil {
		return err
	}
	shown.Programs = names
	if r.Query("run") != "" && len(shown.Problems) == 0 {
		sim, err := p.run(r, days, what)
		form := r.Form()
		again, err := form.Refused(err)
		if err != nil {
			return err
		}
		if again {
			shown.Problems = form.Problems
		} else if shown.Result, err = parts.SimulatedOf(r.Ctx(), p.Registry, sim); err != nil {
			return err
		}
	}
	if len(shown.Problems) > 0 {
		return r.Invalid(pages, "simulator.html", locale.T("Simulator"), shown)
	}
	return r.Page(pages, "simulator.html", locale.T("Simulator"), shown)
}

func (p *Pages) run(r *web.Request, days affiliate.Range, what sale.Scenario) (sale.Simulation, error) {
	zone := r.Site.Zone()
	return p.Simulate(r.Ctx(), days.From.Start(zone), days.To.Next().Start(zone), what)
}

// read is the scenario in the URL: as typed, and as what it means.
func (p *Pages) read(r *web.Request) (shown page, days affiliate.Range, what sale.Scenario) {
	today := affiliate.DayOf(r.Site.Now(), r.Site.Zone())
	shown = page{From: cmp.Or(r.Query("from"), today.AddDays(-usualDays).String()),
		To: cmp.Or(r.Query("to"), today.String()), Credit: r.Query("credit"), Coupons: r.Query("coupons"),
		Program: r.Query("program"), Rule: r.Query("rule"), Days: strings.TrimSpace(r.Query("credit_days")),
		Self: r.Query("self"), New: r.Query("new"), Problems: affiliate.Problems{}}
	shown.offer()
	shown.Query = []string{"from", shown.From, "to", shown.To, "credit", shown.Credit, "coupons", shown.Coupons,
		"program", shown.Program, "rule", shown.Rule, "credit_days", shown.Days, "self", shown.Self, "new", shown.New}
	what = sale.Scenario{Credit: affiliate.Credit(shown.Credit), Coupons: affiliate.CouponPriority(shown.Coupons),
		Rule: affiliate.CreditRule(shown.Rule), SelfReferral: affiliate.SelfReferral(shown.Self)}
	wrong := shown.Problems
	for field, day := range map[string]*affiliate.Day{shown.From: &days.From, shown.To: &days.To} {
		var err error
		*day, err = affiliate.ParseDay(field)
		wrong.Check(err == nil, "from", "Please enter the first and the last day.")
	}
	wrong.Check(!days.To.Before(days.From), "from", "The last day must not be before the first.")
	if shown.Program != "" {
		id, err := affiliate.ParseID[affiliate.Program](shown.Program)
		wrong.Check(err == nil, "program", "Please choose one from the list.")
		what.ProgramID = id
	}
	if shown.Days != "" && what.Rule != "" && what.Rule != affiliate.StoredReferrer {
		n, err := strconv.Atoi(shown.Days)
		wrong.Check(err == nil, "credit_days", "Please enter a whole number, 0 or more.")
		what.Days = n
	}
	if only := shown.New == "yes"; only || shown.New == "no" {
		what.NewOnly = &only
	}
	return shown, days, what
}

// offer adds what can be chosen.
func (s *page) offer() {
	same := func(list any, chosen string) []web.Option {
		return append([]web.Option{{Label: locale.T("As it was"), Chosen: chosen == ""}}, web.Options(list, chosen)...)
	}
	s.Credits = same([]affiliate.Credit{affiliate.FirstReferrer, affiliate.LastReferrer}, s.Credit)
	s.CouponRules = same([]affiliate.CouponPriority{affiliate.ClickWins, affiliate.CouponWins, affiliate.NewestWins},
		s.Coupons)
	s.Rules = same([]affiliate.CreditRule{affiliate.StoredReferrer, affiliate.StoredForDays, affiliate.LiveClick},
		s.Rule)
	s.Selfs = same([]affiliate.SelfReferral{affiliate.HoldSelf, affiliate.DenySelf, affiliate.AllowSelf}, s.Self)
	s.News = same([]web.Option{{Value: "yes", Label: locale.T("New customers only")},
		{Value: "no", Label: locale.T("New and returning customers")}}, s.New)
}

// File answers with the result for all partners, as CSV or Excel.
func (p *Pages) File(r *web.Request) error {
	shown, days, what := p.read(r)
	if err := shown.Problems.Err(); err != nil {
		return err
	}
	_, format, _ := strings.Cut(r.Param("file"), ".")
	return r.Files(func() error {
		sim, err := p.run(r, days, what)
		if err != nil {
			return err
		}
		named, err := parts.SimulatedOf(r.Ctx(), p.Registry, sim)
		if err != nil {
			return err
		}
		err = p.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export",
			Object: "simulation", After: what})
		if err != nil {
			return err
		}
		return r.Download(table(named, days, r.Site.Zone()), format)
	})
}

// table is the result for files; days include their last one.
func table(s *parts.Simulated, days affiliate.Range, zone *time.Location) *reports.Table {
	days.To = days.To.Next()
	t := &reports.Table{Name: "simulation", Title: locale.T("Simulation"), Range: days, Zone: zone,
		Columns: []reports.Column{{Key: "partner", Name: locale.T("Partner"), Kind: reports.KindText},
			{Key: "is", Name: locale.T("Is"), Kind: reports.KindMoney},
			{Key: "would_be", Name: locale.T("Would be"), Kind: reports.KindMoney},
			{Key: "change", Name: locale.T("Change"), Kind: reports.KindMoney}}}
	cells := func(first reports.Cell, row sale.SimulationRow) reports.Row {
		return reports.Row{Cells: []reports.Cell{first, reports.Money(row.Booked, row.Currency),
			reports.Money(row.Simulated, row.Currency), reports.Money(row.Difference, row.Currency)}}
	}
	for _, sum := range s.Totals {
		t.Totals = append(t.Totals, cells(reports.Sentence(locale.T("Total")), sum))
	}
	t.Rows = func(yield func(reports.Row, error) bool) {
		for _, row := range s.Rows {
			if !yield(cells(reports.Text(s.People.Name(row.PartnerID)), row), nil) {
				return
			}
		}
	}
	return t
}
