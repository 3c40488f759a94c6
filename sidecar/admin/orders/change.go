package orders

import (
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// step is a correction of a logged order (S155): what it is called, and how the
// form that asks for it changes the order. Each is previewed before it is done.
type step struct {
	title, button, done locale.Text
	what                []locale.Text // what it does, said before the button
	form                string        // the template that asks for more; "" asks for nothing
	change              func(*Pages, *web.Request, *web.Form, *changePage) (func(*sale.OrderState) error, error)
}

var steps = map[string]step{
	"edit": {title: locale.T("Edit order"), button: locale.T("Save the order"), done: locale.T("Order saved."),
		form: "edit.html", change: (*Pages).edited},
	"refund": {title: locale.T("Refund"), button: locale.T("Refund"), done: locale.T("Refund recorded."),
		what: []locale.Text{noMoney}, form: "refund.html", change: (*Pages).refundParts},
	"refund-all": {title: locale.T("Refund the whole order"), button: locale.T("Refund the whole order"),
		done: locale.T("The whole order is refunded."), what: []locale.Text{noMoney,
			locale.T("Record a chargeback in the same way.")}, change: to(sale.RefundAll)},
	"unrefund": {title: locale.T("Take refunds back"), button: locale.T("Take refunds back"),
		done: locale.T("The refunds are taken back."),
		what: []locale.Text{locale.T(
			"Use this when a refund was recorded by mistake: the order counts in full again.")},
		change: to(sale.TakeRefundsBack)},
	"void": {title: locale.T("Void order"), button: locale.T("Void order"), done: locale.T("The order is void."),
		what: []locale.Text{locale.T(
			"A void order counts for nothing. It stays in the list, and you can restore it.")}, change: to(sale.Void)},
	"restore": {title: locale.T("Restore order"), button: locale.T("Restore order"),
		done:   locale.T("The order is restored."),
		what:   []locale.Text{locale.T("The order counts again, for whoever had the credit.")},
		change: to(sale.Restore)},
}

var movedWords = locale.T("The date decides who gets credit and by which terms. So this entry becomes void, and the " +
	"sale is logged again on its day, where its commission is pending. What was paid for this entry is taken off the " +
	"partner's next payment.")

var noMoney = locale.T("It changes commission only. The buyer gets the money from you, not from here.")

// to is a change that needs no form.
func to(change func(*sale.OrderState) error) func(*Pages, *web.Request, *web.Form, *changePage) (
	func(*sale.OrderState) error, error) {
	return func(*Pages, *web.Request, *web.Form, *changePage) (func(*sale.OrderState) error, error) {
		return change, nil
	}
}

// changePage asks for a correction, or shows what it would do.
type changePage struct {
	saleForm             // of edit
	Refunds  []refundRow // of refund
	Step     string
	Title    locale.Text
	Button   locale.Text
	What     []locale.Text
	Seen     int64
	Kept     []web.Hidden // the form's fields, for the button of the preview
	Reason   string
	Effect   effect
	Moved    time.Time // where the date is corrected, when it was placed; else zero
}

// correct carries the correction out, or else tells what it would do.
func (p *Pages) correct(r *web.Request, page changePage, c sale.LoggedChange, write bool) (sale.Result, error) {
	actor := r.Who.Actor()
	switch {
	case page.Moved.IsZero() && write:
		return p.Sales.ChangeLogged(r.Ctx(), actor, c)
	case page.Moved.IsZero():
		return p.Sales.PreviewLogged(r.Ctx(), actor, c)
	case write:
		return p.Sales.Redate(r.Ctx(), actor, c, page.Moved)
	}
	return p.Sales.PreviewRedate(r.Ctx(), actor, c, page.Moved)
}

// stepOf is the order and the step that the path names; only logged orders are
// corrected here.
func (p *Pages) stepOf(r *web.Request) (step, changePage, sale.OrderView, error) {
	view, err := p.orderOf(r)
	if err != nil {
		return step{}, changePage{}, view, err
	}
	s, known := steps[r.Param("step")]
	if !known {
		return s, changePage{}, view, affiliate.Missing("This page isn't available right now.")
	}
	if !view.Order.Logged() {
		return s, changePage{}, view, affiliate.Conflict("This order comes from a cart. Please change it there.")
	}
	page := changePage{Step: r.Param("step"), Title: s.title, Button: s.button, What: s.what,
		Seen: view.Order.Version}
	page.Order = view.Order
	return s, page, view, nil
}

// AskChange shows the form of a correction, or what it would do where it needs none.
func (p *Pages) AskChange(r *web.Request) error {
	s, page, view, err := p.stepOf(r)
	if err != nil {
		return err
	}
	form := r.Form()
	if s.form == "" {
		return p.previewChange(r, s, page, view, form)
	}
	state, err := p.Sales.State(r.Ctx(), view.Order.ID)
	if err != nil {
		return err
	}
	if page.saleForm, err = formOf(r, view.Order, state); err != nil {
		return err
	}
	page.Refunds = refundRows(state)
	return p.showChange(r, s, page, form)
}

// showChange shows the form of a correction.
func (p *Pages) showChange(r *web.Request, s step, page changePage, form *web.Form) error {
	if err := p.fill(r, &page.saleForm); err != nil {
		return err
	}
	page.Problems = form.Problems
	if len(page.Problems) > 0 {
		return r.Invalid(pages, s.form, s.title, page)
	}
	return r.Page(pages, s.form, s.title, page)
}

// ChangeOrder carries a correction out once it was previewed; before that it
// shows what it would do.
func (p *Pages) ChangeOrder(r *web.Request) error {
	s, page, view, err := p.stepOf(r)
	if err != nil {
		return err
	}
	form := r.Form()
	if r.PostForm("confirmed") == "" {
		return p.previewChange(r, s, page, view, form)
	}
	change, err := s.change(p, r, form, &page)
	if err != nil {
		return err
	}
	seen, wrong := strconv.ParseInt(form.Raw("seen"), 10, 64)
	form.Problems.Check(wrong == nil, "", "Please preview it first.")
	page.Reason = form.Raw("reason")
	var result sale.Result
	if err = form.Err(); err == nil {
		result, err = p.correct(r, page, sale.LoggedChange{OrderID: view.Order.ID, Seen: seen, Reason: page.Reason,
			To: change}, true)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.previewChange(r, s, page, view, form)
	}
	return r.Done(web.Flash{Text: s.done}, parts.OrderPath(result.OrderID))
}

// previewChange shows what a correction would do to the money of each partner.
func (p *Pages) previewChange(r *web.Request, s step, page changePage, view sale.OrderView, form *web.Form) error {
	fields := r.Form() // problems of the form, beside its fields; those of the button are in form
	change, err := s.change(p, r, fields, &page)
	if err != nil {
		return err
	}
	if s.form != "" && (r.PostForm("more") != "" || r.PostForm("search") != "") {
		return p.showChange(r, s, page, r.Form())
	}
	err = fields.Err()
	var result sale.Result
	if err == nil {
		result, err = p.correct(r, page, sale.LoggedChange{OrderID: view.Order.ID, Seen: view.Order.Version,
			To: change}, false)
	}
	if s.form == "" && err != nil { // nothing to correct
		return err
	}
	if again, err := fields.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showChange(r, s, page, fields)
	}
	if result.Outcome == sale.Repeated {
		return r.Done(web.Flash{Text: locale.T("Nothing was changed.")}, parts.OrderPath(view.Order.ID))
	}
	if page.Effect, err = p.effectOf(r, view.Commissions, result.Commissions); err != nil {
		return err
	}
	page.Kept, page.Problems = r.Posted("confirmed", "seen", "reason"), form.Problems
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "change.html", s.title, page)
	}
	return r.Page(pages, "change.html", s.title, page)
}

