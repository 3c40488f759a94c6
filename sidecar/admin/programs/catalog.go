package programs

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type catalogPage struct {
	web.ReportPage
	Tabs []web.Tab
	None bool // there are no products at all
}

// Catalog lists all products, in a program or not (S152).
func (p *Pages) Catalog(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "products")
	if err != nil {
		return err
	}
	page := catalogPage{}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: parts.Products,
		Files:   parts.Reports + "/products",
		Filters: []reports.Filter{reports.FilterProgram, reports.FilterSearch}, Links: parts.Links,
		Primary: "product"})
	if err != nil {
		return err
	}
	counts, err := p.Registry.ProductCounts(r.Ctx())
	if err != nil {
		return err
	}
	page.Tabs = productTabs(counts, r.Query("status"))
	page.None = page.Tabs[0].Count == 0
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "catalog.html", locale.T("Products"), page)
}

// productTabs are where products stand, and the one shown.
func productTabs(counts map[affiliate.ProductStand]int64, shown string) []web.Tab {
	all := web.Tab{Name: locale.T("All"), Path: parts.Products, Current: shown == "",
		Count: counts[affiliate.ProductSold] + counts[affiliate.ProductGone] + counts[affiliate.ProductArchived]}
	tabs := []web.Tab{all}
	for _, stand := range []affiliate.ProductStand{affiliate.ProductSold, affiliate.ProductChanged,
		affiliate.ProductGone, affiliate.ProductArchived} {
		if counts[stand] > 0 || shown == string(stand) {
			tabs = append(tabs, web.Tab{Name: web.Label(stand), Path: parts.Products,
				Query: []string{"status", string(stand)}, Count: counts[stand], Current: shown == string(stand)})
		}
	}
	return tabs
}

// productForm makes or changes a product of one's own, with its fields as typed.
type productForm struct {
	Name, Price, Currency string
	Problems              affiliate.Problems
}

// Product is the form as a product; a blank price is none.
func (f productForm) product(form *web.Form) affiliate.Product {
	p := affiliate.Product{Name: f.Name}
	if strings.TrimSpace(f.Price) == "" {
		return p
	}
	price, currency := form.AmountOf("price", f.Price), money.Currency(strings.ToUpper(f.Currency))
	p.Price, p.Currency = &price, &currency
	return p
}

func postedProduct(form *web.Form) productForm {
	return productForm{Name: form.Text("name", 190), Price: form.Raw("price"), Currency: form.Text("currency", 3)}
}

var newProductTitle = locale.T("Add product")

// NewProduct shows the form of a product of one's own.
func (p *Pages) NewProduct(r *web.Request) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	return r.Page(pages, "catalog_new.html", newProductTitle, productForm{Currency: string(settings.Currency)})
}

// CreateProduct makes a product that no shop sells (S27, S152).
func (p *Pages) CreateProduct(r *web.Request) error {
	form := r.Form()
	page := postedProduct(form)
	wanted := page.product(form)
	made, err := affiliate.Product{}, form.Err()
	if err == nil {
		made, err = p.Registry.CreateProduct(r.Ctx(), r.Who.Actor(), wanted)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "catalog_new.html", newProductTitle, page)
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is there. Choose below where it earns.", made.Name)},
		parts.ProductPath(made.ID))
}

type productPage struct {
	Product  affiliate.Product
	Source   locale.Text // what sells it
	Variant  affiliate.Product
	Own      bool
	Form     productForm
	Seen     productForm // what the form was filled in with
	Earns    []affiliate.ProductInProgram
	Programs []web.Option // that it could be added to
	Program  string       // chosen
	Terms    termsForm
}

// ChangedSince tells whether its shop renamed the product since the terms began.
func (p productPage) ChangedSince(t affiliate.Terms) bool {
	return p.Product.RenamedAt != nil && t.ValidFrom.Before(*p.Product.RenamedAt)
}

// Product shows one product: what it is, and what it earns where.
func (p *Pages) Product(r *web.Request) error {
	product, err := p.product(r)
	if err != nil {
		return err
	}
	return p.showProduct(r, productPage{Product: product, Form: newProductForm(product, r.Language()),
		Terms: termsForm{Kind: string(affiliate.Percent)}.withChoices()})
}

func (p *Pages) product(r *web.Request) (affiliate.Product, error) {
	id, err := affiliate.ParseID[affiliate.Product](r.Param("product"))
	if err != nil {
		return affiliate.Product{}, err
	}
	return p.Registry.Product(r.Ctx(), id)
}

