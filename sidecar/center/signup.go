package center

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// signupPage is the sign-up form of a program (S4, S103), or what there is to
// say instead of it. Fields are as typed.
type signupPage struct {
	Program     affiliate.Program
	State       signupState
	Email       string
	EmailFixed  bool // it is that of the account logged in
	FirstName   string
	LastName    string
	PayPalEmail string
	Method      string
	Methods     []affiliate.PaymentPolicy // to pick from; none where the settings decide (S5)
	PayPal      bool                      // an address can be given
	FormID      string                    // of this copy of the form
	Questions   []web.Field               // what this program asks beyond these
	Terms       signup.Terms              // to be accepted; the zero ones: the program has none
	Accepts     bool                      // ticked
	Short       affiliate.ShortTerms      // what one earns
	Card        affiliate.RuleCard
	Held        signup.Held // of the state held
	HeldTerms   int         // the version of the terms that was ticked in it
	Problems    affiliate.Problems

	asked []signup.Question
}

// signupState is what the page shows.
type signupState string

const (
	signupForm    signupState = ""
	signupClosed  signupState = "closed"
	signupPartner signupState = "partner" // who looks at it is one already
	signupHeld    signupState = "held"    // a form with the address of the account waits for its owner (D42)
	signupWaiting signupState = "waiting" // has applied
	signupJoined  signupState = "joined"  // has just become one
)

// Signup shows a program's sign-up form to anybody.
func (p *Pages) Signup(r *web.Request) error {
	page, err := p.signupPage(r)
	if err != nil {
		return err
	}
	if r.Query(tracking.PagePartner) != "" { // a recruiting link (S14); again without it, that a reload is no click
		if err := p.Arrived(r); err != nil {
			return err
		}
		r.Redirect(http.StatusFound, r.Surface.URL("signup/"+page.Program.Code))
		return nil
	}
	if done := signupState(r.Query("done")); done == signupJoined || done == signupWaiting {
		page.State = done
	}
	if there := p.guarded(r); there != "" {
		r.Redirect(http.StatusSeeOther, there)
		return nil
	}
	return r.Page(pages, "signup.html", page.title(), page)
}

