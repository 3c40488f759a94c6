package wpplugin_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/testbed/wordpress"
)

// shopHelpers stands before the PHP of these tests.
const shopHelpers = `
	if ( ! function_exists( 't_product' ) ) {
		function t_product( $name, $price ) {
			$product = new WC_Product_Simple();
			$product->set_name( $name );
			$product->set_regular_price( $price );
			$product->save();
			return $product->get_id();
		}
		function t_order( array $lines, $status = 'pending' ) {
			$order = wc_create_order( array( 'created_via' => 'checkout' ) );
			foreach ( $lines as list( $product, $quantity ) ) {
				$order->add_product( wc_get_product( $product ), $quantity );
			}
			$order->set_billing_email( 'eva@example.test' );
			$order->set_billing_first_name( 'Eva' );
			$order->set_billing_last_name( "O'Neil" );
			$order->calculate_totals( false );
			$order->set_status( $status );
			$order->save();
			return $order;
		}
	}
`

// onShop runs a test on a real WooCommerce, with its orders in tables of their
// own and as posts.
func onShop(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	shop, found, err := wordpress.WooCommerce()
	must(t, err)
	if !found {
		t.Skipf("SKIPPED: no shop to test on; set %s to the folder of a built WooCommerce", wordpress.WooCommerceDir)
	}
	onReleases(t, shop, func(t *testing.T, s *site) {
		for _, kept := range []string{"tables", "posts"} {
			t.Run(kept, func(t *testing.T) {
				s.resetShop(t, kept == "tables")
				test(t, s)
				s.checkLog(t)
			})
		}
	})
}

// onReleases runs a test on each WordPress with the shop.
func onReleases(t *testing.T, shop wordpress.Shop, test func(t *testing.T, s *site)) {
	t.Helper()
	for _, release := range releases {
		t.Run(release.name, func(t *testing.T) { test(t, shopOn(t, release.name, shop)) })
	}
}

var shops = map[string]*site{}

// shopOn is the site of a release with the shop; a release it does not take is
// a loud skip.
func shopOn(t *testing.T, name string, shop wordpress.Shop) *site {
	t.Helper()
	key := shop.Name[:3] + name // of its tables too, whose names must not be long
	if s := shops[key]; s != nil {
		return s
	}
	for _, release := range releases {
		if release.name != name {
			continue
		}
		found, err := release.fetch(t.Context(), func(step string) { t.Log(step) })
		if errors.Is(err, wordpress.ErrUnreachable) {
			t.Skip("SKIPPED:", err)
		}
		must(t, err)
		if !shop.RunsOn(found.Version) {
			t.Skipf("SKIPPED: %s %s needs WordPress %s, this is %s", shop.Name, shop.Version, shop.WordPress,
				found.Version)
		}
		s := newSite(t, key, found)
		sites[key] = s // to be stopped
		must(t, s.OpenShop(t.Context(), shop))
		shops[key] = s
	}
	return shops[key]
}

