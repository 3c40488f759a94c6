package wpplugin_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// The example in the documentation works as it stands there.
//
// Spec: B3, B5
func TestExampleCart(t *testing.T) {
	text, err := os.ReadFile("../../docs/carts.md")
	must(t, err)
	found := regexp.MustCompile("(?s)```php\n(.*?)```").FindSubmatch(text)
	if found == nil {
		t.Fatal("docs/carts.md has no example")
	}
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		must(t, s.AddPlugin("example-cart", fstest.MapFS{"example-cart.php": {Data: found[1], Mode: 0o644}}))
		must(t, s.Activate(t.Context(), "example-cart/example-cart.php"))
		defer s.php(t, `require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('example-cart/example-cart.php');`)
		a := s.do(t, request{path: "/", form: url.Values{"example_cart_email": {"eva@example.test"}},
			cookies: []*http.Cookie{{Name: "pc_click", Value: "1.k1.abc.mac"}}})
		id := strings.TrimSpace(a.doc(t).Find(".wp-die-message").Text())
		if a.Status != http.StatusOK || id == "" {
			t.Fatalf("the order was not placed: %d\n%.500s", a.Status, a.Body)
		}
		s.php(t, `example_cart_change($args[0], ['status' => 'paid']); example_cart_change($args[0], ['refunded' => '2.50']);`, id)
		facts := s.facts(t, "order")
		if len(facts) != 3 {
			t.Fatalf("%d facts: %+v", len(facts), facts)
		}
		for i, want := range []struct{ status, refunded string }{{"unpaid", "0"}, {"paid", "0"}, {"paid", "2.50"}} {
			p := payload(t, facts[i])
			refunded := p["refunds"].([]any)[0].(map[string]any)["amount"]
			if facts[i].Source != "example" || facts[i].ExternalID != id || facts[i].Click != "1.k1.abc.mac" ||
				p["status"] != want.status || refunded != want.refunded {
				t.Errorf("fact %d: %+v", i, facts[i])
			}
		}
	})
}
