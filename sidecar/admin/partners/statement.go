package partners

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// statementPage shows what happened to a partner's money between two days, as
// it was booked then: it never changes again (B11).
type statementPage struct {
	top
	From, To   string // as typed, both included
	Statements []statement
	Ranges     []web.Tab
	Sheet      []string // the query of its file
	Path       string
}

// statement is that of one currency.
type statement struct {
	ledger.Statement
	Opening, Closing money.Amount // owed
	Lines            []statementLine
}

// statementLine is a row with what it did to what is owed.
type statementLine struct {
	ledger.StatementRow
	Change, Owed money.Amount
	Why          locale.Text
}

// Statement shows the partner's account over some days, by default this month.
func (p *Pages) Statement(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	page := statementPage{top: t, From: r.Query("from"), To: r.Query("to"),
		Path: parts.PartnerPath(t.Partner.ID) + "/statement"}
	today := p.Reports.Today()
	if page.From == "" && page.To == "" {
		page.From, page.To = monthOf(today).String(), today.String()
	}
	days := page.days()
	if len(page.Problems) == 0 {
		if err := p.fillStatements(r, &page, days); err != nil {
			return err
		}
	}
	page.Ranges = sheets(page.Path, today, days)
	page.Sheet = []string{"partner", t.Partner.ID.String(), "from", page.From, "to", page.To}
	return page.show(r, "statement.html", locale.T("Statement of %s", t.Contact.Name()), page)
}

// days are the days asked for; what is wrong with them becomes a problem. Only
// the last one named is the balance at its end.
func (page *statementPage) days() (days affiliate.Range) {
	problems := affiliate.Problems{}
	to, err := affiliate.ParseDay(page.To)
	problems.Check(err == nil, "to", "Please enter a date like 2026-01-31.")
	if page.From == "" {
		page.From = page.To
	}
	from, err := affiliate.ParseDay(page.From)
	problems.Check(err == nil, "from", "Please enter a date like 2026-01-31.")
	problems.Check(len(problems) > 0 || !to.Before(from), "to", "The last day is before the first one.")
	page.Problems = problems
	return affiliate.Range{From: from, To: to.Next()}
}

// monthOf is the first day of a day's month.
func monthOf(d affiliate.Day) affiliate.Day {
	return affiliate.Day{Year: d.Year, Month: d.Month, Day: 1}
}

// sheets are the months and years that are asked for most.
func sheets(path string, today affiliate.Day, shown affiliate.Range) (tabs []web.Tab) {
	month, year := monthOf(today), affiliate.Day{Year: today.Year, Month: time.January, Day: 1}
	lastYear := affiliate.Day{Year: today.Year - 1, Month: time.January, Day: 1}
	for _, s := range []struct {
		name     locale.Text
		from, to affiliate.Day
	}{
		{locale.T("This month"), month, today},
		{locale.T("Last month"), monthOf(month.AddDays(-1)), month.AddDays(-1)},
		{locale.T("This year"), year, today}, {locale.T("Last year"), lastYear, year.AddDays(-1)},
	} {
		tabs = append(tabs, web.Tab{Name: s.name, Path: path, Current: shown.From == s.from && shown.To == s.to.Next(),
			Query: []string{"from", s.from.String(), "to", s.to.String()}})
	}
	return tabs
}

func (p *Pages) fillStatements(r *web.Request, page *statementPage, days affiliate.Range) error {
	from, to := days.Times(r.Site.Zone())
	all, err := p.Ledger.Statements(r.Ctx(), page.Partner.ID, from, to)
	if err != nil {
		return err
	}
	for _, s := range all {
		shown := statement{Statement: s}
		if shown.Opening, err = s.Opening.Owed(); err != nil {
			return err
		}
		if shown.Closing, err = s.Closing.Owed(); err != nil {
			return err
		}
		for _, row := range s.Rows {
			line := statementLine{StatementRow: row, Why: reason.AdminWords(row.Reason)}
			if line.Change, err = row.Payable.Add(row.InPayout); err != nil {
				return err
			}
			if line.Owed, err = row.Balance.Owed(); err != nil {
				return err
			}
			shown.Lines = append(shown.Lines, line)
		}
		page.Statements = append(page.Statements, shown)
	}
	return nil
}
