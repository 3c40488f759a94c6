package reports

import (
	"context"
	"fmt"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// sums runs a query for a currency and the sums of some columns, and makes a
// row of width cells of each answer, its amounts at the given places.
func sums(ctx context.Context, q db.Queryer, width int, places []int, query string, args []any) ([]Row, error) {
	found, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var totals []Row
	for found.Next() {
		var cur money.Currency
		amounts := make([]money.Amount, len(places))
		dest := []any{&cur}
		for i := range amounts {
			dest = append(dest, &amounts[i])
		}
		if err := found.Scan(dest...); err != nil {
			return nil, fmt.Errorf("the total of %s: %w", cur, err)
		}
		row := Row{Cells: make([]Cell, width)}
		for i, place := range places {
			row.Cells[place] = Money(amounts[i], cur)
		}
		totals = append(totals, row)
	}
	return totals, found.Err()
}
