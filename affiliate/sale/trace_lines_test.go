package sale

import (
	"testing"

	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// english are the sentences as the tests read them.
func english(sentences []locale.Text) (all []string) {
	for _, s := range sentences {
		all = append(all, s.String())
	}
	return all
}

// A commission's answer names its own line and level alone, also where its
// partner earns on other lines of the order.
//
// Spec: B2.2
func TestOneCommissionHasOneAnswer(t *testing.T) {
	earn := func(level int, formula string) LevelTrace {
		return LevelTrace{Level: level, PartnerID: 7, Code: reason.Earned, Formula: formula, Amount: usd("1")}
	}
	trace := Trace{Currency: "USD", Lines: []LineTrace{
		{Line: "a", Name: "Book", Levels: []LevelTrace{earn(1, "10 × 10 %"), earn(2, "10 × 5 %")}},
		{Line: "b", Name: "Course", Levels: []LevelTrace{earn(1, "90 × 10 %")}}}}
	if all := trace.PartnerLines(7); len(all) != 3 {
		t.Errorf("of the order: %q", all)
	}
	if one := trace.Formula(7, "a", 2).String(); one != "5% of $10.00 = $1.00" {
		t.Errorf("of the commission: %q", one)
	}
	if lines := trace.CommissionLines(7, "a", 2); len(lines) != 0 {
		t.Errorf("beside its formula: %q", lines)
	}
	if none := trace.Formula(8, "a", 2); !none.IsZero() {
		t.Errorf("of another partner's: %q", none)
	}
}

// Formulas read alike, however long ago they were written.
//
// Spec: B2.2
func TestFormulasInWords(t *testing.T) {
	for formula, want := range map[string]string{
		"58 × 12 % = 6.96":        "12% of $58.00 = $6.96",
		"99.99 × 7.5 % = 7.49925": "7.5% of $99.99 = $6.96",
		"2 × 15":                  "2 × $15.00 = $6.96",
		"1.5 × 15 × 29 / 58":      "1.5 × $15.00 for the $29.00 left of $58.00 = $6.96",
		"":                        "",
		"what nobody writes":      "what nobody writes",
		"x × 12 % = 1":            "x × 12 % = 1",
		"2 × x":                   "2 × x",
	} {
		if got := (LevelTrace{Formula: formula, Amount: usd("6.96")}).formula("USD").String(); got != want {
			t.Errorf("%q reads %q, not %q", formula, got, want)
		}
	}
}
