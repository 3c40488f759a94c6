package programs

import (
	"maps"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// pickable is how many products the dropdown offers; more are found by search.
const pickable = 200

type productsPage struct {
	programTop
	web.ReportPage
	Find     string // what the dropdown is narrowed to
	Pick     []web.Option
	Form     termsForm
	Currency money.Currency
}

// termsForm is the form that adds a product to a program or changes what it
// earns there, with its fields as typed (S27-S29).
type termsForm struct {
	Product, NewName string // one of the two
	Seen             string // the terms that the form was filled in with; "" of a product that is added
	Kind             string
	Level1, Level2   string // percent
	Flats            []flatRow
	Kinds            []affiliate.CommissionKind
	Problems         affiliate.Problems
}

type flatRow struct{ Currency, Level1, Level2 string }

func (f termsForm) withChoices() termsForm {
	f.Kinds = []affiliate.CommissionKind{affiliate.Percent, affiliate.FlatAmount}
	f.Flats = append(f.Flats, flatRow{})
	return f
}

// productsSpec is the list of what can be earned on in a program.
func productsSpec(top programTop) (web.ReportSpec, error) {
	report, err := reports.Find(reports.ForAdmin, "program-products")
	links := maps.Clone(parts.Links)
	links[reports.RefProduct] = top.Tab + "/%d"
	return web.ReportSpec{Report: report, Path: top.Tab, Files: parts.Reports + "/program-products",
		Program: top.Program.ID, Links: links, Primary: "product", Filters: []reports.Filter{reports.FilterSearch},
		BulkPath: top.Tab + "/bulk",
		Bulk:     []web.BulkAction{{Name: "remove", Label: locale.T("Remove from the program")}}}, err
}

// Products lists what can be earned on in a program, with the form to add more (S25).
func (p *Pages) Products(r *web.Request) error {
	return p.showProducts(r, termsForm{Kind: string(affiliate.Percent)}.withChoices(), nil)
}

// showProducts shows the list; problems are those of its own form.
func (p *Pages) showProducts(r *web.Request, form termsForm, problems affiliate.Problems) error {
	top, err := p.program(r, "products")
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	spec, err := productsSpec(top)
	if err != nil {
		return err
	}
	page := productsPage{programTop: top, Find: strings.TrimSpace(r.Query("find")), Form: form,
		Currency: settings.Currency}
	if page.ReportPage, err = r.ReportPage(p.Reports, spec); err != nil {
		return err
	}
	page.Add(problems)
	if page.Pick, err = p.pick(r, top.Program.ID, page.Find, form.Product); err != nil {
		return err
	}
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "products.html", locale.Data(top.Program.Name), page)
	}
	return page.Answer(r, pages, "products.html", locale.Data(top.Program.Name), page)
}

// BulkProducts takes the ticked products, or all that match, out of the program.
func (p *Pages) BulkProducts(r *web.Request) error {
	top, err := p.program(r, "products")
	if err != nil {
		return err
	}
	spec, err := productsSpec(top)
	if err != nil {
		return err
	}
	form := r.Form()
	asked, ids, err := picked[affiliate.ProductID](r, form, p.Reports, spec)
	if err != nil {
		return err
	}
	if form.Err() != nil {
		return p.showProducts(r, termsForm{Kind: string(affiliate.Percent)}.withChoices(), form.Problems)
	}
	for _, id := range ids {
		if err := p.Registry.RemoveTerms(r.Ctx(), r.Who.Actor(), top.Program.ID, id); err != nil {
			return err
		}
	}
	return r.Done(web.Flash{Text: locale.N(
		"%d product no longer earns commission in this program. Past commissions stay as they are.",
		"%d products no longer earn commission in this program. Past commissions stay as they are.", len(ids))},
		top.Tab, asked.Values...)
}

// pick are the products that can be added, narrowed to those that find names. One that was
// chosen before a problem was found stays among them.
func (p *Pages) pick(r *web.Request, program affiliate.ProgramID, find, chosen string) ([]web.Option, error) {
	free, err := p.Registry.Products(r.Ctx(), find, program, affiliate.Page{Limit: pickable + 1})
	if err != nil {
		return nil, err
	}
	first := locale.T("— choose —")
	switch {
	case len(free) > pickable:
		free = free[:pickable]
		first = locale.T("— choose; there are more than %d, narrow them down above —", pickable)
	case len(free) == 0 && find != "":
		first = locale.T("— no product that could be added matches —")
	}
	there := slices.ContainsFunc(free, func(p affiliate.Product) bool { return p.ID.String() == chosen })
	if id, err := affiliate.ParseID[affiliate.Product](chosen); err == nil && !there {
		product, err := p.Registry.Product(r.Ctx(), id)
		if err == nil {
			free = slices.Insert(free, 0, product)
		} else if affiliate.KindOf(err) != affiliate.KindNotFound {
			return nil, err
		}
	}
	options := []web.Option{{Value: "", Label: first}}
	for _, product := range free {
		label := product.Name
		if product.Source != affiliate.OwnProducts {
			label += " (" + product.Source + " " + product.ExternalID + ")"
		}
		options = append(options, web.Option{Value: product.ID.String(), Label: locale.Data(label)})
	}
	return options, nil
}

