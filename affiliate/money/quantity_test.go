package money

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestParseQuantity(t *testing.T) {
	for _, c := range []struct {
		text, want string
		err        error
	}{
		{"3", "3", nil},
		{"1.5", "1.5", nil},
		{"-1", "-1", nil},
		{"0.30000000000000004", "0.3", nil}, // how PHP prints 0.1 + 0.2
		{"1e3", "1000", nil},
		{"", "0", ErrInvalid},
		{"two", "0", ErrInvalid},
		{"1e20", "0", ErrOverflow},
	} {
		got, err := ParseQuantity(c.text)
		if got.String() != c.want || !errors.Is(err, c.err) || got.IsZero() != (c.want == "0") {
			t.Errorf("ParseQuantity(%q) = %v, %v; want %v, %v", c.text, got, err, c.want, c.err)
		}
	}
}

func TestQuantitySurvivesTextColumnAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Quantity{anyUnits().Draw(t, "quantity")}
		if got, err := ParseQuantity(q.String()); err != nil || !got.Equal(q) {
			t.Fatalf("ParseQuantity(%q) = %v, %v", q, got, err)
		}
		var scanned, decoded Quantity
		column, _ := q.Value()
		if err := scanned.Scan(column); err != nil || scanned != q {
			t.Fatalf("Scan(%q) = %v, %v", column, scanned, err)
		}
		data, _ := json.Marshal(q)
		if err := json.Unmarshal(data, &decoded); err != nil || decoded != q {
			t.Fatalf("Unmarshal(%s) = %v, %v", data, decoded, err)
		}
	})
}

func TestQuantityRefusesOtherColumnsAndJSON(t *testing.T) {
	var q Quantity
	for _, src := range []any{nil, 1.5, int64(1), "1.50000"} {
		if err := q.Scan(src); !errors.Is(err, ErrInvalid) {
			t.Errorf("Scan(%#v) = %v, %v; want ErrInvalid", src, q, err)
		}
	}
	for _, text := range []string{`1.5`, `null`, `"x"`} {
		if err := json.Unmarshal([]byte(text), &q); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s gives %v, %v; want ErrInvalid", text, q, err)
		}
	}
}
