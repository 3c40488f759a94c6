package contacts

import (
	"crypto/rand"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// logPage is the form that logs a sale which no cart reports (S75), with its
// fields as typed.
type logPage struct {
	contactTop
	FormID   string // makes sending the form twice one sale
	Currency string
	Status   string
	Note     string
	Lines    []logLine
	Products []web.Option
	Statuses []sale.OrderStatus
	Problems affiliate.Problems
}

type logLine struct {
	Product, Quantity, Amount string
	Problem                   locale.Text
}

// spareLines are offered below those that were filled in.
const spareLines, maxLines = 3, 100

// pickable is how many products the dropdown offers.
const pickable = 200

// NewTransaction shows the empty form.
func (p *Pages) NewTransaction(r *web.Request) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	return p.showLog(r, logPage{FormID: rand.Text(), Currency: string(settings.Currency),
		Status: string(sale.OrderPaid)}, false)
}

func (p *Pages) showLog(r *web.Request, page logPage, invalid bool) error {
	var err error
	if page.contactTop, err = p.contact(r, "log"); err != nil {
		return err
	}
	products, err := p.Registry.Products(r.Ctx(), "", 0, affiliate.Page{Limit: pickable})
	if err != nil {
		return err
	}
	page.Products = []web.Option{{Label: locale.T("— choose —")}}
	for _, product := range products {
		page.Products = append(page.Products, web.Option{Value: product.ID.String(), Label: locale.Data(product.Name)})
	}
	for range spareLines {
		page.Lines = append(page.Lines, logLine{Quantity: "1"})
	}
	page.Statuses = []sale.OrderStatus{sale.OrderPaid, sale.OrderUnpaid}
	if invalid {
		return r.Invalid(pages, "contact_log.html", locale.Data(page.Contact.Name()), page)
	}
	return r.Page(pages, "contact_log.html", locale.Data(page.Contact.Name()), page)
}

// Choices are the products, with the one of a line marked.
func (logPage) Choices(products []web.Option, chosen string) []web.Option {
	return web.Options(products, chosen)
}

// Number is a line's number for people.
func (logPage) Number(i int) int { return i + 1 }

// LogTransaction records the posted sale and says which commissions it made, or
// why none.
func (p *Pages) LogTransaction(r *web.Request) error {
	top, err := p.contact(r, "log")
	if err != nil {
		return err
	}
	form := r.Form()
	page, state, err := p.postedLog(r, form, top.Contact)
	if err != nil {
		return err
	}
	if r.PostForm("more") != "" {
		return p.showLog(r, page, false)
	}
	err = form.Err()
	var result sale.Result
	if err == nil {
		result, err = p.Sales.LogOrder(r.Ctx(), r.Who.Actor(), state)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showLog(r, page, true)
	}
	text, err := p.logged(r, result)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: text}, parts.ContactPath(top.Contact.ID, "orders"))
}

// postedLog reads the form: as typed, and as an order.
func (p *Pages) postedLog(r *web.Request, form *web.Form, buyer affiliate.Contact) (logPage, sale.OrderState, error) {
	page := logPage{FormID: form.Text("form", 64), Currency: strings.ToUpper(form.Text("currency", 3)),
		Status: form.Raw("status"), Note: form.LongText("note", 500)}
	_, err := money.ParseCurrency(page.Currency)
	form.Problems.Check(err == nil, "currency", "Please enter a currency of three letters, such as USD.")
	status := sale.OrderStatus(page.Status)
	form.Problems.Check(status == sale.OrderPaid || status == sale.OrderUnpaid, "status",
		"Please choose paid or unpaid.")
	form.Problems.Check(page.FormID != "", "", "Please open the form again.")
	state := sale.OrderState{ExternalID: page.FormID, Status: status,
		Number:   "logged-" + strings.ToLower(affiliate.Cut(page.FormID, 8)),
		Currency: money.Currency(page.Currency), Note: page.Note, Buyer: sale.Buyer{Email: buyer.Email}}
	products, quantities, amounts := form.All("product"), form.All("quantity"), form.All("amount")
	for i := range min(len(products), len(quantities), len(amounts), maxLines) {
		line := logLine{Product: products[i], Quantity: strings.TrimSpace(quantities[i]),
			Amount: strings.TrimSpace(amounts[i])}
		if line.Product == "" && line.Amount == "" {
			continue
		}
		parsed, err := p.line(r, &line, len(page.Lines))
		if err != nil {
			return page, state, err
		}
		if !line.Problem.IsZero() {
			form.Problems.Say("lines", line.Problem)
		}
		page.Lines, state.Lines = append(page.Lines, line), append(state.Lines, parsed)
	}
	form.Problems.Check(len(page.Lines) > 0, "lines", "Please choose at least one product and enter its amount.")
	return page, state, nil
}

// line is a line of the form as a line of an order, which ids it by its place.
func (p *Pages) line(r *web.Request, l *logLine, place int) (sale.LineState, error) {
	state := sale.LineState{Line: strconv.Itoa(place + 1)}
	id, err := affiliate.ParseID[affiliate.Product](l.Product)
	if err != nil {
		l.Problem = locale.T("Please choose a product on each line with an amount.")
		return state, nil
	}
	product, err := p.Registry.Product(r.Ctx(), id)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		l.Problem = locale.T("This product no longer exists. Please choose another.")
		return state, nil
	}
	if err != nil {
		return state, err
	}
	state.Product, state.Name = sale.ProductRef{ID: id}, product.Name
	in := r.Language()
	quantity, sure := in.Plain(l.Quantity)
	if state.Quantity, err = money.ParseQuantity(quantity); err != nil || !sure || state.Quantity.IsZero() ||
		strings.HasPrefix(quantity, "-") {
		l.Problem = locale.T("Please write quantities like 1 or %s.", in.Typed("1.5"))
	}
	amount, sure := in.Plain(l.Amount)
	if state.Base, err = money.Parse(amount); err != nil || !sure || state.Base.Sign() <= 0 {
		l.Problem = locale.T("Please write amounts like %s.", in.Typed("1250.50"))
	}
	return state, nil
}

// logged says in words what came of a logged sale.
func (p *Pages) logged(r *web.Request, result sale.Result) (locale.Text, error) {
	if result.Outcome == sale.Repeated {
		return locale.T("This sale is already logged. Nothing was changed."), nil
	}
	view, err := p.Sales.Order(r.Ctx(), result.OrderID)
	if err != nil {
		return locale.Text{}, err
	}
	order, err := parts.ExplainOne(r, p.Registry, view)
	if err != nil {
		return locale.Text{}, err
	}
	text := locale.T("Sale logged. No card was charged.")
	for _, c := range view.Commissions {
		text = locale.Join(text, locale.T("%s earns %s (level %d, %s).", order.People.Name(c.PartnerID),
			money.Text(c.Amount, c.Currency),
			c.Level, web.Words(c.Status)))
	}
	if len(view.Commissions) == 0 {
		text = locale.Join(text, order.WhyNothing())
	}
	return text, nil
}