// resetShop leaves no order and no fact.
func (s *site) resetShop(t *testing.T, tables bool) {
	t.Helper()
	s.php(t, `
		update_option('partner_center', array('sidecar_url' => $args[0], 'tracking' => false) + PartnerCenter\Settings::DEFAULTS);`, s.sidecar.server.URL)
	s.php(t, `
		foreach (['wc_orders', 'wc_orders_meta', 'wc_order_addresses', 'wc_order_operational_data', 'woocommerce_order_items', 'woocommerce_order_itemmeta'] as $table) {
			$wpdb->query("DELETE FROM {$wpdb->prefix}$table");
		}
		$wpdb->query("DELETE FROM {$wpdb->posts} WHERE post_type LIKE 'shop_order%'");
		foreach (['inbox', 'order_seqs', 'nonces', 'heartbeats'] as $table) {
			$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_$table");
		}
		delete_option('partner_center_sweep_place');
		update_option('woocommerce_custom_orders_table_data_sync_enabled', 'no');
		update_option('woocommerce_custom_orders_table_enabled', $args[0]);
		update_option('partner_center_orders_since', time() - 60);
		update_option('partner_center', array('tracking' => true) + get_option('partner_center'));
		wp_cache_flush();`, yes(tables))
	if got := s.php(t, `echo wc_get_container()->get(Automattic\WooCommerce\Internal\DataStores\Orders\CustomOrdersTableController::class)->custom_orders_table_usage_is_enabled() ? 'yes' : 'no';`); got != yes(tables) {
		t.Fatalf("orders in tables of their own: %s", got)
	}
	s.sidecar.reset()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// order is what was reported of an order.
type order struct {
	Number   string
	Status   string
	Currency string
	Lines    []struct {
		Line, Product, Variation, Name, Quantity, Subtotal, Total, Tax string
		ProductName                                                    string `json:"product_name"`
	}
	Shipping, Tax, Total string
	Fees                 []string
	Refunds              []refund
	Coupons              []string
	Buyer                struct {
		Email     string
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		UserID    int    `json:"user_id"`
	}
	Payer        string
	PlacedAt     string `json:"placed_at"`
	PaidAt       string `json:"paid_at"`
	Subscription string
	Renewal      bool
	Past         bool
}

// refund is what was reported of one.
type refund struct {
	Amount, Shipping, Tax string
	Lines                 []struct{ Line, Total, Tax string }
	Fees                  []string
}

// orders are the states reported of an order, the latest last.
func (s *site) orders(t *testing.T, id string) (states []order, facts []fact) {
	t.Helper()
	for _, f := range s.facts(t, "order") {
		if f.ExternalID != id {
			continue
		}
		var o order
		must(t, json.Unmarshal([]byte(f.Payload), &o))
		states, facts = append(states, o), append(facts, f)
	}
	return states, facts
}

// shop runs PHP inside the shop.
func (s *site) shop(t *testing.T, code string, args ...string) string {
	t.Helper()
	return s.php(t, shopHelpers+code, args...)
}

// Spec: D15.1 D17.2 D25 B3
func TestLifeOfAnOrder(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		id := s.shop(t, `$p = t_product('Lamp', '19.99'); $q = t_product('Shade', '5'); echo t_order([[$p, 2], [$q, 1]])->get_id();`)
		last := func() order {
			t.Helper()
			states, _ := s.orders(t, id)
			if len(states) == 0 {
				t.Fatal("nothing was reported")
			}
			return states[len(states)-1]
		}
		o := last()
		if o.Status != "unpaid" || o.Currency != "USD" || o.Total != "44.98" || len(o.Lines) != 2 ||
			o.Lines[0].Total != "39.98" ||
			o.Buyer.Email != "eva@example.test" || o.Buyer.LastName != "O'Neil" || o.Past || o.PaidAt != "" ||
			o.Lines[0].ProductName != "Lamp" {
			t.Errorf("placed: %+v", o)
		}
		steps := []struct{ code, status, refunded string }{
			{`wc_get_order($args[0])->payment_complete('txn');`, "paid", ""},
			{`$o = wc_get_order($args[0]); $item = array_key_first($o->get_items());
				wc_create_refund(['order_id' => $args[0], 'amount' => '10.00', 'line_items' => [$item => ['qty' => 0, 'refund_total' => '10.00', 'refund_tax' => []]]]);`, "paid", "10.00"},
			{`wc_create_refund(['order_id' => $args[0], 'amount' => '5']);`, "paid", "10.00+5"},
			{`$o = wc_get_order($args[0]); $o->update_status('completed');`, "paid", "10.00+5"},
		}
		for _, step := range steps {
			s.shop(t, step.code, id)
			o := last()
			var refunds []string // those of one second come in any order
			for _, r := range o.Refunds {
				refunds = append(refunds, r.Amount)
			}
			slices.Sort(refunds)
			refunded := strings.Join(refunds, "+")
			if o.Status != step.status || refunded != step.refunded {
				t.Errorf("%.40s…: %s, refunded %s; want %s, %s", step.code, o.Status, refunded, step.status,
					step.refunded)
			}
		}
		o = last()
		line := slices.IndexFunc(o.Refunds, func(r refund) bool { return r.Amount == "10.00" })
		if line < 0 || len(o.Refunds[line].Lines) != 1 || o.Refunds[line].Lines[0].Line != o.Lines[0].Line ||
			o.Refunds[line].Lines[0].Total != "10" {
			t.Errorf("refund of a line: %+v", o.Refunds)
		}
		s.shop(t, `wc_get_order($args[0])->update_status('refunded');`, id)
		if o := last(); o.Status != "paid" || len(o.Refunds) != 3 {
			t.Errorf("refunded: %+v", o)
		}
		// As the button in wp-admin does it.
		s.shop(t, `$r = wc_get_order($args[0])->get_refunds()[0]; $r->delete(true); do_action('woocommerce_refund_deleted', $r->get_id(), (int) $args[0]);`, id)
		if o := last(); len(o.Refunds) != 2 {
			t.Errorf("after a refund was deleted: %+v", o.Refunds)
		}
		for _, step := range []struct{ code, status string }{
			{`wc_get_order($args[0])->update_status('cancelled');`, "void"},
			{`wc_get_order($args[0])->update_status('processing');`, "paid"},
			{`wc_get_order($args[0])->delete(false);`, "void"},
			{`$o = wc_get_order($args[0]);
				method_exists($o->get_data_store()->get_current_class_name(), 'untrash_order') ? $o->untrash() : wp_untrash_post($args[0]);`, "paid"},
		} {
			s.shop(t, step.code, id)
			if o := last(); o.Status != step.status {
				t.Errorf("%.50s…: %s, want %s", step.code, o.Status, step.status)
			}
		}
		s.shop(t, `wc_get_order($args[0])->delete(true);`, id)
		if o := last(); o.Status != "void" || len(o.Lines) != 2 {
			t.Errorf("deleted: %+v", o)
		}
		_, facts := s.orders(t, id)
		for i := 1; i < len(facts); i++ {
			if facts[i].Seq <= facts[i-1].Seq {
				t.Errorf("number %d follows %d", facts[i].Seq, facts[i-1].Seq)
			}
		}
	})
}

