package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
)

// BulkAction is something that can be done with ticked rows.
type BulkAction struct {
	Name  string // of the form: "approve"
	Label locale.Text
}

// arrange puts the column that rows are called by first, and says which page of
// how many rows this is, whatever the URL claims.
func (p *ReportPage) arrange() {
	if len(p.Bulk) > 0 {
		p.Tick = "pick"
	}
	if p.Native && p.Primary != "" {
		p.Shown.First(p.Primary)
	}
	if p.First || p.At < 0 {
		p.At = 0
	}
	if count := int(p.Shown.Table.Count); count > 0 {
		p.At = min(p.At, max(0, count-len(p.Shown.Rows)))
	}
}

// Clocked tells whether times of day stand in the shown rows; what files alone hold
// says its zone itself.
func (p ReportPage) Clocked() bool {
	return slices.ContainsFunc(p.Shown.Table.Columns, func(c reports.Column) bool { return c.Kind == reports.KindTime })
}

// LastRow is the number of the last row shown.
func (p ReportPage) LastRow() int64 { return int64(p.At + len(p.Shown.Rows)) }

// FirstRow is the number of the first row shown, counted from 1.
func (p ReportPage) FirstRow() int64 { return int64(p.At) + 1 }

// More tells whether more rows match than are counted.
func (p ReportPage) More() bool { return p.Shown.Table.Count > p.MostCounted() }

// MostCounted is up to where rows are counted.
func (p ReportPage) MostCounted() int64 { return cmp.Or(p.Shown.Table.Counted, reports.MostCounted) }

// Older is the query of the page behind this one.
func (p ReportPage) Older() []string {
	return p.with("after", p.Shown.Next, "at", strconv.FormatInt(p.LastRow(), 10))
}

// SearchWhole is the query of the same search in all rows.
func (p ReportPage) SearchWhole() []string { return append(slices.Clone(p.Query), "whole", "1") }

// Newer is the query of the page before this one, which near the beginning is the first.
func (p ReportPage) Newer() []string {
	if p.Shown.Prev == "" || p.At <= p.Rows {
		return p.Query
	}
	return p.with("before", p.Shown.Prev, "at", strconv.Itoa(p.At-p.Rows))
}

// Back tells whether the page before this one is known, or only the first.
func (p ReportPage) Back() bool { return p.Shown.Prev != "" }

// AllTicked is the query of this list with all rows ticked that match.
func (p ReportPage) AllTicked() []string { return p.with("all", "1") }

// Further tells whether more rows match than are shown.
func (p ReportPage) Further() bool { return p.Shown.Table.Count > int64(len(p.Shown.Rows)) }

// Choices tells whether the filter bar has anything but the search field.
func (p ReportPage) Choices() bool {
	for _, f := range []reports.Filter{reports.FilterRange, reports.FilterStep, reports.FilterProgram,
		reports.FilterStatus, reports.FilterKind, reports.FilterGroup, reports.FilterCampaign, reports.FilterAd} {
		if p.Offers(f) {
			return true
		}
	}
	return len(p.Currencies) > 0
}

// BulkPlace is the select with the bulk actions above or below a list.
type BulkPlace struct {
	Bulk        []BulkAction
	Name, Where string
}

// BulkAt is one of the two selects with the bulk actions.
func (p ReportPage) BulkAt(name, where string) BulkPlace { return BulkPlace{p.Bulk, name, where} }

func (p ReportPage) with(more ...string) []string { return slices.Concat(p.Query, more) }

// SortedBy is the direction in which the rows stand by a column, as
// aria-sort calls it; "" where they stand by another.
func (p ReportPage) SortedBy(c reports.Column) string {
	switch p.Sort {
	case c.Key:
		return "ascending"
	case "-" + c.Key:
		return "descending"
	}
	return ""
}

