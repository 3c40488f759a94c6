package partners

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// comparable is how many products the preview of a move compares.
const comparable = 200

type movePage struct {
	top
	From, To affiliate.Program // To has ID 0 until one is chosen
	Choice   string            // as typed
	Programs []web.Option      // those to move to
	Changes  []termsChange
	Same     int  // products that earn the same in both
	More     bool // there are more products than are compared
	Policies [2]affiliate.Policy
}

// termsChange is a product that earns otherwise in the other program; one of
// the two may not have it.
type termsChange struct {
	Product     affiliate.Product
	Before, Now *affiliate.Terms
}

// Holds tells whether the two programs hold commissions for different times.
func (m movePage) Holds() bool { return m.Policies[0].Hold != m.Policies[1].Hold }

// AskMove shows what changes for the partner when they are moved to another
// program (S98-S100). Nothing is changed yet.
func (p *Pages) AskMove(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	return p.showMove(r, t, r.Query("to"), r.Form())
}

func (p *Pages) showMove(r *web.Request, t top, to string, form *web.Form) error {
	page := movePage{top: t, Choice: to}
	from, is, err := p.Registry.ProgramOf(r.Ctx(), t.Partner.ID)
	if err != nil {
		return err
	}
	if !is {
		return affiliate.Conflict("This partner is in no program. Add them to one instead.")
	}
	page.From = from
	programs, err := p.openPrograms(r)
	if err != nil {
		return err
	}
	page.Programs = slices.DeleteFunc(programs, func(o web.Option) bool { return o.Value == from.ID.String() })
	if to != "" {
		id, err := affiliate.ParseID[affiliate.Program](to)
		if err != nil {
			return err
		}
		if page.To, err = p.Registry.Program(r.Ctx(), id); err != nil {
			return err
		}
		if err := p.compare(r, &page); err != nil {
			return err
		}
	}
	page.Problems = form.Problems
	return page.show(r, "move.html", locale.T("Move %s to another program", t.Contact.Name()), page)
}

// compare fills in what the products of either program earn in both.
func (p *Pages) compare(r *web.Request, page *movePage) error {
	terms := [2]map[affiliate.ProductID]affiliate.Terms{{}, {}}
	products := []affiliate.Product{}
	for i, program := range []affiliate.Program{page.From, page.To} {
		list, err := p.Registry.ProgramProducts(r.Ctx(), program.ID, "", affiliate.Page{Limit: comparable + 1})
		if err != nil {
			return err
		}
		page.More = page.More || len(list) > comparable
		for _, product := range list {
			terms[i][product.ID] = product.Terms
			if _, both := terms[0][product.ID]; i == 0 || !both {
				products = append(products, product.Product)
			}
		}
		if page.Policies[i], err = p.Registry.Policy(r.Ctx(), program.ID); err != nil {
			return err
		}
	}
	for _, product := range products {
		change := termsChange{Product: product}
		if before, has := terms[0][product.ID]; has {
			change.Before = &before
		}
		if now, has := terms[1][product.ID]; has {
			change.Now = &now
		}
		if change.Before != nil && change.Now != nil && change.Before.Same(*change.Now) {
			page.Same++
			continue
		}
		page.Changes = append(page.Changes, change)
	}
	return nil
}

// Move takes the partner to the other program. Moved there already, they stay.
func (p *Pages) Move(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	form := r.Form()
	to := web.FormID[affiliate.ProgramID](form, "to")
	form.Problems.Check(to != 0, "to", "Please choose a program.")
	from, _, err := p.Registry.ProgramOf(r.Ctx(), t.Partner.ID)
	if err != nil {
		return err
	}
	if err = form.Err(); err == nil && to != from.ID {
		err = form.Still(from.ID.String())
	}
	if err == nil {
		_, err = p.Registry.MovePartner(r.Ctx(), r.Who.Actor(), t.Partner.ID, to)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showMove(r, t, "", form)
	}
	program, err := p.Registry.Program(r.Ctx(), to)
	if err != nil {
		return err
	}
	text := locale.T("%s is in the program %s now. To take it back, move them again: nothing is lost.",
		t.Contact.Name(), program.Name)
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(t.Partner.ID))
}
