package wpplugin_test

import (
	"strings"
	"testing"

	"partnercenter/testbed/wordpress"
)

// eddHelpers stand before the PHP of these tests. A checkout of theirs is what
// the form's is, from where the form has been checked.
const eddHelpers = `
	if ( ! function_exists( 'd_product' ) ) {
		function d_product( $name, $prices ) {
			$id = wp_insert_post( array( 'post_type' => 'download', 'post_status' => 'publish', 'post_title' => $name ) );
			if ( is_array( $prices ) ) {
				update_post_meta( $id, '_variable_pricing', 1 );
				update_post_meta( $id, 'edd_variable_prices', $prices );
			} else {
				update_post_meta( $id, 'edd_price', $prices );
			}
			do_action( 'edd_save_download', $id, get_post( $id ) );
			return $id;
		}
		function d_order( array $items, array $more = array() ) {
			$cart = array();
			foreach ( $items as $i => $item ) {
				$item += array( 'price_id' => null, 'quantity' => 1, 'discount' => 0, 'tax' => 0, 'fees' => array() );
				$cart[] = array( 'id' => $item['id'], 'name' => get_the_title( $item['id'] ), 'quantity' => $item['quantity'],
					'item_number' => array( 'id' => $item['id'], 'quantity' => $item['quantity'], 'options' => null === $item['price_id'] ? array() : array( 'price_id' => $item['price_id'] ) ),
					'item_price' => $item['price'], 'discount' => $item['discount'], 'tax' => $item['tax'], 'fees' => $item['fees'],
					'subtotal' => $item['price'] * $item['quantity'],
					'price' => $item['price'] * $item['quantity'] - $item['discount'] + $item['tax'] );
			}
			return edd_build_order( $more + array( 'currency' => 'USD', 'status' => 'pending', 'gateway' => 'manual', 'cart_details' => $cart,
				'user_info' => array( 'id' => 0, 'email' => 'eva@example.test', 'first_name' => 'Eva', 'last_name' => "O'Neil van Dyk", 'discount' => 'none', 'address' => array() ),
				'downloads' => $cart, 'purchase_key' => md5( uniqid() ) ) );
		}
	}
	wp_set_current_user( 1 );
	edd_update_option( 'item_quantities', 1 );
`

// onEDD runs a test on a real Easy Digital Downloads.
func onEDD(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	shop, found, err := wordpress.EDD()
	must(t, err)
	if !found {
		t.Skipf("SKIPPED: no shop to test on; set %s to the folder of a built Easy Digital Downloads",
			wordpress.EDDDir)
	}
	onReleases(t, shop, func(t *testing.T, s *site) {
		s.php(t, `
			update_option('partner_center', array('sidecar_url' => $args[0], 'tracking' => false) + PartnerCenter\Settings::DEFAULTS);`, s.sidecar.server.URL)
		s.php(t, `
			foreach (['edd_orders', 'edd_ordermeta', 'edd_order_items', 'edd_order_adjustments', 'edd_order_addresses', 'edd_customers', 'edd_customer_email_addresses',
				'partner_center_inbox', 'partner_center_order_seqs', 'partner_center_nonces', 'partner_center_heartbeats'] as $table) {
				$wpdb->query("DELETE FROM {$wpdb->prefix}$table");
			}
			delete_option('partner_center_sweep_place');
			update_option('partner_center_orders_since', time() - 60);
			update_option('partner_center', array('tracking' => true) + get_option('partner_center'));
			wp_cache_flush();`)
		s.sidecar.reset()
		test(t, s)
		s.checkLog(t)
	})
}

// edd runs PHP inside the shop.
func (s *site) edd(t *testing.T, code string, args ...string) string {
	t.Helper()
	return s.php(t, eddHelpers+code, args...)
}

// last is the latest state reported of an order.
func (s *site) last(t *testing.T, id string) order {
	t.Helper()
	states, _ := s.orders(t, id)
	if len(states) == 0 {
		t.Fatalf("nothing was reported of order %s", id)
	}
	return states[len(states)-1]
}

