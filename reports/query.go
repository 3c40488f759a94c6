package reports

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Query says which rows of a report are wanted. The zero Query is all of them.
type Query struct {
	// Partner narrows an admin's report to one partner. A partner's report
	// needs it: the partner who is logged in, never what a URL says.
	Partner  affiliate.PartnerID
	Range    affiliate.Range // days of the site; zero ends are open
	By       Step            // of the summary
	Status   string          // one of the report's Statuses
	Program  affiliate.ProgramID
	Tool     affiliate.ToolID
	Kind     string // of promo tools, like the next three
	Group    int64
	Campaign string
	Ad       string
	Currency money.Currency
	Of       string // what the commissions have in common: "tool:17"; see ofConditions
	Search   string
	Whole    bool   // parts of words are searched for in all rows, however long that takes
	Sort     string // Key of a sortable Column, "-" in front of it for the largest first; "" as usual
	After    string // Row.After of the last row seen
	Before   string // Row.After of the first row seen, for the page before it
	Limit    int    // at most that many rows; 0 is all, for files
	Bare     bool   // the rows alone: neither totals nor how many match
	Exact    bool   // how many match, beyond MostCounted as well
	Refs     bool   // Bare, without cells: only which commissions the rows are about
}

// maxSearch is what is looked for at most, in characters.
const maxSearch = 100

// ParseQuery reads the query of a URL: from and to (dates, both included) or
// range (the name of a Preset), by, status, program, tool, currency, of, q, sort,
// after, before, and for admins partner. Errors are of KindInvalid, by field.
func ParseQuery(v url.Values, today affiliate.Day) (Query, error) {
	p := affiliate.Problems{}
	q := Query{Range: parseRange(v, today, p), By: Step(v.Get("by")), Status: v.Get("status"), Of: v.Get("of"),
		Search: affiliate.Line(v.Get("q")), Whole: v.Get("whole") == "1",
		Sort: v.Get("sort"), After: v.Get("after"),
		Before: v.Get("before")}
	q.Partner = parseID[affiliate.Partner](v, "partner", p)
	q.Program = parseID[affiliate.Program](v, "program", p)
	q.Tool = affiliate.ToolID(parseID[affiliate.Partner](v, "tool", p))
	q.Group = int64(parseID[affiliate.Partner](v, "group", p))
	q.Kind, q.Campaign, q.Ad = v.Get("kind"), v.Get("campaign"), v.Get("ad")
	if code := v.Get("currency"); code != "" {
		cur, err := money.ParseCurrency(code)
		p.Check(err == nil, "currency", "Please choose a currency.")
		q.Currency = cur
	}
	p.Check(q.By == "" || q.By.valid(), "by", "Please choose day, week or month.")
	p.Check(utf8.RuneCountInString(q.Search) <= maxSearch, "q", "Please search for at most %d characters.", maxSearch)
	return q, p.Err()
}

func parseID[N any](v url.Values, field string, p affiliate.Problems) affiliate.ID[N] {
	text := v.Get(field)
	if text == "" {
		return 0
	}
	id, err := affiliate.ParseID[N](text)
	p.Check(err == nil, field, "Please choose one from the list.")
	return id
}

func parseRange(v url.Values, today affiliate.Day, p affiliate.Problems) affiliate.Range {
	if name := v.Get("range"); name != "" {
		r, ok := Preset(name).Range(today)
		p.Check(ok, "range", "There is no range %q.", name)
		return r
	}
	var r affiliate.Range
	if text := v.Get("from"); text != "" {
		from, err := affiliate.ParseDay(text)
		p.Check(err == nil, "from", "Please enter a date like 2026-01-31.")
		r.From = from
	}
	if text := v.Get("to"); text != "" {
		last, err := affiliate.ParseDay(text)
		p.Check(err == nil, "to", "Please enter a date like 2026-01-31.")
		if err == nil {
			r.To = last.Next()
		}
	}
	p.Check(r.To.IsZero() || r.From.Before(r.To), "to", "The last day is before the first one.")
	return r
}

// Values is the query as ParseQuery reads it, for links to the files and to
// further pages of the same rows. Partner and Limit stay out.
func (q Query) Values() url.Values {
	v := url.Values{}
	set := func(key, value string) {
		if value != "" && value != "0" {
			v.Set(key, value)
		}
	}
	set("from", q.Range.From.String())
	if !q.Range.To.IsZero() {
		set("to", q.Range.To.AddDays(-1).String())
	}
	set("by", string(q.By))
	set("status", q.Status)
	set("program", q.Program.String())
	set("tool", q.Tool.String())
	set("kind", q.Kind)
	set("group", strconv.FormatInt(q.Group, 10))
	set("campaign", q.Campaign)
	set("ad", q.Ad)
	set("currency", string(q.Currency))
	set("of", q.Of)
	set("q", q.Search)
	if q.Whole {
		set("whole", "1")
	}
	set("sort", q.Sort)
	set("after", q.After)
	set("before", q.Before)
	return v
}

// Filtered tells whether anything but the usual range narrows the rows.
func (q Query) Filtered(usual affiliate.Range) bool {
	narrowed := q.Range != usual || q.Partner != 0
	q.Range, q.By = affiliate.Range{}, ""
	return narrowed || !q.unfiltered()
}

// unfiltered tells whether all rows are wanted, be it page by page.
func (q Query) unfiltered() bool {
	q.Partner, q.Sort, q.After, q.Before, q.Limit = 0, "", "", "", 0
	q.Bare, q.Exact, q.Refs, q.Whole = false, false, false, false
	return q == Query{}
}

// days are the query's days with both ends, for SQL: open ends lie beyond
// everything that can have happened.
func (q Query) days() affiliate.Range {
	r := q.Range
	if r.From.IsZero() {
		r.From = affiliate.Day{Year: 1970, Month: 1, Day: 1}
	}
	if r.To.IsZero() {
		r.To = affiliate.Day{Year: 9999, Month: 12, Day: 31}
	}
	return r
}

// where collects the conditions of a query with their arguments.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

// addIf adds a condition on a filter that is set.
func addIf[V comparable](w *where, condition string, value V) {
	if value != *new(V) {
		w.add(condition, value)
	}
}

// days narrows a DATE column to the query's range, where that has ends.
func (w *where) days(column string, r affiliate.Range) {
	addIf(w, column+" >= ?", r.From)
	addIf(w, column+" < ?", r.To)
}

// search narrows to rows that have each word of the text in any of the columns,
// whatever its case: a first and a last name stand in two of them. The collation
// is named because addresses and codes are binary columns.
func (w *where) search(text string, columns ...string) {
	for _, word := range strings.Fields(text) {
		pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
		conditions, args := []string{}, []any{}
		for _, column := range columns {
			conditions = append(conditions, column+" LIKE ? COLLATE utf8mb4_unicode_ci")
			args = append(args, pattern)
		}
		w.add("("+strings.Join(conditions, " OR ")+")", args...)
	}
}

// sql is the WHERE clause, "" without conditions.
func (w where) sql() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// with is a copy with one more condition.
func (w where) with(condition string, args ...any) where {
	return where{append(w.conditions[:len(w.conditions):len(w.conditions)], condition),
		append(w.args[:len(w.args):len(w.args)], args...)}
}