// edited is the order as the form has it.
func (p *Pages) edited(r *web.Request, form *web.Form, page *changePage) (func(*sale.OrderState) error, error) {
	state, err := p.Sales.State(r.Ctx(), page.Order.ID)
	if err != nil {
		return nil, err
	}
	order := page.Order
	page.saleForm = saleForm{Order: order}
	if err := p.posted(r, form, &page.saleForm, &state); err != nil {
		return nil, err
	}
	if was := affiliate.DayOf(order.PlacedAt, r.Site.Zone()).String(); page.Day != "" && page.Day != was {
		page.Moved = placedOn(form, page.Day, p.Now(), r.Site.Zone())
		page.What = append(page.What, movedWords)
	}
	return func(s *sale.OrderState) error {
		s.Number, s.Status, s.Currency, s.Note = state.Number, state.Status, state.Currency, state.Note
		s.Lines, s.Tax, s.Shipping = state.Lines, state.Tax, state.Shipping
		if s.Status != sale.OrderPaid {
			s.PaidAt = nil
		}
		return nil
	}, nil
}

// refundRow is a part of an order that can be refunded.
type refundRow struct {
	Key     string // its field is refund-{Key}
	Name    locale.Text
	Left    money.Amount
	Before  money.Amount // refunded so far
	Typed   string
	Problem locale.Text
}

// Field is the name of the row's input.
func (row refundRow) Field() string { return "refund-" + row.Key }

// The parts of an order beside its lines.
const taxPart, shippingPart = "tax", "shipping"

func refundRows(s sale.OrderState) (rows []refundRow) {
	add := func(key string, name locale.Text, whole, back money.Amount) {
		left, err := whole.Sub(back)
		if err == nil && whole.Sign() > 0 {
			rows = append(rows, refundRow{Key: key, Name: name, Left: money.Max(left, money.Amount{}), Before: back})
		}
	}
	for _, l := range s.Lines {
		add("line-"+l.Line, locale.Data(l.Name), l.Base, l.Refunded)
	}
	add(taxPart, locale.T("Tax"), s.Tax, s.Refund.Tax)
	add(shippingPart, locale.T("Shipping"), s.Shipping, s.Refund.Shipping)
	return rows
}

// refundParts gives back what the form names of each part.
func (p *Pages) refundParts(r *web.Request, form *web.Form, page *changePage) (func(*sale.OrderState) error, error) {
	state, err := p.Sales.State(r.Ctx(), page.Order.ID)
	if err != nil {
		return nil, err
	}
	page.Refunds = refundRows(state)
	more, some := map[string]money.Amount{}, false
	for i := range page.Refunds {
		row := &page.Refunds[i]
		row.Typed = form.Raw(row.Field())
		amount := form.AmountOf(row.Field(), row.Typed)
		form.Problems.Check(amount.Sign() >= 0, row.Field(), "Please enter 0 or more.")
		form.Problems.Check(amount.Cmp(row.Left) <= 0, row.Field(), "A refund can't be larger than what is left: %s.",
			money.Text(row.Left, page.Order.Currency))
		row.Problem = form.Problems[row.Field()]
		more[row.Key], some = amount, some || !amount.IsZero()
	}
	form.Problems.Check(some || form.Err() != nil, "", "Please enter what was refunded of at least one part.")
	return func(s *sale.OrderState) (err error) {
		add := func(to *money.Amount, key string) {
			if err == nil {
				*to, err = to.Add(more[key])
			}
		}
		for i := range s.Lines {
			add(&s.Lines[i].Refunded, "line-"+s.Lines[i].Line)
		}
		add(&s.Refund.Tax, taxPart)
		add(&s.Refund.Shipping, shippingPart)
		return err
	}, nil
}
