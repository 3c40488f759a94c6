package center

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// profilePage is how the partner is paid, and who they are to WordPress. Its
// fields are as typed.
type profilePage struct {
	Method      string
	PayPalEmail string
	Waiting     *affiliate.PayPalChange // a changed address that is not confirmed yet (S145)
	Unconfirmed bool                    // the address came by a form that was not logged in (D42)
	Payee       string
	Address     string
	Choice      bool                      // the partner picks the method (S5)
	Methods     []affiliate.PaymentPolicy // to pick from
	Code        string
	Program     string
	Account     string // where WordPress lets them change name, e-mail and password
	Problems    affiliate.Problems
}

var profileTitle = locale.T("Profile")

// Profile shows what the partner can change about themselves (S5, S118).
func (p *Pages) Profile(r *web.Request) error {
	page, err := p.profilePage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "profile.html", profileTitle, page)
}

func (p *Pages) profilePage(r *web.Request) (profilePage, error) {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return profilePage{}, err
	}
	program, _, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return profilePage{}, err
	}
	waiting, err := p.Registry.WaitingPayPal(r.Ctx(), r.Who.Partner.ID)
	return profilePage{
		Waiting:     waiting,
		Unconfirmed: r.Who.Partner.PaymentUnconfirmed,
		Payee:       r.Who.Partner.Payee,
		Address:     r.Who.Partner.Address,
		Method:      string(settings.MethodOf(r.Who.Partner)),
		PayPalEmail: r.Who.Partner.PayPalEmail,
		Choice:      settings.PaymentMethod == affiliate.Choice,
		Methods:     []affiliate.PaymentPolicy{affiliate.PayPal, affiliate.Check},
		Code:        r.Who.Partner.Code,
		Program:     program.Name,
		Account:     r.Site.Handover().AdminURL + "profile.php",
	}, err
}

// SaveProfile changes how the partner is paid.
func (p *Pages) SaveProfile(r *web.Request) error {
	page, err := p.profilePage(r)
	if err != nil {
		return err
	}
	form := r.Form()
	if page.Choice {
		page.Method = form.Raw("payment_method")
	}
	page.PayPalEmail = form.Raw("paypal_email")
	page.Payee, page.Address = form.Raw("payee"), form.Raw("address")
	pay := affiliate.Payment{Method: affiliate.PaymentPolicy(page.Method), PayPalEmail: form.Text("paypal_email", 190),
		Payee: page.Payee, Address: page.Address}
	waits := false
	if err = form.Err(); err == nil && pay.PayPalEmail != r.Who.Partner.PayPalEmail {
		err = p.mayWrite(r, form)
	}
	if err == nil {
		waits, err = p.Signups.ChangePayment(r.Ctx(), r.Who.Actor(), r.Who.Partner.ID, pay)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "profile.html", profileTitle, page)
	}
	if waits {
		return r.Done(web.Flash{Text: locale.T(
			"Please confirm the new address: we sent a link to the old one and to the new one. Payments continue " +
				"when you open both.")}, "profile")
	}
	return r.Done(web.Flash{Text: locale.T("Saved. We use this for your next payment.")}, "profile")
}
