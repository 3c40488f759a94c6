package imports

import (
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// importPage is a file: its dry run, how far it is, or what became of it.
type importPage struct {
	imports.Import
	Task    task.Task // ID 0: nothing was started
	Planned imports.Counts
	Ended   imports.Counts // of lines that were taken in
	Noted   []imports.Line
	Notes   int64 // all lines with something to say
	Done    []imports.Line
	Shown   imports.Outcome // of Done
	Next    int             // the last line of Done where there are more; 0 without
	People  map[affiliate.ContactID]affiliate.Contact
	Made    map[affiliate.ContactID]affiliate.PartnerID // of a file of partners
	words   map[string]locale.Text
}

// How many lines a page has.
const (
	notesShown = 200
	doneShown  = 100
)

// Show shows a file that was sent.
func (p *Pages) Show(r *web.Request) error {
	i, err := p.load(r)
	if err != nil {
		return err
	}
	page := importPage{Import: i}
	if page.words, err = p.words(r); err != nil {
		return err
	}
	if page.Planned, page.Ended, err = p.Imports.Counts(r.Ctx(), i.ID); err != nil {
		return err
	}
	if page.Noted, page.Notes, err = p.Imports.Noted(r.Ctx(), i.ID, notesShown); err != nil {
		return err
	}
	if i.TaskID != 0 {
		if page.Task, err = p.Tasks.Task(r.Ctx(), i.TaskID); err != nil {
			return err
		}
	}
	if err := p.done(r, &page); err != nil {
		return err
	}
	return r.Page(pages, "import.html", titleOf(i.Kind), page)
}

// done adds the lines that have the outcome which the URL asks for.
func (p *Pages) done(r *web.Request, page *importPage) (err error) {
	if page.State == imports.Checked {
		return nil
	}
	page.Shown = affiliate.ImportNew
	for _, o := range []imports.Outcome{affiliate.ImportFilled, affiliate.ImportSame} {
		if r.Query("lines") == string(o) {
			page.Shown = o
		}
	}
	after, _ := strconv.Atoi(r.Query("after")) // 0: from the beginning
	if page.Done, err = p.Imports.Done(r.Ctx(), page.ID, page.Shown, after, doneShown+1); err != nil {
		return err
	}
	if len(page.Done) > doneShown {
		page.Done = page.Done[:doneShown]
		page.Next = page.Done[doneShown-1].Number
	}
	ids := []affiliate.ContactID{}
	for _, l := range page.Done {
		ids = append(ids, l.Contact)
	}
	contacts, err := p.Registry.ContactsOf(r.Ctx(), ids)
	page.People = map[affiliate.ContactID]affiliate.Contact{}
	for _, c := range contacts {
		page.People[c.ID] = c
	}
	if err == nil && page.Partners() {
		page.Made, err = p.Registry.PartnersOf(r.Ctx(), ids)
	}
	return err
}

// Who is the page of whom a line of the file is about.
func (page importPage) Who(l imports.Line) string {
	if id := page.Made[l.Contact]; id != 0 {
		return parts.PartnerPath(id)
	}
	return parts.ContactPath(l.Contact, "")
}

func (p *Pages) load(r *web.Request) (imports.Import, error) {
	id, err := affiliate.ParseID[imports.Import](r.Param("import"))
	if err != nil {
		return imports.Import{}, err
	}
	return p.Imports.Import(r.Ctx(), id)
}

func titleOf(kind imports.Kind) locale.Text {
	if kind == imports.Partners {
		return locale.T("Import partners")
	}
	return locale.T("Import contacts")
}

// fieldWords are what the columns are called.
var fieldWords = map[string]locale.Text{"email": locale.T("Email"), "first_name": locale.T("First name"),
	"last_name": locale.T("Last name"), "name": locale.T("Name"), "company": locale.T("Company"),
	"program": locale.T("Program"), "payment_method": locale.T("Payment method"),
	"paypal_email": locale.T("PayPal email"), "recruiter": locale.T("Recruiter")}

// words are the names of all columns, the site's own fields among them.
func (p *Pages) words(r *web.Request) (map[string]locale.Text, error) {
	words := map[string]locale.Text{}
	for field, word := range fieldWords {
		words[field] = word
	}
	own, err := p.Registry.ContactFields(r.Ctx())
	for _, f := range own {
		words[f.FormName()] = locale.Data(f.Name)
	}
	return words, err
}

// Word is the name of a column; "" is none.
func (page importPage) Word(field string) locale.Text { return page.words[field] }

// Partners tells whether the file is of partners.
func (page importPage) Partners() bool { return page.Kind == imports.Partners }

// Usable is how many lines do something, or change nothing.
func (page importPage) Usable() int64 { return page.Lines - page.Planned[affiliate.ImportSkipped] }

// ToTake is how many lines would make a partner or do something with contacts.
func (page importPage) ToTake() int64 {
	if page.Partners() {
		return page.Planned[affiliate.ImportNew]
	}
	return page.Usable()
}

// Plan and Result are numbers of lines by outcome.
func (page importPage) Plan(o string) int64   { return page.Planned[imports.Outcome(o)] }
func (page importPage) Result(o string) int64 { return page.Ended[imports.Outcome(o)] }

// Hidden is how many lines with a note are not listed.
func (page importPage) Hidden() int64 { return page.Notes - int64(len(page.Noted)) }

// Value is what the file has in the column that a line's note is about.
func (page importPage) Value(l imports.Line) string {
	text, is := l.Cells[l.Field]
	if !is && (l.Field == "first_name" || l.Field == "last_name") {
		text = l.Cells["name"] // of which it is a part
	}
	return affiliate.Cut(affiliate.Line(text), 60)
}

// Email is whom a line is about.
func (page importPage) Email(l imports.Line) string {
	return affiliate.Cut(affiliate.Line(l.Cells["email"]), 60)
}

// Begun tells whether the file is taken in, or was.
func (page importPage) Begun() bool { return page.State != imports.Checked }

// Path is the page of this file.
func (page importPage) Path() string { return parts.ImportPath(page.Import) }

// List is the page of whom the file is about.
func (page importPage) List() string {
	if page.Partners() {
		return parts.Partners
	}
	return parts.Contacts
}

// Start takes a file in.
func (p *Pages) Start(r *web.Request) error {
	i, err := p.load(r)
	if err != nil {
		return err
	}
	if i, err = p.Imports.Start(r.Ctx(), r.Who.Actor(), i.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Started. You can leave this page.")}, parts.ImportPath(i))
}

// Undo takes back what a file has made, where that can be.
func (p *Pages) Undo(r *web.Request) error {
	i, err := p.load(r)
	if err != nil {
		return err
	}
	if i, err = p.Imports.Undo(r.Ctx(), r.Who.Actor(), i.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Started. You can leave this page.")}, parts.ImportPath(i))
}

// Discard forgets a file that was only checked.
func (p *Pages) Discard(r *web.Request) error {
	i, err := p.load(r)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return r.Done(web.Flash{Text: discarded}, parts.Contacts)
	}
	if err != nil {
		return err
	}
	if err := p.Imports.Discard(r.Ctx(), i.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: discarded}, parts.ImportForm(i.Kind))
}

var discarded = locale.T("The file is forgotten. Nothing was imported.")

// Kinds are the sorts of long work of this area.
func (p *Pages) Kinds() []task.Kind {
	return []task.Kind{
		{Name: imports.TakeTask, May: web.CanApprove, Work: p.Imports.Take, Outcome: takeOutcome,
			Title: func(t task.Task) locale.Text { return titleOf(kindOf(t)) }},
		{Name: imports.UndoTask, May: web.CanApprove, Work: p.Imports.TakeBack,
			Title: func(task.Task) locale.Text { return locale.T("Undo an import of contacts") },
			Outcome: func(t task.Task) locale.Text {
				return locale.N("%d contact deleted again.", "%d contacts deleted again.", t.Changed)
			}},
	}
}

func kindOf(t task.Task) imports.Kind {
	var params imports.Params
	_ = t.Read(&params) // of another shape: contacts
	return params.Kind
}

// takeOutcome says what was imported so far.
func takeOutcome(t task.Task) locale.Text {
	notes := t.Notes()
	made, skipped := notes[string(affiliate.ImportNew)], notes[string(affiliate.ImportSkipped)]
	same := notes[string(affiliate.ImportSame)]
	text := locale.Join(locale.N("%d contact added.", "%d contacts added.", made),
		locale.N("%d completed.", "%d completed.", notes[string(affiliate.ImportFilled)]))
	if kindOf(t) == imports.Partners {
		text = locale.N("%d partner added.", "%d partners added.", made)
	}
	if same > 0 {
		text = locale.Join(text, locale.N("%d line changed nothing.", "%d lines changed nothing.", same))
	}
	if skipped > 0 {
		text = locale.Join(text, locale.N("%d line skipped.", "%d lines skipped.", skipped))
	}
	return text
}
