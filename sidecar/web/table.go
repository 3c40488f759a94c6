package web

import (
	"fmt"
	"html/template"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
)

// Links are the paths of the pages that a report's cells lead to, by what they
// refer to, with a %d for the id. Each area knows its own.
type Links map[reports.RefKind]string

// TableView is one page of a report as the template "report" prints it.
type TableView struct {
	View
	ReportPage
}

// Report is a page of a report for the template "report".
func (v View) Report(page ReportPage) TableView { return TableView{v, page} }

// RowView is a row for the template "row-end", by which a page puts something
// of its own behind each row.
type RowView struct {
	TableView
	Row reports.Row
}

// At is the view of one row.
func (t TableView) At(row reports.Row) RowView { return RowView{t, row} }

// Cell is the row's cell in the column of that key.
func (r RowView) Cell(key string) reports.Cell { return r.Shown.Cell(r.Row, key) }

// Table describes the shown rows.
func (t TableView) Table() *reports.Table { return t.Shown.Table }

// Rows are the shown ones.
func (t TableView) Rows() []reports.Row { return t.Shown.Rows }

// Pick names what a row is about in the version that is shown: "17.3", or "17"
// where it has no versions; "17.USD" where there is one for each currency.
func (t TableView) Pick(row reports.Row) string {
	if row.Ref.Currency != "" {
		return fmt.Sprintf("%d.%s", row.Ref.ID, row.Ref.Currency)
	}
	if row.Version == 0 {
		return fmt.Sprint(row.Ref.ID)
	}
	return fmt.Sprintf("%d.%d", row.Ref.ID, row.Version)
}

// WhyURL is the address of the page that explains a row; "" for rows that are
// about nothing.
func (t TableView) WhyURL(row reports.Row) string {
	if row.Ref.ID == 0 {
		return ""
	}
	return t.URL(fmt.Sprintf(t.Explain, row.Ref.ID))
}

// Placed is a cell of the table as the template "report-cell" prints it; the
// heading of its column is for phones, which show no headings.
type Placed struct {
	Kind    reports.Kind
	Heading string
	Numeric bool
	Native  bool // in a list as wp-admin shows lists
	Text    template.HTML
}

// Place is the cell that stands in the i-th of the columns.
func (t TableView) Place(i int, c reports.Cell) Placed {
	text := t.Print(c)
	if t.Native && i == 0 {
		text = t.linked(c, ` class="row-title"`) // as wp-admin shows what a row is about
	}
	if !c.Note.IsZero() {
		note := template.HTML(template.HTMLEscapeString(t.Say(c.Note)))
		// phones lay cells out as rows
		text = `<span><span class="pc-noted">` + text + `</span> <span class="pc-note-below">` + note + `</span></span>`
	}
	return Placed{c.Kind, t.Heading(i), t.Numeric(c.Kind), t.Native, text}
}

// Heading is the name of the i-th column.
func (t TableView) Heading(i int) string { return t.Say(t.Shown.Table.Columns[i].Name) }

// Numeric tells whether cells of this kind stand at the right.
func (t TableView) Numeric(kind reports.Kind) bool {
	return kind == reports.KindMoney || kind == reports.KindNumber ||
		kind == reports.KindPercent || kind == reports.KindChange
}

// Print prints a cell the one way its kind is printed, linked to what it is about.
func (t TableView) Print(c reports.Cell) template.HTML { return t.linked(c, "") }

// linked is a cell whose link has these attributes.
func (t TableView) linked(c reports.Cell, attributes template.HTML) template.HTML {
	text := t.plain(c)
	path, ok := t.Links[c.Ref.Kind]
	if !ok || text == "" {
		return text
	}
	query := []string{}
	if c.Ref.Currency != "" {
		query = []string{"currency", string(c.Ref.Currency)}
	}
	href := template.HTMLEscapeString(t.URL(fmt.Sprintf(path, c.Ref.ID), query...))
	return `<a` + attributes + ` href="` + template.HTML(href) + `">` + text + `</a>`
}

func (t TableView) plain(c reports.Cell) template.HTML {
	escape := func(text string) template.HTML { return template.HTML(template.HTMLEscapeString(text)) }
	switch c.Kind {
	case reports.KindNumber:
		return escape(t.Number(c.Number))
	case reports.KindMoney:
		return escape(t.Money(c.Amount, c.Currency))
	case reports.KindPercent:
		return escape(t.Language().Percent(c.Percent.String()))
	case reports.KindChange:
		return t.change(c.Percent)
	case reports.KindDate:
		return day(t.Language(), c.Day)
	case reports.KindTime:
		return t.Time(c.Time)
	case reports.KindStatus:
		return `<span class="pc-status pc-status-` + escape(c.Text) + `">` + escape(t.Say(Words(c.Text))) + `</span>`
	}
	return escape(c.Words(t.Language()))
}

// change is a percentage by which something rose or fell: by an arrow, and for those
// who hear the page by a word.
func (t TableView) change(by money.Rate) template.HTML {
	number := template.HTMLEscapeString(t.Language().Percent(strings.TrimPrefix(by.String(), "-")))
	class, arrow, word := "pc-up", "▲", locale.T("up")
	switch {
	case by == 0:
		return template.HTML(number)
	case by < 0:
		class, arrow, word = "pc-down", "▼", locale.T("down")
	}
	return template.HTML(`<span class="` + class + `">` + `<span aria-hidden="true">` + arrow +
		`</span><span class="pc-hidden">` + template.HTMLEscapeString(t.Say(word)) + `</span> ` + number + `</span>`)
}

// Number prints a count with the site's thousands separators.
func (v View) Number(n int64) string {
	return v.Language().Number(n)
}

// day is the template function that prints a day of the site's calendar.
func day(l *locale.Language, d affiliate.Day) template.HTML {
	if d.IsZero() {
		return ""
	}
	return template.HTML(`<time datetime="` + d.String() + `">` + template.HTMLEscapeString(d.Show(l)) + `</time>`)
}
