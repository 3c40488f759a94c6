package center

import (
	"net/http"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// termsPage is a program's terms in one version, for anybody, and how the partner
// who looks at them stands to them (S148).
type termsPage struct {
	Program  affiliate.Program
	Terms    signup.Terms
	Latest   int             // the version that counts
	Standing signup.Standing // of a partner of this program; the zero one for others
}

// Terms shows the terms of a program: those that count, or the version asked for.
func (p *Pages) Terms(r *web.Request) error {
	program, err := p.Registry.ProgramByCode(r.Ctx(), r.Param("program"))
	if err != nil {
		return err
	}
	page := termsPage{Program: program}
	if page.Terms, err = p.Signups.Terms(r.Ctx(), program.ID); err != nil {
		return err
	}
	page.Latest = page.Terms.Version
	if version, err := strconv.Atoi(r.Query("version")); err == nil && version != page.Latest {
		if page.Terms, err = p.Signups.TermsVersion(r.Ctx(), program.ID, version); err != nil {
			return err
		}
	}
	if !page.Terms.Any() {
		return affiliate.Missing("%s has no terms of its own.", program.Name)
	}
	if r.Who.Partner.State.MayLogIn() {
		standing, err := p.Signups.Standing(r.Ctx(), r.Who.Partner.ID)
		if err != nil {
			return err
		}
		if standing.Program.ID == program.ID {
			page.Standing = standing
		}
	}
	return r.Page(pages, "terms.html", locale.T("Terms of %s", program.Name), page)
}

// Asks tells whether the partner is asked to accept what is shown.
func (page termsPage) Asks() bool { return page.Standing.Open() && page.Terms.Version == page.Latest }

// AcceptTerms notes that the partner who is logged in accepts what they have seen.
func (p *Pages) AcceptTerms(r *web.Request) error {
	if !r.Who.Partner.State.MayLogIn() {
		return affiliate.Forbidden("Only partners of this program can accept its terms.")
	}
	version, err := strconv.Atoi(r.Form().Raw("version"))
	if err != nil {
		return affiliate.Missing("There are no such terms.")
	}
	if err := p.Signups.AcceptTerms(r.Ctx(), r.Who.Actor(), r.Who.Partner.ID, version); err != nil {
		return err
	}
	done := web.Flash{Text: locale.T("Thank you. You accepted the terms.")}
	if r.HasCenter() {
		return r.Done(done, "")
	}
	r.Redirect(http.StatusSeeOther, r.Surface.URL("signup/"+r.Param("program")+"/terms"))
	return nil
}
