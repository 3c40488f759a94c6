package track_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/pixel"
	"partnercenter/keyring"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// cart is a cart elsewhere that reports its sales.
type cart struct {
	*sidecartest.Shop
	key    apikey.Key
	secret string
	calls  *pixel.Box
}

func newCart(t *testing.T, partner func(*sidecartest.Shop) affiliate.PartnerID) *cart {
	c := &cart{Shop: sidecartest.NewShop(t)}
	keys := apikey.NewKeys(c.DB, c.Clock.Now, keyring.New(c.DB, c.Clock.Now, c.Key, slog.New(slog.DiscardHandler)), nil)
	var err error
	c.key, c.secret, err = keys.Create(t.Context(), "admin", apikey.Key{Kind: apikey.Pixel, Name: "Cart",
		PartnerID: partner(c.Shop)})
	c.Must(err)
	c.calls = pixel.NewBox(c.DB, c.Clock.Now, keys, c.Sales)
	return c
}

func ofTheSite(*sidecartest.Shop) affiliate.PartnerID { return 0 }

// sale is a report of one cup at 100.00.
func (c *cart) sale(order string) string {
	return "k=" + c.key.Public + "&order=" + order + "&cur=USD&email=buyer@mail.test&item_1=" + c.Cup.ExternalID +
		"&price_1=50&qty_1=2&tax=7"
}

// report shows the picture in the browser of a visitor and lets the report be
// taken in.
func (c *cart) report(query string, cookies ...*http.Cookie) {
	c.Helper()
	a := c.Get("px.gif?"+query, web.Standalone, cookies...).Want(http.StatusOK)
	if a.Header.Get("Content-Type") != "image/gif" || a.Header.Get("Cache-Control") != "no-store" ||
		len(a.Text) != 43 || a.Text[:6] != "GIF89a" {
		c.Errorf("answered %v, %d bytes", a.Header, len(a.Text))
	}
	c.Settle()
	c.Clock.Advance(10 * time.Second) // within the limit for one address
}

// latest is the last report and what became of it.
func (c *cart) latest() pixel.Call {
	c.Helper()
	calls, err := c.calls.Calls(c.Context(), 1)
	c.Must(err)
	if len(calls) == 0 {
		return pixel.Call{}
	}
	return calls[0]
}

// Unsigned sales arrive as pending, and no rule approves them.
//
// Spec: S124 S126.2 S126.3 S126.4 B14.1
func TestUnsignedPixel(t *testing.T) {
	c := newCart(t, ofTheSite)
	policy, err := c.Registry.Policy(t.Context(), c.Gold.ID)
	c.Must(err)
	policy.Approve = true
	_, err = c.Registry.SavePolicy(t.Context(), "admin", policy)
	c.Must(err)
	click := c.Click(c.Anna)
	c.report(c.sale("17"), click)
	if got := c.latest(); got.State != pixel.Done || got.Outcome != "applied" || got.Verified || got.OrderID == 0 {
		t.Fatalf("%+v", got)
	}
	v, err := c.Sales.Order(t.Context(), c.latest().OrderID)
	c.Must(err)
	if len(v.Commissions) != 1 || v.Commissions[0].PartnerID != c.Anna.ID || v.Commissions[0].Amount.String() != "10" ||
		!v.Commissions[0].UntilDecided() || v.Commissions[0].ApproveAt != nil {
		t.Errorf("%+v", v.Commissions)
	}

	// Signed, the same sale is approved by the program's rule.
	c.report(apikey.SignPixel(c.secret, c.sale("18"), c.Clock.Now()), click)
	v, err = c.Sales.Order(t.Context(), c.latest().OrderID)
	c.Must(err)
	if len(v.Commissions) != 1 || v.Commissions[0].ApproveAt == nil || !c.latest().Verified {
		t.Errorf("signed: %+v", v.Commissions)
	}
}

// The first report of an order wins; another that differs goes to review.
//
// Spec: S125 D17.4
func TestPixelTwice(t *testing.T) {
	c := newCart(t, ofTheSite)
	c.report(c.sale("17"), c.Click(c.Anna))
	c.report(c.sale("17")) // reloaded, without the cookie
	first := c.latest()
	c.report(strings.Replace(c.sale("17"), "price_1=50", "price_1=5000", 1))
	if got := c.latest(); got.Outcome != "differs" || got.OrderID != first.OrderID {
		t.Errorf("%+v", got)
	}
	v, err := c.Sales.Order(t.Context(), first.OrderID)
	c.Must(err)
	if v.Order.Review == "" || v.Commissions[0].Amount.String() != "10" {
		t.Errorf("%+v", v.Order)
	}
}

