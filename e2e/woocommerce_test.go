package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/verify"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/demo"
	"partnercenter/keyring"
	"partnercenter/testbed/wordpress"
)

// store is a real shop with a program: lamps earn 10 %, 5 % on level 2.
type store struct {
	*world
	source      string // of its orders
	lamp, shade string // ids of products; a shade earns nothing
	tool        tracking.Tool
	program     affiliate.Program
	anna, bert  affiliate.Partner
}

// inShop runs a test on the newest WordPress, and on others that the shop takes.
func inShop(t *testing.T, test func(t *testing.T, r release, shop wordpress.Shop)) {
	t.Helper()
	shop, found, err := wordpress.WooCommerce()
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Skipf("SKIPPED: no shop to test on; set %s to the folder of a built WooCommerce", wordpress.WooCommerceDir)
	}
	onReleases(t, shop, test)
}

// onReleases runs a test on the newest WordPress and the oldest, as far as the shop takes them.
func onReleases(t *testing.T, shop wordpress.Shop, test func(t *testing.T, r release, shop wordpress.Shop)) {
	t.Helper()
	on(t, func(t *testing.T, r release) {
		files, err := r.fetch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !shop.RunsOn(files.Version) {
			t.Skipf("SKIPPED: %s %s needs WordPress %s, this is %s", shop.Name, shop.Version, shop.WordPress,
				files.Version)
		}
		t.Logf("%s %s on WordPress %s", shop.Name, shop.Version, files.Version)
		test(t, r, shop)
	}, newest, oldest)
}

var stores = struct {
	sync.Mutex
	open map[string]*store
}{open: map[string]*store{}}

// openStore is a shop that tests share, each with buyers of its own.
func openStore(t *testing.T, r release, shop wordpress.Shop) *store {
	t.Helper()
	stores.Lock()
	defer stores.Unlock()
	key := shop.Name + " " + r.name
	if s := stores.open[key]; s != nil {
		own := *s
		own.world = &world{Demo: s.Demo, t: t}
		return &own
	}
	dir, err := os.MkdirTemp("", "partner-center-shop-")
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(dir, 0o755) // MariaDB runs under an account of its own
	d, end := run(t, r, filepath.Join(dir, "site"), func(o *demo.Options) { o.Shop = shop })
	endings = append(endings, end, func() { os.RemoveAll(dir) })
	s := &store{world: &world{Demo: d, t: t}, source: sources[shop.Name]}
	s.furnish()
	stores.open[key] = s
	return s
}

// sources are what our tables call shops.
var sources = map[string]string{"woocommerce": "woocommerce", "easy-digital-downloads": "edd"}

// furnishings put a lamp and a shade into a shop, with a coupon and a customer,
// and print the ids of the two.
var furnishings = map[string]string{
	"woocommerce": `
		foreach ( array( 'Lamp' => '19.90', 'Shade' => '7' ) as $name => $price ) {
			$p = new WC_Product_Simple();
			$p->set_name( $name );
			$p->set_regular_price( $price );
			$p->save();
			echo $p->get_id(), ' ';
		}
		$c = new WC_Coupon();
		$c->set_code( 'tenoff' );
		$c->set_discount_type( 'percent' );
		$c->set_amount( 10 );
		$c->save();
		wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_name' => 'classic', 'post_title' => 'Classic', 'post_content' => '[woocommerce_checkout]' ) );
		wp_insert_user( array( 'user_login' => 'carla', 'user_email' => 'carla@example.test', 'user_pass' => 'carlas password', 'role' => 'customer' ) );`,
	"edd": `
		foreach ( array( 'Lamp' => '19.90', 'Shade' => '7' ) as $name => $price ) {
			$id = wp_insert_post( array( 'post_type' => 'download', 'post_status' => 'publish', 'post_title' => $name ) );
			update_post_meta( $id, 'edd_price', $price );
			do_action( 'edd_save_download', $id, get_post( $id ) );
			echo $id, ' ';
		}
		edd_add_discount( array( 'name' => 'Ten off', 'code' => 'TENOFF', 'amount_type' => 'percent', 'amount' => 10,
			'status' => 'active', 'type' => 'discount' ) );
		wp_insert_user( array( 'user_login' => 'carla', 'user_email' => 'carla@example.test',
			'user_pass' => 'carlas password', 'role' => 'subscriber' ) );`,
}

