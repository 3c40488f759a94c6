package partners

import (
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// entriesShown is how many entries by hand a page has.
const entriesShown = 50

type entriesPage struct {
	top
	Entries    []entry
	Next       int // offset of the next page, 0: none
	Form       entryForm
	Currencies []web.Option
	Undone     ledger.ManualID // whose reason to undo it was refused
	UndoReason string
}

// entry is an entry by hand, and whether it was taken back.
type entry struct {
	ledger.Manual
	Undone bool
}

// CanUndo tells whether the entry can be taken back: once, and no counter entry.
func (e entry) CanUndo() bool { return !e.Undone && e.Kind != ledger.Counter }

// CanApprove tells whether it waits to become payable.
func (e entry) CanApprove() bool { return e.CanUndo() && e.Status == ledger.Pending }

// entryForm enters money that no order gives (S140), with its fields as typed.
type entryForm struct {
	Kind     string // adjustment, opening or writeoff
	Stage    string // of an opening balance
	Amount   string
	Currency string
	Day      string
	Reason   string
	FormID   string // sent twice, it is entered once
	// Review is what would be entered; nil until the form is in order.
	Review *review
}

// review says what an entry would do, before it is made.
type review struct {
	Amount        money.Amount
	Currency      money.Currency
	Before, After money.Amount // owed
	Account       locale.Text
}

// entriesPath is where the entries of a partner are.
func entriesPath(id affiliate.PartnerID) string { return "admin/partners/" + id.String() + "/entries" }

// Entries lists the entries by hand, with the form for another one.
func (p *Pages) Entries(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	return p.showEntries(r, entriesPage{top: t, Form: entryForm{Kind: "adjustment", Stage: string(ledger.Approved)}})
}

func (p *Pages) showEntries(r *web.Request, page entriesPage) error {
	offset := r.Offset()
	list, err := p.Ledger.Manuals(r.Ctx(), page.Partner.ID, affiliate.Page{Offset: offset, Limit: entriesShown + 1})
	if err != nil {
		return err
	}
	undone := map[ledger.ManualID]bool{}
	for _, m := range list {
		undone[m.UndoesID] = true
	}
	if len(list) > entriesShown {
		list, page.Next = list[:entriesShown], offset+entriesShown
	}
	for _, m := range list {
		page.Entries = append(page.Entries, entry{m, undone[m.ID]})
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if page.Form.Currency == "" {
		page.Form.Currency = string(settings.Currency)
	}
	if page.Form.Day == "" && len(page.Problems) == 0 {
		page.Form.Day = p.Reports.Today().String()
	}
	if page.Form.FormID == "" {
		page.Form.FormID = rand.Text()
	}
	page.Currencies = entryCurrencies(settings, page.top)
	return page.show(r, "entries.html", locale.T("Entries by hand: %s", page.Contact.Name()), page)
}

// entryCurrencies are those that the site or the partner has money in.
func entryCurrencies(settings affiliate.Settings, t top) (options []web.Option) {
	seen := map[money.Currency]bool{}
	add := func(cur money.Currency) {
		if !seen[cur] {
			seen[cur] = true
			options = append(options, web.Option{Value: string(cur), Label: locale.Data(string(cur))})
		}
	}
	add(settings.Currency)
	for _, b := range t.Balances {
		add(b.Currency)
	}
	for _, cur := range slices.Sorted(maps.Keys(settings.Thresholds)) {
		add(cur)
	}
	return options
}

// Enter makes an entry, after it was shown what it does.
func (p *Pages) Enter(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	form := r.Form()
	f := entryForm{Kind: form.Raw("kind"), Stage: form.Raw("stage"), Amount: form.Raw("amount"),
		Currency: form.Raw("currency"), Day: form.Raw("day"), Reason: form.Text("reason", 255),
		FormID: form.Raw("form_id")}
	e := p.entryOf(r, t, form, f)
	if len(form.Problems) == 0 && !form.Bool("confirmed") {
		f.Review, err = reviewOf(t, f, e)
		if err != nil {
			return err
		}
		return p.showEntries(r, entriesPage{top: t, Form: f})
	}
	if err = form.Err(); err == nil {
		err = p.enter(r, f, e)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		t.Problems = form.Problems
		return p.showEntries(r, entriesPage{top: t, Form: f})
	}
	return r.Done(web.Flash{Text: locale.T("Entered. The partner sees it in their statement, with your reason.")},
		entriesPath(t.Partner.ID))
}

// entryOf checks what was typed, so that it can be shown before it is entered.
func (p *Pages) entryOf(r *web.Request, t top, form *web.Form, f entryForm) (e ledger.ManualEntry) {
	var err error
	e = ledger.ManualEntry{PartnerID: t.Partner.ID, Reason: f.Reason, FormID: f.FormID}
	if f.Kind == "writeoff" { // nobody types it: it is the balance as it was shown
		e.Amount, err = money.Parse(f.Amount)
		form.Problems.Check(err == nil && e.Amount.Sign() < 0, "amount", "Only a negative balance can be written off.")
	} else {
		e.Amount = form.Amount("amount")
	}
	e.Currency, err = money.ParseCurrency(f.Currency)
	form.Problems.Check(err == nil, "currency", "Please choose a currency.")
	form.Problems.Check(f.Kind == "adjustment" || f.Kind == "opening" || f.Kind == "writeoff", "kind",
		"Please choose what to enter.")
	form.Problems.Check(f.Reason != "", "reason",
		"Please give a reason, in at most 255 characters: the partner reads it.")
	form.Problems.Check(f.FormID != "" && len(f.FormID) <= 64, "", "Please load the form again.")
	if f.Kind != "writeoff" {
		e.At = entryTime(r, form, f.Day, p.Reports.Today())
	}
	form.Problems.Check(!e.Amount.IsZero(), "amount", "Please enter an amount that is not 0.")
	form.Problems.Check(e.Currency == "" || e.Amount.IsRounded(e.Currency), "amount", "%s can have %d decimals.",
		e.Currency, e.Currency.Digits())
	form.Problems.Check(f.Kind != "opening" || f.Stage == string(ledger.Approved) || e.Amount.Sign() > 0, "amount",
		"Only what is payable can be negative.")
	return e
}

// entryTime is when it happened; zero for today, so that it is now.
func entryTime(r *web.Request, form *web.Form, text string, today affiliate.Day) time.Time {
	day, err := affiliate.ParseDay(text)
	form.Problems.Check(err == nil, "day", "Please enter a date.")
	form.Problems.Check(err != nil || !today.Before(day), "day", "Please choose today or a day before.")
	if err != nil || day == today {
		return time.Time{}
	}
	return day.Start(r.Site.Zone()).Add(12 * time.Hour)
}

func (p *Pages) enter(r *web.Request, f entryForm, e ledger.ManualEntry) (err error) {
	switch f.Kind {
	case "adjustment":
		_, err = p.Ledger.Adjust(r.Ctx(), r.Who.Actor(), e)
	case "opening":
		_, err = p.Ledger.Open(r.Ctx(), r.Who.Actor(), e, ledger.Status(f.Stage))
	case "writeoff":
		_, err = p.Ledger.WriteOff(r.Ctx(), r.Who.Actor(), e, e.Amount)
	}
	return err
}

func reviewOf(t top, f entryForm, e ledger.ManualEntry) (*review, error) {
	v := &review{Amount: e.Amount, Currency: e.Currency, Account: locale.T("payable at once")}
	if f.Kind == "writeoff" {
		v.Amount = e.Amount.Neg() // what is entered brings the balance to 0
	}
	for _, b := range t.Balances {
		if b.Currency == e.Currency {
			v.Before = b.Owed
		}
	}
	change := v.Amount
	if f.Kind == "opening" && f.Stage != string(ledger.Approved) {
		change = money.Amount{}
		v.Account = locale.T("pending: it is owed once someone approves it here")
		if f.Stage == string(ledger.Paid) {
			v.Account = locale.T("paid before: it counts as paid and is never paid again")
		}
	}
	var err error
	v.After, err = v.Before.Add(change)
	return v, err
}

// UndoEntry takes an entry back by a counter entry.
func (p *Pages) UndoEntry(r *web.Request) error {
	return p.onEntry(r, locale.T("Undone by a counter entry. Both stay in the statement."),
		func(id ledger.ManualID, form *web.Form) error {
			_, err := p.Ledger.UndoManual(r.Ctx(), r.Who.Actor(), id, form.Raw("undo_reason"))
			return err
		})
}

// ApproveEntry makes a pending opening balance payable.
func (p *Pages) ApproveEntry(r *web.Request) error {
	return p.onEntry(r, locale.T("Approved: it is owed now."), func(id ledger.ManualID, _ *web.Form) error {
		_, err := p.Ledger.ApproveManual(r.Ctx(), r.Who.Actor(), id)
		return err
	})
}

// onEntry does something to an entry of the partner whom the path names.
func (p *Pages) onEntry(r *web.Request, done locale.Text, do func(ledger.ManualID, *web.Form) error) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	id, err := affiliate.ParseID[ledger.Manual](r.Param("entry"))
	if err != nil {
		return err
	}
	if m, err := p.Ledger.Manual(r.Ctx(), id); err != nil {
		return err
	} else if m.PartnerID != t.Partner.ID {
		return affiliate.Missing("There is no such entry.")
	}
	form := r.Form()
	err = do(id, form)
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		if why, wrong := form.Problems["reason"]; wrong { // the page has another field of that name
			form.Problems["undo_reason"] = why
			delete(form.Problems, "reason")
		}
		t.Problems = form.Problems
		return p.showEntries(r, entriesPage{top: t, Undone: id, UndoReason: form.Raw("undo_reason"),
			Form: entryForm{Kind: "adjustment", Stage: string(ledger.Approved), Day: p.Reports.Today().String()}})
	}
	return r.Done(web.Flash{Text: done}, entriesPath(t.Partner.ID))
}
