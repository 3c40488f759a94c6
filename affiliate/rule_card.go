package affiliate

import (
	"context"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// RuleCard is what a program pays and when, as partners read it: made of the
// policy in force and the products' terms, so that it cannot say otherwise.
type RuleCard struct {
	Version int       // of the policy
	Since   time.Time // when it was saved
	Rules   []locale.Text
	Earn    []CardLine // the first products by name, at most cardProducts
	More    bool       // there are further products
}

// CardLine is what one product earns.
type CardLine struct {
	Product string
	Earns   locale.Text
}

// cardProducts is how many products a rule card names.
const cardProducts = 25

// RuleCard is the card of a program as it is now. Days are those of zone.
func (r *Registry) RuleCard(ctx context.Context, p Program, zone *time.Location) (RuleCard, error) {
	policy, err := r.Policy(ctx, p.ID)
	if err != nil {
		return RuleCard{}, err
	}
	card := RuleCard{Version: policy.Version, Since: policy.SavedAt, Rules: policy.InWords(r.now(), zone)}
	products, err := r.ProgramProducts(ctx, p.ID, "", Page{Limit: cardProducts + 1})
	if card.More = len(products) > cardProducts; card.More {
		products = products[:cardProducts]
	}
	for _, product := range products {
		card.Earn = append(card.Earn, CardLine{product.Name, product.Terms.InWords(p.Tiers)})
	}
	return card, err
}

// InWords is what the product earns; level 2 only where the program has it.
func (t Terms) InWords(tiers int) locale.Text {
	if t.Kind == Percent {
		if tiers == 2 && t.Level2 > 0 {
			return locale.T("%s%%, and %s%% when a partner you recruited sells it", t.Level1, t.Level2)
		}
		return locale.T("%s%%", t.Level1)
	}
	flats := []locale.Text{}
	for _, f := range t.Flats {
		text := money.Text(f.Level1, f.Currency)
		if tiers == 2 && f.Level2.Sign() > 0 {
			text = locale.T("%s, and %s when a partner you recruited sells it", text, money.Text(f.Level2, f.Currency))
		}
		flats = append(flats, text)
	}
	return locale.Join(flats...)
}

// InWords are the rules that hold at a time and later, one sentence or two each.
func (p Policy) InWords(at time.Time, zone *time.Location) []locale.Text {
	rules := []locale.Text{p.creditInWords()}
	for _, w := range p.Windows {
		if w.To.After(at) {
			rules = append(rules,
				locale.T("%s, from %s to %s: only customers who click your link in that time earn you "+
					"a commission.", w.Name, DayOf(w.From, zone), DayOf(w.To.Add(-time.Microsecond), zone)))
		}
	}
	if p.NewOnly {
		rules = append(rules, locale.T("Only a customer's first order earns."))
	}
	if p.RenewalLimit > 0 {
		rules = append(rules, locale.N("Of a subscription's renewals, the first %d earns.",
			"Of a subscription's renewals, the first %d earn.", p.RenewalLimit))
	}
	rules = append(rules, map[SelfReferral]locale.Text{
		AllowSelf: locale.T("Your own purchases earn like any other."),
		HoldSelf:  locale.T("Commissions on your own purchases are checked by hand."),
		DenySelf:  locale.T("Your own purchases don't earn commission."),
	}[p.SelfReferral], p.Base.InWords())
	if p.FlatPer == FlatPerOrder {
		rules = append(rules, locale.T("Flat amounts count once for each product in an order, whatever the quantity."))
	} else {
		rules = append(rules, locale.T("Flat amounts count for each unit sold."))
	}
	rules = append(rules, p.approvalInWords())
	for _, r := range p.Rules {
		switch r.Then {
		case DeclineSale:
			rules = append(rules, locale.T("Some sales don't earn: %s", r.Reason))
		case HoldSale:
			rules = append(rules, locale.T("Some sales are checked first: %s", r.Reason))
		}
	}
	return rules
}

func (p Policy) creditInWords() locale.Text {
	switch {
	case p.Credit == StoredForDays:
		return locale.N("You earn on a customer's orders for %d day after their last click or form with your link.",
			"You earn on a customer's orders for %d days after their last click or form with your link.", p.CreditDays)
	case p.Credit == LiveClick && p.CreditDays > 0:
		return locale.N("You earn when the customer clicked your link at most %d day before the order.",
			"You earn when the customer clicked your link at most %d days before the order.", p.CreditDays)
	case p.Credit == LiveClick:
		return locale.T("You earn when the customer's browser brings a click on your link to the order.")
	}
	return locale.T("You earn on every order of a customer for as long as you are their referrer.")
}

// InWords says what percentages are taken of (D8).
func (b Base) InWords() locale.Text {
	if b == (Base{}) {
		return locale.T("Percentages are taken of the price after discounts, without tax and shipping.")
	}
	price := locale.T("Percentages are taken of the price after discounts.")
	if b.BeforeDiscount {
		price = locale.T("Percentages are taken of the price before discounts.")
	}
	tax, shipping := locale.T("Tax doesn't count."), locale.T("Shipping doesn't count.")
	if b.WithTax {
		tax = locale.T("Tax counts.")
	}
	if b.WithShipping {
		shipping = locale.T("Shipping counts.")
	}
	return locale.Join(price, tax, shipping)
}

func (p Policy) approvalInWords() locale.Text {
	switch {
	case p.Hold > 0 && p.Approve:
		return locale.N("Commissions are approved automatically %d day after the sale.",
			"Commissions are approved automatically %d days after the sale.", p.Hold)
	case p.Hold > 0:
		return locale.N("We review commissions %d day after the sale, in case of refunds.",
			"We review commissions %d days after the sale, in case of refunds.", p.Hold)
	case p.Approve:
		return locale.T("Commissions are approved automatically.")
	}
	return locale.T("We review each commission before we pay it.")
}
