package orders

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// missingPath is the list of sales that partners miss.
const missingPath = parts.Orders + "/missing"

// missingPage lists the sales that partners miss (B13).
type missingPage struct {
	Tabs     []web.Tab
	Claims   []missingClaim
	Answered bool
	Problems affiliate.Problems
	Refused  sale.MissingSaleID // whose answer has to be corrected
	Answer   string
}

// missingClaim is one of them with the order that it may be, and why that earns
// whom it earns.
type missingClaim struct {
	sale.MissingSale
	Partner affiliate.Contact
	Order   *sale.OrderView
	Why     []locale.Text
}

var missingTitle = locale.T("Missing sales")

// Missing lists what partners miss and nobody has answered, or what was answered.
func (p *Pages) Missing(r *web.Request) error {
	page, err := p.missingPage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "missing.html", missingTitle, page)
}

func (p *Pages) missingPage(r *web.Request) (missingPage, error) {
	page := missingPage{Answered: r.Query("answered") != ""}
	page.Tabs = []web.Tab{{Name: locale.T("Open"), Path: missingPath, Current: !page.Answered},
		{Name: locale.T("Answered"), Path: missingPath, Query: []string{"answered", "1"}, Current: page.Answered}}
	claims, err := p.Sales.MissingSales(r.Ctx(), page.Answered)
	if err != nil {
		return page, err
	}
	ids := []affiliate.PartnerID{}
	for _, c := range claims {
		ids = append(ids, c.PartnerID)
	}
	partners, err := p.Registry.PartnerContacts(r.Ctx(), ids)
	if err != nil {
		return page, err
	}
	for _, c := range claims {
		claim := missingClaim{MissingSale: c, Partner: partners[c.PartnerID]}
		if c.OrderID != nil {
			if err := p.explainClaim(r, &claim); err != nil {
				return page, err
			}
		}
		page.Claims = append(page.Claims, claim)
	}
	return page, nil
}

func (p *Pages) explainClaim(r *web.Request, claim *missingClaim) error {
	order, err := p.Sales.Order(r.Ctx(), *claim.OrderID)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	claim.Order = &order
	explained, err := parts.ExplainOne(r, p.Registry, order)
	claim.Why = explained.Steps
	return err
}

// Answers is when it was answered.
func (c missingClaim) Answers() time.Time { return *c.AnsweredAt }

// AnswerMissing answers one.
func (p *Pages) AnswerMissing(r *web.Request) error {
	id, err := affiliate.ParseID[sale.MissingSale](r.Param("claim"))
	if err != nil {
		return err
	}
	form := r.Form()
	err = p.Sales.AnswerMissing(r.Ctx(), r.Who.Actor(), id, form.LongText("answer", 1000))
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page, err := p.missingPage(r)
		page.Problems, page.Refused, page.Answer = form.Problems, id, form.Raw("answer")
		if err != nil {
			return err
		}
		return r.Invalid(pages, "missing.html", missingTitle, page)
	}
	return r.Done(web.Flash{Text: locale.T("The partner sees your answer now.")}, missingPath)
}
