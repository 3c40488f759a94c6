package orders

import (
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// saleForm is the form of a sale that no cart reports (S75, S155), with its
// fields as typed.
type saleForm struct {
	FormID   string            // makes sending the form twice one sale
	Contact  affiliate.Contact // ID 0: Email names the buyer
	Email    string
	Day      string
	Number   string
	Currency string
	Status   string
	Note     string
	Discount string // off all lines together
	Tax      string
	Shipping string
	Find     string // what the products to choose from are searched for
	Lines    []saleLine
	Products []web.Option
	Statuses []web.Option
	Order    sale.Order // ID 0: it is a new one
	Problems affiliate.Problems
}

type saleLine struct {
	Line                      string // its id in the order; "" of a new one
	Product, Quantity, Amount string
	Problem                   locale.Text
}

// spareLines are offered below those that were filled in.
const spareLines, maxLines = 3, 100

// pickable is how many products the dropdowns offer at once.
const pickable = 200

// fill adds what the form offers: products that the search finds, with those
// chosen already, spare lines and statuses.
func (p *Pages) fill(r *web.Request, page *saleForm) error {
	found, err := p.Registry.Products(r.Ctx(), page.Find, 0, affiliate.Page{Limit: pickable})
	if err != nil {
		return err
	}
	page.Products = []web.Option{{Label: locale.T("— choose —")}}
	listed := map[string]bool{}
	add := func(product affiliate.Product) {
		if id := product.ID.String(); !listed[id] {
			listed[id] = true
			page.Products = append(page.Products, web.Option{Value: id, Label: locale.Data(product.Name)})
		}
	}
	for _, line := range page.Lines {
		id, err := affiliate.ParseID[affiliate.Product](line.Product)
		if err != nil || listed[line.Product] {
			continue
		}
		chosen, err := p.Registry.Product(r.Ctx(), id)
		if err == nil {
			add(chosen)
		} else if affiliate.KindOf(err) != affiliate.KindNotFound {
			return err
		}
	}
	for _, product := range found {
		add(product)
	}
	for range spareLines {
		page.Lines = append(page.Lines, saleLine{Quantity: "1"})
	}
	page.Statuses = web.Options([]web.Option{
		{Value: string(sale.OrderPaid), Label: locale.T("Paid")},
		{Value: string(sale.OrderUnpaid), Label: locale.T("Not paid yet")},
		{Value: string(sale.OrderFailed), Label: locale.T("Declined: the charge failed")},
	}, page.Status)
	return nil
}

// Choices are the products, with the one of a line marked.
func (saleForm) Choices(products []web.Option, chosen string) []web.Option {
	return web.Options(products, chosen)
}

// Index is a line's number for people.
func (saleForm) Index(i int) int { return i + 1 }

// More tells whether there may be more products than are offered.
func (f saleForm) More() bool { return len(f.Products) > pickable }

// posted reads the form as typed into page and as an order into state, which on
// an order that is edited is the one before.
func (p *Pages) posted(r *web.Request, form *web.Form, page *saleForm, state *sale.OrderState) error {
	page.FormID, page.Email, page.Day = form.Text("form", 64), form.Raw("email"), strings.TrimSpace(form.Raw("day"))
	page.Currency, page.Status = strings.ToUpper(form.Text("currency", 3)), form.Raw("status")
	page.Number, page.Note = form.Text("number", 64), form.LongText("note", 500)
	page.Discount, page.Tax, page.Shipping = form.Raw("discount"), form.Raw("tax"), form.Raw("shipping")
	page.Find = affiliate.Cut(strings.TrimSpace(form.Raw("find")), 100)
	_, err := money.ParseCurrency(page.Currency)
	form.Problems.Check(err == nil, "currency", "Please enter a currency of three letters, such as USD.")
	form.Problems.Check(len(page.Number) <= 64, "number", "Please use at most %d characters.", 64)
	form.Problems.Check(len(page.Note) <= 500, "note", "Please use at most %d characters.", 500)
	state.Status, state.Currency, state.Note = sale.OrderStatus(page.Status), money.Currency(page.Currency), page.Note
	switch state.Status {
	case sale.OrderPaid, sale.OrderUnpaid, sale.OrderFailed:
	default:
		form.Problems.Add("status", "Please choose one from the list.")
	}
	if page.Number != "" {
		state.Number = page.Number
	}
	before := state.Lines
	state.Lines = nil
	if err := p.postedLines(r, form, page, state, before); err != nil {
		return err
	}
	return apportion(form, page, state)
}

// postedLines reads the products; before are the lines that the order had.
func (p *Pages) postedLines(r *web.Request, form *web.Form, page *saleForm, state *sale.OrderState,
	before []sale.LineState) error {
	ids, products := form.All("line"), form.All("product")
	quantities, amounts := form.All("quantity"), form.All("amount")
	for i := range min(len(products), len(quantities), len(amounts), maxLines) {
		line := saleLine{Product: products[i], Quantity: strings.TrimSpace(quantities[i]),
			Amount: strings.TrimSpace(amounts[i])}
		if i < len(ids) {
			line.Line = ids[i]
		}
		if line.Product == "" && line.Amount == "" {
			continue
		}
		parsed, err := p.line(r, &line, known(before, line.Line))
		if err != nil {
			return err
		}
		if parsed.Line == "" {
			parsed.Line = unusedLine(before, state.Lines)
		}
		if !line.Problem.IsZero() {
			form.Problems.Say("lines", line.Problem)
		}
		page.Lines, state.Lines = append(page.Lines, line), append(state.Lines, parsed)
	}
	form.Problems.Check(len(page.Lines) > 0, "lines", "Please choose at least one product and enter its amount.")
	return nil
}

// known is the line of that id, or the zero line.
func known(lines []sale.LineState, id string) sale.LineState {
	for _, l := range lines {
		if id != "" && l.Line == id {
			return l
		}
	}
	return sale.LineState{}
}

// unusedLine is an id for a new line: lines that left the order keep theirs.
func unusedLine(lists ...[]sale.LineState) string {
	next := 1
	for _, lines := range lists {
		for _, l := range lines {
			if n, err := strconv.Atoi(l.Line); err == nil {
				next = max(next, n+1)
			}
		}
	}
	return strconv.Itoa(next)
}

// line is a line of the form as a line of an order; state is what it was.
func (p *Pages) line(r *web.Request, l *saleLine, state sale.LineState) (sale.LineState, error) {
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
	if state.Product.ID != id {
		state.Product, state.Name = sale.ProductRef{ID: id}, product.Name
	}
	in := r.Language()
	quantity, sure := in.Plain(l.Quantity)
	if state.Quantity, err = money.ParseQuantity(quantity); err != nil || !sure || state.Quantity.IsZero() ||
		strings.HasPrefix(quantity, "-") {
		l.Problem = locale.T("Please write quantities like 1 or %s.", in.Typed("1.5"))
	}
	amount, sure := in.Plain(l.Amount)
	if state.Base, err = money.Parse(amount); err != nil || !sure || state.Base.Sign() <= 0 {
		l.Problem = locale.T("Please write amounts like %s.", in.Typed("1250.50"))
	} else if state.Refunded.Cmp(state.Base) > 0 {
		l.Problem = locale.T("%s of this line was refunded. It can't be less.",
			in.Typed(state.Refunded.String()))
	}
	return state, nil
}

// apportion takes the discount off the lines, in proportion, and gives them
// their shares of the tax.
func apportion(form *web.Form, page *saleForm, state *sale.OrderState) error {
	discount, tax := form.AmountOf("discount", page.Discount), form.AmountOf("tax", page.Tax)
	shipping := form.AmountOf("shipping", page.Shipping)
	for name, amount := range map[string]money.Amount{"discount": discount, "tax": tax, "shipping": shipping} {
		form.Problems.Check(amount.Sign() >= 0, name, "Please enter 0 or more.")
	}
	form.Problems.Check(state.Refund.Tax.Cmp(tax) <= 0, "tax", "More than that was refunded.")
	form.Problems.Check(state.Refund.Shipping.Cmp(shipping) <= 0, "shipping", "More than that was refunded.")
	if form.Err() != nil {
		return nil
	}
	prices := []money.Amount{}
	for _, l := range state.Lines {
		prices = append(prices, l.Base)
	}
	gross, err := money.Sum(prices...)
	if err != nil {
		form.Problems.Add("lines", "The amounts are too large to be added up.")
		return nil
	}
	if form.Problems.Check(discount.Cmp(gross) < 0, "discount",
		"The discount must be less than the products cost."); form.Err() != nil {
		return nil
	}
	off, err := money.Allocate(discount, prices, state.Currency)
	if err != nil {
		return err
	}
	for i := range state.Lines {
		l := &state.Lines[i]
		l.Discount = off[i]
		if l.Base, err = l.Base.Sub(off[i]); err != nil {
			return err
		}
		prices[i] = l.Base
		form.Problems.Check(l.Refunded.Cmp(l.Base) <= 0, "discount",
			"More of a line was refunded than is left of it after this discount.")
	}
	taxes, err := money.Allocate(tax, prices, state.Currency)
	for i := range taxes {
		state.Lines[i].Tax = taxes[i]
	}
	state.Tax, state.Shipping = tax, shipping
	return err
}

// formOf is the form filled in with an order as it stands.
func formOf(r *web.Request, o sale.Order, state sale.OrderState) (saleForm, error) {
	typed := func(a money.Amount) string {
		if a.IsZero() {
			return ""
		}
		return r.Language().Typed(a.String())
	}
	page := saleForm{Order: o, FormID: o.ExternalID, Day: affiliate.DayOf(o.PlacedAt, r.Site.Zone()).String(),
		Number: o.Number, Currency: string(o.Currency), Status: string(o.Status), Note: state.Note,
		Tax: typed(state.Tax), Shipping: typed(state.Shipping)}
	discounts := []money.Amount{}
	for _, l := range state.Lines {
		price, err := l.Base.Add(l.Discount)
		if err != nil {
			return page, err
		}
		discounts = append(discounts, l.Discount)
		product := ""
		if l.Product.ID != 0 {
			product = l.Product.ID.String()
		}
		page.Lines = append(page.Lines, saleLine{Line: l.Line, Product: product,
			Quantity: r.Language().Typed(l.Quantity.String()), Amount: typed(price)})
	}
	discount, err := money.Sum(discounts...)
	page.Discount = typed(discount)
	return page, err
}

// placedOn is when a sale of that day was placed: now if it is today, else at
// noon of it.
func placedOn(form *web.Form, text string, now time.Time, zone *time.Location) time.Time {
	today := affiliate.DayOf(now, zone)
	if text == "" || text == today.String() {
		return now
	}
	day, err := affiliate.ParseDay(text)
	switch {
	case err != nil:
		form.Problems.Add("day", "Please write a date like 2026-12-31.")
		return now
	case today.Before(day):
		form.Problems.Add("day", "This day is still to come.")
		return now
	case day.Before(affiliate.Day{Year: 1990, Month: 1, Day: 1}):
		form.Problems.Add("day", "Please enter a day after 1990.")
		return now
	}
	return time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, zone)
}