// Hooks that fire twice, and saves that change nothing we look at, report nothing.
//
// Spec: B3
func TestNothingNewIsNotReported(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		id := s.shop(t, `echo t_order([[t_product('Lamp', '10'), 1]], 'processing')->get_id();`)
		before, _ := s.orders(t, id)
		s.shop(t, `
			$o = wc_get_order($args[0]);
			foreach (PartnerCenter\WooCommerce::MARKING as $hook) {
				foreach ($GLOBALS['wp_filter'][$hook]->callbacks as $priority => $callbacks) { // the shop's own listeners want more arguments
					foreach ($callbacks as $callback) {
						if (!is_array($callback['function']) || !$callback['function'][0] instanceof PartnerCenter\WooCommerce) {
							remove_filter($hook, $callback['function'], $priority);
						}
					}
				}
				do_action($hook, $o->get_id(), $o);
				do_action($hook, $o->get_id());
			}
			$o->set_customer_note('Please ring twice');
			$o->save();`, id)
		if after, _ := s.orders(t, id); len(before) != 1 || len(after) != 1 {
			t.Errorf("%d facts, then %d", len(before), len(after))
		}
	})
}

// An order of the REST interface, as another program makes it.
func TestOrderByREST(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		product := s.shop(t, `echo t_product('Lamp', '10');`)
		id := s.shop(t, `
			wp_set_current_user(1);
			$request = new WP_REST_Request('POST', '/wc/v3/orders');
			$request->set_body_params(['status' => 'processing', 'billing' => ['email' => 'rest@example.test'], 'line_items' => [['product_id' => (int) $args[0], 'quantity' => 3]]]);
			$_COOKIE['pc_click'] = 'the-admins-own';
			$response = rest_do_request($request);
			echo $response->get_data()['id'];`, product)
		states, facts := s.orders(t, id)
		if len(states) == 0 || states[len(states)-1].Total != "30.00" ||
			states[len(states)-1].Buyer.Email != "rest@example.test" {
			t.Fatalf("%+v", states)
		}
		if got := facts[len(facts)-1].Click; got != "" {
			t.Errorf("click %q", got)
		}
	})
}

// The click stays what it was at the checkout, whoever changes the order later.
//
// Spec: S57, S59
func TestClickIsThatOfTheCheckout(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		id := s.shop(t, `
			$_COOKIE['pc_click'] = '1.1.abc.def';
			echo t_order([[t_product('Lamp', '10'), 1]])->get_id();`)
		s.shop(t, `$_COOKIE['pc_click'] = 'other'; wc_get_order($args[0])->payment_complete();`, id)
		_, facts := s.orders(t, id)
		for _, f := range facts {
			if f.Click != "1.1.abc.def" {
				t.Errorf("state %d has click %q", f.Seq, f.Click)
			}
		}
		if len(facts) != 2 {
			t.Errorf("%d facts", len(facts))
		}
	})
}

