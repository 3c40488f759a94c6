package center

import (
	"errors"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// profilePage is how the partner is paid and written to, whom they recruited, and
// who they are to WordPress. Its fields are as typed.
type profilePage struct {
	Method      string
	PayPalEmail string
	Waiting     *affiliate.PayPalChange // an address that is not confirmed yet (S145)
	Unconfirmed bool                    // the address came by a form that was not logged in (D42)
	Payee       string
	Address     string
	Choice      bool                      // the partner picks the method (S5)
	Methods     []affiliate.PaymentPolicy // to pick from
	Code        string
	Mails       affiliate.MailChoices
	PerSale     bool        // the program sends a mail for each sale
	Recruiting  *recruiting // nil: their program has one tier
	Memberships []membership
	Account     string      // where WordPress lets them change name, e-mail and password
	Own         []web.Field // the site's own fields that partners may change (S32)
	Problems    affiliate.Problems
}

// recruiting is how a partner of a 2-tier program finds further partners, and
// whom they have found (S14).
type recruiting struct {
	Link     string // "" while the program takes nobody in
	Recruits []reports.Recruit
}

// membership is a stay in a program.
type membership struct {
	affiliate.Membership
	Program string
}

// Left is when it ended.
func (m membership) Left() time.Time { return *m.EndedAt }

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
	page := profilePage{
		Unconfirmed: r.Who.Partner.PaymentUnconfirmed,
		Payee:       r.Who.Partner.Payee,
		Address:     r.Who.Partner.Address,
		Method:      string(settings.MethodOf(r.Who.Partner)),
		PayPalEmail: r.Who.Partner.PayPalEmail,
		Choice:      settings.PaymentMethod == affiliate.Choice,
		Methods:     []affiliate.PaymentPolicy{affiliate.PayPal, affiliate.Check},
		Code:        r.Who.Partner.Code,
		Account:     r.Site.Handover().AdminURL + "profile.php",
	}
	if page.Waiting, err = p.Registry.WaitingPayPal(r.Ctx(), r.Who.Partner.ID); err != nil {
		return page, err
	}
	if page.Mails, err = p.Registry.MailChoices(r.Ctx(), r.Who.Partner.ID); err != nil {
		return page, err
	}
	if err := p.fillOwn(r, &page, r.Form()); err != nil {
		return page, err
	}
	return page, p.fillPrograms(r, &page)
}

// fillPrograms adds what follows from the programs that the partner is or was in.
func (p *Pages) fillPrograms(r *web.Request, page *profilePage) error {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	page.PerSale = program.NotifyEarned
	stays, err := p.Registry.Memberships(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	for _, stay := range stays {
		of, err := p.Registry.Program(r.Ctx(), stay.ProgramID)
		if err != nil {
			return err
		}
		page.Memberships = append(page.Memberships, membership{stay, of.Name})
	}
	recruits, err := p.Reports.Recruits(r.Ctx(), r.Who.Partner.ID)
	if err != nil || len(recruits) == 0 && (!member || program.Tiers != 2) {
		return err
	}
	page.Recruiting = &recruiting{Recruits: recruits}
	if member && program.Tiers == 2 && program.Signup != affiliate.SignupClosed {
		page.Recruiting.Link = tracking.Links{Base: r.Site.Handover().PublicURL}.Signup(program.Code, page.Code)
	}
	return nil
}

// SaveProfile changes how the partner is paid. What decides where money goes for
// the first time needs the password, or the confirmation of a mailbox (S145).
func (p *Pages) SaveProfile(r *web.Request) error {
	page, err := p.profilePage(r)
	if err != nil {
		return err
	}
	form := r.Form()
	if page.Choice {
		page.Method = form.Raw("payment_method")
	}
	pay := page.read(form, r.Who.Partner)
	if err = form.Err(); err == nil && pay.PayPalEmail != r.Who.Partner.PayPalEmail {
		err = p.mayWrite(r, form)
	}
	waits, asked := false, false
	if err == nil {
		if waits, asked, err = p.changePayment(r, pay); asked {
			return err
		}
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "profile.html", profileTitle, page)
	}
	if waits {
		return r.Done(web.Flash{Text: locale.T(
			"Please confirm the new address: we sent you a link. Payments continue when every address we wrote " +
				"to has " +
				"confirmed.")}, "profile")
	}
	return r.Done(web.Flash{Text: locale.T("Saved. We use this for your next payment, and told you by email.")},
		"profile")
}

// read takes the fields of the chosen method; those of the other stay as they are.
func (page *profilePage) read(form *web.Form, now affiliate.Partner) affiliate.Payment {
	pay := affiliate.Payment{Method: affiliate.PaymentPolicy(page.Method), PayPalEmail: now.PayPalEmail,
		Payee: now.Payee, Address: now.Address}
	if page.Method != string(affiliate.Check) {
		page.PayPalEmail = form.Raw("paypal_email")
		pay.PayPalEmail = form.Text("paypal_email", 190)
	}
	if page.Method == string(affiliate.Check) {
		page.Payee, page.Address = form.Raw("payee"), form.Raw("address")
		pay.Payee, pay.Address = page.Payee, page.Address
	}
	return pay
}

// changePayment changes how the partner is paid, once it is them beyond doubt:
// asked tells that the page asks for the password instead.
func (p *Pages) changePayment(r *web.Request, pay affiliate.Payment) (waits, asked bool, err error) {
	change := func(proof affiliate.OwnerProof) error {
		waits, err = p.Signups.ChangePayment(r.Ctx(), r.Who.Actor(), r.Who.Partner.ID, pay, proof)
		return err
	}
	proof := affiliate.NoProof
	if r.ByMail() {
		proof = affiliate.ByMail
	}
	err = change(proof)
	var unproven *affiliate.UnprovenError
	if !errors.As(err, &unproven) {
		return waits, false, err
	}
	if asked, err = r.PasswordAnew(unproven.Mailable); asked || err != nil {
		return false, asked, err
	}
	return waits, false, change(affiliate.ByPassword)
}

// ChooseMails keeps which mails the partner wants.
func (p *Pages) ChooseMails(r *web.Request) error {
	form := r.Form()
	err := p.Registry.ChooseMails(r.Ctx(), r.Who.Actor(), r.Who.Partner.ID, affiliate.MailChoices{
		PerSale: form.Bool("per_sale"), PerPayment: form.Bool("per_payment"), Monthly: form.Bool("monthly")})
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Saved.")}, "profile")
}
