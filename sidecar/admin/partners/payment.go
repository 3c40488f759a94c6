package partners

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// paymentPage is the form for how a partner is paid, with its fields as typed.
type paymentPage struct {
	top
	Method, PayPalEmail, Payee, Address string
	Methods                             []affiliate.PaymentPolicy // empty: the settings leave no choice
	Waiting                             *affiliate.PayPalChange   // asked for by the partner, not confirmed
}

// AskPayment shows how the partner is paid, to be changed.
func (p *Pages) AskPayment(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	return p.showPayment(r, paymentPage{top: t, Method: string(t.Partner.PaymentMethod),
		PayPalEmail: t.Partner.PayPalEmail, Payee: t.Partner.Payee, Address: t.Partner.Address})
}

func (p *Pages) showPayment(r *web.Request, page paymentPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if settings.PaymentMethod == affiliate.Choice {
		page.Methods = []affiliate.PaymentPolicy{affiliate.PayPal, affiliate.Check}
	} else {
		page.Method = string(settings.PaymentMethod)
	}
	if page.Waiting, err = p.Registry.WaitingPayPal(r.Ctx(), page.Partner.ID); err != nil {
		return err
	}
	return page.show(r, "payment.html", locale.T("How %s is paid", page.Contact.Name()), page)
}

// SetPayment changes how the partner is paid at once, and tells them (S145).
func (p *Pages) SetPayment(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page := paymentPage{top: t, Method: form.Raw("payment_method"), PayPalEmail: t.Partner.PayPalEmail,
		Payee: t.Partner.Payee, Address: t.Partner.Address}
	// What the settings leave no room for isn't in the form, and stays as it is.
	if form.Sent("paypal_email") {
		page.PayPalEmail = form.Text("paypal_email", 190)
	}
	if form.Sent("payee") || form.Sent("address") {
		page.Payee, page.Address = form.Text("payee", 190), form.LongText("address", 500)
	}
	changed := false
	if err = form.Err(); err == nil {
		changed, err = p.Signups.SetPayment(r.Ctx(), r.Who.Actor(), t.Partner.ID,
			affiliate.Payment{Method: affiliate.PaymentPolicy(page.Method), PayPalEmail: page.PayPalEmail,
				Payee: page.Payee, Address: page.Address, Seen: form.Raw("seen")})
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showPayment(r, page)
	}
	text := locale.T("Nothing was changed: %s is paid like this already.", t.Contact.Name())
	if changed {
		text = locale.T("Saved. It applies to the next payment, and we sent %s an email about it.", t.Contact.Name())
	}
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(t.Partner.ID))
}
