package inbox_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/verify"
	"partnercenter/sidecar/web"
)

// shop is a site whose cart reports orders: a lamp (product 11) earns 10 %, in
// its brass variation (12) 20 %.
type shop struct {
	*world
	program affiliate.Program
	cookie  string // of a click on anna's link
}

func newShop(t *testing.T) *shop {
	w := newWorld(t)
	s := &shop{world: w}
	programs, err := w.Registry.Programs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.program = programs[0]
	for id, rate := range map[string]string{"11": "Lamp", "12": "Lamp – brass"} {
		s.tell("product", id, 1, map[string]any{"name": rate, "price": "19.90", "currency": "USD"})
	}
	s.drain()
	s.earns("Lamp", 100_000)
	tool := w.Tool(s.program.ID, tracking.StandardLink, "https://shop.test/")
	w.Settle()
	s.cookie = w.Get("go/"+tool.Code+"?p="+w.anna.Code, web.Standalone).Cookie("pc_click").Value
	w.Clock.Advance(time.Minute)
	return s
}

// earns puts a product into the program.
func (s *shop) earns(name string, level1 money.Rate) {
	s.Helper()
	products, err := s.Registry.Products(s.Context(), name, s.program.ID, affiliate.Page{Limit: 9})
	if err != nil || len(products) == 0 || products[0].Name != name || products[0].Price == nil ||
		products[0].Price.String() != "19.9" {
		s.Fatalf("%s is not offered: %+v, %v", name, products, err)
	}
	terms := affiliate.Terms{Kind: affiliate.Percent, Level1: level1}
	if _, err := s.Registry.SetTerms(s.Context(), "test", s.program.ID, products[0].ID, terms); err != nil {
		s.Fatal(err)
	}
}

// tell appends a fact of the shop.
func (s *shop) tell(kind, id string, seq int64, payload map[string]any) {
	s.Helper()
	text, err := json.Marshal(payload)
	if err != nil {
		s.Fatal(err)
	}
	s.Exec(`INSERT IGNORE INTO {wp}partner_center_inbox (kind, source, external_id, seq, occurred_at,
		click, payload, created_at) VALUES (?, 'woocommerce', ?, ?, ?, ?, ?, ?)`,
		kind, id, seq, s.Clock.Now(), s.cookie, text, s.Clock.Now())
}

// lamps is an order of two lamps and shipping, with changes.
func (s *shop) lamps(changes map[string]any) map[string]any {
	order := map[string]any{
		"number": "1001", "status": "paid", "currency": "USD", "shipping": "5", "fees": []string{}, "tax": "0",
		"total": "44.80",
		"lines": []map[string]any{{"line": "7", "product": "11", "variation": "", "product_name": "Lamp",
			"name":     "Lamp",
			"quantity": "2", "subtotal": "41.80", "total": "39.80", "tax": "0"}},
		"refunds": []any{}, "coupons": []string{"two-off"}, "buyer": map[string]any{"email": "Eva@mail.test",
			"first_name": "Eva", "user_id": 0},
		"placed_at": s.Clock.Now().Format(time.RFC3339Nano),
		"paid_at":   s.Clock.Now().Truncate(time.Hour).Format(time.RFC3339),
	}
	for name, value := range changes {
		order[name] = value
	}
	return order
}

// books are the balances of all partners, and what verify finds.
func (s *shop) books() string {
	s.Helper()
	findings, err := verify.Verify(s.Context(), s.DB)
	if err != nil {
		s.Fatal(err)
	}
	rows := []string{}
	if err := s.DB.Select(s.Context(), &rows,
		`SELECT CONCAT(o.external_id, ' ', c.level, ' ', CAST(c.amount AS DECIMAL(19,2)), ' ', c.stage)
		FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id
		ORDER BY 1`); err != nil {
		s.Fatal(err)
	}
	return fmt.Sprint(rows, findings)
}

