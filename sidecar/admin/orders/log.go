package orders

import (
	"crypto/rand"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// NewTransaction shows the empty form of a sale that no cart reports: of the
// contact that the path names, or of whoever's address is entered.
func (p *Pages) NewTransaction(r *web.Request) error {
	buyer, err := p.buyer(r)
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	return p.showLog(r, saleForm{Contact: buyer, FormID: rand.Text(), Currency: string(settings.Currency),
		Day: affiliate.DayOf(p.Now(), r.Site.Zone()).String(), Status: string(sale.OrderPaid)}, r.Form())
}

// buyer is the contact of the path, or none.
func (p *Pages) buyer(r *web.Request) (affiliate.Contact, error) {
	if r.Param("contact") == "" {
		return affiliate.Contact{}, nil
	}
	return parts.Living(r, p.Registry)
}

func (p *Pages) showLog(r *web.Request, page saleForm, form *web.Form) error {
	if err := p.fill(r, &page); err != nil {
		return err
	}
	page.Problems = form.Problems
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "log.html", locale.T("Log a transaction"), page)
	}
	return r.Page(pages, "log.html", locale.T("Log a transaction"), page)
}

// LogTransaction records the posted sale and says which commissions it made, or
// why none.
func (p *Pages) LogTransaction(r *web.Request) error {
	buyer, err := p.buyer(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page, state := saleForm{Contact: buyer}, sale.OrderState{}
	if err := p.posted(r, form, &page, &state); err != nil {
		return err
	}
	if r.PostForm("more") != "" || r.PostForm("search") != "" {
		return p.showLog(r, page, r.Form())
	}
	state.Buyer.Email = buyer.Email
	if buyer.ID == 0 {
		state.Buyer.Email, err = affiliate.FoldEmail(page.Email)
		form.Problems.Check(err == nil, "email", "Please enter the buyer's email address.")
	}
	form.Problems.Check(page.FormID != "", "", "Please open the form again.")
	state.ExternalID = page.FormID
	if state.Number == "" {
		state.Number = "logged-" + strings.ToLower(affiliate.Cut(page.FormID, 8))
	}
	now := p.Now()
	if placed := placedOn(form, page.Day, now, r.Site.Zone()); !placed.Equal(now) {
		state.PlacedAt = placed
	}
	err = form.Err()
	if id, failed := p.Sales.FindLogged(r.Ctx(), page.FormID); err == nil && failed == nil {
		return r.Done(web.Flash{Text: alreadyLogged}, parts.OrderPath(id))
	} else if failed != nil && affiliate.KindOf(failed) != affiliate.KindNotFound {
		return failed
	}
	var result sale.Result
	if err == nil {
		result, err = p.Sales.LogOrder(r.Ctx(), r.Who.Actor(), state)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showLog(r, page, form)
	}
	text, err := p.logged(r, result)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: text}, parts.OrderPath(result.OrderID))
}

var alreadyLogged = locale.T("This sale is already logged. Nothing was changed.")

// logged says in words what came of a logged sale.
func (p *Pages) logged(r *web.Request, result sale.Result) (locale.Text, error) {
	if result.Outcome == sale.Repeated {
		return alreadyLogged, nil
	}
	view, err := p.Sales.Order(r.Ctx(), result.OrderID)
	if err != nil {
		return locale.Text{}, err
	}
	order, err := parts.ExplainOne(r, p.Registry, view)
	if err != nil {
		return locale.Text{}, err
	}
	text := locale.T("Sale logged. No card was charged.")
	for _, c := range view.Commissions {
		text = locale.Join(text, locale.T("%s earns %s (level %d, %s).", order.People.Name(c.PartnerID),
			money.Text(c.Amount, c.Currency),
			c.Level, web.Words(c.Status)))
	}
	if len(view.Commissions) == 0 {
		text = locale.Join(text, order.WhyNothing())
	}
	return text, nil
}
