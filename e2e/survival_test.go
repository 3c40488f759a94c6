package e2e

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnercenter/demo"
	"partnercenter/testbed/wordpress"
)

// script puts PHP into the site, as a plugin that nobody can switch off, until the test ends.
func (s *store) script(name, code string) {
	s.t.Helper()
	file := filepath.Join(s.Site.Root, "wp-content", "mu-plugins", name+".php")
	s.must(os.WriteFile(file, []byte("<?php\n"+code), 0o644))
	s.t.Cleanup(func() { os.Remove(file) })
}

// shopsOn goes on shopping with what the visitor's browser holds.
func (s *store) shopsOn(v *visitor) *client {
	s.t.Helper()
	c := newClient(s.t, s.URL(), strings.TrimPrefix(s.SiteAddress(), "http://"))
	soon(s.t, "the browser holds the click", func() bool {
		for _, cookie := range v.cookies() {
			c.http.Jar.SetCookies(c.root(), []*http.Cookie{{Name: cookie.Name, Value: cookie.Value}})
		}
		return c.cookie("pc_click") != ""
	})
	return c
}

// A link with www to a site without, or the other way around: a standard link
// and a direct one.
//
// Spec: S57 B6
func TestShopKeepsTheClickOfAnotherHost(t *testing.T) {
	inShops(t, func(t *testing.T, r release, shop wordpress.Shop) {
		port := listen(t)
		port.Close() // the demo takes it
		number := port.Addr().(*net.TCPAddr).Port
		w := start(t, r, func(o *demo.Options) {
			o.Shop, o.Port, o.URL = shop, number, fmt.Sprintf("http://shop.localhost:%d", number)
		})
		s := &store{world: w, source: sources[shop.Name]}
		s.furnish()
		for i, link := range []string{
			"/partner-center/go/" + s.tool.Code + "?p=" + s.anna.Code,
			s.pages().list + "?orid=" + s.anna.Code + "&opid=" + s.tool.Code,
		} {
			v := newVisitor(t, s.URL())
			v.open(strings.Replace(s.URL(), "//", "//www.", 1) + link)
			if at := v.at(); !strings.HasPrefix(at, s.URL()+"/") {
				t.Fatalf("%s leads to %s", link, at)
			}
			order := s.buys(s.shopsOn(v), fmt.Sprintf("www%d@example.test", i))
			s.earns(order, s.anna, "1.99")
		}
		s.clean()
	})
}

// fullPageCache answers every plain page from a copy, whoever asks and with
// whatever query, as caches in front of shops do; the first visitor's is kept.
const fullPageCache = `
$path = strtok( $_SERVER['REQUEST_URI'] ?? '', '?' );
if ( 'cli' !== PHP_SAPI && 'GET' === ( $_SERVER['REQUEST_METHOD'] ?? '' ) && in_array( $path, array( '/', '/shop/', '/product/lamp/', '/downloads/', '/downloads/lamp/' ), true )
	&& ! isset( $_GET['add-to-cart'] ) && ! isset( $_GET['edd_action'] ) ) {
	$copy = WP_CONTENT_DIR . '/copy-' . md5( $path );
	if ( is_file( $copy ) ) {
		header( 'X-Cache: HIT' );
		readfile( $copy );
		exit;
	}
	ob_start( function ( $page ) use ( $copy ) {
		if ( 200 === http_response_code() ) {
			file_put_contents( $copy, $page );
		}
		return $page;
	} );
}`

// Spec: S57 B6
func TestShopKeepsTheClickThroughAFullPageCache(t *testing.T) {
	inShops(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		s.script("cache", fullPageCache)
		other := s.shopper(s.bert) // whose visit fills the cache
		for _, path := range []string{"/", s.pages().list + "/", s.pages().lamp + "/"} {
			other.get(path).want(http.StatusOK)
			if a := other.get(path).want(http.StatusOK); a.Header.Get("X-Cache") != "HIT" {
				t.Fatalf("%s is not cached: %v", path, a.Header)
			}
		}
		c := s.shopper(s.anna)
		for _, path := range []string{"/", s.pages().lamp + "/"} {
			c.get(path).want(http.StatusOK)
		}
		order := s.buys(c, "cached@example.test")
		s.earns(order, s.anna, "1.99")
		// A direct link, whose page PHP never sees.
		v := newVisitor(t, s.URL())
		v.open(s.pages().lamp + "/?orid=" + s.anna.Code + "&opid=" + s.tool.Code)
		order = s.buys(s.shopsOn(v), "direct@example.test")
		s.earns(order, s.anna, "1.99")
		s.clean()
	})
}

