package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/clock"
	"partnercenter/testbed/wordpress"
)

// coupons saves what the coupons of the store's program give, and waits until the
// shop has them so.
func (s *store) coupons(change func(*coupon.Template)) *coupon.Service {
	s.t.Helper()
	service := coupon.New(s.DB, clock.System)
	t, found, err := service.Template(s.t.Context(), s.program.ID)
	s.must(err)
	if !found {
		t = coupon.DefaultTemplate(s.program.ID, "USD")
	}
	t.Active = true
	change(&t)
	t, err = service.SaveTemplate(s.t.Context(), "test", t)
	s.must(err)
	soon(s.t, "the shop has the coupons", func() bool {
		var behind int
		s.must(s.DB.Get(s.t.Context(), &behind, `SELECT COUNT(*) FROM {wp}partner_center_partners p
			JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
			LEFT JOIN {wp}partner_center_coupons c ON c.partner_id = p.id AND c.pushed_revision = ? AND c.pushed_on = 1
			WHERE m.program_id = ? AND p.state = 'active' AND c.id IS NULL`, t.Revision, s.program.ID))
		return behind == 0
	})
	return service
}

func (s *store) priority(p affiliate.CouponPriority) {
	s.t.Helper()
	registry := affiliate.NewRegistry(s.DB, clock.System)
	settings, err := registry.Settings(s.t.Context())
	s.must(err)
	settings.Coupons = p
	_, err = registry.SaveSettings(s.t.Context(), "test", settings)
	s.must(err)
}

// orderOf is what the shop says of an order: its total and its coupons.
func (s *store) orderOf(order string) string {
	s.t.Helper()
	return s.php(`$o = wc_get_order($args[0]); echo $o->get_total(), ' ', implode(',', $o->get_coupon_codes());`, order)
}

// Spec: B17.1 B17.2 D34.3 D45.1 D45.2 D45.3
func TestShopCouponOrClick(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		s.coupons(func(c *coupon.Template) { c.Amount = money.MustParse("10") })
		nobody := affiliate.Partner{}
		byCoupon, _ := s.shopper(nobody).blockCheckout("code@example.test", 1, s.lamp, "anna10")
		s.earns(byCoupon, s.anna, "1.79") // of 19.90 - 10 %
		plain, _ := s.shopper(nobody).blockCheckout("code@example.test", 1, s.lamp)
		s.php(`$o = wc_get_order($args[0]);
			wc_create_refund(['order_id' => $o->get_id(), 'amount' => $o->get_total(), 'line_items' => [array_key_first($o->get_items()) => ['qty' => 1, 'refund_total' => $o->get_total(), 'refund_tax' => []]]]);`, byCoupon)
		s.earns(byCoupon, s.anna, "0.00")

		defer s.priority(affiliate.ClickWins)
		for i, test := range []struct {
			priority affiliate.CouponPriority
			earner   affiliate.Partner
		}{{affiliate.ClickWins, s.bert}, {affiliate.CouponWins, s.anna}, {affiliate.NewestWins, s.anna}} {
			s.priority(test.priority)
			buyer := "both" + string(rune('a'+i)) + "@example.test"
			order, _ := s.shopper(s.bert).blockCheckout(buyer, 1, s.lamp, "ANNA10")
			s.earns(order, test.earner, "1.79")
		}
		// The code was in the basket before the click: the click is the newest.
		c := s.shopper(nobody)
		nonce, cart := "", map[string]any{}
		c.json(http.MethodGet, "cart", &nonce, nil, &cart)
		c.json(http.MethodPost, "cart/add-item", &nonce, map[string]any{"id": json.Number(s.lamp), "quantity": 1},
			&cart)
		c.json(http.MethodPost, "cart/apply-coupon", &nonce, map[string]any{"code": "anna10"}, &cart)
		c.get("/partner-center/go/" + s.tool.Code + "?p=" + s.bert.Code).want(http.StatusFound)
		order, _ := c.blockCheckout("newest@example.test", 1, s.lamp)
		s.earns(order, s.bert, "3.58")
		if got := s.earned(plain, s.anna); got != "" {
			t.Errorf("a coupon made its partner the referrer: an order without it earns %s", got)
		}
		s.clean()
	})
}