// Spec: S59.2 D8 D15.2 D25.1 D25.2 B3
func TestOrder(t *testing.T) {
	s := newShop(t)
	placed := s.lamps(map[string]any{"status": "unpaid", "paid_at": ""})
	s.tell("order", "17", 1, placed)
	s.drain()
	if got := s.books(); got != "[] []" {
		t.Errorf("unpaid: %s", got)
	}
	at := func(changes map[string]any) map[string]any {
		o := s.lamps(changes)
		o["placed_at"] = placed["placed_at"]
		return o
	}
	refund := func(amount, line, shipping string) map[string]any {
		r := map[string]any{"amount": amount, "shipping": shipping, "fees": []string{}, "tax": "0", "lines": []any{}}
		if line != "" {
			r["lines"] = []map[string]any{{"line": "7", "total": line, "tax": "0"}}
		}
		return r
	}
	for i, step := range []struct {
		state map[string]any
		want  string
	}{
		{at(nil), "[17 1 3.98 pending] []"},
		{at(map[string]any{"refunds": []any{refund("19.90", "19.9000001", "0")}}), "[17 1 1.99 pending] []"},
		// half of what is left of 19.90 and 5
		{at(map[string]any{"refunds": []any{refund("12.45", "", "0"), refund("19.90", "19.90", "0")}}),
			"[17 1 1.00 pending] []"},
		{at(map[string]any{"refunds": []any{refund("24.90", "19.90", "5"), refund("19.90", "19.90", "0")}}),
			"[17 1 0.00 "},
		// a refund was deleted
		{at(map[string]any{"refunds": []any{refund("19.90", "19.90", "0")}}), "[17 1 1.99 pending] []"},
		{at(map[string]any{"status": "void"}), "[17 1 0.00 "},
		{at(nil), "[17 1 3.98 pending] []"},
	} {
		s.Clock.Advance(time.Minute)
		s.tell("order", "17", int64(i+2), step.state)
		s.drain()
		if got := s.books(); !strings.HasPrefix(got, step.want) {
			t.Errorf("state %d: %s, want %s", i+2, got, step.want)
		}
	}
	if s.waiting() != 0 {
		_, why, _ := s.drainer.Trouble(t.Context())
		t.Error(why)
	}
}

// A variation that a program has terms for earns by them, another one as its product.
func TestVariations(t *testing.T) {
	s := newShop(t)
	brass := func(line string) map[string]any {
		return s.lamps(map[string]any{"lines": []map[string]any{{"line": line, "product": "11", "variation": "12",
			"product_name": "Lamp",
			"name":         "Lamp – brass", "quantity": "1", "subtotal": "39.80", "total": "39.80", "tax": "0"}}})
	}
	s.tell("order", "1", 1, brass("1"))
	s.drain()
	s.earns("Lamp – brass", 200_000)
	s.Clock.Advance(time.Minute)
	s.tell("order", "2", 1, brass("1"))
	s.drain()
	if got := s.books(); got != "[1 1 3.98 pending 2 1 7.96 pending] []" {
		t.Error(got)
	}
}

// A partner's coupon that somebody deleted in the shop is to be made again; reports
// that make no sense are excluded.
//
// Spec: B17.3
func TestCouponGone(t *testing.T) {
	s := newShop(t)
	coupons := coupon.New(s.DB, s.Clock.Now)
	template := coupon.DefaultTemplate(s.program.ID, "USD")
	template.Active = true
	if _, err := coupons.SaveTemplate(t.Context(), "test", template); err != nil {
		t.Fatal(err)
	}
	due, err := coupons.Due(t.Context())
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	if err := coupons.Pushed(t.Context(), due[0]); err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"x", "-1", "999", due[0].ID.String()} {
		if due, err := coupons.Due(t.Context()); err != nil || len(due) != 0 {
			t.Fatalf("before %s: %v, %v", id, due, err)
		}
		s.tell("coupon", id, int64(i), map[string]any{"gone": true})
		s.drain()
	}
	if due, err := coupons.Due(t.Context()); err != nil || len(due) != 1 || s.waiting() != 0 {
		t.Errorf("%v, %v, %d waiting", due, err, s.waiting())
	}
}