// wallet sells without the shop's checkout, as the buttons of wallets do: the
// order is made in a request of the visitor, who then leaves the site; the
// payment is told by a webhook.
const wallet = `
add_action( 'wc_ajax_wallet', function () {
	$order = wc_create_order( array( 'created_via' => 'wallet' ) );
	$order->add_product( wc_get_product( (int) $_POST['product'] ), 1 );
	$order->set_billing_email( $_POST['email'] );
	$order->calculate_totals( false );
	$order->save();
	wp_send_json( array( 'order' => $order->get_id(), 'redirect' => 'https://pay.example.test/' ) );
} );
add_action( 'woocommerce_api_paid', function () {
	wc_get_order( (int) $_GET['order'] )->payment_complete( 'by webhook' );
	exit( 'thank you' );
} );`

// Wallets, and gateways that leave the site and tell of the payment by a
// request without cookies.
//
// Spec: S57 S59.2 B6
func TestShopWalletsAndWebhooks(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		s.script("wallet", wallet)
		gateway := newClient(t, s.URL(), "") // has no cookies
		left := s.shopper(s.anna).classicCheckout("left@example.test", s.lamp, url.Values{"payment_method": {"bacs"}})
		a := s.shopper(s.anna).post("/?wc-ajax=wallet", url.Values{"product": {s.lamp}, "email": {"wally@example.test"}})
		a.want(http.StatusOK)
		var byWallet int
		if _, err := fmt.Sscanf(a.Body, `{"order":%d`, &byWallet); err != nil {
			t.Fatalf("%v: %.600s", err, a.Body)
		}
		for _, order := range []string{left, fmt.Sprint(byWallet)} {
			gateway.get("/?wc-api=paid&order=" + order).want(http.StatusOK)
			s.earns(order, s.anna, "1.99")
		}
		if gateway.cookie("pc_click") != "" {
			t.Error("the gateway has a click")
		}
		s.clean()
	})
}

// Whoever makes an account at the checkout, or logs in there, after redirects
// and with a basket that a link filled, keeps the click.
//
// Spec: S57 S58
func TestShopKeepsTheClickThroughTheAccount(t *testing.T) {
	inShop(t, func(t *testing.T, r release, shop wordpress.Shop) {
		s := openStore(t, r, shop)
		c := s.shopper(s.anna)
		for _, path := range []string{"/shop", "/product/lamp", "/?p=" + s.lamp, "/?add-to-cart=" + s.shade} {
			for range 3 { // as far as it redirects
				a := c.get(path)
				if path = a.Header.Get("Location"); path == "" {
					break
				}
			}
		}
		page := c.get("/my-account/").want(http.StatusOK)
		login := page.form("form.login")
		login.Set("username", "carla")
		login.Set("password", "carlas password")
		login.Set("login", "Log in")
		c.post("/my-account/", login).want(http.StatusFound)
		c.get("/my-account/").want(http.StatusOK).sees("body", "carla")
		order := c.classicCheckout("carla@example.test", s.lamp, nil)
		s.earns(order, s.anna, "1.99")
		s.clean()
	})
}

// A link of the time when the site had no https.
//
// Spec: S57 S60
func TestShopKeepsTheClickFromHTTPToHTTPS(t *testing.T) {
	inShops(t, func(t *testing.T, r release, shop wordpress.Shop) {
		var target http.Handler
		secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			target.ServeHTTP(w, req)
		}))
		t.Cleanup(secure.Close)
		plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, secure.URL+req.URL.RequestURI(), http.StatusMovedPermanently)
		}))
		t.Cleanup(plain.Close)
		w := start(t, r, func(o *demo.Options) { o.Shop, o.URL = shop, secure.URL })
		front, err := url.Parse(w.SiteAddress())
		if err != nil {
			t.Fatal(err)
		}
		target = &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(front)
			p.Out.Host = p.In.Host
			p.Out.Header.Set("X-Forwarded-Proto", "https")
			p.Out.Header.Set("X-Forwarded-Host", p.In.Host)
		}}
		s := &store{world: w, source: sources[shop.Name]}
		s.script("https", `if ( 'https' === ( $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '' ) ) { $_SERVER['HTTPS'] = 'on'; }`)
		s.furnish()
		c := newClient(t, secure.URL, "")
		c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // our own
		a := c.get(plain.URL + "/partner-center/go/" + s.tool.Code + "?p=" + s.anna.Code).
			want(http.StatusMovedPermanently)
		a = c.get(a.Header.Get("Location")).want(http.StatusFound)
		if set := a.Header.Values("Set-Cookie"); !strings.Contains(strings.Join(set, "\n"), "Secure") {
			t.Errorf("cookies: %v", set)
		}
		order := s.buys(c, "secure@example.test")
		s.earns(order, s.anna, "1.99")
		s.clean()
	})
}
