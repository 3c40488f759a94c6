package center

import (
	"fmt"
	"html/template"
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
	Sold  string     // URL of the commissions that it sums up, "" for none
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
	"product": linesName, "tool": linesName, "subid": linesName, "page": linesName, "campaign": linesName,
	"ad":     linesName,
	"seller": linesName, "kind": linesName, "method": linesName,
	"what": linesName, "change": linesMoney, "balance": linesState, "about": linesWho,
	"amount": linesMoney, "commission": linesMoney, "effect": linesMoney,
	"day": linesDate, "customer": linesWho, "why": linesWho, "status": linesState, "share": linesState,
}

// figurePlaces are those of columns of reports that sum up, whose second line is what
// brought the money.
var figurePlaces = map[string]string{"sales": linesDate, "unique": linesWho, "total": linesRest,
	"change": linesRest}

// placesOf are the places of the shown columns: each place is taken once, by the
// first column that has it; a table without a name is called by its date.
func placesOf(columns []reports.Column, name string, figures bool) []string {
	places, taken := make([]string, len(columns)), map[string]bool{}
	named := slices.ContainsFunc(columns, func(c reports.Column) bool { return c.BaseKey() == name })
	for i, c := range columns {
		place := linePlaces[c.BaseKey()]
		if other, has := figurePlaces[c.BaseKey()]; figures && has {
			place = other
		}
		if figures && i == 0 {
			place = linesName
		}
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
func (p listPage) Places() []string { return placesOf(p.Shown.Table.Columns, p.named, p.Sums) }

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
		if row.Behind != nil {
			l.Sold = t.URL(earnings.path+"/commissions", web.Flat(row.Behind.Values())...)
		}
		for i, cell := range row.Cells {
			c := lineCell{places[i], t.Place(i, cell)}
			p.dress(t, &c, t.Table().Columns[i], cell, l.Sold)
			l.Cells = append(l.Cells, c)
			if places[i] == linesRest && cell.Kind != reports.KindEmpty {
				l.More = append(l.More, c)
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// dress adds what only reports that sum up have: a name leads to the commissions, a
// share is a bar.
func (p listPage) dress(t web.TableView, c *lineCell, column reports.Column, cell reports.Cell, sold string) {
	switch key := column.BaseKey(); {
	case c.Place == linesName && sold != "":
		value, note := cell, t.Say(cell.Note)
		value.Note = locale.Text{}
		c.Text = `<a href="` + template.HTML(template.HTMLEscapeString(sold)) + `">` + t.Print(value) + `</a>`
		if note != "" {
			c.Text += ` <span class="pc-note-below">` + template.HTML(template.HTMLEscapeString(note)) + `</span>`
		}
	case p.Sums && key == "share" && cell.Kind != reports.KindEmpty && p.mostShare > 0:
		width := fmt.Sprintf("%d%%", max(0, int64(cell.Percent)*100/p.mostShare))
		c.Text = `<span class="pc-share"><span>` + c.Text +
			`</span>` + `<svg aria-hidden="true" focusable="false"><rect width="` + template.HTML(width) +
			`" height="100%"/></svg></span>`
	}
}

// largestShare is the largest share of a row, in the units of money.Rate.
func largestShare(page *reports.Page) (most int64) {
	for _, row := range page.Rows {
		for i, cell := range row.Cells {
			if page.Table.Columns[i].BaseKey() == "share" {
				most = max(most, int64(cell.Percent))
			}
		}
	}
	return most
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
