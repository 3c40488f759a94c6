package center

import (
	"net/http"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// heldPage asks a mailbox whether its owner wants to become a partner (D42).
type heldPage struct {
	Program string
	Token   string
	Code    string // of the program
	Terms   int    // the version of the terms that is accepted with it, 0 for none
}

// ConfirmSignup shows what a mailed link confirms. Nothing changes by looking:
// mail programs open links by themselves.
func (p *Pages) ConfirmSignup(r *web.Request) error {
	token := r.Query("token")
	held, err := p.Signups.HeldByToken(r.Ctx(), token)
	if err != nil {
		return err
	}
	program, err := p.Registry.Program(r.Ctx(), held.ProgramID)
	if err != nil {
		return err
	}
	page := heldPage{Program: program.Name, Token: token, Code: program.Code}
	if page.Terms, err = p.Signups.TermsOf(r.Ctx(), held); err != nil {
		return err
	}
	return r.Page(pages, "confirm_signup.html", locale.T("Become a partner: %s", program.Name), page)
}

// SignupConfirmed lets the form take effect, for the mailbox that has the link.
func (p *Pages) SignupConfirmed(r *web.Request) error {
	result, err := p.Signups.ConfirmMail(r.Ctx(), r.Form().Raw("token"))
	if err != nil {
		return err
	}
	return p.thank(r, result.Program)
}

// ConfirmOwnSignup lets a form take effect that somebody sent with the address
// of the account that is logged in.
func (p *Pages) ConfirmOwnSignup(r *web.Request) error {
	program, err := p.Registry.ProgramByCode(r.Ctx(), r.Param("program"))
	if err != nil {
		return err
	}
	result, err := p.Signups.ConfirmLoggedIn(r.Ctx(), affiliate.UserID(r.Who.User.ID), r.Who.User.Email, program.ID)
	if err != nil {
		return err
	}
	if result.Outcome == signup.Joined && r.HasCenter() {
		r.Redirect(http.StatusSeeOther, r.Surface.URL(""))
		return nil
	}
	return p.thank(r, program)
}
