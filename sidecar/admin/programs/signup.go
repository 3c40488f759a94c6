package programs

import (
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// signupFormPage is where the program's sign-up form is (S4), what it asks, and the
// terms it has people accept (S148).
type signupFormPage struct {
	programTop
	URL       string // of the program's own sign-up form
	Questions []web.Field
	Terms     signup.Terms // that count
	Versions  []signup.Terms
	Open      int64 // partners who have not accepted those that count
	Body      string
	From      string
	Seen      int // the version that Body is written over
	Problems  affiliate.Problems
}

// ProgramSignup shows it.
func (p *Pages) ProgramSignup(r *web.Request) error {
	page, err := p.signupFormPage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "program_signup.html", locale.Data(page.Program.Name), page)
}

func (p *Pages) signupFormPage(r *web.Request) (page signupFormPage, err error) {
	if page.programTop, err = p.program(r, "signup"); err != nil {
		return page, err
	}
	page.URL = r.Site.Handover().PublicURL + "/signup/" + page.Program.Code
	questions, err := p.Signups.Questions(r.Ctx(), page.Program.ID)
	if err != nil {
		return page, err
	}
	for _, q := range questions {
		page.Questions = append(page.Questions, questionField(r, q))
	}
	if page.Versions, err = p.Signups.TermsVersions(r.Ctx(), page.Program.ID); err != nil {
		return page, err
	}
	if len(page.Versions) > 0 {
		page.Terms = page.Versions[0]
	}
	page.Body, page.Seen = page.Terms.Body, page.Terms.Version
	page.From = today(r).String()
	if page.Terms.Any() {
		page.Open, err = p.Signups.UnacceptedCount(r.Ctx(), page.Terms)
	}
	return page, err
}

func today(r *web.Request) affiliate.Day { return affiliate.DayOf(r.Site.Now(), r.Site.Zone()) }

// questionField is the choice whether a form asks a question.
func questionField(r *web.Request, q signup.Question) web.Field {
	f := web.Field{Name: q.Field, Value: string(q.Ask)}
	switch q.Field {
	case signup.Company:
		f.Label = r.Say(locale.T("Company"))
	case signup.Website:
		f.Label = r.Say(locale.T("Website or profile"))
	case signup.Promotion:
		f.Label = r.Say(locale.T("How they will promote you"))
	default:
		f.Label = q.Own.Name
	}
	f.Options = web.Options(signup.Asks, f.Value)
	return f
}

// SaveQuestions chooses what the program's form asks.
func (p *Pages) SaveQuestions(r *web.Request) error {
	page, err := p.signupFormPage(r)
	if err != nil {
		return err
	}
	form, chosen := r.Form(), map[string]signup.Ask{}
	for _, q := range page.Questions {
		if form.Sent(q.Name) {
			chosen[q.Name] = signup.Ask(form.Raw(q.Name))
		}
	}
	err = p.Signups.SaveQuestions(r.Ctx(), r.Who.Actor(), page.Program.ID, chosen)
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "program_signup.html", locale.Data(page.Program.Name), page)
	}
	return r.Done(web.Flash{Text: locale.T("Saved. The form asks this from now on.")}, page.Tab)
}

// PublishTerms makes new terms of the program, of which its partners are told.
func (p *Pages) PublishTerms(r *web.Request) error {
	page, err := p.signupFormPage(r)
	if err != nil {
		return err
	}
	form := r.Form()
	draft := signup.Draft{Body: form.Raw("body")}
	page.Body, page.From = draft.Body, form.Raw("applies_from")
	if draft.Seen, err = strconv.Atoi(form.Raw("seen")); err != nil {
		draft.Seen = -1
	}
	page.Seen = draft.Seen
	draft.AppliesFrom, err = affiliate.ParseDay(page.From)
	form.Problems.Check(err == nil, "applies_from", "Please enter a date, such as 2026-01-31.")
	var terms signup.Terms
	if err = form.Err(); err == nil {
		terms, err = p.Signups.PublishTerms(r.Ctx(), r.Who.Actor(), page.Program.ID, draft, today(r))
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "program_signup.html", locale.Data(page.Program.Name), page)
	}
	done := locale.T("Version %d is published. Active partners are told by email and asked to accept it.",
		terms.Version)
	switch {
	case terms.Version == page.Terms.Version:
		done = locale.T("Nothing has changed: this text is in force already.")
	case !terms.Any():
		done = locale.T("The program has no terms now, and no one is asked to accept any.")
	}
	return r.Done(web.Flash{Text: done}, page.Tab)
}

// unacceptedPage are the partners who have not accepted the terms that count.
type unacceptedPage struct {
	programTop
	Terms    signup.Terms
	Count    int64
	Partners []signup.Unaccepted
	Behind   affiliate.PartnerID // of the last one shown; 0: there are no more
}

// unacceptedShown is how many of them a page shows.
const unacceptedShown = 100

// Unaccepted shows who has not accepted a program's terms.
func (p *Pages) Unaccepted(r *web.Request) error {
	top, err := p.program(r, "signup")
	if err != nil {
		return err
	}
	page := unacceptedPage{programTop: top}
	if page.Terms, err = p.Signups.Terms(r.Ctx(), top.Program.ID); err != nil {
		return err
	}
	behind, err := strconv.ParseInt(r.Query("behind"), 10, 64)
	if err != nil || behind < 0 {
		behind = 0
	}
	if page.Terms.Any() {
		if page.Count, err = p.Signups.UnacceptedCount(r.Ctx(), page.Terms); err != nil {
			return err
		}
		page.Partners, err = p.Signups.Unaccepted(r.Ctx(), page.Terms, affiliate.PartnerID(behind), unacceptedShown+1)
		if err != nil {
			return err
		}
	}
	if len(page.Partners) > unacceptedShown {
		page.Partners = page.Partners[:unacceptedShown]
		page.Behind = page.Partners[unacceptedShown-1].ID
	}
	return r.Page(pages, "unaccepted.html", locale.Data(top.Program.Name), page)
}