// Whatever arrives, the buyer's page gets its picture, and nothing half is stored.
//
// Spec: S124 S125 B14.1
func TestBadPixels(t *testing.T) {
	c := newCart(t, ofTheSite)
	good := c.sale("17")
	now := c.Clock.Now()
	signed := apikey.SignPixel(c.secret, good, now)
	for name, try := range map[string]struct{ query, says string }{
		"missing":         {strings.Replace(good, "&order=17", "", 1), "names no order"},
		"no currency":     {strings.Replace(good, "cur=USD", "cur=XX", 1), "names no currency"},
		"no items":        {strings.Replace(good, "item_1", "x", 1) + "&price_1=", "twice"},
		"no price":        {strings.Replace(good, "price_1=50", "price_1=", 1), "no price"},
		"a comma":         {strings.Replace(good, "price_1=50", "price_1=50,00", 1), "no amount"},
		"a negative":      {strings.Replace(good, "tax=7", "tax=-7", 1), "no amount"},
		"contradictory":   {good + "&order=18", "twice, and differently"},
		"a gap":           {good + "&item_3=x&price_3=1", "numbered"},
		"forged":          {strings.Replace(signed, "price_1=50", "price_1=51", 1), "signature is wrong"},
		"a field behind":  {signed + "&price_2=1", "must be the last"},
		"a time unsigned": {good + "&ts=1", "must be the last"},
		"old":             {apikey.SignPixel(c.secret, good, now.Add(-2*time.Hour)), "seconds ago"},
		"from the future": {apikey.SignPixel(c.secret, good, now.Add(time.Hour)), "in the future"},
	} {
		c.report(try.query)
		if got := c.latest(); got.State != pixel.Refused || !strings.Contains(got.Error, try.says) {
			t.Errorf("%s: %s %q", name, got.State, got.Error)
		}
	}
	before := c.latest().ID
	c.report(strings.Replace(good, "k=pk", "k=pq", 1))
	c.report("")
	c.report(good + "&name_1=" + strings.Repeat("x", 9000))
	if c.latest().ID != before {
		t.Error("strangers fill the table")
	}
	if n := c.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*)
		FROM {wp}partner_center_contacts WHERE email = 'buyer@mail.test')`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	c.report(strings.Replace(good, "order=17", "order=19&total=1", 1))
	if n := c.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE review <> ''`); n != 1 {
		t.Error("a wrong total is not on review")
	}
}

// Sales of a partner's own cart are theirs, and wait for a person, signed or not.
//
// Spec: S126.1 S126.2
func TestPixelOfAPartner(t *testing.T) {
	c := newCart(t, func(s *sidecartest.Shop) affiliate.PartnerID { return s.Anna.ID })
	c.report(apikey.SignPixel(c.secret, c.sale("17")+"&oprid="+c.Anna.Code, c.Clock.Now()))
	v, err := c.Sales.Order(t.Context(), c.latest().OrderID)
	c.Must(err)
	if len(v.Commissions) != 1 || v.Commissions[0].PartnerID != c.Anna.ID || v.Commissions[0].Status != "pending" ||
		v.Commissions[0].ApproveAt != nil {
		t.Errorf("%+v\n%+v", v.Commissions, c.latest())
	}
}

// A flood from one address is answered and not stored; a site that is switched
// off records nothing.
//
// Spec: S1.2 S124
func TestPixelFlood(t *testing.T) {
	c := newCart(t, ofTheSite)
	for range 60 {
		c.Get("px.gif?"+c.sale("17"), web.Standalone).Want(http.StatusOK)
	}
	if n := c.Count(`SELECT COUNT(*) FROM {wp}partner_center_pixel_calls`); n != 30 {
		t.Errorf("%d reports are stored", n)
	}
	c.Clock.Advance(time.Hour)
	c.Switch(false, true)
	c.report(c.sale("18"))
	if n := c.Count(`SELECT COUNT(*) FROM {wp}partner_center_pixel_calls`); n != 30 {
		t.Error("recorded while switched off")
	}
}

// The names of other trackers' pixels are understood.
//
// Spec: S125
func TestPixelOfOtherNames(t *testing.T) {
	c := newCart(t, ofTheSite)
	c.report("k=" + c.key.Public + "&order_id=17&currency=usd&email=buyer@mail.test&firstname=Carl&item_id=" +
		c.Cup.ExternalID +
		"&item_price=50&item_id_2=other&item_price_2=3&item_quantity_2=2&tax_state=1&tax_city=2&shipping=4")
	var total string
	c.Must(c.DB.Get(t.Context(), &total, `SELECT total FROM {wp}partner_center_orders WHERE external_id = '17'`))
	if total != "63.0000" {
		t.Errorf("total %s, %+v", total, c.latest())
	}
}