// SortBy is the query of this list sorted by a column: texts from A, all else the
// largest first; by the column that it is sorted by already, the other way round.
func (p ReportPage) SortBy(c reports.Column) []string {
	way := "-" + c.Key
	if p.Sort == way || p.Sort != c.Key && c.Kind == reports.KindText {
		way = c.Key
	}
	query := []string{"sort", way}
	for i := 0; i+1 < len(p.Query); i += 2 {
		if p.Query[i] != "sort" {
			query = append(query, p.Query[i], p.Query[i+1])
		}
	}
	return query
}

// RowName is what a row is called for people who hear the page: the words of its
// first column, and of the next one that has any.
func (t TableView) RowName(row reports.Row) string {
	var names []string
	for _, c := range row.Cells {
		if words := c.Words(t.Language()); words != "" && c.Kind == reports.KindText && len(names) < 2 {
			names = append(names, words)
		}
	}
	return strings.Join(names, ", ")
}

// Worth is what the selection of a row adds up to.
func (t TableView) Worth(row reports.Row) reports.Cell {
	if t.Value != "" {
		return t.Shown.Cell(row, t.Value)
	}
	return t.one(row, reports.KindMoney)
}

// Brief is what a phone shows of a row that is closed: amount and state; who and when.
type Brief struct{ Amount, State, Who, When Placed }

// Brief of a row: the first cell of each kind behind the one it is called by.
func (t TableView) Brief(row reports.Row) Brief {
	rest := row
	rest.Cells = slices.Clone(row.Cells)
	rest.Cells[0] = reports.Cell{}
	place := func(kind reports.Kind) Placed { return t.Place(0, t.one(rest, kind)) }
	when := place(reports.KindDate)
	if when.Kind == "" {
		when = place(reports.KindTime)
	}
	amount := place(reports.KindMoney)
	for i, c := range t.Shown.Table.Columns {
		// Of sales and what they earned, the chart above such a list shows what they earned.
		if c.BaseKey() == "commission" && row.Cells[i].Kind == reports.KindMoney {
			amount = t.Place(i, row.Cells[i])
			break
		}
	}
	return Brief{amount, place(reports.KindStatus), place(reports.KindText), when}
}

// GroupView is rows that stand together, as those of an order.
type GroupView struct {
	TableView
	Rows []reports.Row
}

// Groups are the shown rows, those of a group together.
func (t TableView) Groups() (groups []GroupView) {
	for i, row := range t.Shown.Rows {
		if i == 0 || row.Group == 0 || row.Group != t.Shown.Rows[i-1].Group {
			groups = append(groups, GroupView{TableView: t})
		}
		last := &groups[len(groups)-1]
		last.Rows = append(last.Rows, row)
	}
	for _, g := range groups { // as they were made: level 1 before level 2
		slices.SortFunc(g.Rows, func(a, b reports.Row) int { return cmp.Compare(a.Ref.ID, b.Ref.ID) })
	}
	return groups
}

// First is the first row of the group.
func (g GroupView) First() RowView { return g.At(g.Rows[0]) }

// Cell is the first row's cell in the column of that key.
func (g GroupView) Cell(key string) reports.Cell { return g.First().Cell(key) }

// Noted tells whether each row of the group has a note in the column of that key.
func (g GroupView) Noted(key string) bool {
	return !slices.ContainsFunc(g.Rows, func(row reports.Row) bool { return !g.At(row).Noted(key) })
}

// Noted tells whether the row has a note in the column of that key.
func (r RowView) Noted(key string) bool { return !r.Cell(key).Note.IsZero() }

// Picks are the rows of the group as one value of a checkbox.
func (g GroupView) Picks() string {
	picks := []string{}
	for _, row := range g.Rows {
		picks = append(picks, g.Pick(row))
	}
	return strings.Join(picks, " ")
}

// Only is the value of a button "only" that acts on this group alone.
func (g GroupView) Only(action string) string { return action + " " + g.Picks() }

