package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/testbed/wordpress"
)

// inEDD runs a test on the newest WordPress, and on others that Easy Digital Downloads takes.
func inEDD(t *testing.T, test func(t *testing.T, r release, shop wordpress.Shop)) {
	t.Helper()
	shop, found, err := wordpress.EDD()
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Skipf("SKIPPED: no shop to test on; set %s to the folder of a built Easy Digital Downloads",
			wordpress.EDDDir)
	}
	onReleases(t, shop, test)
}

// eddCheckout buys through the form of Easy Digital Downloads and returns the
// order's id. Fields in more come on top of those of the form.
func (s *store) eddCheckout(c *client, email, product string, more url.Values) (order string) {
	s.t.Helper()
	s.eddPlace(c, email, product, more)
	return s.php(`echo edd_get_orders(array('email' => $args[0], 'type' => 'sale', 'orderby' => 'id', 'order' => 'DESC'))[0]->id;`, email)
}

// eddPlace is eddCheckout, and says how long the last step took.
func (s *store) eddPlace(c *client, email, product string, more url.Values) time.Duration {
	s.t.Helper()
	c.get("/?edd_action=add_to_cart&download_id=" + product)
	if code := more.Get("edd-discount"); code != "" {
		c.post("/wp-admin/admin-ajax.php", url.Values{"action": {"edd_apply_discount"}, "code": {code}})
	}
	form := c.get("/checkout/").want(http.StatusOK).form("#edd_purchase_form")
	form.Set("edd_email", email)
	form.Set("edd_first", "Eva")
	form.Set("edd_last", "Buyer")
	form.Set("edd_action", "purchase")
	form.Set("edd-gateway", "manual")
	for name, values := range more {
		form[name] = values
	}
	began := time.Now()
	a := c.post("/checkout/", form)
	took := time.Since(began)
	if to := a.Header.Get("Location"); a.Status != http.StatusFound || strings.HasSuffix(to, "/checkout/") {
		s.t.Fatalf("%d to %q: %.600s\n%v", a.Status, to, c.get("/checkout/").text(".edd_errors, .edd-alert"), form)
	}
	return took
}

// Spec: S57 S59.2 S60 D8.1 D15.1 D25.1 B3
func TestEDDCheckout(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		order := s.eddCheckout(s.shopper(s.anna), "eva@example.test", s.lamp, nil)
		s.earns(order, s.anna, "1.99")
		coupon := s.eddCheckout(s.shopper(s.anna), "dora@example.test", s.lamp, url.Values{"edd-discount": {"TENOFF"}})
		s.earns(coupon, s.anna, "1.79") // of 19.90 - 10 %
		nobodys := s.eddCheckout(s.shopper(affiliate.Partner{}), "nina@example.test", s.lamp, nil)
		// An account made at the checkout, and one that logs in before it: the click stays.
		account := s.eddCheckout(s.shopper(s.anna), "otto@example.test", s.lamp, url.Values{
			"edd-purchase-var": {"needs-to-register"}, "edd_user_login": {"otto"}, "edd_user_pass": {"ottos password"},
			"edd_user_pass_confirm": {"ottos password"}})
		s.earns(account, s.anna, "1.99")
		if got := s.php(`echo (int) username_exists('otto');`); got == "0" {
			t.Error("no account was made")
		}
		known := s.eddCheckout(s.shopper(s.anna).logIn("carla", "carlas password"), "carla@example.test", s.lamp, nil)
		s.earns(known, s.anna, "1.99")
		var user int
		s.must(s.DB.Get(t.Context(), &user,
			`SELECT wp_user_id FROM {wp}partner_center_contacts WHERE email = 'carla@example.test'`))
		if user == 0 {
			t.Error("the account is not the contact's")
		}
		// Back in two steps: the books are at zero.
		s.php(`wp_set_current_user(1); $o = edd_get_order((int) $args[0]);
			$r = edd_refund_order($o->id, array(array('order_item_id' => current($o->get_items())->id, 'subtotal' => 9.95, 'tax' => 0, 'quantity' => 1)), array());
			if (is_wp_error($r)) { throw new Exception($r->get_error_message()); }`, order)
		s.earns(order, s.anna, "1.00")
		s.php(`wp_set_current_user(1); $r = edd_refund_order((int) $args[0]); if (is_wp_error($r)) { throw new Exception($r->get_error_message()); }`,
			order)
		s.earns(order, s.anna, "0.00")
		// An admin edits an order.
		s.php(`$o = edd_get_order((int) $args[0]); $i = current($o->get_items());
			edd_update_order_item($i->id, array('quantity' => 3, 'subtotal' => 59.7, 'discount' => 0, 'total' => 59.7));
			edd_get_order($o->id)->recalculate();`, coupon)
		s.earns(coupon, s.anna, "5.97")
		s.php(`edd_delete_purchase((int) $args[0]);`, known)
		s.earns(known, s.anna, "0.00")
		if got := s.earned(nobodys, s.anna); got != "" {
			t.Errorf("an order without a click earns %s", got)
		}
		s.clean()
	})
}

