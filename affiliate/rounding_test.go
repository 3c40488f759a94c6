package affiliate_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/db/dbtest"
)

// The database rounds as we do, so that sums made by SQL agree with commissions
// calculated in Go: half away from zero, on decimals.
//
// Spec: S28.1 D26
func TestDatabaseRoundsAlike(t *testing.T) {
	h := dbtest.New(t)
	chance := rand.New(rand.NewPCG(1, 2))
	for cur, digits := range map[money.Currency]int{"JPY": 0, "USD": 2, "KWD": 3} {
		query := strings.Repeat(
			" UNION ALL SELECT CAST(ROUND(CAST(? AS DECIMAL(19,4)) * ? / 1000000, ?) AS DECIMAL(19,4))", 300)
		args, want := []any{}, []money.Amount{}
		for range 300 {
			base := money.FromUnits(chance.Int64N(4_000_000_000) - 2_000_000_000)
			rate := money.Rate(chance.Int64N(1_000_001))
			if chance.IntN(3) == 0 { // often exactly half a unit
				base, rate = money.FromUnits((chance.Int64N(2_000_000)-1_000_000)*500), 100_000
			}
			amount, err := rate.Of(base, cur)
			if err != nil {
				t.Fatal(err)
			}
			args, want = append(args, base, int64(rate), digits), append(want, amount)
		}
		got := []money.Amount{}
		if err := h.Select(t.Context(), &got, strings.TrimPrefix(query, " UNION ALL "), args...); err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v × %v ppm: the database says %s, we say %s", cur, args[3*i], args[3*i+1], got[i],
					want[i])
			}
		}
	}
}