// Spec: D15.1 D17.2 D25 B3
func TestEDDLifeOfAnOrder(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		id := s.edd(t, `
			$book = d_product('Book', '20');
			$font = d_product('Font & Co', [1 => ['index' => 1, 'name' => 'Desktop', 'amount' => '10'], 2 => ['index' => 2, 'name' => 'Web', 'amount' => '30']]);
			echo d_order([['id' => $book, 'price' => 20, 'quantity' => 2, 'discount' => 4, 'tax' => 3.6], ['id' => $font, 'price' => 30, 'price_id' => 2]]);`)
		o := s.last(t, id)
		if o.Status != "unpaid" || o.Currency != "USD" || len(o.Lines) != 2 || o.Buyer.FirstName != "Eva" ||
			o.Buyer.LastName != "O'Neil van Dyk" || o.Buyer.Email != "eva@example.test" || o.PaidAt != "" || o.Past {
			t.Fatalf("placed: %+v", o)
		}
		book, font := o.Lines[0], o.Lines[1]
		if number(book.Total) != "36" || number(book.Subtotal) != "40" || number(book.Tax) != "3.6" ||
			number(book.Quantity) != "2" || book.Variation != "" || number(o.Total) != "69.6" ||
			number(o.Tax) != "3.6" || font.Variation != font.Product+"_2" || font.ProductName != "Font & Co" ||
			!strings.Contains(font.Name, "Web") || number(font.Total) != "30" {
			t.Errorf("lines: %+v", o)
		}
		s.edd(t, `edd_update_order_status((int) $args[0], 'complete');`, id)
		if o := s.last(t, id); o.Status != "paid" || o.PaidAt == "" {
			t.Errorf("paid: %+v", o)
		}
		s.edd(t, `edd_refund_order((int) $args[0], [['order_item_id' => (int) $args[1], 'subtotal' => 9, 'tax' => 0.9, 'quantity' => 1]], []);`, id, book.Line)
		o = s.last(t, id)
		if len(o.Refunds) != 1 || number(o.Refunds[0].Amount) != "9.9" || len(o.Refunds[0].Lines) != 1 ||
			o.Refunds[0].Lines[0].Line != book.Line || number(o.Refunds[0].Lines[0].Total) != "9" ||
			number(o.Refunds[0].Tax) != "0.9" || o.Status != "paid" {
			t.Errorf("refunded in part: %+v", o)
		}
		s.edd(t, `$r = edd_refund_order((int) $args[0], 'all', 'all'); if (is_wp_error($r)) { throw new Exception($r->get_error_message()); }`, id)
		o = s.last(t, id)
		if len(o.Refunds) != 2 || number(o.Refunds[1].Amount) != "59.7" || o.Status != "paid" {
			t.Errorf("refunded: %+v", o)
		}
		for _, step := range []struct {
			code, status string
			refunds      int
		}{
			{`$r = edd_get_orders(['type' => 'refund', 'parent' => (int) $args[0]])[0]; edd_destroy_order($r->id);`,
				"paid", 1},
			{`edd_update_order_status((int) $args[0], 'complete'); edd_trash_order((int) $args[0]);`, "void", 0},
			{`edd_restore_order((int) $args[0]);`, "paid", 1},
			{`edd_update_order_status((int) $args[0], 'failed');`, "failed", 1},
			{`edd_update_order_status((int) $args[0], 'complete');`, "paid", 1},
			{`edd_delete_purchase((int) $args[0]);`, "void", 2}, // it gives the money back before
		} {
			s.edd(t, step.code, id)
			if o := s.last(t, id); o.Status != step.status || len(o.Refunds) != step.refunds || len(o.Lines) != 2 {
				t.Errorf("%.50s…: %s, %d refunds, %d lines", step.code, o.Status, len(o.Refunds), len(o.Lines))
			}
		}
		_, facts := s.orders(t, id)
		for i := 1; i < len(facts); i++ {
			if facts[i].Seq <= facts[i-1].Seq {
				t.Errorf("number %d follows %d", facts[i].Seq, facts[i-1].Seq)
			}
		}
	})
}

// number is an amount without zeros at its end.
func number(amount string) string {
	if strings.Contains(amount, ".") {
		amount = strings.TrimRight(strings.TrimRight(amount, "0"), ".")
	}
	return amount
}

