package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"partnercenter/db"
	"partnercenter/locale"
)

// Admins search their long lists by what begins with each of the words: a first or
// last name, a company, an e-mail address, a partner's code, an order number. So the
// databases find it by their indexes; a part in the middle they would have to look for
// in every row. They do so where nothing begins with the word, among the newest rows
// only, which the page says, and among all of them when asked to. Of products and
// promo tools, which are few, any part is found.
//
// What few rows have is looked up first, and the list read by ids. What many have is
// asked of each row, since a page of those is soon full.
const (
	mostHits  = 500   // people, orders, tools … that a word is looked up for
	mostFound = 2_000 // rows of the list that they lead to
	// mostAsked is up to where rows are counted that are asked one by one.
	mostAsked = 1_000
	// newestSearched is in how many people, orders … parts of words are looked for, the
	// newest ones: some milliseconds each.
	newestSearched = 20_000
)

// searchable is a list that is searched so.
type searchable struct {
	id   string // of its rows, in SQL
	ways []way
}

// way is something of a row that a word is looked for in. All placeholders of its
// SQL but those of rows are the word with what may follow, or stand before, it.
type way struct {
	people bool     // it is contacts, whom all ways of the list look up together
	find   string   // else the query of what has the word
	newest newestOf // of what there can be a million of
	// rows leads from the ids of those to the ids of the list, as `… IN (?)`; "" where
	// they are the same.
	rows string
	// over leads from the former to what rows begins with, where the database would
	// take a wrong turn at both in one: most contacts have no referrer.
	over string
	has  string // the condition of a row of the list that has the word
	part bool   // any part counts, not only the beginning
	code bool   // it is a code, which can't even be compared with other letters
	last bool   // it is looked into only where nothing else has the word
}

// newestOf narrows to the rows behind an id.
type newestOf struct {
	from string // the query of that id, by how many rows are before it
	than string // the condition
}

