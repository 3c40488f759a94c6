package center

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// couponCard is the partner's own code on the page of tools (B17).
type couponCard struct {
	coupon.Offer
	Codes    []code
	Gives    locale.Text
	Wish     string
	May      bool // choose another code
	Problems affiliate.Problems
}

// couponCard is nil where the partner has no coupon, and is to have none.
func (p *Pages) couponCard(r *web.Request) (*couponCard, error) {
	offer, found, err := p.Coupons.OfferTo(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !found {
		return nil, err
	}
	card := &couponCard{Offer: offer, Wish: offer.Code.Code,
		May: offer.Active && offer.PartnersChoose && r.Who.Partner.State == affiliate.Active}
	if offer.Works {
		card.Codes = append(card.Codes, code{ID: "pc-coupon", Label: locale.T("Coupon code"), Text: offer.Code.Code})
	}
	for _, c := range offer.Others {
		card.Codes = append(card.Codes, code{ID: "pc-coupon-" + c.ID.String(), Label: locale.T("Coupon code"),
			Text: c.Code})
	}
	if t := offer.Template; t.Kind == coupon.Percent {
		card.Gives = locale.T("%s%% off", t.Amount)
	} else if t.Kind == coupon.Fixed {
		card.Gives = locale.T("%s off", money.Text(t.Amount, t.Currency))
	}
	return card, nil
}

// carries tells whether links can bring the coupon into the basket.
func (c *couponCard) carries() bool { return c != nil && len(c.Codes) > 0 }

// withCoupon adds the link that carries the coupon, for tools that are links.
func (o *offer) withCoupon(link string) {
	if len(o.Codes) > 0 && (o.Tool.Kind == tracking.StandardLink || o.Tool.Kind == tracking.DirectLink) {
		o.Codes = append(o.Codes, code{ID: "pc-code-" + o.Tool.Code + "-coupon", Label: locale.T("Link with coupon"),
			Text: tracking.WithCoupon(link), Copy: locale.T("Copy with coupon")})
	}
}

// ChooseCoupon makes the code that the partner wishes for theirs.
func (p *Pages) ChooseCoupon(r *web.Request) error {
	form := r.Form()
	wish := form.Text("code", 40)
	err := form.Err()
	if err == nil {
		_, err = p.Coupons.Choose(r.Ctx(), r.Who.Actor(), r.Who.Partner.ID, wish, true)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page, err := p.toolsPage(r)
		if err != nil {
			return err
		}
		if page.Coupon != nil {
			page.Coupon.Wish, page.Coupon.Problems = wish, form.Problems
		}
		return r.Invalid(pages, "tools.html", toolsTitle, page)
	}
	return r.Done(web.Flash{Text: locale.T("%s is your code. It works in the shop within a minute.",
		coupon.Fold(wish))},
		"tools")
}
