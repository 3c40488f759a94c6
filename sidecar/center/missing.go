package center

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// missing is the path of the page for sales that a partner misses.
const missing = "earnings/missing"

// missingPage asks for a sale and shows what became of earlier questions (B13).
type missingPage struct {
	Number   string
	Email    string
	Day      string
	Note     string
	Asked    []sale.MissingSale
	Why      []locale.Text // of the order that was found
	Earned   []earnedBy
	Level2   bool // it is a recruited partner's
	Answered bool
	Problems affiliate.Problems
}

// earnedBy is what a line of the order earns.
type earnedBy struct {
	ledger.Commission
	Product string
}

var missingTitle = locale.T("Is a sale missing?")

// Missing shows the form.
func (p *Pages) Missing(r *web.Request) error {
	page := missingPage{}
	var err error
	if page.Asked, err = p.Sales.MissingOf(r.Ctx(), r.Who.Partner.ID); err != nil {
		return err
	}
	return r.Page(pages, "missing.html", missingTitle, page)
}

// AskMissing answers at once where the partner may know of the order, and passes
// everything else on to an admin. Its words are the same whether an order is
// another's or none.
func (p *Pages) AskMissing(r *web.Request) error {
	form := r.Form()
	page := missingPage{Number: form.Raw("number"), Email: form.Raw("email"), Day: form.Raw("day"),
		Note: form.Raw("note")}
	day, _ := affiliate.ParseDay(page.Day) // the domain says that there is none
	knows, err := p.knows(r)
	if err != nil {
		return err
	}
	found, err := p.Sales.AskMissing(r.Ctx(), sale.MissingSale{PartnerID: r.Who.Partner.ID,
		Number: form.Text("number", 190), Email: form.Text("email", 190), Day: day, Note: form.LongText("note", 1000)},
		knows)
	if err == nil {
		err = form.Err()
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page.Asked, err = p.Sales.MissingOf(r.Ctx(), r.Who.Partner.ID); err != nil {
			return err
		}
		return r.Invalid(pages, "missing.html", missingTitle, page)
	}
	if found == nil {
		return r.Done(web.Flash{Text: locale.T("Thank you. We couldn't match this to one of your sales, so someone " +
			"will check it and answer here.")}, missing)
	}
	page.explain(*found, r.Who.Partner.ID)
	return r.Page(pages, "missing.html", missingTitle, page)
}

// knows is what the partner's program lets them learn.
func (p *Pages) knows(r *web.Request) (sale.Knows, error) {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if !member {
		return sale.Knows{}, err
	}
	return sale.Knows{Numbers: program.Visibility != affiliate.SeeNobody,
		Emails:  program.Visibility == affiliate.SeeNameAndEmail,
		Pending: program.ShowPending, History: program.ShowHistory}, err
}

// explain says of a found order what it earns the partner, and why. Of a recruited
// partner's sale it tells what earns level 2 alone: what else was bought is not theirs
// to know (D44).
func (page *missingPage) explain(v sale.OrderView, partner affiliate.PartnerID) {
	page.Answered = true
	trace := v.Decisions[len(v.Decisions)-1].Trace
	page.Why = trace.PartnerLines(partner)
	lines := map[affiliate.LineID]sale.Line{}
	for _, l := range v.Lines {
		lines[l.ID] = l
	}
	for _, c := range v.Commissions {
		if c.PartnerID != partner {
			continue
		}
		page.Earned = append(page.Earned, earnedBy{c, lines[c.LineID].Name})
		if page.Level2 = c.Level == 2; page.Level2 {
			page.Why = trace.CommissionLines(partner, lines[c.LineID].Line, c.Level)
		}
	}
}