// What no hook announced is found; what changed nothing is not reported again.
func TestSweep(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		ids := s.shop(t, `
			remove_all_actions('shutdown');
			$p = t_product('Lamp', '10');
			$a = t_order([[$p, 1]], 'processing')->get_id();
			$b = t_order([[$p, 2]], 'processing')->get_id();
			echo "$a,$b";`)
		if got := s.facts(t, "order"); len(got) != 0 {
			t.Fatalf("the hooks were to be silent: %+v", got)
		}
		run := func() string { return s.shop(t, `echo PartnerCenter\Order_Sweep::run();`) }
		if got := run(); got != "2" || len(s.facts(t, "order")) != 2 {
			t.Errorf("first sweep of %s: %s", ids, got)
		}
		if got := run(); got != "0" || len(s.facts(t, "order")) != 2 {
			t.Errorf("second sweep: %s", got)
		}
		// The table of numbers is lost: they go on, and nothing is passed over.
		s.php(t, `$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_order_seqs");`)
		if got := run(); got != "2" || len(s.facts(t, "order")) != 4 {
			t.Errorf("sweep without numbers: %s, %d facts", got, len(s.facts(t, "order")))
		}
	})
}

// Orders from before are taken in when the admin says so, marked as past.
func TestPastOrders(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		id := s.shop(t, `
			remove_all_actions('shutdown');
			$o = t_order([[t_product('Lamp', '10'), 1]], 'completed');
			$o->set_date_created(time() - 90000);
			$o->save();
			$wpdb->query("UPDATE {$wpdb->prefix}wc_orders SET date_updated_gmt = '2020-01-01 00:00:00'");
			$wpdb->query("UPDATE {$wpdb->posts} SET post_modified_gmt = '2020-01-01 00:00:00', post_modified = '2020-01-01 00:00:00' WHERE post_type LIKE 'shop_order%'");
			echo $o->get_id();`)
		if got := s.shop(t, `echo PartnerCenter\Order_Sweep::run();`); got != "0" {
			t.Errorf("taken in without being asked: %s", got)
		}
		s.shop(t, `PartnerCenter\Order_Sweep::take_in_past(); PartnerCenter\Order_Sweep::run();`)
		if states, _ := s.orders(t, id); len(states) != 1 || !states[0].Past {
			t.Errorf("%+v", states)
		}
	})
}

// A renewal is one of its subscription, whatever was copied to it of the first
// order. The hooks are those that WooCommerce Subscriptions documents.
//
// Spec: S90, D23
func TestSubscriptionsContract(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		out := s.shop(t, `
			$_COOKIE['pc_click'] = '1.1.abc.def';
			$first = t_order([[t_product('Coffee each month', '29'), 1]], 'processing');
			$subscription = new class($first->get_id()) {
				private $parent;
				function __construct($parent) { $this->parent = $parent; }
				function get_id() { return 900; }
				function get_parent_id() { return $this->parent; }
			};
			do_action('woocommerce_checkout_subscription_created', $subscription, $first, null);
			do_action('woocommerce_subscription_payment_complete', $subscription);
			$renewal = t_order([[t_product('Coffee each month', '29'), 1]]);
			foreach ($first->get_meta_data() as $meta) {
				$renewal->update_meta_data($meta->key, $meta->value);
			}
			$renewal->save();
			$got = apply_filters('wcs_renewal_order_created', $renewal, $subscription);
			if ($got !== $renewal) {
				throw new Exception('the filter changes the order');
			}
			$failed = t_order([[t_product('Coffee each month', '29'), 1]], 'failed');
			do_action('woocommerce_subscription_renewal_payment_failed', $subscription, $failed);
			echo $first->get_id(), ',', $renewal->get_id(), ',', $failed->get_id();`)
		var ids [3]string
		n := 0
		for _, part := range splitComma(out) {
			ids[n], n = part, n+1
		}
		want := map[string]bool{ids[0]: false, ids[1]: true, ids[2]: true}
		for id, renewal := range want {
			states, facts := s.orders(t, id)
			if len(states) == 0 {
				t.Fatalf("order %s was not reported", id)
			}
			o, f := states[len(states)-1], facts[len(facts)-1]
			if o.Subscription != "order-"+ids[0] || o.Renewal != renewal || (f.Click == "") != renewal {
				t.Errorf("order %s of %s: subscription %q, renewal %t, click %q", id, out, o.Subscription, o.Renewal,
					f.Click)
			}
		}
		if states, _ := s.orders(t, ids[2]); states[len(states)-1].Status != "failed" {
			t.Errorf("a failed renewal is %s", states[len(states)-1].Status)
		}
	})
}

func splitComma(s string) (parts []string) {
	part := ""
	for _, c := range s + "," {
		if c == ',' {
			parts, part = append(parts, part), ""
			continue
		}
		part += string(c)
	}
	return parts
}