// Fees are fees, those below zero lower their line, credits lower the order;
// codes of discounts are told.
//
// Spec: D25
func TestEDDFeesAndDiscounts(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		id := s.edd(t, `
			$book = d_product('Book', '20');
			edd_add_discount(['name' => 'Ten', 'code' => 'TENOFF', 'amount_type' => 'percent', 'amount' => 10, 'status' => 'active', 'type' => 'discount']);
			$id = d_order([['id' => $book, 'price' => 20, 'discount' => 2, 'fees' => ['bulk' => ['label' => 'Bulk', 'amount' => -3, 'no_tax' => true], 'gift' => ['label' => 'Gift wrap', 'amount' => 1, 'no_tax' => true]]]],
				['user_info' => ['id' => 1, 'email' => 'eva@example.test', 'first_name' => 'Eva', 'last_name' => '', 'discount' => 'TENOFF', 'address' => []]]);
			edd_add_order_adjustment(['object_id' => $id, 'object_type' => 'order', 'type' => 'credit', 'description' => 'Sorry', 'subtotal' => 5, 'tax' => 0, 'total' => 5]);
			$o = edd_get_order($id);
			$o->recalculate();
			edd_update_order_status($id, 'complete');
			edd_refund_order($id, 'all', 'all');
			echo $id;`)
		o := s.last(t, id)
		fees := []string{}
		for _, fee := range o.Fees {
			fees = append(fees, number(fee))
		}
		if number(o.Total) != "11" || number(o.Lines[0].Total) != "15" || strings.Join(fees, " ") != "1 -5" ||
			strings.Join(o.Coupons, " ") != "TENOFF" || o.Buyer.UserID != 1 {
			t.Errorf("%+v", o)
		}
		if len(o.Refunds) != 1 || number(o.Refunds[0].Amount) != "11" || number(o.Refunds[0].Lines[0].Total) != "15" {
			t.Errorf("refund: %+v", o.Refunds)
		}
	})
}

// The click stays what it was at the checkout; whoever comes back with another
// one to an order that was never paid brings that.
//
// Spec: S57, S59
func TestEDDClickIsThatOfTheCheckout(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		id := s.edd(t, `
			$_COOKIE['pc_click'] = '1.1.abc.def';
			echo d_order([['id' => d_product('Book', '20'), 'price' => 20]]);`)
		s.edd(t, `$_COOKIE['pc_click'] = 'other'; edd_update_order_status((int) $args[0], 'complete');`, id)
		_, facts := s.orders(t, id)
		for _, f := range facts {
			if f.Click != "1.1.abc.def" {
				t.Errorf("state %d has click %q", f.Seq, f.Click)
			}
		}
		if len(facts) != 2 {
			t.Errorf("%d facts", len(facts))
		}
		for _, step := range [][2]string{{"", "1.1.abc.def"}, {"2.2.abc.def", "2.2.abc.def"}} {
			click, want := step[0], step[1]
			got := s.edd(t, `$_COOKIE['pc_click'] = $args[1]; do_action('edd_built_order', (int) $args[0], []);
				echo edd_get_order_meta((int) $args[0], '_partner_center_click', true);`, id, click)
			if got != want {
				t.Errorf("back with %q: %q", click, got)
			}
		}
	})
}

// What no hook announced is found, refunds too; what changed nothing is not
// reported again. Orders from before are taken in when the admin says so.
func TestEDDSweepAndPastOrders(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		id := s.edd(t, `
			remove_all_actions('shutdown');
			$book = d_product('Book', '20');
			d_order([['id' => $book, 'price' => 20]]);
			$old = d_order([['id' => $book, 'price' => 20]]);
			edd_delete_order_meta($old, '_partner_center_placed_at'); // of this test's own visitor
			edd_update_order($old, ['date_created' => '2025-01-02 03:04:05']);
			$wpdb->query("UPDATE {$wpdb->prefix}edd_orders SET date_modified = '2025-01-02 03:04:05' WHERE id = $old");
			echo $old;`)
		run := func() string { return s.edd(t, `echo PartnerCenter\Order_Sweep::run();`) }
		if got := run(); got != "1" || len(s.facts(t, "order")) != 1 {
			t.Errorf("first sweep: %s", got)
		}
		if got := run(); got != "0" || len(s.facts(t, "order")) != 1 {
			t.Errorf("second sweep: %s", got)
		}
		s.edd(t, `
			remove_all_actions('shutdown');
			$id = edd_get_orders(['id__not_in' => [(int) $args[0]]])[0]->id;
			edd_update_order_status($id, 'complete');
			edd_refund_order($id, 'all', 'all');`, id)
		if got := run(); got != "1" && got != "2" { // its row, and that of the refund
			t.Errorf("sweep after a refund: %s", got)
		}
		if states, _ := s.orders(t, id); len(states) != 0 {
			t.Error("a past order was taken in without being asked for")
		}
		s.edd(t, `PartnerCenter\Order_Sweep::take_in_past(); PartnerCenter\Order_Sweep::run();`)
		if o := s.last(t, id); !o.Past || o.PlacedAt != "2025-01-02T03:04:05Z" {
			t.Errorf("%+v", o)
		}
	})
}

