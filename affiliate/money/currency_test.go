package money

import (
	"database/sql"
	"encoding/json"
	"errors"
	"testing"

	"github.com/bojanz/currency"
)

// The minor units are those of ISO 4217; CLDR has none for HUF, IDR and RSD.
func TestDigits(t *testing.T) {
	for code, want := range map[string]int{
		"JPY": 0, "KRW": 0, "VND": 0, "USD": 2, "EUR": 2, "HUF": 2, "IDR": 2, "RSD": 2, "KWD": 3, "TND": 3, "CLF": 4,
	} {
		cur, err := ParseCurrency(code)
		if err != nil || cur.Digits() != want {
			t.Errorf("%s has %d digits, %v; want %d", code, cur.Digits(), err, want)
		}
	}
	if got := Currency("XYZ").Digits(); got != scale {
		t.Errorf("an unknown currency has %d digits, want %d", got, scale)
	}
}

// The scale of 4 holds the minor unit of every currency there is.
func TestEveryCurrencyFitsTheScale(t *testing.T) {
	for _, code := range currency.GetCurrencyCodes() {
		if cur, err := ParseCurrency(code); err != nil || cur.Digits() > scale {
			t.Errorf("%s has %d digits, %v", code, cur.Digits(), err)
		}
	}
}

func TestParseCurrencyRefuses(t *testing.T) {
	for _, code := range []string{"", "usd", "US", "USDX", " USD", "XYZ", "XAU", "$"} {
		if cur, err := ParseCurrency(code); !errors.Is(err, ErrInvalid) || cur != "" {
			t.Errorf("ParseCurrency(%q) = %q, %v; want ErrInvalid", code, cur, err)
		}
	}
}

func TestCurrencyColumn(t *testing.T) {
	// HRK left ISO 4217 in 2023: what was sold in it stays readable.
	for _, src := range []any{"USD", []byte("USD"), "HRK"} {
		var cur Currency
		if err := cur.Scan(src); err != nil {
			t.Errorf("Scan(%s): %v", src, err)
		}
		if v, err := cur.Value(); v != string(cur) || err != nil {
			t.Errorf("Value of %s: %v, %v", cur, v, err)
		}
	}
	for _, src := range []any{nil, "", "usd", "U$D", "USDX", 1} {
		var cur Currency
		if err := cur.Scan(src); !errors.Is(err, ErrInvalid) {
			t.Errorf("Scan(%#v): %v, want ErrInvalid", src, err)
		}
	}
	if _, err := Currency("").Value(); !errors.Is(err, ErrInvalid) {
		t.Errorf("a missing currency was written: %v", err)
	}
	var nullable sql.Null[Currency]
	if err := nullable.Scan(nil); err != nil || nullable.Valid {
		t.Errorf("NULL: %+v, %v", nullable, err)
	}
}

// Spec: D12
func TestTotalsPerCurrencyAsJSON(t *testing.T) {
	totals := map[Currency]Amount{"USD": MustParse("12.50"), "JPY": MustParse("300")}
	data, err := json.Marshal(totals)
	if want := `{"JPY":"300","USD":"12.5"}`; string(data) != want || err != nil {
		t.Errorf("got %s, %v; want %s", data, err, want)
	}
}

func TestCurrencyJSON(t *testing.T) {
	var cur Currency
	if err := json.Unmarshal([]byte(`"EUR"`), &cur); err != nil || cur != "EUR" {
		t.Errorf("got %q, %v", cur, err)
	}
	for _, text := range []string{`null`, `""`, `"eur"`, `978`} {
		if err := json.Unmarshal([]byte(text), &cur); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s gives %q, %v; want ErrInvalid", text, cur, err)
		}
	}
}
