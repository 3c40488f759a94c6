package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/db"
	"partnercenter/demo"
	"partnercenter/testbed/wordpress"
)

// inShops runs a test on every shop there is.
func inShops(t *testing.T, test func(t *testing.T, r release, shop wordpress.Shop)) {
	t.Helper()
	t.Run("WooCommerce", func(t *testing.T) { inShop(t, test) })
	t.Run("EDD", func(t *testing.T) { inEDD(t, test) })
}

// buys is the order of one lamp, by the checkout that most buyers of the shop use.
func (s *store) buys(c *client, email string) (order string) {
	s.t.Helper()
	if s.source == "edd" {
		return s.eddCheckout(c, email, s.lamp, nil)
	}
	order, _ = c.blockCheckout(email, 1, s.lamp)
	return order
}

// places buys a lamp and says how long the last step took.
func (s *store) places(c *client, email string) time.Duration {
	s.t.Helper()
	if s.source == "edd" {
		return s.eddPlace(c, email, s.lamp, nil)
	}
	_, took := c.blockCheckout(email, 1, s.lamp)
	return took
}

// pages are the paths of a shop.
type pages struct{ list, lamp, add string }

func (s *store) pages() pages {
	if s.source == "edd" {
		return pages{"/downloads", "/downloads/lamp", "/?edd_action=add_to_cart&download_id="}
	}
	return pages{"/shop", "/product/lamp", "/?add-to-cart="}
}

// booksOf is what was posted for orders, and in how many journals.
func (s *store) booksOf(orders []string) string {
	s.t.Helper()
	query, args, err := db.In(`
		SELECT CONCAT(o.external_id, ' ', c.amount, ' ',
			(SELECT COUNT(*) FROM {wp}partner_center_journals j WHERE j.commission_id = c.id))
		FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id
		WHERE o.source = ? AND o.external_id IN (?) ORDER BY c.id`, s.source, orders)
	s.must(err)
	rows := []string{}
	s.must(s.DB.Select(s.t.Context(), &rows, query, args...))
	return strings.Join(rows, ", ")
}

// drained waits until all facts are taken in.
func (s *store) drained() {
	s.t.Helper()
	soon(s.t, "the inbox is empty", func() bool {
		return s.count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE done_at IS NULL`) == 0
	})
}

// bare takes the plugin out of a request that has the cookie, as if it had never
// been there.
const bare = `
add_filter( 'option_active_plugins', function ( $plugins ) {
	return isset( $_COOKIE['bare'] ) ? array_values( array_diff( $plugins, array( 'partner-center/partner-center.php' ) ) ) : $plugins;
} );`

// Checkouts wait for nobody: with the sidecar stopped they are as quick as those
// of a shop without the plugin, and credited when it starts. Both kinds take turns,
// so that whatever else the machine does slows both.
//
// Spec: B5.1 B5.2
func TestShopWithoutSidecar(t *testing.T) {
	inShops(t, func(t *testing.T, r release, shop wordpress.Shop) {
		dir := t.TempDir()
		os.Chmod(filepath.Dir(dir), 0o755)
		d, end := run(t, r, filepath.Join(dir, "site"), func(o *demo.Options) { o.Shop = shop })
		s := &store{world: &world{Demo: d, t: t}, source: sources[shop.Name]}
		s.furnish()
		const checkouts = 50
		cookies := []*http.Cookie{}
		for range checkouts {
			cookies = append(cookies, &http.Cookie{Name: "pc_click", Value: s.shopper(s.anna).cookie("pc_click")})
		}
		end()

		d = begin(t, r, filepath.Join(dir, "site"), nil) // a site nobody drains
		s.world = &world{Demo: d, t: t}
		s.script("bare", bare)
		site := &http.Server{Handler: d.Site.Handler()}
		listener := listen(t)
		go site.Serve(listener)
		buy := func(i int, name string, cookie *http.Cookie) time.Duration {
			c := newClient(t, d.URL(), listener.Addr().String())
			c.http.Jar.SetCookies(c.root(), []*http.Cookie{cookie})
			return s.places(c, fmt.Sprintf("%s%d@example.test", name, i))
		}
		with, without := []time.Duration{}, []time.Duration{}
		plain := &http.Cookie{Name: "bare", Value: "1"}
		buy(0, "warm", plain)
		for i := range checkouts {
			if i%2 == 0 {
				without = append(without, buy(i, "plain", plain))
			}
			with = append(with, buy(i, "click", cookies[i]))
			if i%2 == 1 {
				without = append(without, buy(i, "plain", plain))
			}
		}
		more := []time.Duration{}
		for i := range with {
			more = append(more, with[i]-without[i])
		}
		t.Logf("median of %d checkouts with the plugin and no sidecar %s, without the plugin %s; of each pair, the "+
			"plugin takes %s more (half of them %s to %s)", checkouts, quantile(with, 2), quantile(without, 2),
			quantile(more, 2), quantile(more, 1), quantile(more, 3))
		site.Close()
		var waiting int
		s.must(d.DB.Get(t.Context(), &waiting,
			`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE kind = 'order' AND done_at IS NULL`))
		if waiting < checkouts {
			t.Errorf("%d facts wait for the sidecar", waiting)
		}
		began := time.Now()
		defer serve(d)()
		credited := 0
		soon(t, "all are credited", func() bool {
			s.must(d.DB.Get(t.Context(), &credited,
				`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE amount = 1.99`))
			return credited == checkouts
		})
		t.Logf("%d facts taken in within %s of the start", waiting, time.Since(began).Round(time.Millisecond))
		if allowed := quantile(without, 2)/4 + 10*time.Millisecond; quantile(more, 2) > allowed {
			t.Errorf("the plugin adds %s to a checkout of %s", quantile(more, 2), quantile(without, 2))
		}
		s.clean()
	})
}

// quantile is a quarter, the median (2) or three quarters of times.
func quantile(times []time.Duration, quarter int) time.Duration {
	times = slices.Sorted(slices.Values(times))
	return times[len(times)*quarter/4].Round(100 * time.Microsecond)
}
