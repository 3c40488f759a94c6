package reports

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// Table is the one source of a report's page, CSV and XLSX, so that they
// cannot disagree. It can be read once, while the function that received it runs.
type Table struct {
	Name    string // of the report, for file names
	Title   locale.Text
	Columns []Column
	Filters []Shown         // what the rows were narrowed to, in words
	Range   affiliate.Range // the days shown; zero ends are open
	Zone    *time.Location  // of dates and times, named on page and in files
	// Language is that of whoever reads the file; nil is English. Programs get the
	// same rows from the API, whose statuses are those of the program.
	Language *locale.Language
	Note     locale.Text // what a reader must know, "" without
	Totals   []Row       // of all rows, one for each currency (D12); none where nothing is summed
	Rows     iter.Seq2[Row, error]
	// Chart: a workbook draws the money of each row, whose first column is its name.
	Chart bool
	// Count is how many rows match, on a page: at most Counted+1, which stands for
	// more; 0 where it isn't known.
	Count   int64
	Counted int64
	// Newest is among how many rows only it was searched for a part of a word; 0: all.
	Newest int64
}

// say is a text as the file's reader reads it.
func (t *Table) say(text locale.Text) string {
	if t.Language == nil {
		return text.String()
	}
	return t.Language.Text(text)
}

// Column describes the cells below it.
type Column struct {
	Key  string      // stable ASCII name
	Name locale.Text // the heading
	Kind Kind
	// Currency is that of all money in the column; "" when each row has its
	// own, which files write into a column beside the amounts.
	Currency money.Currency
	Help     locale.Text // what the numbers mean, "" when the name says it
	// FileOnly marks what would make a page too wide; files have all columns.
	FileOnly bool
	Sortable bool // Query.Sort knows its Key
	Ratio    bool // of KindMoney: no sum, but an amount for each of something
}

// BaseKey is the key without the currency that columns of money in one currency
// end in: "owed" of "owed_USD".
func (c Column) BaseKey() string {
	if c.Currency == "" {
		return c.Key
	}
	return strings.TrimSuffix(c.Key, "_"+string(c.Currency))
}

// Keep leaves only the columns of these base keys, before the table is read; none
// are all of them.
func (t *Table) Keep(keys []string) {
	if len(keys) == 0 {
		return
	}
	var kept []int
	for i, c := range t.Columns {
		if slices.Contains(keys, c.BaseKey()) {
			kept = append(kept, i)
		}
	}
	t.Columns = choose(t.Columns, kept)
	for i := range t.Totals {
		t.Totals[i].Cells = choose(t.Totals[i].Cells, kept)
	}
	rows := t.Rows
	t.Rows = func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				row.Cells = choose(row.Cells, kept)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Shown is one filter in words: "Status", "Pending".
type Shown struct{ Name, Value locale.Text }

// Row is one line of a table; Cells stand in the order of its columns. A row
// holds money of one currency only, but for columns that name theirs.
type Row struct {
	Ref   Ref // what the row is about: what an admin ticks to act on it
	Cells []Cell
	// Version is that of the commission that the row is about, for acting on it
	// only as it was shown (S77); 0 on other rows.
	Version int
	// Group is shared by rows that a page never parts; 0 on others.
	Group int64
	// Behind is what the report of commissions is asked for to list what the row sums
	// up; nil for rows that sum up none.
	Behind *Query
	// After is the Query.After that continues behind this row; "" unless a
	// page was asked for.
	After string
}

// Ref names the thing behind a cell or row, for links on pages; files ignore
// it. The zero Ref is none.
type Ref struct {
	Kind     RefKind
	ID       int64
	Currency money.Currency // of what is meant, where it has one: RefDue
}

// RefKind is the noun that a Ref points at.
type RefKind string

// What cells refer to.
const (
	RefPartner    RefKind = "partner"
	RefContact    RefKind = "contact"
	RefProgram    RefKind = "program"
	RefTool       RefKind = "tool"
	RefProduct    RefKind = "product"
	RefOrder      RefKind = "order"
	RefLine       RefKind = "line" // of an order
	RefCommission RefKind = "commission"
	RefPayout     RefKind = "payout"
	RefPayment    RefKind = "payment" // a line of a payout
	RefDue        RefKind = "due"     // what a partner is owed in a currency; the id is the partner's
	RefMail       RefKind = "mail"
	RefCoupon     RefKind = "coupon"
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
		f.columns = slices.Insert(f.columns, f.currency, Column{Key: "currency", Name: locale.T("Currency"),
			Kind: KindText})
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
	case c.Kind == KindPercent || c.Kind == KindChange:
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