// A product nobody told of is there after its first sale, for programs to take in.
func TestProductOfAnOrder(t *testing.T) {
	s := newShop(t)
	o := s.lamps(nil)
	o["lines"].([]map[string]any)[0]["product"], o["lines"].([]map[string]any)[0]["product_name"] = "99", "Chair"
	s.tell("order", "1", 1, o)
	s.drain()
	products, err := s.Registry.Products(t.Context(), "Chair", 0, affiliate.Page{Limit: 9})
	if err != nil || len(products) != 1 || products[0].ExternalID != "99" || products[0].Source != "woocommerce" {
		t.Errorf("%+v, %v", products, err)
	}
}

// Carts are not exact: they cut times, and admins raise prices and take lines out of
// orders that were refunded.
//
// Spec: D15 D25
func TestOddOrders(t *testing.T) {
	s := newShop(t)
	line := func(id, product, subtotal, total string) map[string]any {
		return map[string]any{"line": id, "product": product, "variation": "", "product_name": "", "name": "x",
			"quantity": "1", "subtotal": subtotal, "total": total, "tax": "0"}
	}
	refund := func(line string) map[string]any {
		return map[string]any{"amount": "10", "shipping": "0", "fees": []string{}, "tax": "0",
			"lines": []map[string]any{{"line": line, "total": "10", "tax": "0"}}}
	}
	for id, changes := range map[string]map[string]any{
		// A price above the shop's own is no negative discount.
		"raised": {"lines": []any{line("7", "11", "10", "20")}, "total": "25", "coupons": []string{}},
		// What was given back for a line that is gone comes off the rest.
		"gone": {"lines": []any{line("7", "11", "20", "20")}, "total": "20", "shipping": "0", "refunds": []any{refund("6")}},
		"kept": {"lines": []any{line("7", "11", "20", "20")}, "total": "20", "shipping": "0", "refunds": []any{refund("7")}},
		"early": {"lines": []any{line("7", "11", "20", "20")}, "total": "25",
			"paid_at": s.Clock.Now().Add(-time.Second).Truncate(time.Second).Format(time.RFC3339)},
	} {
		s.tell("order", id, 1, s.lamps(changes))
	}
	s.drain()
	if got := s.books(); got != "[early 1 2.00 pending gone 1 1.00 pending kept 1 1.00 pending raised 1 2.00 pending] []" ||
		s.waiting() != 0 {
		_, why, _ := s.drainer.Trouble(t.Context())
		t.Errorf("%s, %d waiting: %s", got, s.waiting(), why)
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE paid_at < placed_at`: 0,
		`SELECT COUNT(*) FROM {wp}partner_center_order_lines WHERE discount <> 0`:  0,
		`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE review <> ''`:        0,
		`SELECT COUNT(*) FROM {wp}partner_center_order_lines WHERE refunded = 10`:  2,
	} {
		if n := s.Count(query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
}

// What a shop that starts with this had sold before earns nothing, with or
// without a click; it says who was a customer.
func TestPastOrder(t *testing.T) {
	s := newShop(t)
	s.tell("order", "1", 1, s.lamps(map[string]any{"past": true}))
	s.drain()
	if got := s.books(); got != "[] []" ||
		s.Count(`SELECT COUNT(*) FROM {wp}partner_center_decisions WHERE reason = 'BEFORE_PROGRAM'`) != 1 {
		t.Error(got)
	}
}

// Renewals follow the first order, whatever has become of the buyer's referrers.
//
// Spec: S90.1 D23.2
func TestRenewal(t *testing.T) {
	s := newShop(t)
	s.tell("order", "1", 1, s.lamps(map[string]any{"subscription": "order-1"}))
	s.drain()
	bert := s.Partner(s.program.ID, "bert")
	tool := s.Tool(s.program.ID, tracking.StandardLink, "https://shop.test/x")
	s.Settle()
	s.cookie = s.Get("go/"+tool.Code+"?p="+bert.Code, web.Standalone).Cookie("pc_click").Value
	s.Clock.Advance(time.Hour)
	s.tell("order", "2", 1, s.lamps(nil)) // bert is the last referrer now
	s.cookie = ""
	s.Clock.Advance(time.Hour)
	s.tell("order", "3", 1, s.lamps(map[string]any{"subscription": "order-1", "renewal": true}))
	s.drain()
	earned := func(p affiliate.Partner) int {
		return s.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE partner_id = ?`, p.ID)
	}
	if earned(s.anna) != 2 || earned(bert) != 1 {
		t.Errorf("anna %d, bert %d: %s", earned(s.anna), earned(bert), s.books())
	}
}

