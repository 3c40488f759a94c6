package money

import (
	"strings"

	"github.com/bojanz/currency"

	"partnercenter/locale"
)

// Decimal returns a for files: digits and a point, always the decimals of cur,
// "1234.50" or "1235", and more only where a is finer than the minor unit. It
// never rounds, so that the sum of a column is the sum of its amounts.
func Decimal(a Amount, cur Currency) string { return decimalText(a.units, cur.Digits()) }

// Format returns a for people, in the way of a locale such as "en", "de-CH" or
// WordPress' "pt_PT_ao90": symbol, thousands separators and always the decimals
// of cur, to which a is rounded (12.345 USD → "$12.35"). An unknown locale
// gives English; an unknown currency the exact number and the code.
func Format(a Amount, cur Currency, code string) string {
	if rounded, err := Round(a, cur); err == nil {
		a = rounded // -0.001 is "0.00", never "-0.00"
	}
	amount, err := currency.NewAmount(Decimal(a, cur), string(cur))
	if err != nil {
		return Decimal(a, cur) + "\u00a0" + string(cur)
	}
	formatter := currency.NewFormatter(localeOf(code))
	formatter.MaxDigits = currency.DefaultDigits
	// The library has keyboards' hyphen, which breaks lines and is narrow beside digits.
	return strings.Replace(formatter.Format(amount), "-", "−", 1)
}

// Text is [Format] in the language of whoever reads it, for a sentence of the
// catalogue: locale.T("%s earns %s.", name, money.Text(a, cur)).
func Text(a Amount, cur Currency) locale.Text { return locale.Layout("%s", inCurrency{a, cur}) }

type inCurrency struct {
	amount   Amount
	currency Currency
}

func (m inCurrency) String() string { return m.Show(locale.English) }

func (m inCurrency) Show(l *locale.Language) string { return Format(m.amount, m.currency, l.Code()) }

func localeOf(code string) currency.Locale { return currency.NewLocale(locale.Region(code)) }
