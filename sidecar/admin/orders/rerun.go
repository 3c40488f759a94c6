package orders

import (
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// rerunPage asks which orders are credited once more and to whom (S96, D24), and
// shows what that would change before anything does.
type rerunPage struct {
	rerunScope
	Programs []web.Option
	Order    *parts.Explained // the one order that it is about
	Buyer    affiliate.Contact
	Choice   string
	Choices  []rerunChoice
	Gets     string // code or address of the partner of choice "partner", as typed
	Only     bool   // leave later payments of subscriptions where they are
	Reason   string
	Preview  *rerunResult // nil until it is asked for
	Cut      bool         // of the orders chosen, Orders are only the first
	Problems affiliate.Problems
}

// rerunScope says which orders are meant, as typed.
type rerunScope struct {
	Orders   []affiliate.OrderID
	Contact  string
	By       string // code or address of the partner credited now
	Program  string
	From, To string
	Nobody   bool // those that credit no one
}

// rerunChoice is a way to say who gets the credit.
type rerunChoice struct {
	Value       sale.Choice
	Label, Help locale.Text
	Chosen      bool
}

// AskRerun asks for orders and who gets their credit; with preview=1 it shows
// what that would change. It changes nothing.
func (p *Pages) AskRerun(r *web.Request) error {
	form := r.Form()
	page, err := p.rerunAsked(r, form, r.Query, r.QueryArray("order"))
	if err != nil {
		return err
	}
	return p.showRerun(r, form, page, r.Query("preview") != "")
}

// AskRerunOf asks who gets the credit of chosen orders; cut tells that there are more.
func (p *Pages) AskRerunOf(r *web.Request, orders []affiliate.OrderID, cut bool) error {
	page := rerunPage{Cut: cut}
	page.Orders = orders
	return p.showRerun(r, r.Form(), page, false)
}

// rerunAsked is what a URL or a form asks for.
func (p *Pages) rerunAsked(r *web.Request, form *web.Form, value func(string) string, orders []string) (rerunPage,
	error) {
	page := rerunPage{Choice: value("choice"), Gets: affiliate.Cut(affiliate.Line(value("gets")), 190),
		Only: value("only") != "", Reason: value("reason")}
	page.rerunScope = rerunScope{Contact: value("contact"), By: affiliate.Cut(affiliate.Line(value("by")), 190),
		Program: value("program"), From: strings.TrimSpace(value("from")), To: strings.TrimSpace(value("to")),
		Nobody: value("nobody") != ""}
	var err error
	if page.Orders, err = affiliate.ParseIDs[affiliate.OrderNoun](orders); err != nil {
		return page, err
	}
	form.Problems.Check(len(page.Orders) <= parts.RerunAtOnce, "", "Please choose at most %d orders at once.",
		parts.RerunAtOnce)
	if page.Contact != "" {
		id, err := affiliate.ParseID[affiliate.Contact](page.Contact)
		if err != nil {
			return page, err
		}
		if page.Buyer, err = p.Registry.Contact(r.Ctx(), id); err != nil {
			return page, err
		}
	}
	if len(page.Orders) == 1 {
		view, err := p.Sales.Order(r.Ctx(), page.Orders[0])
		if err != nil {
			return page, err
		}
		order, err := parts.ExplainOne(r, p.Registry, view)
		if err != nil {
			return page, err
		}
		page.Order, page.Buyer = &order, order.Buyer
	}
	return page, nil
}

// Many tells whether there are more orders than an address can name.
func (s rerunScope) Many() bool { return len(s.Orders) > ordersLinked }

// Fixed tells whether the orders are named, so that nothing is left to choose.
func (s rerunScope) Fixed() bool { return len(s.Orders) > 0 }

// filter is the scope as the domain knows it.
func (p *Pages) filter(r *web.Request, form *web.Form, s rerunScope, buyer affiliate.Contact) (sale.RerunFilter,
	error) {
	f := sale.RerunFilter{Orders: s.Orders, Nobody: s.Nobody, Limit: parts.RerunAtOnce + 1}
	if s.Contact != "" {
		f.Contact = buyer.ID
	}
	if s.By != "" {
		partner, err := parts.PartnerNamed(r.Ctx(), p.Registry, s.By)
		if affiliate.KindOf(err) == affiliate.KindNotFound || affiliate.KindOf(err) == affiliate.KindInvalid {
			form.Problems.Add("by", "No partner has this code or email address.")
		} else if err != nil {
			return f, err
		}
		f.Partner = partner.ID
		form.Problems.Check(!s.Nobody, "nobody", "Choose either a partner or orders without credit.")
	}
	if s.Program != "" {
		var err error
		f.Program, err = affiliate.ParseID[affiliate.Program](s.Program)
		form.Problems.Check(err == nil, "program", "Please choose one from the list.")
	}
	day := func(field, text string) affiliate.Day {
		if text == "" {
			return affiliate.Day{}
		}
		d, err := affiliate.ParseDay(text)
		form.Problems.Check(err == nil, field, "Please write a date like 2026-12-31.")
		return d
	}
	if from := day("from", s.From); !from.IsZero() {
		f.From = from.Start(r.Site.Zone())
	}
	if to := day("to", s.To); !to.IsZero() {
		f.To = to.Next().Start(r.Site.Zone())
		form.Problems.Check(f.From.Before(f.To), "to", "The last day is before the first one.")
	}
	return f, nil
}

// wish is what the page asks for as the domain knows it; the reason is asked for
// with the last button.
func (p *Pages) wish(r *web.Request, form *web.Form, page rerunPage) (sale.Rerun, error) {
	wish := sale.Rerun{Choice: sale.Choice(page.Choice), ThisOnly: page.Only, Reason: page.Reason}
	if wish.Choice != sale.AnyPartner {
		return wish, nil
	}
	partner, err := parts.PartnerNamed(r.Ctx(), p.Registry, page.Gets)
	if kind := affiliate.KindOf(err); kind == affiliate.KindNotFound || kind == affiliate.KindInvalid {
		form.Problems.Add("gets", "No partner has this code or email address.")
		err = nil
	}
	wish.PartnerID = partner.ID
	return wish, err
}

func (p *Pages) showRerun(r *web.Request, form *web.Form, page rerunPage, preview bool) (err error) {
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, page.Program); err != nil {
		return err
	}
	if page.Choices, err = p.choices(r, page); err != nil {
		return err
	}
	if preview {
		if err := p.previewRerun(r, form, &page); err != nil {
			return err
		}
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "rerun.html", locale.T("Re-run orders"), page)
	}
	return r.Page(pages, "rerun.html", locale.T("Re-run orders"), page)
}

