package programs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// versionsShown is how many versions of its rules a program's page names.
const versionsShown = 20

// previewDays is how far back the preview of new rules looks.
const previewDays = 90

type rulesPage struct {
	programTop
	Form     rulesForm
	Card     affiliate.RuleCard
	Versions []affiliate.Policy // the latest first
	Next     int                // the version that a save makes
	Examples rulesExamples
	Preview  *parts.Simulated // nil until it is asked for
}

// Rules shows how a program decides on sales, with the form to change it (S129).
func (p *Pages) Rules(r *web.Request) error {
	top, err := p.program(r, "rules")
	if err != nil {
		return err
	}
	policy, err := p.Registry.Policy(r.Ctx(), top.Program.ID)
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page := rulesPage{programTop: top, Form: newRulesForm(policy, r.Site.Zone(), settings.Currency)}
	return p.showRules(r, page, policy, settings.Currency)
}

// showRules shows the page with examples for a policy, which may be one that is not saved.
func (p *Pages) showRules(r *web.Request, page rulesPage, policy affiliate.Policy,
	currency money.Currency) (err error) {
	if page.Card, err = p.Registry.RuleCard(r.Ctx(), page.Program, r.Site.Zone()); err != nil {
		return err
	}
	if page.Versions, err = p.Registry.Policies(r.Ctx(), page.Program.ID, versionsShown); err != nil {
		return err
	}
	if page.Examples, err = examplesOf(policy, currency); err != nil {
		return err
	}
	page.Next = page.Card.Version + 1
	title := locale.Data(page.Program.Name)
	if len(page.Form.Problems) > 0 {
		return r.Invalid(pages, "rules.html", title, page)
	}
	return r.Page(pages, "rules.html", title, page)
}

// SaveRules shows what new rules would have changed, and saves them once the
// admin has seen it; what was changed after that is shown again first.
func (p *Pages) SaveRules(r *web.Request) error {
	top, err := p.program(r, "rules")
	if err != nil {
		return err
	}
	now, err := p.Registry.Policy(r.Ctx(), top.Program.ID)
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	form := r.Form()
	posted, policy := postedRules(form, now, r.Site.Zone())
	page := rulesPage{programTop: top, Form: posted.withChoices(settings.Currency)}
	if err = form.Err(); err == nil {
		err = policy.Validate()
	}
	if err == nil && digest(policy) == digest(now) { // also a second click on Save
		return r.Done(web.Flash{Text: locale.T("These rules are in force, as version %d.", now.Version)}, top.Tab)
	}
	if err == nil && policy.Version == now.Version && posted.Seen != digest(policy) {
		page.Form.Seen = digest(policy)
		if page.Preview, err = p.preview(r, policy); err != nil {
			return err
		}
		return p.showRules(r, page, policy, settings.Currency)
	}
	saved := affiliate.Policy{}
	if err == nil {
		saved, err = p.Registry.SavePolicy(r.Ctx(), r.Who.Actor(), policy)
	}
	if again, err := p.rulesOvertaken(r, form, &page, err); err != nil {
		return err
	} else if again {
		return p.showRules(r, page, policy, settings.Currency)
	}
	return r.Done(web.Flash{Text: locale.T("Saved as version %d. It applies to orders from now on; earlier "+
		"decisions stay.", saved.Version)}, top.Tab)
}

// rulesOvertaken is Form.Refused, which names who was quicker: what was typed
// stays, and is compared with theirs before it can be saved.
func (p *Pages) rulesOvertaken(r *web.Request, form *web.Form, page *rulesPage, failed error) (again bool,
	err error) {
	if affiliate.KindOf(failed) != affiliate.KindConflict {
		again, err = form.Refused(failed)
		page.Form.Problems = form.Problems
		return again, err
	}
	now, err := p.Registry.Policy(r.Ctx(), page.Program.ID)
	form.Problems.Add("", "%s saved version %d while you were editing. Your values are still here. Calculate again to "+
		"see how they differ from the rules in force now.", now.SavedBy.Text(), now.Version)
	page.Form.Version, page.Form.Problems = newRulesForm(now, r.Site.Zone(), "").Version, form.Problems
	return true, err
}

// digest tells policies apart by what they say.
func digest(p affiliate.Policy) string {
	data, _ := json.Marshal(p) // of text and numbers only
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// preview is what the policy would have changed of late.
func (p *Pages) preview(r *web.Request, policy affiliate.Policy) (*parts.Simulated, error) {
	now := r.Site.Now()
	sim, err := p.Simulate(r.Ctx(), now.AddDate(0, 0, -previewDays), now,
		sale.Scenario{ProgramID: policy.ProgramID, Policy: &policy})
	if err != nil {
		return nil, err
	}
	return parts.SimulatedOf(r.Ctx(), p.Registry, sim)
}

// rulesExamples are the page's examples with figures.
type rulesExamples struct {
	Currency              money.Currency
	Price, Off, Tax, Ship money.Amount
	Base, Earned          money.Amount
	Days, Later           int // a click's age that is too old, by the days of the rule
}

// examplesOf calculates with 10% of a price of 100, a discount of 20, tax of 8
// and shipping of 5.
func examplesOf(p affiliate.Policy, cur money.Currency) (e rulesExamples, err error) {
	e = rulesExamples{Currency: cur, Price: money.MustParse("100"), Off: money.MustParse("20"),
		Tax: money.MustParse("8"), Ship: money.MustParse("5"), Days: p.CreditDays, Later: p.CreditDays + 4}
	sum := []money.Amount{e.Price}
	if !p.Base.BeforeDiscount {
		sum = append(sum, e.Off.Neg())
	}
	if p.Base.WithTax {
		sum = append(sum, e.Tax)
	}
	if p.Base.WithShipping {
		sum = append(sum, e.Ship)
	}
	if e.Base, err = money.Sum(sum...); err != nil {
		return e, err
	}
	ten, err := money.ParsePercent("10")
	if err != nil {
		return e, err
	}
	e.Earned, err = ten.Of(e.Base, cur)
	return e, err
}

// Nth counts rows as the problems beside them do, from 1.
func (rulesPage) Nth(i int) int { return i + 1 }
