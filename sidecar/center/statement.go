package center

import (
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// statementDays leads to the years and months in which something was booked, and
// says what was owed at the end of the days that a statement shows (S144, B11).
type statementDays struct {
	Years, Months []web.Tab // these of the year that is shown
	Owed          []reports.Owed
	Last          affiliate.Day // of the days that are shown
	Currency      []web.Hidden  // what the form keeps
}

// Chosen names the month or year that is shown; zero for other days.
func (d *statementDays) Chosen() locale.Text {
	for _, tabs := range [][]web.Tab{d.Months, d.Years} {
		for _, tab := range tabs {
			if tab.Current {
				return tab.Name
			}
		}
	}
	return locale.Text{}
}

// statementDays reads them for the days that the list shows.
func (p *Pages) statementDays(r *web.Request, list *listPage) (*statementDays, error) {
	shown, today := list.Shown.Table.Range, p.Reports.Today()
	found, err := p.Reports.StatementDays(r.Ctx(), r.Who.Partner.ID, shown.To)
	if err != nil {
		return nil, err
	}
	if len(found.Owed) == 0 {
		settings, err := p.Registry.Settings(r.Ctx())
		if err != nil {
			return nil, err
		}
		found.Owed = []reports.Owed{{Currency: settings.Currency}}
	}
	kept := given(r, "currency")
	d := &statementDays{Owed: found.Owed, Last: today, Currency: hidden(kept)}
	if last := shown.To; !last.IsZero() && last.Before(today) {
		d.Last = last.AddDays(-1)
	}
	tab := func(name locale.Text, days affiliate.Range) web.Tab {
		soFar := days.Contains(today) && shown == affiliate.Range{From: days.From, To: today.Next()}
		return web.Tab{Name: name, Path: list.Path, Current: shown == days || soFar,
			Query: append([]string{"from", days.From.String(), "to", days.To.AddDays(-1).String()}, kept...)}
	}
	for i, month := range found.Months {
		if i == 0 || month.Year != found.Months[i-1].Year {
			year := affiliate.Day{Year: month.Year, Month: time.January, Day: 1}
			d.Years = append(d.Years, tab(locale.Data(strconv.Itoa(month.Year)),
				affiliate.Range{From: year, To: year.AddMonths(12)}))
		}
		if month.Year == d.Last.Year {
			days := affiliate.Range{From: month, To: month.AddMonths(1)}
			d.Months = append(d.Months, tab(web.DayRange(days), days))
		}
	}
	return d, nil
}
