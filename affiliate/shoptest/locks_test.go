package shoptest

import (
	"strings"
	"testing"

	"partnercenter/db"
)

// The watch itself: what is taken in order is right, also when it is written
// again, and the rest is named.
func TestLocksAreTakenInOrder(t *testing.T) {
	const order, balance = `/* o.lock */ SELECT id FROM site7_partner_center_orders WHERE id = 1 FOR UPDATE`,
		`/* b.add */ INSERT INTO site7_partner_center_balances VALUES (1) ON DUPLICATE KEY UPDATE paid = 1`
	for _, test := range []struct {
		queries []string
		wrong   string
	}{
		{[]string{order, balance, `/* o.save */ UPDATE site7_partner_center_orders SET version = 2`, balance}, ""},
		{[]string{balance, `/* o.add */ INSERT INTO site7_partner_center_orders VALUES (1)`}, ""},
		{[]string{balance, "COMMIT", order}, ""},
		{[]string{balance, order}, "o.lock locks orders after: [balances by b.add]"},
		{[]string{balance, `/* o.save */ UPDATE site7_partner_center_orders SET version = 2`},
			"o.save locks orders after"},
		{[]string{`/* o.all */ SELECT id FROM site7_partner_center_orders WHERE id IN (1, 2) FOR UPDATE`},
			"in no order"},
	} {
		l := &Locks{held: map[*db.Tx][]hold{}, wrong: map[string]bool{}}
		for _, q := range test.queries {
			l.Told(nil, q)
		}
		if got := strings.Join(l.Wrong(), "; "); (got == "") != (test.wrong == "") ||
			!strings.Contains(got, test.wrong) {
			t.Errorf("%v: %q, want %q", test.queries, got, test.wrong)
		}
	}
}
