package reason

import (
	"testing"
)

// Codes become sentences, what an admin wrote stays as it is, and partners read
// nothing that is none of theirs.
func TestReasonsInWords(t *testing.T) {
	for reason, want := range map[string][2]string{
		"EARNED":            {"The sale was paid.", ""},
		"APPROVED_BY_ADMIN": {"An admin approved the commission.", "The commission was approved."},
		"TOTAL_MISMATCH":    {"The order's total doesn't match its lines, tax, shipping and fees.", ""},
		"A test order.":     {"A test order.", "A test order."},
		"":                  {"", ""},
	} {
		if got := [2]string{AdminWords(reason).String(), PartnerWords(reason).String()}; got != want {
			t.Errorf("%q: %q", reason, got)
		}
	}
}
