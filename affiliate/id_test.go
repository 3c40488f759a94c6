package affiliate_test

import (
	"regexp"
	"testing"

	"partnercenter/affiliate"
)

func TestParseIDTakesPositiveNumbersOnly(t *testing.T) {
	for text, want := range map[string]affiliate.ProgramID{"1": 1, "9223372036854775807": 1<<63 - 1} {
		if id, err := affiliate.ParseID[affiliate.Program](text); err != nil || id != want || id.String() != text {
			t.Errorf("%q became %v, %v", text, id, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "1.0", " 1", "9223372036854775808", "1 OR 1=1"} {
		if id, err := affiliate.ParseID[affiliate.Program](text); id != 0 ||
			affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Errorf("%q became %v, %v", text, id, err)
		}
	}
}

func TestIDZeroIsNULL(t *testing.T) {
	_, h, _ := newRegistry(t)
	for _, test := range []struct {
		query     string
		arg, want affiliate.PartnerID
	}{
		{`SELECT ?`, 7, 7}, {`SELECT CAST(? AS CHAR)`, 8, 8}, {`SELECT ?`, 0, 0}, {`SELECT COALESCE(?, 9)`, 0, 9},
	} {
		var got affiliate.PartnerID
		if err := h.Get(t.Context(), &got, test.query, test.arg); err != nil || got != test.want {
			t.Errorf("%s of %v: %v, %v; want %v", test.query, test.arg, got, err, test.want)
		}
	}
}

func TestCodesAreRandom(t *testing.T) {
	form := regexp.MustCompile(`^[2-9b-df-hjkmnp-tv-xz]{10}$`)
	seen := map[string]bool{}
	for range 1000 {
		code := affiliate.NewCode()
		if !form.MatchString(code) || seen[code] {
			t.Errorf("code %q", code)
		}
		seen[code] = true
	}
}