// A gateway that leaves the site reports the payment by a request without
// cookies; the later payment of a subscription is the first partner's, whoever
// was clicked since.
//
// Spec: S57 S90.1 D23.2
func TestEDDPaidLaterAndRenewed(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		// The order as it is when the visitor leaves for the gateway.
		s.php(`edd_update_option('gateways', array('manual' => '1'));
			file_put_contents(WP_CONTENT_DIR . '/mu-plugins/leaving.php', '<?php
			add_action("edd_gateway_manual", function ($data) {
				if ("leaves@example.test" === $data["user_email"]) {
					$data += array("status" => "pending", "currency" => edd_get_currency());
					edd_insert_payment($data);
					edd_empty_cart();
					wp_redirect("https://gateway.example.test/pay");
					exit;
				}
			}, 1);');`)
		order := s.eddCheckout(s.shopper(s.anna), "leaves@example.test", s.lamp, nil)
		soon(t, "the unpaid order is there", func() bool {
			var n int
			s.must(s.DB.Get(t.Context(), &n,
				`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE source = 'edd' AND external_id = ?
				AND status = 'unpaid'`, order))
			return n == 1
		})
		s.php(`do_action('edd_subscription_post_create', 1, array('parent_payment_id' => (int) $args[0]));
			edd_update_order_status((int) $args[0], 'complete');`, order)
		s.earns(order, s.anna, "1.99")
		other := s.eddCheckout(s.shopper(s.bert), "rita@example.test", s.lamp, nil)
		s.earns(other, s.bert, "1.99")
		s.php(`unlink(WP_CONTENT_DIR . '/mu-plugins/leaving.php');`)
		again := s.eddCheckout(s.shopper(s.bert), "leaves@example.test", s.lamp, nil)
		s.earns(again, s.bert, "1.99")
		renewal := s.php(`$first = new EDD_Payment((int) $args[0]);
			$next = new EDD_Payment();
			$next->parent_payment = $first->ID; $next->user_id = $first->user_id; $next->email = $first->email;
			$next->customer_id = $first->customer_id; $next->currency = $first->currency; $next->gateway = 'manual';
			$next->status = 'complete';
			$next->add_download($first->downloads[0]['id'], array('item_price' => 19.9, 'quantity' => 1));
			$next->save();
			do_action('edd_recurring_add_subscription_payment', $next, new stdClass());
			do_action('edd_recurring_record_payment', $next->ID, $first->ID, 19.9, 'txn');
			echo $next->ID;`, order)
		s.earns(renewal, s.anna, "1.99")
		s.clean()
	})
}