// furnish makes products in the shop, and a program that takes one of them in.
func (s *store) furnish() {
	s.t.Helper()
	out := s.php(furnishings[s.source])
	fmt.Sscan(out, &s.lamp, &s.shade)
	ctx := s.t.Context()
	registry := affiliate.NewRegistry(s.DB, clock.System)
	settings, err := registry.Settings(ctx)
	s.must(err)
	_, err = registry.SaveSettings(ctx, "test", settings)
	s.must(err)
	s.program, err = registry.CreateProgram(ctx, "test", affiliate.Program{
		Name: "Friends", Tiers: 2, Visibility: affiliate.SeeNameAndEmail, Signup: affiliate.SignupOpen,
		ShowPending: true,
	})
	s.must(err)
	var offered []affiliate.Product
	soon(s.t, "the shop's products are offered", func() bool {
		offered, err = registry.Products(ctx, "Lamp", s.program.ID, affiliate.Page{Limit: 9})
		s.must(err)
		return len(offered) == 1
	})
	_, err = registry.SetTerms(ctx, "test", s.program.ID, offered[0].ID, affiliate.Terms{Kind: affiliate.Percent,
		Level1: 100_000, Level2: 50_000})
	s.must(err)
	log := slog.New(slog.DiscardHandler)
	tracker := tracking.NewTracker(s.DB, clock.System, func() *time.Location { return time.UTC }, registry,
		keyring.New(s.DB, clock.System, [32]byte{1}, log))
	s.tool, err = tracker.CreateTool(ctx, "test", tracking.Tool{ProgramID: s.program.ID, Kind: tracking.StandardLink,
		Name: "Shop", TargetURL: s.URL() + "/"})
	s.must(err)
	s.anna, s.bert = s.enrol("anna"), s.enrol("bert")
	time.Sleep(1500 * time.Millisecond) // caches are told within a second
}

func (s *store) enrol(name string) (p affiliate.Partner) {
	s.t.Helper()
	s.must(s.DB.Tx(s.t.Context(), func(tx *db.Tx) error {
		ctx, now := s.t.Context(), clock.System()
		contact, _, err := affiliate.EnsureContact(ctx, tx, affiliate.Person{Email: name + "@partners.test",
			FirstName: name}, affiliate.ByAdmin, now)
		if err != nil {
			return err
		}
		p, _, _, err = affiliate.Enrol(ctx, tx, affiliate.Enrolment{ContactID: contact.ID, ProgramID: s.program.ID,
			State: affiliate.Active, PaymentMethod: affiliate.PayPal, At: now})
		return err
	}))
	return p
}

func (s *store) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// php runs code inside the shop.
func (s *store) php(code string, args ...string) string {
	s.t.Helper()
	out, err := s.Site.PHP(s.t.Context(), "global $wpdb;\n"+code, args...)
	s.must(err)
	return out
}

// shopper is somebody who clicked on a partner's link; 0 for nobody's.
func (s *store) shopper(p affiliate.Partner) *client {
	s.t.Helper()
	c := newClient(s.t, s.URL(), "")
	if p.ID != 0 {
		c.get("/partner-center/go/" + s.tool.Code + "?p=" + p.Code).want(http.StatusFound)
		if c.cookie("pc_click") == "" {
			s.t.Fatal("the click set no cookie")
		}
	}
	return c
}

// json calls the Store API as the blocks in the browser do, and decodes the answer.
func (c *client) json(method, path string, nonce *string, in any, out any) {
	c.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequest(method, c.base+"/wp-json/wc/store/v1/"+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("User-Agent", person)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", c.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Nonce", *nonce)
	a := c.send(req)
	if a.Status/100 != 2 {
		c.t.Fatalf("%s %s: %d\n%.900s", method, path, a.Status, a.Body)
	}
	if n := a.Header.Get("Nonce"); n != "" {
		*nonce = n
	}
	if err := json.Unmarshal([]byte(a.Body), out); err != nil {
		c.t.Fatalf("%v\n%.900s", err, a.Body)
	}
}

// blockCheckout buys through the block checkout and returns the order's id and
// how long the last step took.
func (c *client) blockCheckout(email string, quantity int, product string, coupons ...string) (order string,
	took time.Duration) {
	c.t.Helper()
	nonce, cart := "", map[string]any{}
	c.json(http.MethodGet, "cart", &nonce, nil, &cart)
	c.json(http.MethodPost, "cart/add-item", &nonce, map[string]any{"id": json.Number(product), "quantity": quantity},
		&cart)
	for _, code := range coupons {
		c.json(http.MethodPost, "cart/apply-coupon", &nonce, map[string]any{"code": code}, &cart)
	}
	address := map[string]any{"first_name": "Eva", "last_name": "Buyer", "address_1": "1 Road", "city": "Los Angeles",
		"state":    "CA",
		"postcode": "90001", "country": "US", "email": email, "phone": "555"}
	var placed struct {
		OrderID int `json:"order_id"`
	}
	began := time.Now()
	c.json(http.MethodPost, "checkout", &nonce, map[string]any{"billing_address": address, "shipping_address": address,
		"payment_method": "cod"}, &placed)
	return fmt.Sprint(placed.OrderID), time.Since(began)
}

