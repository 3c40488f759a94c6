package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate/coupon"
	"partnercenter/sidecar/sidecartest"
)

// shop is a world in which something can be sold.
type shop struct {
	*sidecartest.Shop
	world *world
}

func newShop(t testing.TB) *shop {
	s := sidecartest.NewShop(t)
	return &shop{s, programsOf(s.Site)}
}

// order is the body of an order of one cup at 100.00 with its line refunded.
func (s *shop) order(version int, refunded string, click string) string {
	return fmt.Sprintf(`{"external_id":"o-1","version":%d,"status":"paid","currency":"USD","total":"100","click":%q,
		"buyer":{"email":"buyer@mail.test"},"lines":[{"line":"1","product":{"id":%d},"name":"Cup","quantity":"1","base":"100","refunded":%q}]}`,
		version, click, s.Cup.ID, refunded)
}

// result is what an order is answered.
type result struct {
	OrderID     int64 `json:"order_id"`
	DryRun      bool  `json:"dry_run"`
	Outcome     string
	Review      string
	Commissions []struct {
		ID, Version int
		Amount      string
		Status      string
	}
}

func (s *shop) take(path, body string) result {
	s.Helper()
	return read[result](s.world, s.world.call(http.MethodPost, path, body))
}

// Spec: S75.2 D17.1 B3.1 B14
func TestOrdersByTheAPI(t *testing.T) {
	s := newShop(t)
	click := s.Click(s.Anna).Value
	dry := s.take("orders?dry_run=1", s.order(1, "0", click))
	if !dry.DryRun || dry.Outcome != "applied" || len(dry.Commissions) != 1 || dry.Commissions[0].Amount != "10" ||
		dry.OrderID != 0 {
		t.Errorf("%+v", dry)
	}
	if n := s.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*)
		FROM {wp}partner_center_contacts WHERE email = 'buyer@mail.test')`); n != 0 {
		t.Fatal("a dry run left something")
	}
	first := s.take("orders", s.order(1, "0", click))
	if first.Outcome != "applied" || len(first.Commissions) != 1 || first.OrderID == 0 {
		t.Fatalf("%+v", first)
	}
	if got := s.take("orders", s.order(1, "0", click)); got.Outcome != "repeated" {
		t.Errorf("again: %+v", got)
	}
	if got := s.take("orders", s.order(3, "50", click)); got.Outcome != "applied" || got.Commissions[0].Amount != "5" {
		t.Errorf("half refunded: %+v", got)
	}
	if got := s.take("orders", s.order(2, "0", click)); got.Outcome != "stale" {
		t.Errorf("late: %+v", got)
	}
	if got := s.take("orders", s.order(3, "60", click)); got.Outcome != "differs" || got.Review == "" {
		t.Errorf("contradictory: %+v", got)
	}
	list := read[struct{ Items []anything }](s.world, s.world.call(http.MethodGet, "orders?review=1", ""))
	if len(list.Items) != 1 || list.Items[0]["version"] != 3.0 {
		t.Errorf("on review: %v", list)
	}
	detail := read[anything](s.world, s.world.call(http.MethodGet, fmt.Sprint("orders/", first.OrderID), ""))
	if detail["trace"] == nil || len(detail["lines"].([]any)) != 1 || len(detail["commissions"].([]any)) != 1 {
		t.Errorf("%v", detail)
	}
}

// Refunds that a caller knows alone end at exactly zero.
//
// Spec: D11.1 D11.2 B14
func TestRefundsByTheAPI(t *testing.T) {
	s := newShop(t)
	s.take("orders", s.order(1, "0", s.Click(s.Anna).Value))
	if got := s.take("refunds",
		`{"external_id":"o-1","version":2,"lines":[{"line":"1","refunded":"33.33"}]}`); got.Commissions[0].Amount != "6.67" {
		t.Errorf("%+v", got)
	}
	if got := s.take("refunds", `{"external_id":"o-1","version":3,"amount":"100"}`); got.Commissions[0].Amount != "0" {
		t.Errorf("%+v", got)
	}
	s.world.call(http.MethodPost, "refunds", `{"external_id":"o-2","version":3,"amount":"1"}`).Want(http.StatusNotFound)
	s.world.call(http.MethodPost, "refunds",
		`{"external_id":"o-1","version":4,"lines":[{"line":"9","refunded":"1"}]}`).Want(http.StatusUnprocessableEntity)
	s.world.call(http.MethodPost, "refunds",
		`{"external_id":"o-1","version":4,"amount":"-1"}`).Want(http.StatusUnprocessableEntity)
}

// Spec: D17.3 D26.1 B14
func TestBadOrdersLeaveNothing(t *testing.T) {
	s := newShop(t)
	good := s.order(1, "0", "")
	for name, body := range map[string]string{
		"no version":        strings.Replace(good, `"version":1`, `"version":0`, 1),
		"another currency":  strings.Replace(good, "USD", "Dollar", 1),
		"a status":          strings.Replace(good, "paid", "done", 1),
		"a number as money": strings.Replace(good, `"total":"100"`, `"total":100`, 1),
		"a negative line":   strings.Replace(good, `"base":"100"`, `"base":"-100"`, 1),
		"the shop's source": strings.Replace(good, `{"external_id"`, `{"source":"woocommerce","external_id"`, 1),
		"from the future": strings.Replace(good, `{"external_id"`,
			`{"placed_at":"2027-01-01T00:00:00Z","external_id"`, 1),
		"five decimals": strings.Replace(good, `"base":"100"`, `"base":"100.00001"`, 1),
		"a line twice": strings.Replace(good, `"lines":[`,
			`"lines":[{"line":"1","product":{"id":1},"quantity":"1","base":"1"},`, 1),
	} {
		if a := s.world.call(http.MethodPost, "orders", body); a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.Code, a.Text)
		}
	}
	if n := s.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*)
		FROM {wp}partner_center_order_states)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if got := s.take("orders", strings.Replace(good, `"total":"100"`, `"total":"90"`, 1)); got.Review == "" {
		t.Error("a wrong total is not on review")
	}
}

// Spec: S77.2 S78 S81 B14
func TestCommissionsByTheAPI(t *testing.T) {
	s := newShop(t)
	c := s.take("orders", s.order(1, "0", s.Click(s.Anna).Value)).Commissions[0]
	type acted struct {
		Done    []int
		Skipped []anything
	}
	act := func(how string, version int) acted {
		t.Helper()
		return read[acted](s.world, s.world.call(http.MethodPost, "commissions/"+how,
			fmt.Sprintf(`{"commissions":[{"id":%d,"version":%d}],"reason":"Wrong"}`, c.ID, version)))
	}
	if got := act("approve", c.Version+5); len(got.Done) != 0 || len(got.Skipped) != 1 ||
		got.Skipped[0]["reason"] == "" {
		t.Errorf("another version: %+v", got)
	}
	if got := act("approve", c.Version); len(got.Done) != 1 {
		t.Errorf("%+v", got)
	}
	if got := act("cancel", 0); len(got.Done) != 1 {
		t.Errorf("%+v", got)
	}
	list := read[struct{ Items []anything }](s.world,
		s.world.call(http.MethodGet, "commissions?status=canceled&partner="+s.Anna.ID.String(), ""))
	if len(list.Items) != 1 {
		t.Errorf("%v", list)
	}
	s.world.call(http.MethodPost, "commissions/approve", `{"commissions":[]}`).Want(http.StatusUnprocessableEntity)
}

// Spec: B14
func TestPayoutsByTheAPI(t *testing.T) {
	s := newShop(t)
	s.Approve(s.Sell(s.Anna, "100", "USD", "Doe"))
	s.Pay(s.Anna, "USD", "10")
	list := read[struct{ Items []struct{ ID int } }](s.world, s.world.call(http.MethodGet, "payouts", ""))
	if len(list.Items) != 1 {
		t.Fatalf("%v", list)
	}
	detail := read[struct{ Payments []anything }](s.world,
		s.world.call(http.MethodGet, fmt.Sprint("payouts/", list.Items[0].ID), ""))
	if len(detail.Payments) != 1 || detail.Payments[0]["amount"] != "10" {
		t.Errorf("%v", detail)
	}
}

// An order of another cart that used a partner's coupon credits them, and the
// partner's codes are told.
//
// Spec: B14 B17.2
func TestCouponsByTheAPI(t *testing.T) {
	s := newShop(t)
	codes := coupon.New(s.DB, s.Clock.Now)
	if _, err := codes.Assign(t.Context(), "test", s.Anna.ID, coupon.AnyShop, "anna10"); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Second)
	body := strings.Replace(s.order(1, "0", ""), `"total"`, `"coupons":["Anna10"],"total"`, 1)
	if r := s.take("orders", body); len(r.Commissions) != 1 || r.Commissions[0].Amount != "10" {
		t.Errorf("%+v", r)
	}
	type partner struct {
		Coupons []struct {
			Code, Shop string
			Works      bool
		}
	}
	got := read[partner](s.world, s.world.call(http.MethodGet, "partners/"+s.Anna.ID.String(), ""))
	if len(got.Coupons) != 1 || got.Coupons[0].Code != "ANNA10" || !got.Coupons[0].Works {
		t.Errorf("%+v", got)
	}
}