// The shop's own screen of an order says who earned what, with a link to why;
// without the sidecar it is as it would be.
func TestEDDOrderScreen(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		order := s.eddCheckout(s.shopper(s.anna), "sara@example.test", s.lamp, nil)
		s.earns(order, s.anna, "1.99")
		admin := newClient(t, s.URL(), "").logIn(s.Admin.Login, s.Admin.Password)
		screen := "/wp-admin/edit.php?post_type=download&page=edd-payment-history&view=view-order-details&id=" + order
		a := admin.get(screen).want(http.StatusOK).sees("#partner-center-order", "anna")
		a.sees("#partner-center-order", "1.99")
		why, _ := a.page().Find("#partner-center-order a").Attr("href")
		admin.get(why).want(http.StatusOK).sees(".wrap", "Who gets credit, and why")
		s.php(`PartnerCenter\Settings::change(array('sidecar_url' => 'http://127.0.0.1:9'));`)
		admin.get(screen).want(http.StatusOK).sees("#partner-center-order", "does not answer now")
		s.php(`PartnerCenter\Settings::change(array('sidecar_url' => ''));`)
		s.clean()
	})
}

// The click survives what happens between it and the checkout: redirects, a basket
// that a link filled, the log-in at the account's page.
//
// Spec: S57 S58
func TestEDDKeepsTheClick(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		c := s.shopper(s.bert)
		before := c.cookie("pc_click")
		pages := s.pages()
		for _, path := range []string{pages.list, pages.lamp, "/?p=" + s.lamp, pages.add + s.shade, "/checkout",
			"/nothing-here"} {
			for range 3 { // as far as it redirects
				a := c.get(path)
				if got := c.cookie("pc_click"); got != before {
					t.Errorf("after %s the cookie is %q", path, got)
				}
				if path = a.Header.Get("Location"); path == "" {
					break
				}
			}
		}
		login := c.logIn("carla", "carlas password")
		if got := login.cookie("pc_click"); got != before {
			t.Errorf("after the log-in the cookie is %q", got)
		}
		order := s.eddCheckout(login, "carla@example.test", s.lamp, nil)
		s.earns(order, s.bert, "1.99")
		// A direct link whose page WordPress redirects to its canonical address.
		a := newClient(t, s.URL(), "").get(pages.lamp + "?orid=" + s.anna.Code + "&opid=" + s.tool.Code)
		if a.Status != http.StatusMovedPermanently || !strings.Contains(a.Header.Get("Location"), "orid="+s.anna.Code) {
			t.Errorf("%d to %s", a.Status, a.Header.Get("Location"))
		}
		s.clean()
	})
}

