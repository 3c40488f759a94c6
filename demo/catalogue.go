package demo

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
)

const siteTitle = "Harbour Coffee"

type programPlan struct {
	name           string
	tiers          int
	visibility     affiliate.Visibility
	signup         affiliate.SignupMode
	level1, level2 money.Rate // parts per million
	terms          string     // that partners accept, "" for none
}

var programPlans = []programPlan{
	{"Harbour Friends", 2, affiliate.SeeName, affiliate.SignupOpen, 120_000, 30_000, friendsTerms},
	{"Café Wholesale", 1, affiliate.SeeFirstName, affiliate.SignupApproval, 50_000, 0, ""},
}

// friendsTerms are those of the first program.
const friendsTerms = `1. You recommend our coffee in your own words, and say that you earn by it.

2. You earn on orders of customers who come by your links, as the program says. Refunds take the commission back.

3. Please buy no advertisements with our name, and send no mail to people who did not ask for it.

4. We pay on the 15th of each month what we approved, from $50.00.

5. Either of us may end this any day; what you earned until then is paid.`

// stock is a product with its price.
type stock struct {
	affiliate.Product
	price money.Amount
}

// ware is a product of the shop; flat is a flat commission instead of the
// program's percentage, unlisted ones earn nothing.
type ware struct {
	name, price, flat string
	unlisted          bool
}

func (w ware) amount() money.Amount { return money.MustParse(w.price) }

var catalogue = []ware{
	{name: "House Espresso, 1 kg", price: "24.90"},
	{name: "Single Origin Ethiopia, 500 g", price: "18.50"},
	{name: "Cold Brew Kit", price: "59.00"},
	{name: "Hand Grinder", price: "129.00", flat: "15"},
	{name: "Barista Course", price: "349.00"},
	{name: "Coffee Subscription, 1 month", price: "29.00"},
	{name: "Gift Card", price: "50.00", unlisted: true},
}

type toolPlan struct {
	group string
	tool  tracking.Tool
}

// toolPlans has every kind of promo tool.
func toolPlans(d *Demo) []toolPlan {
	shop, letter := d.URL()+"/shop/", d.URL()+"/coffee-letter/"
	return []toolPlan{
		{"Beans", tracking.Tool{Kind: tracking.StandardLink, Name: "The shop", TargetURL: shop, Campaign: "All year",
			Ad: "Text link"}},
		{"Newsletter", tracking.Tool{Kind: tracking.StandardLink, Name: "The coffee letter", TargetURL: letter,
			Campaign: "Newsletter", Ad: "Text link"}},
		{"Beans", tracking.Tool{Kind: tracking.DirectLink, Name: "The shop, direct", TargetURL: shop,
			Campaign: "All year", Ad: "Direct"}},
		{"Beans", tracking.Tool{Kind: tracking.Banner, Name: "Harbour banner", TargetURL: shop, ImageID: d.images[0],
			Campaign: "Summer", Ad: "Banner 728 × 90"}},
		{"Newsletter", tracking.Tool{Kind: tracking.Lightbox, Name: "Letter pop-up", TargetURL: letter,
			ImageID: d.images[1], Campaign: "Newsletter", Ad: "Pop-up"}},
		{"Newsletter", tracking.Tool{Kind: tracking.EmailCopy, Name: "Spring mail", TargetURL: letter,
			Campaign: "Newsletter", Ad: "Mail",
			Subject: "Coffee that left the harbour yesterday",
			BodyHTML: "<p>Hello,</p><p>I have been drinking this coffee for a year and still look forward to each " +
				"morning. <a href=\"{{link}}\">Have a look</a>.</p>",
			BodyText: "Hello,\n\nI have been drinking this coffee for a year and still look forward to each " +
				"morning. Have a look:\n{{link}}"}},
	}
}
