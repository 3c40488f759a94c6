package e2e

import (
	"net/http"
	"net/url"
	"testing"

	"partnercenter/affiliate/verify"
)

// In the demo's own shop an order is placed, refunded and voided by hand; it
// walks the way of every cart.
//
// Spec: S57 S59.2 B3
func TestDemoShop(t *testing.T) {
	w := example(t, newest)
	var link struct{ Tool, Partner string }
	if err := w.DB.Get(t.Context(), &link, `SELECT t.code AS tool, p.code AS partner FROM {wp}partner_center_tools t
		JOIN {wp}partner_center_memberships m ON m.program_id = t.program_id
		JOIN {wp}partner_center_partners p ON p.id = m.partner_id AND p.state = 'active' WHERE t.kind = 'standard'
		ORDER BY t.id, p.id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, w.URL(), "")
	c.get("/partner-center/go/" + link.Tool + "?p=" + link.Partner).want(http.StatusFound)
	form := c.get("/shop/").want(http.StatusOK).form("form:has(select[name=product])")
	form.Set("email", "handmade@example.test")
	form.Set("product", "p1")
	c.post("/shop/", form).want(http.StatusFound)
	pending := func(want int) func() bool {
		return func() bool {
			var n int
			if err := w.DB.Get(t.Context(), &n,
				`SELECT COUNT(*) FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o
					ON o.id = c.order_id JOIN {wp}partner_center_contacts k ON k.id = o.contact_id
				WHERE o.source = 'harbour' AND k.email = 'handmade@example.test' AND c.amount > 0`); err != nil {
				t.Fatal(err)
			}
			return n >= min(want, 1) && (want > 0 || n == 0)
		}
	}
	soon(t, "the order is credited", pending(1))
	for _, do := range []string{"refund", "void"} {
		change := c.get("/shop/").form(".harbour-orders form")
		change.Set("harbour", do)
		c.post("/shop/", url.Values(change)).want(http.StatusFound)
		soon(t, "nothing is earned after "+do, pending(0))
	}
	if findings, err := verify.Verify(t.Context(), w.DB); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
}
