package money

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/bojanz/currency"
)

// Decimal returns a for files: digits and a point, always the decimals of cur,
// "1234.50" or "1235", and more only where a is finer than the minor unit. It
// never rounds, so that the sum of a column is the sum of its amounts.
func Decimal(a Amount, cur Currency) string { return decimalText(a.units, cur.Digits()) }

// Format returns a for people, in the way of a locale such as "en", "de-CH" or
// WordPress' "pt_PT_ao90": symbol, thousands separators and always the decimals
// of cur, to which a is rounded (12.345 USD → "$12.35"). An unknown locale
// gives English; an unknown currency the exact number and the code.
func Format(a Amount, cur Currency, locale string) string {
	if rounded, err := Round(a, cur); err == nil {
		a = rounded // -0.001 is "0.00", never "-0.00"
	}
	amount, err := currency.NewAmount(Decimal(a, cur), string(cur))
	if err != nil {
		return Decimal(a, cur) + "\u00a0" + string(cur)
	}
	formatter := currency.NewFormatter(localeOf(locale))
	formatter.MaxDigits = currency.DefaultDigits
	return formatter.Format(amount)
}

// FormatCount returns a count for people, with the thousands separators of a
// locale as in [Format]: 1234567 → "1,234,567".
func FormatCount(n int64, locale string) string {
	amount, err := currency.NewAmountFromInt64(n, "JPY") // any currency without decimals
	if err != nil {
		return strconv.FormatInt(n, 10)
	}
	formatter := currency.NewFormatter(localeOf(locale))
	formatter.CurrencyDisplay = currency.DisplayNone
	formatter.MaxDigits = currency.DefaultDigits
	return formatter.Format(amount)
}

// localeOf reads a locale identifier up to its territory: the rest, as in
// WordPress' de_DE_formal and pt_PT_ao90, is about wording, and the library
// would take a part of four letters for a script. It also shows nothing at all
// for a locale without a language, so that empty parts are dropped.
func localeOf(id string) currency.Locale {
	parts := strings.FieldsFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, part := range parts {
		if i > 0 && len(part) < 4 {
			parts = parts[:i+1]
			break
		}
	}
	return currency.NewLocale(strings.Join(parts, "-"))
}
