package pixel

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
)

// Fields are the parameters of a report, in the order of the code to copy. Those
// of items carry a number: item_1, item_2, …; the first may go without.
var Fields = []struct {
	Name string
	Help locale.Text
}{
	{"k", locale.T("the public key of this pixel")},
	{"order", locale.T("the order's number in your cart")},
	{"cur", locale.T("the currency, such as USD")},
	{"email", locale.T("the buyer's email address")},
	{"item_1", locale.T("the code of the first product")},
	{"price_1", locale.T("its price for one, after discounts, without tax")},
	{"qty_1", locale.T("how many")},
	{"name_1", locale.T("its name")},
	{"first_name", locale.T("the buyer's first name")},
	{"last_name", locale.T("the buyer's last name")},
	{"coupon", locale.T("the coupon's code")},
	{"tax", locale.T("the tax of the whole order")},
	{"ship", locale.T("the shipping")},
	{"total", locale.T("what the buyer paid in all; if missing, it is added up")},
	{"sub", locale.T("what the payments of a subscription share")},
	{"cid", locale.T("the visitor's click, where our cookie doesn't reach")},
	{"ts", locale.T("the time in seconds since 1970; only signed")},
	{"sig", locale.T("the signature, always last")},
}

// aliases are names that other trackers use.
var aliases = map[string]string{"order_id": "order", "currency": "cur", "item": "item_1", "price": "price_1",
	"qty": "qty_1", "name": "name_1",
	"firstname": "first_name", "lastname": "last_name", "shipping": "ship", "click": "cid"}

// ontraport are the aliases of numbered fields.
var ontraport = map[string]string{"item_id": "item", "item_price": "price", "item_quantity": "qty", "item_name": "name"}

// read reads a report's fields; a field that stands twice with different values
// is an error.
func read(rawQuery string) (map[string]string, error) {
	values, err := url.ParseQuery(rawQuery)
	problems := affiliate.Problems{}
	problems.Check(err == nil, "query", "The report has a wrong escape.")
	fields := map[string]string{}
	for name, all := range values {
		name = canonical(name)
		for _, value := range all {
			known, twice := fields[name]
			problems.Check(!twice || known == value, name, "The report says this twice, and differently.")
			fields[name] = value
		}
	}
	return fields, problems.Err()
}

func canonical(name string) string {
	if other, ok := aliases[name]; ok {
		return other
	}
	for from, to := range ontraport {
		if rest, ok := strings.CutPrefix(name, from); ok {
			if rest == "" {
				return to + "_1"
			}
			if rest[0] == '_' {
				return to + rest
			}
		}
	}
	return name
}

// maxItems bounds the items of a report.
const maxItems = 100

// source names the orders of one pixel: carts count from 1, each for itself.
func source(key apikey.Key) string { return "pixel-" + key.ID.String() }

// order is the order that a report tells of.
func (c Call) order(key apikey.Key, fields map[string]string) (sale.OrderState, error) {
	p := affiliate.Problems{}
	s := sale.OrderState{Source: source(key), ExternalID: fields["order"], Version: 1, At: c.At, PlacedAt: c.At,
		PaidAt: &c.At, Status: sale.OrderPaid,
		Currency: money.Currency(strings.ToUpper(fields["cur"])), Click: c.Click, SubscriptionID: fields["sub"],
		Buyer: sale.Buyer{Email: fields["email"], FirstName: affiliate.Cut(fields["first_name"], 100),
			LastName: affiliate.Cut(fields["last_name"], 100)}, Unverified: !c.Verified || key.PartnerID != 0}
	p.Check(s.ExternalID != "" && len(s.ExternalID) <= 190, "order",
		"The report names no order, or has more than 190 bytes for it.")
	_, err := money.ParseCurrency(string(s.Currency))
	p.Check(err == nil, "cur", "The report names no currency.")
	if fields["cid"] != "" {
		s.Click = affiliate.Cut(fields["cid"], maxClick)
	}
	if fields["coupon"] != "" {
		s.Coupons = []string{affiliate.Cut(fields["coupon"], 100)}
	}
	s.Lines = lines(fields, s.Currency, p)
	s.Tax = amount(fields, "tax", p)
	for _, part := range []string{"tax_city", "tax_state", "tax_county"} {
		s.Tax = plus(s.Tax, amount(fields, part, p), p)
	}
	s.Shipping = amount(fields, "ship", p)
	if s.Total = amount(fields, "total", p); fields["total"] == "" {
		s.Total = plus(s.Tax, s.Shipping, p)
		for _, l := range s.Lines {
			s.Total = plus(s.Total, l.Base, p)
		}
	}
	return s, p.Err()
}

// lines are the items of a report.
func lines(fields map[string]string, cur money.Currency, p affiliate.Problems) []sale.LineState {
	all, gap := []sale.LineState{}, false
	for i := 1; i <= maxItems; i++ {
		n := fmt.Sprint("_", i)
		if fields["price"+n] == "" && fields["item"+n] == "" {
			gap = true
			continue
		}
		p.Check(!gap || i == 1, "item"+n, "The items are not numbered one after the other.")
		one := amount(fields, "price"+n, p)
		text := fields["qty"+n]
		if text == "" {
			text = "1"
		}
		quantity, err := money.ParseQuantity(text)
		p.Check(err == nil && !strings.HasPrefix(text, "-"), "qty"+n, "This is no quantity.")
		base, err := one.Times(quantity, cur)
		p.Check(err == nil && fields["price"+n] != "", "price"+n, "This is no price.")
		all = append(all, sale.LineState{Line: fmt.Sprint(i),
			Product: sale.ProductRef{ExternalID: affiliate.Cut(fields["item"+n], 190)},
			Name:    affiliate.Cut(affiliate.Line(fields["name"+n]), 190), Quantity: quantity, Base: base})
	}
	p.Check(len(all) > 0, "item_1", "The report names no item with its price.")
	return all
}

func amount(fields map[string]string, name string, p affiliate.Problems) money.Amount {
	if fields[name] == "" {
		return money.Amount{}
	}
	a, err := money.Parse(fields[name])
	p.Check(err == nil && a.Sign() >= 0, name, "This is no amount. Write it like 49.90, without sign and symbol.")
	return a
}

func plus(a, b money.Amount, p affiliate.Problems) money.Amount {
	sum, err := a.Add(b)
	p.Check(err == nil, "total", "The amounts are too large to be added up.")
	return sum
}

// Example is a report's query with this key, the site's currency, and blanks to
// fill in.
func Example(key apikey.Key, currency money.Currency) string {
	parts := []string{}
	for _, f := range Fields {
		if slices.Contains([]string{"ts", "sig", "total", "name_1", "sub", "cid"}, f.Name) {
			continue
		}
		value := strings.ToUpper(f.Name)
		switch f.Name {
		case "k":
			value = key.Public
		case "cur":
			value = string(currency)
		}
		parts = append(parts, f.Name+"="+value)
	}
	return strings.Join(parts, "&")
}
