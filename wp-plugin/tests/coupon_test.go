package wpplugin_test

import (
	"testing"
)

// coupon asks for a code as the sidecar does.
func coupon(shop string, id int, code string, on bool) map[string]any {
	return map[string]any{"shop": shop, "id": id, "code": code, "on": on, "kind": "percent", "amount": "10",
		"minimum": "20", "until": "2099-01-01", "once": true, "alone": false}
}

func TestCouponsNeedAShop(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		if code := s.refused(t, "coupon", coupon("woocommerce", 1, "ANNA10", true)); code != "partner_center_no_shop" {
			t.Error(code)
		}
		if code := s.refused(t, "coupon-find",
			map[string]any{"shop": "ebay", "code": "X"}); code != "partner_center_no_shop" {
			t.Error(code)
		}
	})
}

// keepsCoupons proves what the sidecar relies on: asking twice comes to the same,
// off is off, and what is the shop's own is left alone. shows prints a code's
// amount, or none; own makes a coupon of the shop.
func keepsCoupons(t *testing.T, s *site, shop, shows, own string) {
	t.Helper()
	is := func(code, want string) {
		t.Helper()
		if got := s.php(t, shows, code); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	first := s.call(t, "coupon", coupon(shop, 901, "ZOE10", true))
	is("zoe10", "10 20 2099-01-01 1")
	more := coupon(shop, 901, "ZOE10", true)
	more["amount"], more["until"], more["minimum"], more["once"] = "15", "", "", false
	if again := s.call(t, "coupon", more); again["shop_id"] != first["shop_id"] || again["shop_id"] == 0.0 {
		t.Errorf("%v, then %v", first, again)
	}
	is("ZOE10", "15 0 never 0")
	if out := s.call(t, "coupon-find", map[string]any{"shop": shop, "code": "zoe10"}); out["found"] != true {
		t.Error(out)
	}
	for range 2 {
		s.call(t, "coupon", coupon(shop, 901, "ZOE10", false))
	}
	is("ZOE10", "none")
	s.call(t, "coupon", coupon(shop, 999, "NEVER", false)) // was never there
	// The partner comes back to the code: it has another number, and is no second coupon.
	if back := s.call(t, "coupon", coupon(shop, 902, "ZOE10", true)); back["shop_id"] != first["shop_id"] {
		t.Errorf("%v, then %v", first, back)
	}
	s.call(t, "coupon", coupon(shop, 901, "ZOE10", false)) // late: the old number
	is("ZOE10", "10 20 2099-01-01 1")
	s.call(t, "coupon", coupon(shop, 902, "ZOE10", false))

	s.php(t, own, "OWN50")
	if code := s.refused(t, "coupon", coupon(shop, 903, "OWN50", true)); code != "partner_center_coupon_taken" {
		t.Error(code)
	}
	is("OWN50", "50 0 never 0")
}

// Spec: B17.1 B17.3
func TestWooCommerceCoupons(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		s.php(t, `foreach (get_posts(['post_type' => 'shop_coupon', 'post_status' => 'any', 'numberposts' => -1]) as $post) wp_delete_post($post->ID, true);`)
		keepsCoupons(t, s, "woocommerce", `$c = new WC_Coupon($args[0]);
			echo $c->get_id() ? implode(' ', [$c->get_amount(), (float) $c->get_minimum_amount(), $c->get_date_expires() ? $c->get_date_expires()->date('Y-m-d') : 'never', (int) $c->get_usage_limit_per_user()]) : 'none';`,
			`$c = new WC_Coupon(); $c->set_code($args[0]); $c->set_amount(50); $c->save();`)
	})
}

// Spec: B17.1 B17.3
func TestEDDCoupons(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		s.php(t, `$wpdb->query("DELETE FROM {$wpdb->prefix}edd_adjustments"); $wpdb->query("DELETE FROM {$wpdb->prefix}edd_adjustmentmeta"); wp_cache_flush();`)
		keepsCoupons(t, s, "edd", `$d = edd_get_discount_by_code($args[0]);
			echo $d && 'active' === $d->status ? implode(' ', [(float) $d->amount, (float) $d->min_charge_amount, $d->end_date ? substr($d->end_date, 0, 10) : 'never', (int) $d->once_per_customer]) : 'none';`,
			`edd_add_discount(['name' => 'Own', 'code' => $args[0], 'status' => 'active', 'type' => 'discount', 'amount_type' => 'percent', 'amount' => 50, 'scope' => 'global']);`)
		// The code of a link comes into the basket, and out of it for good.
		got := s.php(t, eddHelpers+`
			$id = d_product('Book', '30');
			edd_add_discount(['name' => 'L', 'code' => 'LINK10', 'status' => 'active', 'type' => 'discount', 'amount_type' => 'percent', 'amount' => 10, 'scope' => 'global']);
			$_COOKIE['pc_coupon'] = 'LINK10';
			edd_add_to_cart($id);
			echo implode(',', edd_get_cart_discounts()), ' ', edd_get_cart_total(), ' ';
			edd_unset_cart_discount('LINK10');
			edd_add_to_cart($id);
			echo count(edd_get_cart_discounts() ?: []), isset($_COOKIE['pc_coupon']) ? ' still' : ' gone';
			edd_empty_cart();`)
		if got != "LINK10 27 0 gone" {
			t.Errorf("the basket: %s", got)
		}
	})
}
