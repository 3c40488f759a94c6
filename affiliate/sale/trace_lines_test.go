package sale

import (
	"strings"
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
	if one := trace.CommissionLines(7, "a", 2); len(one) != 1 || !strings.Contains(one[0].String(), "10 × 5 %") {
		t.Errorf("of the commission: %q", one)
	}
	if none := trace.CommissionLines(8, "a", 2); len(none) != 0 {
		t.Errorf("of another partner's: %q", none)
	}
}