// A checkout goes on, whatever is wrong with our tables.
//
// Spec: B5.1
func TestCheckoutNeverFails(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		s.php(t, `$wpdb->query("RENAME TABLE {$wpdb->prefix}partner_center_inbox TO {$wpdb->prefix}elsewhere");
			$wpdb->query("CREATE VIEW {$wpdb->prefix}partner_center_inbox AS SELECT 1 AS id");`)
		id := s.shop(t, `echo t_order([[t_product('Lamp', '10'), 1]], 'processing')->get_id();`)
		s.php(t, `$wpdb->query("DROP VIEW {$wpdb->prefix}partner_center_inbox");
			$wpdb->query("RENAME TABLE {$wpdb->prefix}elsewhere TO {$wpdb->prefix}partner_center_inbox");`)
		if got := s.shop(t, `echo wc_get_order($args[0])->get_status();`, id); got != "processing" {
			t.Errorf("the order is %s", got)
		}
		if got := s.shop(t, `echo PartnerCenter\Order_Sweep::run();`); got != "1" {
			t.Errorf("the sweep found %s", got)
		}
	})
}

// Compatibility with both is declared, so that WooCommerce warns of nothing.
func TestCompatibilityIsDeclared(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		got := s.shop(t, `
			foreach (['custom_order_tables', 'cart_checkout_blocks'] as $feature) {
				$plugins = Automattic\WooCommerce\Utilities\FeaturesUtil::get_compatible_plugins_for_feature($feature);
				echo in_array('partner-center/partner-center.php', $plugins['compatible'], true) ? 'yes ' : 'no ';
			}`)
		if got != "yes yes " {
			t.Error(got)
		}
	})
}

// Spec: S1.2
func TestNothingIsReportedWhileSwitchedOff(t *testing.T) {
	onShop(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => false]`)
		s.shop(t, `t_order([[t_product('Lamp', '10'), 1]], 'processing');`)
		if got := s.facts(t, "order"); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// Any cart reports by the function, or by the action of that name.
func TestOrderOfAnyCart(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		const state = `$state = ['source' => 'tills', 'id' => 'A-1', 'status' => 'paid', 'currency' => 'USD', 'placed_at' => 1782900000, 'total' => '19.90',
			'lines' => [['product' => 'lamp', 'name' => 'Lamp', 'total' => '19.90', 'subtotal' => '20.00']], 'buyer' => ['email' => 'eva@example.test'],
			'refunds' => [['amount' => 5]], 'click' => 'a.b'];`
		got := s.php(t, state+`
			echo wp_json_encode(partner_center_order($state));
			do_action('partner_center_order', $state);
			$state['status'] = 'void';
			do_action('partner_center_order', $state);`)
		facts := s.facts(t, "order")
		if got != "true" || len(facts) != 2 || facts[0].Source != "tills" || facts[0].Click != "a.b" ||
			facts[1].Seq <= facts[0].Seq {
			t.Fatalf("%s: %+v", got, facts)
		}
		p := payload(t, facts[0])
		if p["placed_at"] != "2026-07-01T10:00:00.000000Z" || p["total"] != "19.90" || p["status"] != "paid" {
			t.Errorf("%v", p)
		}
		bad := s.php(t, state+`
			$state['total'] = 19.9; $state['status'] = 'done'; unset($state['lines'], $state['placed_at']); $state['source'] = 'My Cart';
			$error = partner_center_order($state);
			echo wp_json_encode(array_keys($error->get_error_data()['fields']));`)
		if diff := cmp.Diff(`["source","status","placed_at","lines","total"]`, bad); diff != "" {
			t.Error(diff)
		}
		if n := len(s.facts(t, "order")); n != 2 {
			t.Errorf("%d facts", n)
		}
	})
}

// Two requests raise the number of an order one after the other, and a number
// in between lets nobody think that nothing was reported since.
func TestNumbersOfAnOrder(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		got := s.php(t, `
			use PartnerCenter\Order_Seqs as S;
			$a = S::raise('x', '1');
			$b = S::raise('x', '1');
			S::reported('x', '1', $a, 'A');
			echo $a, $b, (int) S::repeats('x', '1', $b, 'A');
			$c = S::raise('x', '1'); // b is still at it
			echo (int) S::repeats('x', '1', $c, 'A');
			S::reported('x', '1', $c, 'C');
			S::reported('x', '1', $b, 'B');
			echo (int) S::repeats('x', '1', S::raise('x', '1'), 'C');
			$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_order_seqs");`)
		if got != "12101" {
			t.Error(got)
		}
	})
}

// Either may be installed first: plugin or sidecar.
func TestOrderSeqsIsTheSidecarsTable(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) { s.sameTable(t, "0044_order_seqs.sql", "order_seqs", "Order_Seqs") })
}
