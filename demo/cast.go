package demo

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
)

// role is a partner of the story: when they join, in which program, by whom,
// and how many people a good day brings them.
type role struct {
	login, first, last string
	program            string
	recruitedBy        string // login, "" nobody
	joins              int    // months before the end
	reach              int    // clicks on an ordinary day
	payPal             bool
	subIDs             []string
}

// cast begins with the partner whose login the demo prints.
var cast = []role{
	{"mia", "Mia", "Sørensen", "Harbour Friends", "", 12, 26, true, []string{"newsletter", "blog", "instagram"}},
	{"liam", "Liam", "O’Brien", "Harbour Friends", "mia", 10, 14, true, []string{"podcast"}},
	{"noor", "Noor", "Haddad", "Harbour Friends", "mia", 7, 10, true, []string{"youtube", "shorts"}},
	{"tomas", "Tomás", "Vega", "Café Wholesale", "", 11, 5, false, nil},
	{"ana", "Ana", "Kovač", "Harbour Friends", "liam", 4, 7, true, nil},
	{"yuki", "Yuki", "Tanaka", "Café Wholesale", "", 3, 3, true, []string{"trade-fair"}},
}

// promoter is a partner once they have joined.
type promoter struct {
	role    role
	user    int64
	partner affiliate.Partner
	program affiliate.ProgramID
	joined  time.Time
}

// joining is when a partner joins: some months back, in the morning.
func (e *example) joining(p *promoter) time.Time {
	return affiliate.DayOf(e.now.AddDate(0, -p.role.joins, 1), e.zone).Start(e.zone).Add(6 * time.Hour)
}

// newcomers lets the partners of the day join, each by the way people join:
// recruited ones through their recruiter's link, the others by an admin's hand.
func (e *example) newcomers(ctx context.Context, day affiliate.Day) error {
	for _, p := range e.partners {
		if affiliate.DayOf(p.joined, e.zone) != day {
			continue
		}
		e.clock.Set(p.joined)
		join := e.add
		if p.role.recruitedBy != "" {
			join = e.apply
		}
		result, err := join(ctx, p)
		if err != nil {
			return err
		}
		p.partner, p.program = result.Partner, result.Program.ID
		if err := e.accept(ctx, p, result); err != nil {
			return err
		}
		if err := e.clicks.Refresh(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (e *example) add(ctx context.Context, p *promoter) (signup.Result, error) {
	return e.signups.Add(ctx, admin, signup.Addition{
		ProgramID: e.programs[p.role.program].ID, PayPalEmail: p.payPalEmail(), Method: p.method(),
		Person: affiliate.Person{Email: p.role.login + "@example.test", FirstName: p.role.first, LastName: p.role.last,
			UserID: affiliate.UserID(p.user)},
	})
}

// accept has a partner accept the terms of their program, where it has any.
func (e *example) accept(ctx context.Context, p *promoter, joined signup.Result) error {
	standing, err := e.signups.Standing(ctx, joined.Partner.ID)
	if err != nil || !standing.Open() {
		return err
	}
	return e.signups.AcceptTerms(ctx, affiliate.Actor(p.role.login), joined.Partner.ID, standing.Now.Version)
}

func (e *example) apply(ctx context.Context, p *promoter) (signup.Result, error) {
	recruiter := e.promoter(p.role.recruitedBy)
	out, err := e.clicks.Click(ctx, e.click(recruiter, p.joined.Add(-time.Hour), 900_000+p.role.reach))
	if err != nil {
		return signup.Result{}, err
	}
	terms, err := e.signups.Terms(ctx, e.programs[p.role.program].ID)
	if err != nil {
		return signup.Result{}, err
	}
	return e.signups.Apply(ctx, signup.Application{
		ProgramCode: e.programs[p.role.program].Code, Email: p.role.login + "@example.test", FirstName: p.role.first,
		LastName:    p.role.last,
		PayPalEmail: p.payPalEmail(), Method: p.method(), Click: out.Cookie, UserID: affiliate.UserID(p.user),
		Terms: terms.Version, At: p.joined,
	})
}

func (e *example) promoter(login string) *promoter {
	for _, p := range e.partners {
		if p.role.login == login {
			return p
		}
	}
	panic("nobody is called " + login)
}

func (p *promoter) payPalEmail() string {
	if !p.role.payPal {
		return ""
	}
	return p.role.login + ".pay@example.test"
}

func (p *promoter) method() affiliate.PaymentPolicy {
	if p.role.payPal {
		return affiliate.PayPal
	}
	return affiliate.Check
}