func (p *Pages) signupPage(r *web.Request) (signupPage, error) {
	program, err := p.Registry.ProgramByCode(r.Ctx(), r.Param("program"))
	if err != nil {
		return signupPage{}, err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	page := signupPage{
		Program: program, Email: r.Who.User.Email, EmailFixed: r.Who.LoggedIn(), FormID: rand.Text(),
		PayPal: settings.PaymentMethod != affiliate.Check,
	}
	if settings.PaymentMethod == affiliate.Choice {
		page.Method, page.Methods = string(affiliate.PayPal), []affiliate.PaymentPolicy{affiliate.PayPal,
			affiliate.Check}
	}
	switch state := r.Who.Partner.State; {
	case state.MayLogIn():
		page.State = signupPartner
	case state == affiliate.Applied:
		page.State = signupWaiting
	case program.Archived() || program.Signup == affiliate.SignupClosed:
		page.State = signupClosed
	case r.Who.LoggedIn() && err == nil:
		err = p.fillHeld(r, &page)
	}
	if err != nil || page.State != signupForm && page.State != signupHeld {
		return page, err
	}
	return page, p.fillForm(r, &page)
}

// fillHeld finds a form that waits for the owner of the account that is logged in.
func (p *Pages) fillHeld(r *web.Request, page *signupPage) (err error) {
	page.Held, err = p.Signups.HeldOf(r.Ctx(), r.Who.User.Email, page.Program.ID)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	page.State = signupHeld
	page.HeldTerms, err = p.Signups.TermsOf(r.Ctx(), page.Held)
	return err
}

// fillForm adds what the program itself asks and says.
func (p *Pages) fillForm(r *web.Request, page *signupPage) error {
	all, err := p.Signups.Questions(r.Ctx(), page.Program.ID)
	if err != nil {
		return err
	}
	page.asked = signup.Asked(all)
	if page.Terms, err = p.Signups.Terms(r.Ctx(), page.Program.ID); err != nil {
		return err
	}
	if page.Short, err = p.Registry.ShortTerms(r.Ctx(), page.Program); err != nil {
		return err
	}
	page.Card, err = p.Registry.RuleCard(r.Ctx(), page.Program, r.Site.Zone())
	page.Questions = questions(r, page.asked, r.Form())
	return err
}

func (page signupPage) title() locale.Text {
	switch page.State {
	case signupForm, signupHeld:
		return locale.T("Become a partner: %s", page.Program.Name)
	case signupJoined, signupWaiting:
		return locale.T("Thank you!")
	}
	return locale.Data(page.Program.Name)
}

// Apply signs the visitor up.
func (p *Pages) Apply(r *web.Request) error {
	page, err := p.signupPage(r)
	if err != nil {
		return err
	}
	if page.State != signupForm && page.State != signupHeld { // to fill in the form again is an answer, too
		return r.Page(pages, "signup.html", page.title(), page)
	}
	form := r.Form()
	page.Questions = questions(r, page.asked, form)
	if form.Raw("website") != "" { // people do not see this field, programs fill it in
		return p.thank(r, page.Program)
	}
	application := page.read(form)
	application.UserID, application.Click = affiliate.UserID(r.Who.User.ID), r.Click(r.Site.Now())
	application.Visitor, application.Network = r.CookieValue(web.VisitorCookie), r.Network()
	application.Page = r.Surface.URL("signup/" + page.Program.Code)
	var started time.Time
	if err = p.letThrough(r, form); err == nil {
		started = time.Now()
		_, err = p.Signups.Apply(r.Ctx(), application)
	}
	if affiliate.KindOf(err) == affiliate.KindConflict {
		form.Problems.Say("", affiliate.SentenceOf(err))
		err = form.Err()
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		page.Questions = questions(r, page.asked, form)
		return r.Invalid(pages, "signup.html", page.title(), page)
	}
	if !r.Who.LoggedIn() {
		wait(r, started)
	}
	return p.thank(r, page.Program)
}

// sameTime is how long at least visitors wait for their thanks: how long the work
// takes would tell whether an address is known here.
const sameTime = 150 * time.Millisecond

func wait(r *web.Request, since time.Time) {
	select {
	case <-time.After(time.Until(since.Add(sameTime))):
	case <-r.Ctx().Done():
	}
}

// usableEmail are the addresses that WordPress can make an account of, and send
// mails to: those of is_email(), which knows no other letters than ASCII's.
var usableEmail = regexp.MustCompile("^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$")

// read takes the form over, as typed onto the page and checked into the
// application.
func (page *signupPage) read(form *web.Form) signup.Application {
	if !page.EmailFixed {
		page.Email = form.Raw("email")
	}
	if email, err := affiliate.FoldEmail(page.Email); err == nil { // else the domain says what is wrong
		form.Problems.Check(usableEmail.MatchString(email), "email",
			"Please use an email address with plain letters and digits. We can't write to other addresses.")
	}
	page.FirstName, page.LastName, page.PayPalEmail = form.Raw("first_name"), form.Raw("last_name"),
		form.Raw("paypal_email")
	if page.Methods != nil {
		page.Method = form.Raw("payment_method")
	}
	if id := form.Raw("form_id"); len(id) <= 64 {
		page.FormID = id
	}
	for field, name := range map[string]string{"first_name": page.FirstName, "last_name": page.LastName} {
		// Our mails greet by name: a link in it would advertise to whomever the sender likes.
		form.Problems.Check(!affiliate.HasAddress(name), field,
			"Please enter your name without a web address.")
	}
	page.Accepts = form.Bool("terms")
	a := signup.Application{ProgramCode: page.Program.Code, Email: page.Email, FormID: page.FormID,
		Answers: map[string]string{}, Own: form.OwnValues(ownFields(page.asked)), Terms: page.ticked(form),
		FirstName: form.Text("first_name", 100), LastName: form.Text("last_name", 100),
		Method: affiliate.PaymentPolicy(page.Method)}
	if page.PayPal {
		a.PayPalEmail = form.Text("paypal_email", 190)
	}
	for _, q := range page.asked {
		if q.Own == nil {
			a.Answers[q.Field] = form.Raw(q.Field)
		}
	}
	return a
}

// ticked is the version of the terms that was shown and ticked, 0 for none.
func (page *signupPage) ticked(form *web.Form) int {
	version, err := strconv.Atoi(form.Raw("terms_version"))
	if err != nil || !page.Accepts {
		return 0
	}
	return version
}

// thank is the same for everybody, also for those who were partners before: a
// visitor must not find out whose address is known here.
func (p *Pages) thank(r *web.Request, program affiliate.Program) error {
	done := signupJoined
	if program.Signup == affiliate.SignupApproval {
		done = signupWaiting
	}
	r.Redirect(http.StatusSeeOther, r.Surface.URL("signup/"+program.Code, "done", string(done)))
	return nil
}