// The same facts in any order, some of them late, give the same books.
//
// Spec: D17.1 D39.1 B3.1
func TestOrdersInAnyOrder(t *testing.T) {
	want := ""
	for run := range 3 {
		s := newShop(t)
		type state struct {
			id  string
			seq int64
			in  map[string]any
		}
		all := []state{}
		for i := range 20 {
			placed := s.Clock.Now().Add(time.Duration(i) * time.Second).Format(time.RFC3339Nano)
			changes := []map[string]any{{"status": "unpaid", "paid_at": ""}, {}, {"refunds": []any{map[string]any{
				"amount": "10", "shipping": "0", "fees": []string{}, "tax": "0",
				"lines": []map[string]any{{"line": "7", "total": "10", "tax": "0"}}}}}}
			for seq, change := range changes {
				change["placed_at"], change["buyer"] = placed,
					map[string]any{"email": fmt.Sprintf("buyer%d@mail.test", i%6)}
				all = append(all, state{fmt.Sprint(100 + i), int64(seq + 1), s.lamps(change)})
			}
		}
		if run > 0 {
			rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		}
		for _, st := range all {
			s.tell("order", st.id, st.seq, st.in)
			s.tell("order", st.id, st.seq, st.in)
			if rand.IntN(5) == 0 {
				s.drain()
			}
		}
		for s.drain() {
		}
		got := s.books()
		if run == 0 {
			want = got
		}
		if got != want || !strings.HasSuffix(got, " []") || strings.Count(got, "2.98") != 20 || s.waiting() != 0 {
			t.Fatalf("run %d: %s\nwant %s", run, got, want)
		}
	}
}

// Bad payloads wait with their reason, store nothing, and hold up no other.
//
// Spec: D26.1 D26.3 B3
func TestBadOrders(t *testing.T) {
	s := newShop(t)
	for i, bad := range []struct {
		changes map[string]any
		says    string
	}{
		{map[string]any{"total": 44.8}, "is no text"},
		{map[string]any{"total": "12,50"}, "12,50"},
		{map[string]any{"status": "done"}, "done"},
		{map[string]any{"currency": "dollar"}, "dollar"},
		{map[string]any{"placed_at": ""}, "cannot be read"},
		{map[string]any{"lines": "none"}, "cannot be read"},
		{map[string]any{"lines": []map[string]any{{"line": "1", "quantity": "1", "subtotal": "-5", "total": "-5",
			"tax": "0"}}}, "negative"},
		{map[string]any{"total": "99999999999999999999"}, "large"},
	} {
		s.tell("order", fmt.Sprint(i), 1, s.lamps(bad.changes))
		s.drain()
		if _, why, _ := s.drainer.Trouble(t.Context()); !strings.Contains(why, bad.says) {
			t.Errorf("%v: %s", bad.changes, why)
		}
	}
	s.tell("order", "good", 1, s.lamps(nil))
	s.drain()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders`); n != 1 || s.waiting() != 8 {
		t.Errorf("%d orders, %d waiting", n, s.waiting())
	}
	// A later state of the same order makes up for one that cannot be taken in.
	s.tell("order", "0", 2, s.lamps(nil))
	s.Clock.Advance(time.Hour)
	s.drain()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders`); n != 2 || s.waiting() != 7 {
		t.Errorf("%d orders, %d waiting", n, s.waiting())
	}
	// What can be calculated but looks odd is there, for a person to look at.
	s.tell("order", "odd", 1, s.lamps(map[string]any{"total": "12"}))
	s.drain()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE review = 'TOTAL_MISMATCH'`); n != 1 {
		t.Errorf("%d on review", n)
	}
}
