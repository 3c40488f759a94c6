package center

import (
	"slices"

	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// line is a row of a list: a row of a table where there is room, and two lines that
// open on a phone.
type line struct {
	Cells []lineCell
	More  []lineCell // what a phone shows once the line is open
	Why   string     // URL of the page that explains it, "" for none
}

// lineCell is a cell with its place in the two lines, the class of its element.
type lineCell struct {
	Place string
	web.Placed
}

// The places of a line. All others are "rest".
const (
	linesName  = "name"
	linesMoney = "money"
	linesDate  = "date"
	linesWho   = "who"
	linesState = "state"
	linesRest  = "rest"
)

// linePlaces are the places of columns by their base keys.
var linePlaces = map[string]string{
	"product": linesName, "tool": linesName, "subid": linesName, "campaign": linesName, "ad": linesName,
	"seller": linesName, "kind": linesName, "method": linesName,
	"what": linesName, "change": linesMoney, "balance": linesState, "about": linesWho,
	"amount": linesMoney, "commission": linesMoney, "effect": linesMoney,
	"day": linesDate, "customer": linesWho, "why": linesWho, "status": linesState, "share": linesState,
}

// placesOf are the places of the shown columns: each place is taken once, by the
// first column that has it; a table without a name is called by its date.
func placesOf(columns []reports.Column, name string) []string {
	places, taken := make([]string, len(columns)), map[string]bool{}
	named := slices.ContainsFunc(columns, func(c reports.Column) bool { return c.BaseKey() == name })
	for i, c := range columns {
		place := linePlaces[c.BaseKey()]
		switch {
		case named && c.BaseKey() == name:
			place = linesName
		case named && place == linesName, place == "", taken[place]:
			place = linesRest
		}
		places[i] = place
		taken[place] = place != linesRest
	}
	if !taken[linesName] {
		for i, place := range places {
			if place == linesDate {
				places[i] = linesName
			}
		}
	}
	return places
}

// Places are the places of the shown columns.
func (p listPage) Places() []string { return placesOf(p.Shown.Table.Columns, p.named) }

// Explains is what the link to a row's own page says.
func (p listPage) Explains() locale.Text {
	if p.Explain == payment {
		return locale.T("Receipt")
	}
	return locale.T("Why?")
}

// Lines are the shown rows.
func (p listPage) Lines(t web.TableView) (lines []line) {
	places := p.Places()
	for _, row := range t.Rows() {
		l := line{}
		if p.Explain != "" {
			l.Why = t.WhyURL(row)
		}
		for i, cell := range row.Cells {
			c := lineCell{places[i], t.Place(i, cell)}
			l.Cells = append(l.Cells, c)
			if places[i] == linesRest && cell.Kind != reports.KindEmpty {
				l.More = append(l.More, c)
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// TotalLines are the totals in the places of their columns.
func (p listPage) TotalLines(t web.TableView) (totals [][]lineCell) {
	places := p.Places()
	for _, row := range p.Shown.Table.Totals {
		var cells []lineCell
		for i, cell := range row.Cells {
			cells = append(cells, lineCell{places[i], t.Place(i, cell)})
		}
		totals = append(totals, cells)
	}
	return totals
}