func newProductForm(p affiliate.Product, l *locale.Language) productForm {
	form := productForm{Name: p.Name}
	if p.Price != nil && p.Currency != nil {
		form.Price, form.Currency = l.Typed(money.Decimal(*p.Price, *p.Currency)), string(*p.Currency)
	}
	return form
}

func (p *Pages) showProduct(r *web.Request, page productPage) (err error) {
	page.Seen = newProductForm(page.Product, r.Language())
	page.Source, page.Own = reports.ProductSource(page.Product.Source), page.Product.Source == affiliate.OwnProducts
	if page.Earns, err = p.Registry.ProductTerms(r.Ctx(), page.Product.ID); err != nil {
		return err
	}
	if page.Product.ParentID != nil {
		if page.Variant, err = p.Registry.Product(r.Ctx(), *page.Product.ParentID); err != nil {
			return err
		}
	}
	if page.Form.Currency == "" {
		settings, err := p.Registry.Settings(r.Ctx())
		if err != nil {
			return err
		}
		page.Form.Currency = string(settings.Currency)
	}
	if page.Programs, err = p.programsWithout(r, page.Earns); err != nil {
		return err
	}
	if len(page.Form.Problems)+len(page.Terms.Problems) > 0 {
		return r.Invalid(pages, "catalog_product.html", locale.Data(page.Product.Name), page)
	}
	return r.Page(pages, "catalog_product.html", locale.Data(page.Product.Name), page)
}

// programsWithout are the open programs but for these.
func (p *Pages) programsWithout(r *web.Request, has []affiliate.ProductInProgram) (free []web.Option, err error) {
	programs, err := p.Registry.Programs(r.Ctx())
	in := map[affiliate.ProgramID]bool{}
	for _, earns := range has {
		in[earns.Program.ID] = true
	}
	for _, program := range programs {
		if !program.Archived() && !in[program.ID] {
			free = append(free, web.Option{Value: program.ID.String(), Label: locale.Data(program.Name)})
		}
	}
	return free, err
}

// SaveProduct changes an own product; what it earned stays as it is.
func (p *Pages) SaveProduct(r *web.Request) error {
	product, err := p.product(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page := productPage{Product: product, Form: postedProduct(form),
		Terms: termsForm{Kind: string(affiliate.Percent)}.withChoices()}
	wanted := page.Form.product(form)
	wanted.ID = product.ID
	seen := productForm{Name: form.Raw("seen_name"), Price: form.Raw("seen_price"),
		Currency: form.Raw("seen_currency")}.product(form)
	if err = form.Err(); err == nil {
		_, err = p.Registry.EditProduct(r.Ctx(), r.Who.Actor(), seen, wanted)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		if page.Product, err = p.product(r); err != nil {
			return err
		}
		page.Form.Problems = form.Problems
		return p.showProduct(r, page)
	}
	return r.Done(web.Flash{Text: locale.T("The product is saved.")}, parts.ProductPath(product.ID))
}

// AddToProgram has a product earn in a program from now on.
func (p *Pages) AddToProgram(r *web.Request) error {
	product, err := p.product(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page, terms := postedTerms(form)
	program := web.FormID[affiliate.ProgramID](form, "program")
	form.Problems.Check(program != 0, "program", "Please choose a program.")
	if err = form.Err(); err == nil {
		_, err = p.Registry.SetTerms(r.Ctx(), r.Who.Actor(), program, product.ID, terms)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showProduct(r, productPage{Product: product, Form: newProductForm(product, r.Language()),
			Program: form.Raw("program"), Terms: page})
	}
	return r.Done(web.Flash{Text: locale.T("%s earns commission there from now on.", product.Name)},
		parts.ProductPath(product.ID))
}

// ArchiveProduct keeps a product for history only (S147).
func (p *Pages) ArchiveProduct(r *web.Request) error {
	product, err := p.product(r)
	if err != nil {
		return err
	}
	if product, err = p.Registry.ArchiveProduct(r.Ctx(), r.Who.Actor(), product.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is archived and earns nothing from now on.", product.Name),
		Undo: parts.ProductPath(product.ID) + "/unarchive"}, parts.Products)
}

// UnarchiveProduct offers an archived product again.
func (p *Pages) UnarchiveProduct(r *web.Request) error {
	product, err := p.product(r)
	if err != nil {
		return err
	}
	if product, err = p.Registry.UnarchiveProduct(r.Ctx(), r.Who.Actor(), product.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T(
		"“%s” is back in the list. It earns again once you add it to a program.", product.Name)},
		parts.ProductPath(product.ID))
}
