package money

import "testing"

func BenchmarkRateOf(b *testing.B) {
	base := MustParse("99.99")
	for b.Loop() {
		if _, err := Rate(75_000).Of(base, "USD"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	column := []byte("1234.5000")
	var a Amount
	for b.Loop() {
		if err := a.Scan(column); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecimal(b *testing.B) {
	a := MustParse("1234.50")
	for b.Loop() {
		Decimal(a, "USD")
	}
}

func BenchmarkFormat(b *testing.B) {
	a := MustParse("1234.50")
	for b.Loop() {
		Format(a, "USD", "de_DE")
	}
}
