package reports

import (
	"context"
	"fmt"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// field is a column with where its cells come from: a report is a list of
// fields, and nothing in it depends on where in the list one stands.
type field[T any] struct {
	Column
	Value func(*T) Cell
	// Sum is what stands below the column for each currency, in SQL:
	// "SUM(m.amount)". "" for nothing.
	Sum string
	// Summed marks, of reports that sum up in Go, what the total has as well.
	Summed bool
	// Sort is what the rows can be sorted by, in SQL and never NULL; "" where they
	// cannot be sorted by this column.
	Sort string
	// SortKind is the kind of Sort, where it is not that of the column.
	SortKind Kind
	// Unique says that no two rows have the same Sort, which has a unique index.
	Unique bool
}

type fields[T any] []field[T]

func (fs fields[T]) columns() []Column {
	columns := make([]Column, len(fs))
	for i, f := range fs {
		columns[i], columns[i].Sortable = f.Column, f.Sort != ""
	}
	return columns
}

// cells are those of a row about t.
func (fs fields[T]) cells(t *T) []Cell {
	cells := make([]Cell, len(fs))
	for i, f := range fs {
		cells[i] = f.Value(t)
	}
	return cells
}

// total is the last row of a report that sums up in Go, as a sum.
func (fs fields[T]) total(sum *T) Row {
	row := Row{Cells: make([]Cell, len(fs))}
	for i, f := range fs {
		if f.Summed {
			row.Cells[i] = f.Value(sum)
		}
	}
	return row
}

// lift makes fields of a part of T fields of T.
func lift[T, U any](fs fields[U], part func(*T) *U) fields[T] {
	lifted := make(fields[T], len(fs))
	for i, f := range fs {
		lifted[i] = field[T]{Column: f.Column, Sum: f.Sum, Summed: f.Summed, Sort: f.Sort, SortKind: f.SortKind,
			Unique: f.Unique,
			Value:  func(t *T) Cell { return f.Value(part(t)) }}
	}
	return lifted
}

// totals sums up what from finds, a row for each currency (D12). name is the
// comment of the query, currency the column to group by.
func (fs fields[T]) totals(ctx context.Context, q db.Queryer, name, currency, from string, args []any) ([]Row, error) {
	query := name + " SELECT " + currency
	for _, f := range fs {
		if f.Sum != "" {
			query += ", " + f.Sum
		}
	}
	return fs.sums(ctx, q, query+from+" GROUP BY "+currency+" ORDER BY "+currency, args)
}

// sums runs a query for a currency and the sums of the fields that have one, in
// their order.
func (fs fields[T]) sums(ctx context.Context, q db.Queryer, query string, args []any) ([]Row, error) {
	found, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var totals []Row
	for found.Next() {
		var cur money.Currency
		amounts := make([]money.Amount, len(fs))
		dest := []any{&cur}
		for i, f := range fs {
			if f.Sum != "" {
				dest = append(dest, &amounts[i])
			}
		}
		if err := found.Scan(dest...); err != nil {
			return nil, fmt.Errorf("the total of %s: %w", cur, err)
		}
		row := Row{Cells: make([]Cell, len(fs))}
		for i, f := range fs {
			if f.Sum != "" {
				row.Cells[i] = Money(amounts[i], cur)
			}
		}
		totals = append(totals, row)
	}
	return totals, found.Err()
}

// table is that of fields with the rows of a query; about says what each row is
// about and where it stands, and its cells are added.
func (fs fields[T]) table(ctx context.Context, s source, query string, args []any, totals []Row,
	about func(*T) Row) *Table {
	return &Table{Columns: fs.columns(), Totals: totals, Rows: stream(ctx, s.q, query, args, func(t *T) Row {
		row := about(t)
		row.Cells = fs.cells(t)
		return row
	})}
}
