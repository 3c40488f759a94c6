package reports

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
)

// order is how the rows of a page stand: by a column, and by the id where that is
// equal, both in the same direction, so that a page continues behind a row
// whatever has been added meanwhile.
type order struct {
	expr string // SQL, never NULL; "" for the id alone
	kind Kind   // of expr
	id   string // SQL
	up   bool   // the smallest first
	sole bool   // no two rows have the same expr, and its unique index knows nothing of ids
}

// newest are rows by a day, the latest first; "" for the order in which they were stored.
func newest(day, id string) order { return order{expr: day, kind: KindDate, id: id} }

// placed is where a row stands in its list; row types embed it, and their query
// selects order.place.
type placed struct {
	Place string `db:"place"`
}

// place is a column for placed.
func (o order) place() string {
	if o.expr == "" {
		return "'' AS place"
	}
	return "CAST(" + o.expr + " AS CHAR) AS place"
}

// order is what the query asks for: the report's usual one, or by one of the
// fields that can be sorted by, as in "amount" and, the largest first, "-amount".
func (fs fields[T]) order(q Query, usual order) (order, error) {
	if q.Sort == "" {
		return usual, nil
	}
	key, down := strings.CutPrefix(q.Sort, "-")
	i := slices.IndexFunc(fs, func(f field[T]) bool { return f.Key == key && f.Sort != "" })
	if i < 0 {
		return usual, affiliate.Invalid("", "This list can't be sorted that way.")
	}
	kind := or(fs[i].SortKind, fs[i].Kind)
	if fs[i].Sort == usual.id {
		return order{id: usual.id, up: !down}, nil
	}
	return order{expr: fs[i].Sort, kind: kind, id: usual.id, up: !down, sole: fs[i].Unique}, nil
}

// page narrows to what follows the cursor q.After, or stands before q.Before, and
// is what the SQL ends in: ORDER BY and LIMIT. Rows before a cursor come in the
// reverse order, for Reader.Page to turn round.
func (w where) page(q Query, o order) (where, string, error) {
	cursor, than, tail := q.After, "<", o.by(q)
	if q.Before != "" {
		cursor = q.Before
	}
	if o.upwards(q) {
		than = ">"
	}
	if q.Limit > 0 {
		tail += fmt.Sprintf(" LIMIT %d", q.Limit+1) // one more tells whether there is another page
	}
	if cursor == "" {
		return w, tail, nil
	}
	value, id, err := o.parse(cursor)
	if err != nil {
		return w, "", err
	}
	if o.expr == "" {
		return w.with(o.id+" "+than+" ?", id), tail, nil
	}
	// Not (day, id) < (?, ?), which the databases do not find by an index.
	as := o.value()
	return w.with("("+o.expr+" "+than+"= "+as+" AND ("+o.expr+" "+than+" "+as+" OR "+o.id+" "+than+" ?))", value, value,
		id), tail, nil
}

// upwards tells which way the rows are read.
func (o order) upwards(q Query) bool { return o.up != (q.Before != "") }

// by is the ORDER BY.
func (o order) by(q Query) string {
	direction := " DESC"
	if o.upwards(q) {
		direction = ""
	}
	if o.expr == "" {
		return " ORDER BY " + o.id + direction
	}
	if o.sole {
		return " ORDER BY " + o.expr + direction
	}
	return " ORDER BY " + o.expr + direction + ", " + o.id + direction
}

// value is the placeholder for the value of a cursor, in the type of the column:
// amounts compared with texts would be compared as floating point numbers.
func (o order) value() string {
	switch o.kind {
	case KindMoney:
		return "CAST(? AS DECIMAL(19,4))"
	case KindNumber:
		return "CAST(? AS SIGNED)"
	case KindDate:
		return "CAST(? AS DATE)"
	case KindTime:
		return "CAST(? AS DATETIME(6))"
	}
	return "?"
}

// cursorForms are what the values of cursors look like; texts can be anything.
var cursorForms = map[Kind]*regexp.Regexp{
	KindMoney:  regexp.MustCompile(`^-?[0-9]{1,15}\.[0-9]{4}$`),
	KindNumber: regexp.MustCompile(`^-?[0-9]{1,18}$`),
	KindDate:   regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
	KindTime:   regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}$`),
}

// parse reads a cursor: "2026-01-31.17", or "17" where rows stand by the id alone.
func (o order) parse(cursor string) (value string, id int64, err error) {
	if i := strings.LastIndexByte(cursor, '.'); i >= 0 {
		value, cursor = cursor[:i], cursor[i+1:]
	} else if o.expr != "" {
		return "", 0, errCursor
	}
	id, err = strconv.ParseInt(cursor, 10, 64)
	form := cursorForms[o.kind]
	if err != nil || o.expr == "" && value != "" || o.expr != "" && form != nil && !form.MatchString(value) {
		return "", 0, errCursor
	}
	if _, err := affiliate.ParseDay(value); err != nil && o.kind == KindDate && o.expr != "" {
		return "", 0, errCursor
	}
	return value, id, nil
}

var errCursor = affiliate.Invalid("after", "This page of the list doesn't exist. Please start at the first page.")

// cursor is the Row.After that page reads; "" where no page was asked for.
func (q Query) cursor(p placed, id int64) string {
	switch {
	case q.Limit == 0:
		return ""
	case p.Place == "" && q.Sort == "": // by the id alone; else it is a blank that rows stand by
		return strconv.FormatInt(id, 10)
	}
	return p.Place + "." + strconv.FormatInt(id, 10)
}

// MostCounted is up to how many rows a page counts what matches: beyond it, "more
// than" is as good, and counting would take longer than the page.
const MostCounted = 100_000

// count fills in how many rows match, on pages.
func (s source) count(ctx context.Context, t *Table, q Query, name, from string, w where) (*Table, error) {
	if q.Limit == 0 || q.Bare {
		return t, nil
	}
	if t.Counted == 0 {
		t.Counted = MostCounted
	}
	most := t.Counted + 1
	if q.Exact {
		most = math.MaxInt32
	}
	query := name + ` SELECT COUNT(*) FROM (SELECT 1` + from + w.sql() + fmt.Sprintf(" LIMIT %d) counted", most)
	key := keyOf(query, w.args)
	var err error
	t.Count, err = keep(s.kept, key, s.now, q.Exact, func() (n, rows int64, err error) {
		err = s.q.Get(ctx, &n, query, w.args...)
		return n, n, err
	})
	return t, err
}