// classicCheckout buys through the form of the shortcode.
func (c *client) classicCheckout(email, product string, more url.Values) (order string) {
	c.t.Helper()
	c.get("/?add-to-cart=" + product)
	page := c.get("/classic/").want(http.StatusOK)
	form := url.Values{
		"billing_first_name": {"Eva"}, "billing_last_name": {"Buyer"}, "billing_address_1": {"1 Road"},
		"billing_city":  {"Los Angeles"},
		"billing_state": {"CA"}, "billing_postcode": {"90001"}, "billing_country": {"US"}, "billing_email": {email},
		"billing_phone":                      {"555"},
		"payment_method":                     {"cod"},
		"woocommerce-process-checkout-nonce": {page.value("#woocommerce-process-checkout-nonce")},
	}
	for name, values := range more {
		form[name] = values
	}
	a := c.post("/?wc-ajax=checkout", form).want(http.StatusOK)
	var placed struct {
		Result   string
		OrderID  int `json:"order_id"`
		Messages string
	}
	if err := json.Unmarshal([]byte(a.Body), &placed); err != nil || placed.Result != "success" {
		c.t.Fatalf("%v\n%.900s", err, a.Body)
	}
	return fmt.Sprint(placed.OrderID)
}

// earned is what a partner earned by an order, on level 1: "" for nothing.
func (s *store) earned(order string, p affiliate.Partner) string {
	s.t.Helper()
	amounts := []string{}
	s.must(s.DB.Select(s.t.Context(), &amounts,
		`SELECT CAST(SUM(c.amount) AS DECIMAL(19,2)) FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_orders o ON o.id = c.order_id
		WHERE o.source = ? AND o.external_id = ? AND c.partner_id = ? AND c.level = 1 GROUP BY o.id`,
		s.source, order, p.ID))
	return strings.Join(amounts, " ")
}

// earns waits until a partner earned that by an order.
func (s *store) earns(order string, p affiliate.Partner, want string) {
	s.t.Helper()
	got := ""
	deadline := time.Now().Add(30 * time.Second)
	for got = s.earned(order, p); got != want && time.Now().Before(deadline); got = s.earned(order, p) {
		time.Sleep(100 * time.Millisecond)
	}
	if got != want {
		var facts, why string
		s.DB.Get(s.t.Context(), &facts,
			`SELECT COALESCE(GROUP_CONCAT(CONCAT(seq, ' ', click <> '', ' ', COALESCE(done_at, 'waits'),
				' ', error, ' ', payload) SEPARATOR '\n'), 'none')
			FROM {wp}partner_center_inbox WHERE kind = 'order' AND external_id = ?`, order)
		s.DB.Get(s.t.Context(), &why,
			`SELECT COALESCE(GROUP_CONCAT(d.reason), 'none') FROM {wp}partner_center_decisions d
			JOIN {wp}partner_center_orders o ON o.id = d.order_id WHERE o.external_id = ?`, order)
		s.t.Fatalf("by order %s the partner earns %q, want %q; decided %s\n%s", order, got, want, why, facts)
	}
}

// clean fails unless the books are in order and PHP has nothing to complain about.
func (s *store) clean() {
	s.t.Helper()
	findings, err := verify.Verify(s.t.Context(), s.DB)
	if err != nil || len(findings) > 0 {
		s.t.Errorf("%v, %v", findings, err)
	}
	s.noNotices()
}