// Sum adds up the amounts of a column.
func (g GroupView) Sum(key string) (reports.Cell, error) {
	sum := g.First().Cell(key)
	for _, row := range g.Rows[1:] {
		var err error
		if sum.Amount, err = sum.Amount.Add(g.Shown.Cell(row, key).Amount); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// Sold is what the commissions of the group were earned on: each line once as it is
// now, though two levels earn on it, and some did by an earlier decision.
func (g GroupView) Sold() (reports.Cell, error) {
	sum, lines := reports.Cell{}, map[int64]bool{}
	for _, row := range slices.Backward(g.Rows) {
		base := g.At(row).Cell("base")
		if lines[base.Ref.ID] {
			continue
		}
		lines[base.Ref.ID] = true
		if sum.Kind == reports.KindEmpty {
			sum = base
			continue
		}
		var err error
		if sum.Amount, err = sum.Amount.Add(base.Amount); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// Name is what the group is called: the order and its customer.
func (g GroupView) Name() string {
	first := g.First()
	return g.Say(locale.T("order %s, %s", first.Words("order"), first.Words("customer")))
}

// Called is a row of a group by its partner, product and order.
func (r RowView) Called() string {
	return strings.Join([]string{r.Words("partner"), r.Words("product"), r.Words("order")}, ", ")
}

// Words are those of the row's cell in the column of that key.
func (r RowView) Words(key string) string { return r.Cell(key).Words(r.Language()) }

// HeadView is a heading of a list.
type HeadView struct {
	TableView
	Column reports.Column
}

// Heads is the heading of the column of that key.
func (t TableView) Heads(key string) HeadView {
	for _, c := range t.Shown.Table.Columns {
		if c.Key == key {
			return HeadView{t, c}
		}
	}
	return HeadView{TableView: t}
}

// one is the first cell of a kind.
func (t TableView) one(row reports.Row, kind reports.Kind) reports.Cell {
	for _, c := range row.Cells {
		if c.Kind == kind {
			return c
		}
	}
	return reports.Cell{}
}

// Only is the value of a button "only" that acts on this row alone.
func (r RowView) Only(action string) string { return action + " " + r.Pick(r.Row) }

// Name is what the row is called.
func (r RowView) Name() string { return r.RowName(r.Row) }

// Bulk is what the form of a list asks for: to act on the picked rows, or on all
// that match the query.
type Bulk struct {
	Action string
	Picks  []string // as TableView.Pick
	All    bool
	Query  reports.Query
	Values []string // of the URL, to go back to the same rows
}

// Bulk reads the form of a list: one of its actions (of the select above or below,
// as the button pressed says), or the button "only" of a single row. Nothing
// chosen or nothing ticked are problems of form.
func (r *Request) Bulk(form *Form, reader *reports.Reader, spec ReportSpec) (Bulk, error) {
	values := spec.values(r)
	q, err := spec.query(values, reader)
	if err != nil {
		return Bulk{}, err
	}
	for _, place := range []string{"after", "before", "at", "all"} {
		values.Del(place)
	}
	q.After, q.Before = "", ""
	b := Bulk{Action: form.Raw("bulk"), Picks: form.All("pick"), All: form.Bool("all"), Query: q, Values: Flat(values)}
	if form.Raw("apply") == "bottom" {
		b.Action = form.Raw("bulk2")
	}
	if action, pick, one := strings.Cut(form.Raw("only"), " "); one {
		b.Action, b.Picks, b.All = action, []string{pick}, false
	}
	known := slices.ContainsFunc(spec.Bulk, func(a BulkAction) bool { return a.Name == b.Action })
	form.Problems.Check(known, "", "Please choose what to do with the selected rows.")
	form.Problems.Check(!known || b.All || len(b.Picks) > 0, "", "Please select at least one row.")
	return b, nil
}

// Add puts problems of a form that came from the list onto its page.
func (p *ReportPage) Add(problems affiliate.Problems) {
	for field, problem := range problems {
		p.Problems[field] = problem
	}
}