// A later payment is one of its subscription, whatever click is around. The
// hooks are those that Recurring Payments documents; the product is not here.
//
// Spec: S90, D23
func TestEDDRecurringContract(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		out := s.edd(t, `
			$_COOKIE['pc_click'] = '1.1.abc.def';
			$coffee = d_product('Coffee each month', '29');
			$first = d_order([['id' => $coffee, 'price' => 29]]);
			do_action('edd_subscription_post_create', 900, ['parent_payment_id' => $first, 'product_id' => $coffee]);
			edd_update_order_status($first, 'complete');
			$next = d_order([['id' => $coffee, 'price' => 29]], ['parent' => $first, 'status' => 'edd_subscription']);
			do_action('edd_recurring_add_subscription_payment', new EDD_Payment($next), new stdClass());
			do_action('edd_recurring_record_payment', $next, $first, 29, 'txn');
			do_action('edd_subscription_post_renew', 900, '2027-01-01', new stdClass(), $next);
			echo "$first,$next";`)
		ids := splitComma(out)
		for i, id := range ids {
			states, facts := s.orders(t, id)
			if len(states) == 0 {
				t.Fatalf("order %s was not reported", id)
			}
			o, f := states[len(states)-1], facts[len(facts)-1]
			if o.Subscription != "order-"+ids[0] || o.Renewal != (i == 1) || (f.Click == "") != (i == 1) ||
				o.Status != "paid" {
				t.Errorf("order %s of %s: %+v, click %q", id, out, o, f.Click)
			}
		}
	})
}

// Products, and each of their prices, are told, and that they are gone.
func TestEDDProducts(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		id := s.edd(t, `echo d_product('Font', [1 => ['index' => 1, 'name' => 'Desktop', 'amount' => '10'], 2 => ['index' => 2, 'name' => 'Web', 'amount' => '30.5']]);`)
		told := func() map[string]map[string]any {
			latest := map[string]map[string]any{}
			for _, f := range s.facts(t, "product") {
				latest[f.ExternalID] = payload(t, f)
			}
			return latest
		}
		got := told()
		if got[id]["name"] != "Font" || got[id]["price"] != "" || got[id+"_1"]["name"] != "Font — Desktop" ||
			got[id+"_2"]["price"] != "30.50" || got[id+"_2"]["gone"] != false {
			t.Errorf("%v", got)
		}
		s.edd(t, `wp_trash_post((int) $args[0]);`, id)
		if got := told(); got[id]["gone"] != true || got[id+"_2"]["gone"] != true {
			t.Errorf("in the trash: %v", got)
		}
		s.edd(t, `wp_untrash_post((int) $args[0]); wp_update_post(['ID' => (int) $args[0], 'post_status' => 'publish', 'post_title' => 'Typeface']);`, id)
		if got := told(); got[id]["gone"] != false || got[id+"_2"]["name"] != "Typeface — Web" {
			t.Errorf("back: %v", got)
		}
		s.php(t, `$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_inbox");`)
		s.edd(t, `PartnerCenter\Order_Sweep::run();`)
		if got := told(); got[id]["name"] != "Typeface" {
			t.Errorf("the catalog: %v", got)
		}
	})
}

// A checkout goes on, whatever is wrong with our tables.
//
// Spec: B5.1
func TestEDDCheckoutNeverFails(t *testing.T) {
	onEDD(t, func(t *testing.T, s *site) {
		s.php(t, `$wpdb->query("RENAME TABLE {$wpdb->prefix}partner_center_inbox TO {$wpdb->prefix}elsewhere");
			$wpdb->query("CREATE VIEW {$wpdb->prefix}partner_center_inbox AS SELECT 1 AS id");`)
		id := s.edd(t, `$id = d_order([['id' => d_product('Book', '20'), 'price' => 20]]); edd_update_order_status($id, 'complete'); echo $id;`)
		s.php(t, `$wpdb->query("DROP VIEW {$wpdb->prefix}partner_center_inbox");
			$wpdb->query("RENAME TABLE {$wpdb->prefix}elsewhere TO {$wpdb->prefix}partner_center_inbox");`)
		if got := s.edd(t, `echo edd_get_order((int) $args[0])->status;`, id); got != "complete" {
			t.Errorf("the order is %s", got)
		}
		if got := s.edd(t, `echo PartnerCenter\Order_Sweep::run();`); got != "1" {
			t.Errorf("the sweep found %s", got)
		}
	})
}
