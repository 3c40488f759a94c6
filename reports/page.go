package reports

import (
	"context"
	"slices"

	"partnercenter/affiliate/money"
)

// Page is one page of a report.
type Page struct {
	Table *Table // without its Rows
	Rows  []Row
	Next  string // Query.After of the next page, "" when this is the last
	Prev  string // Query.Before of the page before, "" when this is the first, or it isn't known
}

// Page reads the q.Limit rows after q.After, or before q.Before; the totals are
// those of all rows.
func (r *Reader) Page(ctx context.Context, report *Report, q Query) (*Page, error) {
	page, more := &Page{}, false
	err := r.Read(ctx, report, q, func(t *Table) error {
		for row, err := range t.Rows {
			if err != nil {
				return err
			}
			if more = q.Limit > 0 && len(page.Rows) >= q.Limit && (!row.belongs(page.Rows) ||
				len(page.Rows) == q.Limit+mostOfOrder); more { // a larger order goes on on the next page
				break
			}
			page.Rows = append(page.Rows, row)
		}
		page.link(q, more)
		if report.forward {
			page.Prev = ""
		}
		t.Rows, page.Table = nil, t
		return nil
	})
	return page, err
}

// belongs tells whether a row is of the same group as the last one.
func (r Row) belongs(rows []Row) bool { return r.Group != 0 && r.Group == rows[len(rows)-1].Group }

// link turns the rows before a cursor round, and says where the pages beside this
// one begin; more: there are rows behind the last one read.
func (p *Page) link(q Query, more bool) {
	before, after := q.After != "", more
	if q.Before != "" {
		slices.Reverse(p.Rows)
		before, after = more, true
	}
	if n := len(p.Rows); n > 0 && after {
		p.Next = p.Rows[n-1].After
	}
	if len(p.Rows) > 0 && before {
		p.Prev = p.Rows[0].After
	}
}

// Keep leaves only some columns of the page: those that keep says so of, which
// is told whether any row holds something there. A screen has less room than a
// spreadsheet.
func (p *Page) Keep(keep func(c Column, holds bool) bool) {
	var kept []int
	for i, c := range p.Table.Columns {
		holds := slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Cells[i].Kind != KindEmpty })
		if keep(c, holds) {
			kept = append(kept, i)
		}
	}
	p.Table.Columns = choose(p.Table.Columns, kept)
	for _, rows := range [][]Row{p.Rows, p.Table.Totals} {
		for i := range rows {
			rows[i].Cells = choose(rows[i].Cells, kept)
		}
	}
}

func choose[T any](list []T, places []int) []T {
	chosen := make([]T, 0, len(places))
	for _, i := range places {
		chosen = append(chosen, list[i])
	}
	return chosen
}

// Cell is what stands in a row of the page, or of its totals, in the column of
// that key; empty where the page has no such column.
func (p *Page) Cell(row Row, key string) Cell {
	i := slices.IndexFunc(p.Table.Columns, func(c Column) bool { return c.Key == key })
	if i < 0 {
		return Cell{}
	}
	return row.Cells[i]
}

// Currencies are those of the totals, one for each row of them.
func (p *Page) Currencies() (all []money.Currency) {
	for _, total := range p.Table.Totals {
		if i := slices.IndexFunc(total.Cells, func(c Cell) bool { return c.Kind == KindMoney }); i >= 0 {
			all = append(all, total.Cells[i].Currency)
		}
	}
	return all
}

// First puts the column of that key in front of the others.
func (p *Page) First(key string) {
	i := slices.IndexFunc(p.Table.Columns, func(c Column) bool { return c.Key == key })
	if i <= 0 {
		return
	}
	places := []int{i}
	for j := range p.Table.Columns {
		if j != i {
			places = append(places, j)
		}
	}
	p.Table.Columns = choose(p.Table.Columns, places)
	for _, rows := range [][]Row{p.Rows, p.Table.Totals} {
		for i := range rows {
			rows[i].Cells = choose(rows[i].Cells, places)
		}
	}
}

// BehindFirst puts the columns of that base key right behind the first one.
func (p *Page) BehindFirst(key string) {
	var moved, others []int
	for i, c := range p.Table.Columns {
		if i > 0 && c.BaseKey() == key {
			moved = append(moved, i)
		} else if i > 0 {
			others = append(others, i)
		}
	}
	places := slices.Concat([]int{0}, moved, others)
	p.Table.Columns = choose(p.Table.Columns, places)
	for _, rows := range [][]Row{p.Rows, p.Table.Totals} {
		for i := range rows {
			rows[i].Cells = choose(rows[i].Cells, places)
		}
	}
}
