package reports

import (
	"fmt"
	"slices"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// flat lays a table out for files: where rows have currencies of their own,
// those stand in a text column in front of the first amount, so that a
// spreadsheet can group by them; where a column has one currency, its heading
// names it.
type flat struct {
	headings []string
	columns  []Column
	currency int // the column of currencies, -1 without
	row      []Cell
}

func flatten(t *Table) *flat {
	columns := t.Columns
	f := &flat{columns: slices.Clone(columns)}
	f.currency = slices.IndexFunc(columns, func(c Column) bool { return c.Kind == KindMoney && c.Currency == "" })
	if f.currency >= 0 {
		f.columns = slices.Insert(f.columns, f.currency, Column{Key: "currency", Name: locale.T("Currency"), Kind: KindText})
	}
	for _, c := range f.columns {
		f.headings = append(f.headings, heading(t, c))
	}
	return f
}

func heading(t *Table, c Column) string {
	name := t.say(c.Name)
	switch {
	case c.Kind == KindMoney && c.Currency != "":
		return fmt.Sprintf("%s (%s)", name, c.Currency)
	case c.Kind == KindPercent:
		return name + " (%)"
	}
	return name
}

// cells are the row's cells in the order of f.columns, good until the next
// call. A row with another number of cells, or with amounts in two currencies
// under headings that name none, is a fault of the report.
func (f *flat) cells(r Row) ([]Cell, error) {
	f.row = append(f.row[:0], r.Cells...)
	if f.currency >= 0 && len(r.Cells) >= f.currency {
		cur, err := f.currencyOf(r)
		if err != nil {
			return nil, err
		}
		f.row = slices.Insert(f.row, f.currency, Text(string(cur)))
	}
	if len(f.row) != len(f.columns) {
		return nil, fmt.Errorf("reports: a row of %d cells under %d headings", len(f.row), len(f.columns))
	}
	return f.row, nil
}

func (f *flat) currencyOf(r Row) (money.Currency, error) {
	var cur money.Currency
	for i, c := range r.Cells {
		at := i
		if i >= f.currency {
			at++
		}
		if c.Kind != KindMoney || at < len(f.columns) && f.columns[at].Currency != "" {
			continue
		}
		if cur != "" && c.Currency != cur {
			return "", fmt.Errorf("reports: a row has %s and %s under headings that name no currency", cur, c.Currency)
		}
		cur = c.Currency
	}
	return cur, nil
}