// choices are the ways to say who gets the credit, with names where one buyer is
// meant.
func (p *Pages) choices(r *web.Request, page rerunPage) ([]rerunChoice, error) {
	ids := []affiliate.PartnerID{page.Buyer.First.PartnerID, page.Buyer.Last.PartnerID}
	if page.Order != nil {
		ids = append(ids, page.Order.Proven)
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	named := func(general locale.Text, id affiliate.PartnerID) locale.Text {
		if page.Buyer.ID == 0 {
			return general
		}
		name := locale.T("no one")
		if id != 0 {
			name = locale.Data(people.Name(id))
		}
		return locale.Layout("%s: %s", general, name)
	}
	all := []rerunChoice{
		{Value: sale.AtSale, Label: locale.T("Whoever referred the buyer at the time of the sale"),
			Help: locale.T("By the referrer setting of that day, whatever was decided since.")},
		{Value: sale.CurrentLast,
			Label: named(locale.T("The buyer's last referrer as of now"), page.Buyer.Last.PartnerID)},
		{Value: sale.CurrentFirst,
			Label: named(locale.T("The buyer's first referrer as of now"), page.Buyer.First.PartnerID)},
	}
	if page.Order != nil && page.Order.Proven != 0 {
		all = append(all, rerunChoice{Value: sale.ProvenBefore,
			Label: locale.T("The referrer proven before: %s", people.Name(page.Order.Proven))})
	}
	all = append(all, rerunChoice{Value: sale.AnyPartner, Label: locale.T("Another partner")},
		rerunChoice{Value: sale.Nobody, Label: locale.T("No one"),
			Help: locale.T("Whoever has the credit loses it.")})
	for i := range all {
		all[i].Chosen = string(all[i].Value) == page.Choice
	}
	return all, err
}

// previewRerun adds what the re-run would do.
func (p *Pages) previewRerun(r *web.Request, form *web.Form, page *rerunPage) error {
	filter, err := p.filter(r, form, page.rerunScope, page.Buyer)
	if err != nil {
		return err
	}
	wish, err := p.wish(r, form, *page)
	if err != nil || form.Err() != nil && form.Problems["reason"].IsZero() && form.Problems[""].IsZero() {
		return err
	}
	picks, err := p.Sales.RerunOrders(r.Ctx(), filter)
	if err != nil {
		return err
	}
	more := len(picks) > parts.RerunAtOnce
	picks = picks[:min(len(picks), parts.RerunAtOnce)]
	wish.Reason = "preview" // it is asked for below the preview
	plan, err := p.Sales.PreviewRerun(r.Ctx(), r.Who.Actor(), picks, wish)
	if again, err := form.Refused(err); err != nil || again {
		return err
	}
	page.Preview, err = p.rerunResult(r, plan)
	if err == nil {
		page.Preview.More = more
	}
	return err
}

// RerunOrders credits the orders of a preview once more. Each is done as it was
// previewed, or left as it is and named. With preview=1 it shows the preview, of
// more orders than an address can name.
func (p *Pages) RerunOrders(r *web.Request) error {
	form := r.Form()
	page, err := p.rerunAsked(r, form, form.Raw, form.All("order"))
	if err != nil {
		return err
	}
	if form.Raw("preview") != "" {
		return p.showRerun(r, form, page, true)
	}
	wish, err := p.wish(r, form, page)
	if err != nil {
		return err
	}
	picks := rerunPicks(form)
	var plan sale.RerunPlan
	if err = form.Err(); err == nil {
		plan, err = p.Sales.Rerun(r.Ctx(), r.Who.Actor(), picks, wish)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showRerun(r, form, page, true)
	}
	result, err := p.rerunResult(r, plan)
	if err != nil {
		return err
	}
	if len(picks) == 1 {
		return r.Done(web.Flash{Text: result.text(r)}, parts.OrderPath(picks[0].OrderID))
	}
	return r.Page(pages, "rerun_done.html", locale.T("Re-run orders"), result)
}

// rerunPicks reads the orders of a preview, each as "17.2.a1b2": the order, its
// decision as it was shown, and what was promised.
func rerunPicks(form *web.Form) (picks []sale.RerunPick) {
	for _, text := range form.All("pick") {
		pieces := strings.Split(text, ".")
		if len(pieces) != 3 {
			form.Problems.Add("", "Please preview it first.")
			continue
		}
		id, err := affiliate.ParseID[affiliate.OrderNoun](pieces[0])
		seen, wrong := strconv.Atoi(pieces[1])
		form.Problems.Check(err == nil && wrong == nil && seen > 0 && pieces[2] != "", "", "Please preview it first.")
		picks = append(picks, sale.RerunPick{OrderID: id, Seen: seen, Plan: pieces[2]})
	}
	form.Problems.Check(len(picks) > 0, "", "Please preview it first.")
	form.Problems.Check(len(picks) <= parts.RerunAtOnce, "", "Please choose at most %d orders at once.",
		parts.RerunAtOnce)
	return picks
}

// text says in a sentence what a re-run of one order did.
func (res *rerunResult) text(r *web.Request) locale.Text {
	if len(res.Plan.Orders) == 0 {
		text := locale.T("Nothing was changed.")
		for _, skip := range res.Skipped {
			text = locale.T("Nothing was changed: %s", skip.Why)
		}
		return text
	}
	text := locale.T("Re-run: no one gets the credit now.")
	if to := res.Plan.Orders[0].To.PartnerID; to != 0 {
		text = locale.T("Re-run: %s gets the credit now.", res.People.Name(to))
	}
	for _, sum := range res.Plan.Sums {
		all, err := sum.Pending.Add(sum.Payable)
		if err == nil && !all.IsZero() {
			text = locale.Join(text, locale.T("%s: %s.", res.People.Name(sum.PartnerID),
				money.Text(all, sum.Currency)))
		}
	}
	return text
}