var (
	newestPeople = newestOf{`/* reports.newestPeople */ SELECT id FROM {wp}partner_center_contacts
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "k.id > ?"}
	newestPartners = newestOf{`/* reports.newestPartners */ SELECT id FROM {wp}partner_center_partners
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "p.id > ?"}
	newestOrders = newestOf{`/* reports.newestOrders */ SELECT id FROM {wp}partner_center_orders
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "o.id > ?"}
	newestPayments = newestOf{`/* reports.newestPayments */ SELECT id FROM {wp}partner_center_payout_lines
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "y.id > ?"}
	newestJournals = newestOf{`/* reports.newestJournals */ SELECT id FROM {wp}partner_center_journals
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "j.id > ?"}
	newestLines = newestOf{`/* reports.newestLines */ SELECT id FROM {wp}partner_center_order_lines
		ORDER BY id DESC LIMIT 1 OFFSET ?`, "l.id > ?"}
)

// searched says how a text was looked for.
type searched struct {
	asked  bool // rows are asked one by one
	newest bool // for a part of a word, among the newest rows only
}

// tell notes it on the table.
func (f searched) tell(t *Table, s source) {
	if f.asked {
		t.Counted = mostAsked
	}
	if f.newest {
		t.Newest = s.newest
		t.Note = locale.T("Nothing begins with what you searched for. Other parts of names, addresses and numbers "+
			"were searched for among the newest %d rows.", int(s.newest))
	}
}

// likeText escapes what LIKE takes for more than itself.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// pattern is what LIKE takes for the way. Addresses and codes are compared byte by
// byte, and are of small letters.
func (y way) pattern(word string) string {
	begins := likeText.Replace(strings.ToLower(word)) + "%"
	switch {
	case y.code && strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }):
		return "none"
	case y.part:
		return "%" + begins
	}
	return begins
}

// patterned are the arguments of SQL of the way.
func (y way) patterned(sql, word string) (args []any) {
	for range strings.Count(sql, "?") {
		args = append(args, y.pattern(word))
	}
	return args
}

// In `has` rows are counted: what says EXISTS, MariaDB may look up for all rows before
// it asks the first.

// personHas is the condition on contacts of that alias.
func personHas(alias string) string {
	return strings.ReplaceAll(`k.first_name LIKE ? OR k.last_name LIKE ? OR k.company LIKE ? OR k.email LIKE ?`, "k.",
		alias+".")
}

// find narrows to the rows that have each word of what is searched for, or a person of
// that whole name.
func (s source) find(ctx context.Context, w *where, list searchable, q Query) (how searched, err error) {
	words := strings.Fields(q.Search)
	if len(words) == 0 {
		return how, nil
	}
	var each where // of words that many rows have
	few, narrow := []int64{}, false
	for _, word := range words {
		in := list.beginnings()
		ids, many, err := s.rowsWith(ctx, in, word, nil)
		if err == nil && !many && len(ids) == 0 {
			in = list.anywhere()
			var since newer
			if since, err = s.newer(ctx, in, q); err != nil {
				return how, err
			}
			how.newest = how.newest || len(since) > 0
			ids, many, err = s.rowsWith(ctx, in, word, since)
		}
		switch {
		case err != nil:
			return how, err
		case many:
			in.asking(&each, word)
		case narrow:
			few = slices.DeleteFunc(few, func(id int64) bool { return !slices.Contains(ids, id) })
		default:
			few, narrow = ids, true
		}
	}
	named, err := s.rowsNamed(ctx, list, words)
	if err != nil {
		return how, err
	}
	if narrow {
		each.add(list.id+" IN (?)", orNone(few))
	}
	condition, args := strings.Join(each.conditions, " AND "), each.args
	if len(named) > 0 {
		condition, args = "("+condition+") OR "+list.id+" IN (?)", append(args, named)
	}
	if narrow { // by which the database can begin
		w.add(list.id+" IN (?)", orNone(append(few, named...)))
	}
	w.add("("+condition+")", args...)
	how.asked = !narrow
	return how, w.expand()
}

// orNone is a list for IN, which takes no empty one.
func orNone(ids []int64) []int64 {
	if len(ids) == 0 {
		return []int64{0}
	}
	return ids
}

// expand gives each value of a list its placeholder.
func (w *where) expand() error {
	sql, args, err := db.In(strings.Join(w.conditions, " AND "), w.args...)
	*w = where{[]string{sql}, args}
	return err
}

// beginnings is the list without what is looked into last.
func (l searchable) beginnings() searchable {
	l.ways = slices.DeleteFunc(slices.Clone(l.ways), func(y way) bool { return y.last })
	return l
}

// anywhere is the list with any part of all that it is searched by.
func (l searchable) anywhere() searchable {
	l.ways = slices.Clone(l.ways)
	for i := range l.ways {
		l.ways[i].part = true
	}
	return l
}

// newer are the ids behind which the newest rows are, of tables that have more.
type newer map[newestOf]int64

func (s source) newer(ctx context.Context, list searchable, q Query) (newer, error) {
	found := newer{}
	if q.Whole {
		return found, nil
	}
	for _, y := range list.ways {
		of := y.newest
		if y.people {
			of = newestPeople
		}
		if _, known := found[of]; known || of.from == "" {
			continue
		}
		var id int64
		if err := s.q.Get(ctx, &id, of.from, s.newest); err == nil {
			found[of] = id
		} else if !db.NoRows(err) {
			return nil, err
		}
	}
	return found, nil
}

// asking adds the condition of rows that have the word.
func (l searchable) asking(w *where, word string) {
	conditions, args := []string{}, []any{}
	for _, y := range l.ways {
		conditions, args = append(conditions, y.has), append(args, y.patterned(y.has, word)...)
	}
	w.add("("+strings.Join(conditions, " OR ")+")", args...)
}

// rowsWith are the rows that have a word, of long tables among what is newer; many: too
// many to be looked up.
func (s source) rowsWith(ctx context.Context, list searchable, word string, since newer) (ids []int64, many bool,
	err error) {
	people := []int64{}
	if i := slices.IndexFunc(list.ways, func(y way) bool { return y.people }); i >= 0 {
		if people, many, err = s.people(ctx, list.ways[i].pattern(word), since); err != nil || many {
			return nil, many, err
		}
	}
	for _, y := range list.ways {
		found := people
		if !y.people {
			query, args := y.find, y.patterned(y.find, word)
			if id, is := since[y.newest]; is {
				query, args = query+" AND "+y.newest.than, append(args, id)
			}
			found, many, err = s.look(ctx, mostHits, query, args...)
		}
		if err == nil && !many {
			found, many, err = s.lead(ctx, y, found)
		}
		if ids = append(ids, found...); err != nil || many || len(ids) > mostFound {
			return nil, true, err
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), false, nil
}

// lead goes from the ids that a way found to those of the list.
func (s source) lead(ctx context.Context, y way, ids []int64) (found []int64, many bool, err error) {
	found = ids
	for _, query := range []string{y.over, y.rows} {
		if query != "" && len(found) > 0 && !many && err == nil {
			found, many, err = s.look(ctx, mostFound, query, found)
		}
	}
	return found, many, err
}

// people are the contacts of whom a name or the address is like a pattern.
func (s source) people(ctx context.Context, pattern string, since newer) ([]int64, bool, error) {
	if id, is := since[newestPeople]; is {
		return s.look(ctx, mostHits, `/* reports.newPeople */ SELECT k.id FROM {wp}partner_center_contacts k
			WHERE k.id > ? AND (`+personHas("k")+`)`, id, pattern, pattern, pattern, pattern)
	}
	return s.look(ctx, mostHits, `/* reports.people */ SELECT k.id FROM (`+eachColumn("LIKE ?", "first_name",
		"last_name", "company", "email")+`) k`, pattern, pattern, pattern, pattern)
}

// eachColumn finds contacts by each of the columns, so that each is read by its index.
func eachColumn(condition string, columns ...string) string {
	queries := []string{}
	for _, column := range columns {
		queries = append(queries, `(SELECT id FROM {wp}partner_center_contacts WHERE `+column+" "+condition+
			fmt.Sprintf(" LIMIT %d)", mostHits+1))
	}
	return strings.Join(queries, " UNION ")
}

// rowsNamed are the rows of people who are called by several words, as Anna Maria.
func (s source) rowsNamed(ctx context.Context, list searchable, words []string) (ids []int64, err error) {
	if len(words) < 2 {
		return nil, nil
	}
	whole := way{}.pattern(strings.Join(words, " "))
	queries, args := []string{eachColumn("LIKE ?", "first_name", "last_name", "company")}, []any{whole, whole, whole}
	for i := 1; i < len(words); i++ {
		one, other := strings.Join(words[:i], " "), way{}.pattern(strings.Join(words[i:], " "))
		queries = append(queries, eachColumn("= ? AND last_name LIKE ?", "first_name"),
			eachColumn("= ? AND first_name LIKE ?", "last_name"))
		args = append(args, one, other, one, other)
	}
	people, _, err := s.look(ctx, mostHits, `/* reports.rowsNamed */ SELECT k.id FROM (`+
		strings.Join(queries, " UNION ")+`) k`, args...)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	for _, y := range list.ways {
		found := people
		if y.people {
			found, _, err = s.lead(ctx, y, people)
		}
		if err != nil {
			return nil, err
		}
		if y.people {
			ids = append(ids, found...)
		}
	}
	return ids, nil
}

// look runs a query of ids; more: there are more of them than that, and none is said.
func (s source) look(ctx context.Context, most int, query string, args ...any) (ids []int64, more bool, err error) {
	err = selectIn(ctx, s.q, &ids, query+" LIMIT ?", append(args, most+1)...)
	if len(ids) > most {
		return nil, true, err
	}
	return ids, false, err
}