// The same 200 hooks, fired twice and shuffled, give the same books.
//
// Spec: B3.1
func TestEDDHooksTwiceAndShuffled(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		orders := []string{}
		for i := range 4 {
			orders = append(orders, s.eddCheckout(s.shopper(s.anna), fmt.Sprintf("hook%d@example.test", i), s.lamp, nil))
		}
		s.php(`wp_set_current_user(1); $o = edd_get_order((int) $args[0]);
			$r = edd_refund_order($o->id, array(array('order_item_id' => current($o->get_items())->id, 'subtotal' => 9.95, 'tax' => 0, 'quantity' => 1)), array());
			if (is_wp_error($r)) { throw new Exception($r->get_error_message()); }
			edd_update_order_status((int) $args[1], 'trash');`, orders...)
		s.earns(orders[0], s.anna, "1.00")
		s.earns(orders[1], s.anna, "0.00")
		s.earns(orders[2], s.anna, "1.99")
		s.earns(orders[3], s.anna, "1.99")
		before := s.booksOf(orders)
		fired := s.php(`
			// The shop's own listeners did their work; they would do it 400 times over.
			foreach ($GLOBALS['wp_filter'] as $name => $filter) {
				foreach (0 === strpos($name, 'edd_') ? $filter->callbacks : [] as $priority => $callbacks) {
					foreach ($callbacks as $callback) {
						if (!is_array($callback['function']) || !is_object($callback['function'][0])
							|| 0 !== strpos(get_class($callback['function'][0]), 'PartnerCenter\\')) {
							remove_filter($name, $callback['function'], $priority);
						}
					}
				}
			}
			$calls = [];
			$hooks = ['edd_order_added', 'edd_order_updated', 'edd_order_item_added', 'edd_order_item_updated',
				'edd_order_adjustment_added', 'edd_built_order', 'edd_complete_purchase', 'edd_update_payment_status',
				'edd_refund_order', 'edd_updated_edited_purchase'];
			foreach ($args as $id) {
				for ($i = 0; $i < 50; $i++) {
					$calls[] = [$hooks[$i % count($hooks)], (int) $id];
				}
			}
			$calls = array_merge($calls, $calls);
			mt_srand(5);
			shuffle($calls);
			foreach ($calls as $n => list($hook, $id)) {
				if (0 === strpos($hook, 'edd_order_item')) {
					do_action($hook, 0, ['order_id' => $id]);
				} elseif ('edd_order_adjustment_added' === $hook) {
					do_action($hook, 0, ['object_type' => 'order', 'object_id' => $id]);
				} else {
					do_action($hook, $id, [], null);
				}
				if (0 === $n % 20) { // as if each request had fired twenty of them
					do_action('action_scheduler_after_execute');
				}
			}
			echo count($calls);`, orders...)
		s.drained()
		if after := s.booksOf(orders); fired != "400" || after != before {
			t.Errorf("%s hooks: %s\nbefore: %s", fired, after, before)
		}
		s.clean()
	})
}

// A partner's code credits without a click, in the order of the settings beside one,
// and by a link; deleted in the shop, it is made again.
//
// Spec: B17.1 B17.2 B17.3 D45.1 D45.2
func TestEDDCouponOrClick(t *testing.T) {
	inEDD(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		s.coupons(func(c *coupon.Template) { c.Shop, c.Amount = coupon.EDD, money.MustParse("10") })
		code := url.Values{"edd-discount": {"ANNA10"}}
		byCoupon := s.eddCheckout(s.shopper(affiliate.Partner{}), "code@example.test", s.lamp, code)
		s.earns(byCoupon, s.anna, "1.79") // of 19.90 - 10 %
		plain := s.eddCheckout(s.shopper(affiliate.Partner{}), "code@example.test", s.lamp, nil)
		defer s.priority(affiliate.ClickWins)
		for i, test := range []struct {
			priority affiliate.CouponPriority
			earner   affiliate.Partner
		}{{affiliate.ClickWins, s.bert}, {affiliate.CouponWins, s.anna}} {
			s.priority(test.priority)
			order := s.eddCheckout(s.shopper(s.bert), fmt.Sprintf("both%d@example.test", i), s.lamp, code)
			s.earns(order, test.earner, "1.79")
		}
		if got := s.earned(plain, s.anna); got != "" {
			t.Errorf("a coupon made its partner the referrer: an order without it earns %s", got)
		}
		link := "/partner-center/go/" + s.tool.Code + "?p=" + s.anna.Code + "&coupon"
		c := newClient(t, s.URL(), "")
		soon(t, "the link carries the code", func() bool {
			c.get(link).want(http.StatusFound)
			return c.cookie("pc_coupon") == "ANNA10"
		})
		linked := s.eddCheckout(c, "linked@example.test", s.lamp, nil)
		s.earns(linked, s.anna, "1.79")
		// Another partner's, which nobody has used yet: the shop keeps used ones.
		s.php(`if (!edd_delete_discount(edd_get_discount_by_code('BERT10')->id)) { throw new Exception('it stays'); }`)
		soon(t, "the code is made again", func() bool {
			return s.php(`$d = edd_get_discount_by_code('BERT10'); echo $d ? $d->status : '';`) == "active"
		})
		s.clean()
	})
}