// Spec: S57 S59.2 S60 D8.1 D25.1 B3
func TestShopBlockCheckout(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		order, took := s.shopper(s.anna).blockCheckout("eva@example.test", 2, s.lamp)
		s.earns(order, s.anna, "3.98")
		t.Logf("block checkout answered in %s", took.Round(time.Millisecond))
		coupon, _ := s.shopper(s.anna).blockCheckout("dora@example.test", 2, s.lamp, "tenoff")
		s.earns(coupon, s.anna, "3.58") // of 39.80 - 10 %
		nobodys, _ := s.shopper(affiliate.Partner{}).blockCheckout("nina@example.test", 1, s.lamp)
		s.php(`$o = wc_get_order($args[0]);
			wc_create_refund(['order_id' => $o->get_id(), 'amount' => '19.90', 'line_items' => [array_key_first($o->get_items()) => ['qty' => 1, 'refund_total' => '19.90', 'refund_tax' => []]]]);`, order)
		s.earns(order, s.anna, "1.99")
		s.php(`wc_get_order($args[0])->update_status('refunded');`, order)
		s.earns(order, s.anna, "0.00")
		// An admin edits an order: one lamp more, then less.
		s.php(`$o = wc_get_order($args[0]); $i = current($o->get_items()); $i->set_quantity(3); $i->set_subtotal('59.70'); $i->set_total('53.73'); $i->save();
			$o = wc_get_order($args[0]); $o->calculate_totals(false); $o->save();`, coupon)
		s.earns(coupon, s.anna, "5.37")
		if got := s.earned(nobodys, s.anna); got != "" {
			t.Errorf("an order without a click earns %s", got)
		}
		s.clean()
	})
}

// Spec: S57 S59.2 D15.1 D15.2
func TestShopClassicCheckout(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		guest := s.shopper(s.anna).classicCheckout("gina@example.test", s.lamp, nil)
		s.earns(guest, s.anna, "1.99")
		// An account made at the checkout, and one that logs in before it: the click stays.
		account := s.shopper(s.anna).classicCheckout("otto@example.test", s.lamp,
			url.Values{"createaccount": {"1"}, "account_username": {"otto"}, "account_password": {"ottos password"}})
		s.earns(account, s.anna, "1.99")
		known := s.shopper(s.anna).logIn("carla", "carlas password").classicCheckout("carla@example.test", s.lamp, nil)
		s.earns(known, s.anna, "1.99")
		var user int
		s.must(s.DB.Get(t.Context(), &user,
			`SELECT wp_user_id FROM {wp}partner_center_contacts WHERE email = 'carla@example.test'`))
		if user == 0 {
			t.Error("the account is not the contact's")
		}
		// Paid elsewhere: the gateway reports it later, from a request without cookies.
		transfer := s.shopper(s.anna).classicCheckout("paul@example.test", s.lamp,
			url.Values{"payment_method": {"bacs"}})
		soon(t, "the unpaid order is there", func() bool {
			var n int
			s.must(s.DB.Get(t.Context(), &n,
				`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE external_id = ? AND status = 'unpaid'`, transfer))
			return n == 1
		})
		if got := s.earned(transfer, s.anna); got != "" {
			t.Errorf("an unpaid order earns %s", got)
		}
		s.php(`wc_get_order($args[0])->payment_complete('by webhook');`, transfer)
		s.earns(transfer, s.anna, "1.99")
		s.clean()
	})
}

// The click survives what happens between it and the checkout.
//
// Spec: S57, S58
func TestShopKeepsTheClick(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		c := s.shopper(s.bert)
		before := c.cookie("pc_click")
		for _, path := range []string{"/classic", "/?p=1", "/?add-to-cart=" + s.shade, "/shop", "/product/lamp",
			"/cart/", "/my-account/", "/nothing-here"} {
			c.get(path)
			if got := c.cookie("pc_click"); got != before {
				t.Errorf("after %s the cookie is %q", path, got)
			}
		}
		order := c.classicCheckout("anja@example.test", s.lamp, nil)
		s.earns(order, s.bert, "1.99")
		// A direct link whose page WordPress redirects to its canonical address.
		direct := newClient(t, s.URL(), "")
		a := direct.get("/classic?orid=" + s.anna.Code + "&opid=" + s.tool.Code)
		if a.Status != http.StatusMovedPermanently || !strings.Contains(a.Header.Get("Location"), "orid="+s.anna.Code) {
			t.Errorf("%d to %s", a.Status, a.Header.Get("Location"))
		}
		s.clean()
	})
}

// The shop's own screen of an order says who earned what, with a link to why;
// without the sidecar it is as it would be.
func TestShopOrderScreen(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		order, _ := s.shopper(s.anna).blockCheckout("sara@example.test", 1, s.lamp)
		s.earns(order, s.anna, "1.99")
		admin := newClient(t, s.URL(), "").logIn(s.Admin.Login, s.Admin.Password)
		screen := s.php(`echo Automattic\WooCommerce\Utilities\OrderUtil::get_order_admin_edit_url((int) $args[0]);`,
			order)
		a := admin.get(screen)
		if a.Status != http.StatusOK {
			log, _ := os.ReadFile(s.Site.DebugLog())
			t.Fatalf("%d: %s", a.Status, log[max(0, len(log)-3000):])
		}
		a.sees("#partner-center-order", "anna")
		a.sees("#partner-center-order", "1.99")
		why, _ := a.page().Find("#partner-center-order a").Attr("href")
		admin.get(why).want(http.StatusOK).sees(".wrap", "Who gets credit, and why")
		s.php(`PartnerCenter\Settings::change(array('sidecar_url' => 'http://127.0.0.1:9'));`)
		admin.get(screen).want(http.StatusOK).sees("#partner-center-order", "does not answer now")
		s.php(`PartnerCenter\Settings::change(array('sidecar_url' => ''));`)
		s.clean()
	})
}

