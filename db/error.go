package db

import "strings"

// queryError is an error of the database with the name of its query. Whatever
// was wrong underneath is found by errors.Is and errors.As as before.
type queryError struct {
	label string
	error
}

func (e *queryError) Error() string { return e.label + ": " + e.error.Error() }

func (e *queryError) Unwrap() error { return e.error }

// at says which query an error comes from.
func at(query string, err error) error {
	if err == nil {
		return nil
	}
	return &queryError{label(query), err}
}

// maxLabel bounds what stands for a query without a name, in bytes.
const maxLabel = 60

// label is the method that a query's first comment names, as in
// "/* sale.lockOrder */ SELECT …"; of a query without, how it begins.
func label(query string) string {
	query = strings.TrimSpace(query)
	if rest, ok := strings.CutPrefix(query, "/*"); ok {
		if name, _, ok := strings.Cut(rest, "*/"); ok {
			return strings.TrimSpace(name)
		}
	}
	query = strings.Join(strings.Fields(query), " ")
	if len(query) > maxLabel {
		query = strings.ToValidUTF8(query[:maxLabel], "") + "…"
	}
	return query
}