// AddProduct puts a product into the program, making it when a new name was
// given, or changes its terms when it is there (S27-S30).
func (p *Pages) AddProduct(r *web.Request) error {
	top, err := p.program(r, "products")
	if err != nil {
		return err
	}
	form := r.Form()
	page, terms := postedTerms(form)
	product := web.FormID[affiliate.ProductID](form, "product")
	form.Problems.Check(product != 0 || page.NewName != "", "product",
		"Please choose a product or enter the name of a new one.")
	form.Problems.Check(product == 0 || page.NewName == "", "new_name",
		"Please choose a product or enter a new name, not both.")
	err = form.Err()
	if err == nil {
		err = p.saveTerms(r, top.Program.ID, product, page.NewName, terms)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showProducts(r, page, nil)
	}
	return r.Done(web.Flash{Text: locale.T(
		"Saved. It applies to sales from now on; past commissions stay as they are.")},
		parts.ProgramPath(top.Program.ID, "products"))
}

func (p *Pages) saveTerms(r *web.Request, program affiliate.ProgramID, product affiliate.ProductID, newName string,
	terms affiliate.Terms) error {
	if product == 0 {
		_, err := p.Registry.AddNewProduct(r.Ctx(), r.Who.Actor(), program, affiliate.Product{Name: newName}, terms)
		return err
	}
	_, err := p.Registry.SetTerms(r.Ctx(), r.Who.Actor(), program, product, terms)
	return err
}

// postedTerms reads the form: as typed, and as terms.
func postedTerms(f *web.Form) (termsForm, affiliate.Terms) {
	page := termsForm{Product: f.Raw("product"), NewName: f.Text("new_name", 190), Kind: f.Raw("kind"),
		Level1: f.Raw("level1"), Level2: f.Raw("level2")}
	terms := affiliate.Terms{Kind: affiliate.CommissionKind(page.Kind)}
	currencies, first, second := f.All("flat_currency"), f.All("flat_level1"), f.All("flat_level2")
	for i := range min(len(currencies), len(first), len(second)) {
		row := flatRow{strings.ToUpper(strings.TrimSpace(currencies[i])), strings.TrimSpace(first[i]),
			strings.TrimSpace(second[i])}
		if row != (flatRow{}) {
			page.Flats = append(page.Flats, row)
		}
	}
	switch terms.Kind {
	case affiliate.Percent:
		terms.Level1, terms.Level2 = f.Percent("level1"), f.Percent("level2")
	case affiliate.FlatAmount:
		for _, row := range page.Flats {
			if row.Level1 == "" && row.Level2 == "" {
				continue // emptied: this currency earns nothing any more
			}
			terms.Flats = append(terms.Flats, affiliate.Flat{
				Currency: money.Currency(row.Currency), Level1: f.AmountOf("flats", row.Level1),
				Level2: f.AmountOf("flats",
					row.Level2)})
		}
	}
	return page.withChoices(), terms
}

type termsPage struct {
	programTop
	Product affiliate.Product
	Form    termsForm
}

// Terms shows what one product earns, to change it.
func (p *Pages) Terms(r *web.Request) error {
	top, product, err := p.programProduct(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "terms.html", locale.Data(top.Program.Name),
		termsPage{top, product.Product, newTermsForm(product.Terms, r.Language())})
}

func (p *Pages) programProduct(r *web.Request) (programTop, affiliate.ProgramProduct, error) {
	top, err := p.program(r, "products")
	if err != nil {
		return top, affiliate.ProgramProduct{}, err
	}
	id, err := affiliate.ParseID[affiliate.Product](r.Param("product"))
	if err != nil {
		return top, affiliate.ProgramProduct{}, err
	}
	product, err := p.Registry.ProgramProduct(r.Ctx(), top.Program.ID, id)
	return top, product, err
}

// newTermsForm is the form with the numbers as people of the language type them.
func newTermsForm(t affiliate.Terms, l *locale.Language) termsForm {
	form := termsForm{Product: t.ProductID.String(), Seen: t.ID.String(), Kind: string(t.Kind),
		Level1: l.Typed(t.Level1.String()),
		Level2: l.Typed(t.Level2.String())}
	for _, flat := range t.Flats {
		form.Flats = append(form.Flats, flatRow{string(flat.Currency),
			l.Typed(money.Decimal(flat.Level1, flat.Currency)), l.Typed(money.Decimal(flat.Level2, flat.Currency))})
	}
	return form.withChoices()
}

// SaveTerms changes what one product earns from now on (S30).
func (p *Pages) SaveTerms(r *web.Request) error {
	top, product, err := p.programProduct(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page, terms := postedTerms(form)
	page.Seen = product.Terms.ID.String()
	seen := web.FormID[affiliate.TermsID](form, "seen")
	err = form.Err()
	if err == nil {
		_, err = p.Registry.EditTerms(r.Ctx(), r.Who.Actor(), seen, top.Program.ID, product.ID, terms)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "terms.html", locale.Data(top.Program.Name), termsPage{top, product.Product, page})
	}
	return r.Done(web.Flash{Text: locale.T(
		"Saved. New sales of %s earn these amounts; past commissions stay as they are.", product.Name)},
		parts.ProgramPath(top.Program.ID, "products"))
}

// RemoveProduct takes a product out of the program: later sales earn nothing.
func (p *Pages) RemoveProduct(r *web.Request) error {
	top, product, err := p.programProduct(r)
	if err != nil {
		return err
	}
	if err := p.Registry.RemoveTerms(r.Ctx(), r.Who.Actor(), top.Program.ID, product.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T(
		"%s no longer earns commission in this program. Past commissions stay as they are.", product.Name)},
		parts.ProgramPath(top.Program.ID, "products"))
}
