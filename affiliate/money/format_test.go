package money

import (
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	const nbsp, thin = "\u00a0", "\u202f"
	for _, c := range []struct {
		amount string
		cur    Currency
		locale string
		want   string
	}{
		{"14", "USD", "en_US", "$14.00"},
		{"165000", "USD", "en", "$165,000.00"},
		{"1234567.891", "USD", "en", "$1,234,567.89"},
		{"-1234.5", "USD", "en", "−$1,234.50"},
		{"12.345", "USD", "en", "$12.35"},
		{"-0.001", "USD", "en", "$0.00"},
		{"0", "EUR", "de_DE", "0,00" + nbsp + "€"},
		{"-1234.5", "EUR", "de_DE_formal", "−1.234,50" + nbsp + "€"},
		{"1234.5", "CHF", "de_CH", "CHF" + nbsp + "1’234.50"},
		{"1234.5", "EUR", "fr_FR", "1" + thin + "234,50" + nbsp + "€"},
		{"12345.5", "EUR", "pt_PT_ao90", "12" + nbsp + "345,50" + nbsp + "€"},
		{"1234.5", "BRL", "pt_BR", "R$" + nbsp + "1.234,50"},
		{"1234567.5", "INR", "hi_IN", "₹12,34,567.50"},
		{"1234.5", "SEK", "sv_SE", "1" + nbsp + "234,50" + nbsp + "kr"},
		{"1234.4", "JPY", "en", "¥1,234"},
		{"1234.5", "KWD", "en", "KWD" + nbsp + "1,234.500"},
		{"1234.5", "HUF", "en", "HUF" + nbsp + "1,234.50"},
		{"1.5", "CLF", "en", "CLF" + nbsp + "1.5000"},
		{"1234.5", "USD", "", "$1,234.50"},
		{"1234.5", "USD", "tlh_KX", "$1,234.50"},
		{"1234.5", "USD", "_US", "$1,234.50"},
		{"1234.5", "USD", " -US", "$1,234.50"},
		{"1234.5", "USD", "-", "$1,234.50"},
		{"12.5", "HRK", "en", "12.5000" + nbsp + "HRK"},
		{"922337203685477.5807", "JPY", "en", "¥922,337,203,685,478"},
		{"-922337203685477.5807", "USD", "en", "−$922,337,203,685,477.58"},
	} {
		if got := Format(MustParse(c.amount), c.cur, c.locale); got != c.want {
			t.Errorf("Format(%s, %s, %q) = %q, want %q", c.amount, c.cur, c.locale, got, c.want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		amount string
		cur    Currency
		want   string
	}{
		{"1234.5", "USD", "1234.50"},
		{"-1234.5", "USD", "-1234.50"},
		{"0", "USD", "0.00"},
		{"1235", "JPY", "1235"},
		{"100", "JPY", "100"},
		{"0", "JPY", "0"},
		{"1.5", "KWD", "1.500"},
		{"1.5", "CLF", "1.5000"},
		{"12.345", "USD", "12.345"}, // finer than a cent: not rounded away
		{"0.5", "JPY", "0.5"},
		{"12.5", "HRK", "12.5000"},
		{"-922337203685477.5807", "USD", "-922337203685477.5807"},
	} {
		got := Decimal(MustParse(c.amount), c.cur)
		if got != c.want {
			t.Errorf("Decimal(%s, %s) = %q, want %q", c.amount, c.cur, got, c.want)
		}
		if back, err := Parse(got); err != nil || back != MustParse(c.amount) {
			t.Errorf("%q reads back as %v, %v", got, back, err)
		}
	}
}

// FuzzFormat looks for a locale that hides the number.
func FuzzFormat(f *testing.F) {
	for _, locale := range []string{"en_US", "de_DE_formal", "zh-Hant-TW", "sr_Latn", "es_419", "_US", "\xff", "und"} {
		f.Add(locale)
	}
	f.Fuzz(func(t *testing.T, locale string) {
		const anyOne = "1١۱१১၁"
		if got := Format(MustParse("1"), "USD", locale); !strings.ContainsAny(got, anyOne) {
			t.Errorf("Format(1, USD, %q) = %q", locale, got)
		}
	})
}
