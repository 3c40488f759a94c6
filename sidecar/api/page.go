package api

import (
	"encoding/base64"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// page is a part of a list. Next continues it, as the parameter after; without
// it this is the last one.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// How many items a page has.
const (
	pageLimit = 50
	maxLimit  = 200
)

var (
	afterParameter = parameter{"after", "Where to go on: next of the page before.", "string"}
	limitParameter = parameter{"limit", "How many items, up to 200. Default: 50.", "integer"}
)

// limit is how many items are wanted.
func (c *call) limit() (int, error) {
	text := c.Query("limit")
	if text == "" {
		return pageLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLimit {
		return 0, affiliate.Invalid("limit", "Use a number from 1 to 200.")
	}
	return n, nil
}

// The cursor is an id in a coat, so that nobody takes it for one to calculate with.
func cursor(id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("id:" + strconv.FormatInt(id, 10)))
}

func readCursor(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	id, ok := strings.CutPrefix(string(raw), "id:")
	n, numErr := strconv.ParseInt(id, 10, 64)
	if err != nil || !ok || numErr != nil || n <= 0 {
		return 0, affiliate.Invalid("after", "This is no cursor of a list. Begin with the first page.")
	}
	return n, nil
}

// id is the one in the path.
func id[N any](c *call) (affiliate.ID[N], error) { return affiliate.ParseID[N](c.Param("id")) }

// filter collects conditions of a list.
type filter struct {
	where []string
	args  []any
}

func (f *filter) add(condition string, args ...any) {
	f.where, f.args = append(f.where, condition), append(f.args, args...)
}

// idIs adds a filter by an id of the query.
func (f *filter) idIs(c *call, name, column string) error {
	text := c.Query(name)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return affiliate.Invalid(name, "This is no id.")
	}
	f.add(column+" = ?", n)
	return nil
}

// textIs adds a filter by a text of the query.
func (f *filter) textIs(c *call, name, column string) {
	if text := c.Query(name); text != "" {
		f.add(column+" = ?", text)
	}
}

// list reads a page of rows, newest first, by the column key, which idOf tells
// of a row. query ends with its FROM.
func list[T any](c *call, query, key string, f filter, idOf func(T) int64) (page[T], error) {
	p := page[T]{Items: []T{}}
	limit, err := c.limit()
	if err != nil {
		return p, err
	}
	after, err := readCursor(c.Query("after"))
	if err != nil {
		return p, err
	}
	if after != 0 {
		f.add(key+" < ?", after)
	}
	if len(f.where) > 0 {
		query += " WHERE " + strings.Join(f.where, " AND ")
	}
	err = c.api.DB.Select(c.Ctx(), &p.Items, query+" ORDER BY "+key+" DESC LIMIT ?", append(f.args, limit+1)...)
	if len(p.Items) > limit { // one more tells that there is another page
		p.Items = p.Items[:limit]
		p.Next = cursor(idOf(p.Items[limit-1]))
	}
	return p, err
}

// one reads a single row.
func one[T any](c *call, noun, query string, args ...any) (T, error) {
	var row T
	err := c.api.DB.Get(c.Ctx(), &row, query, args...)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such %s.", noun)
	}
	return row, err
}