// A link with the coupon gives the discount in both checkouts, though no page of the
// site was loaded between the click and the basket; who takes it out is left alone.
//
// Spec: B17.3
func TestShopLinkWithCoupon(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		s.coupons(func(c *coupon.Template) { c.Amount = money.MustParse("10") })
		link := "/partner-center/go/" + s.tool.Code + "?p=" + s.anna.Code + "&coupon"
		visitor := func() *client {
			c := newClient(t, s.URL(), "")
			soon(t, "the link carries the code", func() bool {
				c.get(link).want(http.StatusFound)
				return c.cookie("pc_coupon") == "ANNA10"
			})
			return c
		}
		block, _ := visitor().blockCheckout("lina@example.test", 1, s.lamp)
		if got := s.orderOf(block); got != "17.91 anna10" {
			t.Errorf("the order in blocks is %s", got)
		}
		s.earns(block, s.anna, "1.79")
		classic := visitor().classicCheckout("luis@example.test", s.lamp, nil)
		if got := s.orderOf(classic); got != "17.91 anna10" {
			t.Errorf("the classic order is %s", got)
		}
		s.earns(classic, s.anna, "1.79")

		// Something in the basket already: the page that the link leads to shows the discount.
		c := newClient(t, s.URL(), "")
		c.get("/?add-to-cart=" + s.lamp)
		c.get(link).want(http.StatusFound)
		if page := c.get("/classic/").want(http.StatusOK); !strings.Contains(page.Body, "anna10") {
			t.Error("the checkout does not show the coupon")
		}
		nonce, cart := "", map[string]any{}
		c.json(http.MethodGet, "cart", &nonce, nil, &cart)
		c.json(http.MethodPost, "cart/remove-coupon", &nonce, map[string]any{"code": "anna10"}, &cart)
		without, _ := c.blockCheckout("lara@example.test", 1, s.lamp)
		if got := s.orderOf(without); got != "39.80 " {
			t.Errorf("after the buyer took the coupon out, the order is %s", got)
		}
		s.clean()
	})
}

// The shop's coupons follow the template and the partner, and leave alone what is
// the shop's own.
//
// Spec: B17.1 B17.3
func TestShopCouponsFollow(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		service := s.coupons(func(c *coupon.Template) {
			c.Amount, c.ExpiresOn = money.MustParse("15"), affiliate.Day{Year: 2099, Month: 12, Day: 31}
		})
		sue := s.enrol("sue") // the code has what the template says now
		shows := func(what, want string) {
			t.Helper()
			soon(t, what, func() bool {
				return s.php(
					`$c = new WC_Coupon('sue15'); echo $c->get_id() ? $c->get_amount() . ' ' . ($c->get_date_expires() ? $c->get_date_expires()->date('Y-m-d') : '') : 'none';`) == want
			})
		}
		shows("the template is followed", "15 2100-01-01")
		s.coupons(func(c *coupon.Template) { c.Amount, c.ExpiresOn = money.MustParse("10"), affiliate.Day{} })
		shows("the template is followed again", "10 ")

		registry := affiliate.NewRegistry(s.DB, clock.System)
		_, err := registry.SuspendPartner(t.Context(), "test", sue.ID, "test")
		s.must(err)
		shows("a suspended partner's code is off", "none")
		c := s.shopper(affiliate.Partner{})
		nonce, cart := "", map[string]any{}
		c.json(http.MethodGet, "cart", &nonce, nil, &cart)
		c.json(http.MethodPost, "cart/add-item", &nonce, map[string]any{"id": json.Number(s.lamp), "quantity": 1},
			&cart)
		if status := c.applyCoupon(nonce, "sue15"); status/100 != 4 {
			t.Errorf("the shop takes the code of a suspended partner: %d", status)
		}
		_, err = registry.ReactivatePartner(t.Context(), "test", sue.ID, "test")
		s.must(err)
		shows("it is on again", "10 ")
		for _, deletes := range []string{`wp_trash_post($id);`, `wp_delete_post($id, true);`} {
			s.php(`$id = (new WC_Coupon('sue15'))->get_id(); ` + deletes)
			shows("somebody deleted it in the shop: it is made again", "10 ")
		}
		var posts int
		s.must(s.DB.Get(t.Context(), &posts, `SELECT COUNT(*) FROM {wp}posts WHERE post_type = 'shop_coupon'
			AND post_title = 'sue15' AND post_status <> 'trash'`))
		if posts != 1 {
			t.Errorf("the shop has %d coupons of one code", posts)
		}

		// The shop's own coupon is neither changed nor made a partner's by itself.
		s.php(`$c = new WC_Coupon(); $c->set_code('dora10'); $c->set_amount(50); $c->save();`)
		dora := s.enrol("dora")
		soon(t, "the conflict is told", func() bool {
			all, err := service.Of(t.Context(), dora.ID)
			s.must(err)
			return len(all) == 1 && all[0].Problem == coupon.Taken
		})
		if got := s.php(`$c = new WC_Coupon('dora10'); echo $c->get_amount();`); got != "50" {
			t.Errorf("the shop's own coupon gives %s", got)
		}
		_, err = service.Assign(t.Context(), "test", dora.ID, coupon.WooCommerce, "dora10")
		s.must(err)
		order, _ := s.shopper(affiliate.Partner{}).blockCheckout("dick@example.test", 3, s.lamp, "dora10")
		s.earns(order, dora, "0.97") // of 59.70 - 50
		for _, p := range []affiliate.Partner{dora, sue} {
			_, err = registry.RemovePartner(t.Context(), "test", p.ID, "test")
			s.must(err)
		}
		s.clean()
	})
}

// applyCoupon is the status of the shop's answer.
func (c *client) applyCoupon(nonce, code string) int {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.base+"/wp-json/wc/store/v1/cart/apply-coupon",
		strings.NewReader(`{"code":"`+code+`"}`))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("User-Agent", person)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", c.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Nonce", nonce)
	return c.send(req).Status
}
