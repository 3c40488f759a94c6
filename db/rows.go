package db

import (
	"context"
	"strings"
)

// RowsAtOnce bounds the length of one statement: more rows are written, or
// asked for, in parts.
const RowsAtOnce = 500

// Insert writes rows by one statement: head, the rows, tail. No rows: nothing
// is done.
func Insert(ctx context.Context, q Queryer, head string, rows [][]any, tail string) error {
	if len(rows) == 0 {
		return nil
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(rows[0])), ", ") + ")"
	args := []any{}
	for _, r := range rows {
		args = append(args, r...)
	}
	_, err := q.Exec(ctx, head+strings.TrimSuffix(strings.Repeat(row+", ", len(rows)), ", ")+tail, args...)
	return err
}

// SelectIn is Select of a query whose only placeholder, IN (?), stands for a
// list that is not empty.
func SelectIn(ctx context.Context, q Queryer, dest any, query string, list any) error {
	query, args, err := In(query, list)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
}

// Pairs are placeholders for n pairs of values.
func Pairs(n int) string { return strings.TrimSuffix(strings.Repeat("(?, ?), ", n), ", ") }
