package reports

import (
	"math"
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// Kind says what a cell holds, and so how pages and files write it.
type Kind string

// The kinds of cells.
const (
	KindEmpty   Kind = ""
	KindText    Kind = "text"
	KindNumber  Kind = "number"
	KindMoney   Kind = "money"
	KindDate    Kind = "date"
	KindTime    Kind = "time"
	KindPercent Kind = "percent"
	KindStatus  Kind = "status"
	KindChange  Kind = "change" // a percentage by which something rose or fell
)

// Cell is one value of a table; Kind says which field holds it. The zero Cell
// is empty: nothing is known or nothing applies, which is not 0.
type Cell struct {
	Kind     Kind
	Text     string // KindText, and KindStatus as a word of the program: "in_payout"
	Number   int64
	Amount   money.Amount
	Currency money.Currency // of Amount
	Day      affiliate.Day
	Time     time.Time
	Percent  money.Rate // of KindPercent and KindChange
	Ref      Ref
	Sentence locale.Text // KindText whose words are ours; Text is then ""
	Note     locale.Text // said below the value on pages; files have columns for it
}

// Text is a cell of words; "" is an empty one.
func Text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: KindText, Text: s}
}

// Sentence is a cell of our own words, in the reader's language; no sentence is
// an empty cell.
func Sentence(text locale.Text) Cell {
	if text.IsZero() {
		return Cell{}
	}
	return Cell{Kind: KindText, Sentence: text}
}

// Words is what a cell of KindText or KindStatus holds, in a language; nil is
// English. A status is called in files what it is called on the screen.
func (c Cell) Words(l *locale.Language) string {
	text := c.Sentence
	if c.Kind == KindStatus {
		text = Word(c.Text)
	}
	switch {
	case text.IsZero():
		return c.Text
	case l == nil:
		return text.String()
	}
	return l.Text(text)
}

// noted is the cell with a note below it.
func (c Cell) noted(note locale.Text) Cell {
	c.Note = note
	return c
}

// Number is a cell that counts.
func Number(n int64) Cell { return Cell{Kind: KindNumber, Number: n} }

// Money is an amount in its currency.
func Money(a money.Amount, cur money.Currency) Cell {
	return Cell{Kind: KindMoney, Amount: a, Currency: cur}
}

// Date is a day of the site's calendar; the zero Day is an empty cell.
func Date(d affiliate.Day) Cell {
	if d.IsZero() {
		return Cell{}
	}
	return Cell{Kind: KindDate, Day: d}
}

// Time is a moment, shown by the clock of the table's zone; nil is an empty cell.
func Time(t *time.Time) Cell {
	if t == nil {
		return Cell{}
	}
	return Cell{Kind: KindTime, Time: *t}
}

// Percent is a share.
func Percent(r money.Rate) Cell { return Cell{Kind: KindPercent, Percent: r} }

// Status is a state, as the program's word for it.
func Status[S ~string](s S) Cell { return Cell{Kind: KindStatus, Text: string(s)} }

// share is part of whole as a percentage with one decimal; of nothing it is empty.
func share(part, whole int64) Cell {
	if whole <= 0 || part > whole*1000 {
		return Cell{}
	}
	return Percent(money.Rate((part*1000 + whole/2) / whole * 1000))
}

// change is by how much now differs from before, in whole percents; empty where nobody
// would say it: after nothing, or more than ten times as much.
func change(now, before money.Amount) Cell {
	by := RoseBy(now.Units(), before.Units())
	if by == 0 && now.Cmp(before) != 0 {
		return Cell{}
	}
	return Cell{Kind: KindChange, Percent: money.Rate(by * 10_000)}
}

// RoseBy is by how many percent now is more than before, negative for less; 0 where
// nobody would say it: after nothing, or more than ten times as much.
func RoseBy(now, before int64) int64 {
	if before <= 0 || now < 0 || now > math.MaxInt64/200 || before > math.MaxInt64/200 {
		return 0
	}
	percent := (max(now, before) - min(now, before)) * 100
	if percent = (percent + before/2) / before; percent >= 1000 {
		return 0
	}
	if now < before {
		return -percent
	}
	return percent
}

// perClick is an amount for each of some clicks, rounded to the currency's minor unit;
// of none it is empty.
func perClick(a money.Amount, clicks int64, cur money.Currency) Cell {
	if clicks <= 0 {
		return Cell{}
	}
	unit := int64(10_000)
	for range cur.Digits() {
		unit /= 10
	}
	half := clicks * unit / 2
	if a.Sign() < 0 {
		half = -half
	}
	return Money(money.FromUnits((a.Units()+half)/(clicks*unit)*unit), cur)
}

// To adds what the cell is about, for links on pages.
func (c Cell) To(kind RefKind, id int64) Cell {
	if id != 0 {
		c.Ref = Ref{Kind: kind, ID: id}
	}
	return c
}

// File is the cell as files write it: plain numbers in the currency's
// decimals, ISO dates, RFC 3339 times with the zone's offset, percentages
// without their sign. Sentences are in the reader's language, nil being English.
func (c Cell) File(zone *time.Location, l *locale.Language) string {
	switch c.Kind {
	case KindNumber:
		return strconv.FormatInt(c.Number, 10)
	case KindMoney:
		return money.Decimal(c.Amount, c.Currency)
	case KindDate:
		return c.Day.String()
	case KindTime:
		return c.Time.In(zone).Format(time.RFC3339)
	case KindPercent, KindChange:
		return c.Percent.String()
	}
	return c.Words(l)
}