// Renewals are the first partner's, whoever was clicked since. The hooks are
// those that WooCommerce Subscriptions documents; the product itself is not here.
//
// Spec: S90.1 D23.2
func TestShopRenewal(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		const stub = `$sub = new class((int) $args[0]) {
			private $parent;
			function __construct($parent) { $this->parent = $parent; }
			function get_id() { return 77000; }
			function get_parent_id() { return $this->parent; }
		};`
		first, _ := s.shopper(s.anna).blockCheckout("rita@example.test", 1, s.lamp)
		s.php(stub+`do_action('woocommerce_checkout_subscription_created', $sub, wc_get_order($args[0]), null);`, first)
		s.earns(first, s.anna, "1.99")
		other, _ := s.shopper(s.bert).blockCheckout("rita@example.test", 1, s.lamp)
		s.earns(other, s.bert, "1.99")
		renewal := s.php(stub+`
			$first = wc_get_order($args[0]);
			$order = wc_create_order(['created_via' => 'subscription']);
			$order->add_product(wc_get_product(current($first->get_items())->get_product_id()), 1);
			$order->set_billing_email($first->get_billing_email());
			foreach ($first->get_meta_data() as $meta) {
				$order->update_meta_data($meta->key, $meta->value);
			}
			$order->calculate_totals(false);
			$order->save();
			apply_filters('wcs_renewal_order_created', $order, $sub);
			$order->payment_complete();
			do_action('woocommerce_subscription_renewal_payment_complete', $sub, $order);
			echo $order->get_id();`, first)
		s.earns(renewal, s.anna, "1.99")
		s.clean()
	})
}

// The same 200 hooks, fired twice and shuffled, give the same books.
//
// Spec: B3.1
func TestShopHooksTwiceAndShuffled(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		orders := []string{}
		for i := range 4 {
			order, _ := s.shopper(s.anna).blockCheckout(fmt.Sprintf("hook%d@example.test", i), i+1, s.lamp)
			orders = append(orders, order)
		}
		s.php(`$o = wc_get_order($args[0]); wc_create_refund(['order_id' => $o->get_id(), 'amount' => '3.33']);
			wc_get_order($args[1])->update_status('cancelled');`, orders...)
		s.earns(orders[0], s.anna, "1.66") // 3.33 of 19.90 went back
		s.earns(orders[1], s.anna, "0.00")
		s.earns(orders[3], s.anna, "7.96")
		before := s.booksOf(orders)
		fired := s.php(`
			// The shop's own listeners did their work; they would do it 400 times over.
			foreach ($GLOBALS['wp_filter'] as $name => $filter) {
				foreach (0 === strpos($name, 'woocommerce_') ? $filter->callbacks : [] as $priority => $callbacks) {
					foreach ($callbacks as $callback) {
						if (!is_array($callback['function']) || !$callback['function'][0] instanceof PartnerCenter\WooCommerce) {
							remove_filter($name, $callback['function'], $priority);
						}
					}
				}
			}
			$hooks = array_merge(array_diff(PartnerCenter\WooCommerce::MARKING, ['trashed_post', 'untrashed_post']), ['woocommerce_refund_created', 'woocommerce_refund_deleted', 'woocommerce_order_status_completed']);
			$calls = [];
			foreach ($args as $id) {
				for ($i = 0; $i < 50; $i++) {
					$calls[] = [$hooks[$i % count($hooks)], (int) $id];
				}
			}
			$calls = array_merge($calls, $calls);
			mt_srand(5);
			shuffle($calls);
			foreach ($calls as $n => list($hook, $id)) {
				if ('woocommerce_refund_created' === $hook) {
					do_action($hook, 0, ['order_id' => $id]);
				} elseif ('woocommerce_refund_deleted' === $hook) {
					do_action($hook, 0, $id);
				} else {
					do_action($hook, $id, wc_get_order($id));
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

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
