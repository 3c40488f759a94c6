package partners

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// usersShown is how many WordPress users a search shows.
const usersShown = 20

// userForm makes a WordPress user a partner (S142).
type userForm struct {
	partnerForm
	Search string
	Found  []foundUser
	More   bool   // than are shown
	User   string // chosen
}

// foundUser is a WordPress user, and the partner they are already.
type foundUser struct {
	wpbridge.Found
	PartnerID affiliate.PartnerID
}

var fromUserTitle = locale.T("Add a WordPress user as partner")

// NewFromUser searches the WordPress users, to make one of them a partner.
func (p *Pages) NewFromUser(r *web.Request) error {
	return p.showFromUser(r, userForm{Search: strings.TrimSpace(r.Query("q")),
		partnerForm: partnerForm{Program: r.Query("program"), Method: string(affiliate.PayPal)}})
}

func (p *Pages) showFromUser(r *web.Request, page userForm) (err error) {
	if page.partnerForm, err = p.withPartnerChoices(r, page.partnerForm); err != nil {
		return err
	}
	page.Search = affiliate.Cut(page.Search, 100)
	if page.Search != "" {
		users, err := p.FindUsers(r.Ctx(), page.Search, usersShown+1)
		if err != nil {
			return err
		}
		page.More = len(users) > usersShown
		for _, user := range users[:min(len(users), usersShown)] {
			partner, err := p.Registry.PartnerByUser(r.Ctx(), affiliate.UserID(user.ID))
			if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
				return err
			}
			page.Found = append(page.Found, foundUser{user, partner.ID})
		}
	}
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "partner_user.html", fromUserTitle, page)
	}
	return r.Page(pages, "partner_user.html", fromUserTitle, page)
}

// AddFromUser makes a WordPress user a partner; they keep their account.
func (p *Pages) AddFromUser(r *web.Request) error {
	form := r.Form()
	page := userForm{Search: form.Raw("q"), User: form.Raw("user"), partnerForm: partnerForm{
		Program: form.Raw("program"), PayPalEmail: form.Text("paypal_email", 190), Method: form.Raw("payment_method")}}
	id := web.FormID[int64](form, "user")
	form.Problems.Check(id != 0, "user", "Please choose a user.")
	program := web.FormID[affiliate.ProgramID](form, "program")
	form.Problems.Check(program != 0, "program", "Please choose a program.")
	err := form.Err()
	var result signup.Result
	if err == nil {
		result, err = p.addUser(r, id, signup.Addition{ProgramID: program, PayPalEmail: page.PayPalEmail,
			Method: affiliate.PaymentPolicy(page.Method)})
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showFromUser(r, page)
	}
	text := locale.T("They are a partner now, with the WordPress account they have. We send the welcome email.")
	if result.Outcome == signup.Already {
		text = locale.T("They are already in the program %s. Nothing was changed.", result.Program.Name)
	}
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(result.Partner.ID))
}

// addUser adds the user as WordPress knows them.
func (p *Pages) addUser(r *web.Request, id int64, a signup.Addition) (signup.Result, error) {
	user, err := r.Site.User(r.Ctx(), id)
	if err != nil {
		return signup.Result{}, affiliate.Invalid("user", "WordPress no longer has this user.")
	}
	if user.Blocked {
		return signup.Result{}, affiliate.Invalid("user", "WordPress has blocked this user.")
	}
	a.Person = affiliate.Person{Email: user.Email, UserID: affiliate.UserID(id)}
	found, err := p.FindUsers(r.Ctx(), user.Login, usersShown)
	for _, f := range found {
		if f.ID == id {
			a.Person.FirstName, a.Person.LastName = affiliate.Cut(f.FirstName, 100), affiliate.Cut(f.LastName, 100)
		}
	}
	if err != nil {
		return signup.Result{}, err
	}
	return p.Signups.Add(r.Ctx(), r.Who.Actor(), a)
}
