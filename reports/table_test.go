package reports

import (
	"iter"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(t testing.TB, text string) affiliate.Day {
	t.Helper()
	d, err := affiliate.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func amount(text string) money.Amount { return money.MustParse(text) }

// these are rows as a report would stream them.
func these(rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// formula is a name that a careless spreadsheet would run.
const formula = `=cmd|' /C calc'!A0`

// mixed is a table of every kind of cell, of currencies with 0, 2 and 3
// decimals, of hostile texts, and over a change of the clocks.
func mixed(t testing.TB) *Table {
	moment := time.Date(2026, 3, 29, 0, 59, 59, 400_000_000, time.UTC)
	later := moment.Add(time.Second)
	row := func(cells ...Cell) Row { return Row{Cells: cells} }
	return &Table{
		Name: "mixed", Title: locale.T("Mixed"), Zone: zone(t, "Europe/Berlin"),
		Note:    locale.T("Owed means approved and unpaid."),
		Range:   affiliate.Range{From: day(t, "2026-03-01"), To: day(t, "2026-04-01")},
		Filters: []Shown{{locale.T("Status"), Word("pending")}},
		Columns: []Column{
			{Key: "day", Name: locale.T("Date"), Kind: KindDate}, {Key: "at", Name: locale.T("Time"), Kind: KindTime},
			{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
			{Key: "sale", Name: locale.T("Sale"), Kind: KindMoney},
			{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney}, {Key: "status", Name: locale.T("Status"),
				Kind: KindStatus},
			{Key: "clicks", Name: locale.T("Clicks"), Kind: KindNumber}, {Key: "rate", Name: locale.T("Conversion"),
				Kind: KindPercent},
			{Key: "bonus", Name: locale.T("Bonus"), Kind: KindMoney, Currency: "USD"},
		},
		Totals: []Row{
			row(Cell{}, Cell{}, Cell{}, Cell{}, Money(amount("-1234.5"), "USD"), Cell{}, Number(1), Cell{}, Cell{}),
			row(Cell{}, Cell{}, Cell{}, Cell{}, Money(amount("12.345"), "KWD"), Cell{}, Number(2), Cell{}, Cell{}),
		},
		Rows: these(
			row(Date(day(t, "2026-03-29")), Time(&moment), Text(formula), Money(amount("100"), "USD"),
				Money(amount("-1234.5"), "USD"),
				Status("pending"), Number(-7), Percent(12_345), Money(amount("1"), "USD")),
			row(Date(day(t, "2026-03-29")), Time(&later), Text("Ann \"Q\", Jr\nÜñï 🎉"), Money(amount("1000"), "JPY"),
				Money(amount("150"), "JPY"),
				Status("in_payout"), Number(1_234_567), Percent(1_000_000), Money(amount("0.0001"), "USD")),
			row(Cell{}, Time(nil), Text("+31 20"), Cell{}, Money(amount("12.345"), "KWD"), Status("paid"), Number(0),
				Cell{}, Cell{}), row(Date(affiliate.Day{}), Cell{}, Text(""), Cell{}, Cell{}, Status("@x"), Cell{},
				share(1, 3), Money(amount("922337203685477.5807"), "USD")),
		),
	}
}
