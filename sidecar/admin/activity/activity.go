package activity

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

const (
	rowsShown = 100         // how many actions a page has
	together  = time.Minute // like actions so near each other are one row
)

type activityPage struct {
	Rows     []row
	What     []web.Option
	Doing    string // chosen of What
	Who      string // these as typed
	From, To string
	ID       int64    // of the object, with a kind in What
	Query    []string // the filters in force, for links
	Filtered bool
	First    bool
	Next     int64 // id that the next page is before, 0: none
	Problems affiliate.Problems
}

// row is an action as the list shows it.
type row struct {
	affiliate.AuditRecord
	What    locale.Text
	Why     locale.Text
	About   string // path of the object's page
	Name    string // of the object, or its number
	Changes []change
	More    bool
	Alike   []row // done at the same time to other objects
}

// takes tells whether the next row is one of several like this one: of a bulk
// action, which is written down for each of its objects.
func (r row) takes(next row) bool {
	return r.Actor == next.Actor && r.Action == next.Action && r.Object == next.Object && r.Reason == next.Reason &&
		r.Origin == next.Origin && r.At.Sub(next.At).Abs() < together
}

// Activity lists what was done, the newest first (B12).
func (p *Pages) Activity(r *web.Request) error {
	page := activityPage{Doing: r.Query("what"), Who: affiliate.Line(r.Query("who")), From: r.Query("from"),
		To:       r.Query("to"),
		Problems: affiliate.Problems{}, First: r.Query("before") == ""}
	filter := page.filter(r)
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "activity.html", locale.T("Activity"), page)
	}
	records, err := p.Registry.Activity(r.Ctx(), filter)
	if err != nil {
		return err
	}
	if len(records) > rowsShown {
		records = records[:rowsShown]
		page.Next = records[rowsShown-1].ID
	}
	if page.Rows, err = p.rows(r, records); err != nil {
		return err
	}
	return r.Page(pages, "activity.html", locale.T("Activity"), page)
}

// filter reads the filters of the URL, their problems beside the fields.
func (page *activityPage) filter(r *web.Request) affiliate.ActivityFilter {
	f := affiliate.ActivityFilter{Who: page.Who, Limit: rowsShown + 1}
	page.What = parts.AuditChoices(r)
	f.Object, f.Action, _ = strings.Cut(r.Query("what"), "/")
	number := func(name string) int64 {
		n, err := strconv.ParseInt(r.Query(name), 10, 64)
		page.Problems.Check(r.Query(name) == "" || err == nil && n > 0, name, "Please choose one from the list.")
		return n
	}
	page.ID, f.Before = number("id"), number("before")
	f.ObjectID = page.ID
	page.Problems.Check(utf8.RuneCountInString(page.Who) <= 100, "who", "Please search for at most %d characters.", 100)
	day := func(name, text string) affiliate.Day {
		if text == "" {
			return affiliate.Day{}
		}
		d, err := affiliate.ParseDay(text)
		page.Problems.Check(err == nil, name, "Please enter a date like 2026-01-31.")
		return d
	}
	zone := r.Site.Zone()
	if from := day("from", page.From); !from.IsZero() {
		f.From = from.Start(zone)
	}
	if to := day("to", page.To); !to.IsZero() {
		f.To = to.Next().Start(zone)
		page.Problems.Check(f.From.Before(f.To), "to", "The last day is before the first one.")
	}
	for _, name := range []string{"what", "who", "from", "to", "id"} {
		if v := r.Query(name); v != "" {
			page.Query, page.Filtered = append(page.Query, name, v), true
		}
	}
	return f
}

// rows are the records in words, with the names of those whom they are about.
func (p *Pages) rows(r *web.Request, records []affiliate.AuditRecord) (rows []row, err error) {
	var ids []affiliate.PartnerID
	var orders []affiliate.OrderID
	for _, record := range records {
		switch record.Object {
		case "partner":
			ids = append(ids, affiliate.PartnerID(record.ObjectID))
		case "order":
			orders = append(orders, affiliate.OrderID(record.ObjectID))
		}
	}
	numbers, err := p.Sales.Numbers(r.Ctx(), orders)
	if err != nil {
		return nil, err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	if err != nil {
		return nil, err
	}
	programs, err := parts.ProgramNames(r.Ctx(), p.Registry)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		one := row{AuditRecord: record, What: parts.Done(record), Why: reason.AdminWords(record.Reason),
			About: parts.AboutPath(record)}
		one.Changes, one.More = changes(record, r.Site.Zone())
		switch id := record.ObjectID; {
		case id == 0:
		case record.Object == "partner":
			one.Name = people.Name(affiliate.PartnerID(id))
		case record.Object == "program":
			one.Name = programs[affiliate.ProgramID(id)]
		case record.Object == "order" && numbers[affiliate.OrderID(id)] != "":
			one.Name = numbers[affiliate.OrderID(id)]
		default:
			one.Name = "#" + strconv.FormatInt(id, 10)
		}
		if last := len(rows) - 1; last >= 0 && rows[last].takes(one) {
			rows[last].Alike = append(rows[last].Alike, one)
			continue
		}
		rows = append(rows, one)
	}
	return rows, nil
}

type proofPage struct {
	Proof    *affiliate.AuditProof // nil while the fingerprint is not one
	More     bool                  // there may be more faults than are shown
	Noted    string                // a fingerprint, as typed
	Problems affiliate.Problems
}

// mostFaults is how many faults ProveAudit names.
const mostFaults = 100

// Check proves that the record is as it was written (B12).
func (p *Pages) Check(r *web.Request) error {
	form := r.Form()
	page := proofPage{Noted: form.Text("head", 100), Problems: form.Problems}
	noted := affiliate.AuditHead{}
	if page.Noted != "" {
		var err error
		noted, err = affiliate.ParseAuditHead(page.Noted)
		if refused, err := form.Refused(err); err != nil {
			return err
		} else if refused {
			return r.Invalid(pages, "proof.html", locale.T("Check the record"), page)
		}
	}
	proof, err := p.Registry.ProveAudit(r.Ctx(), noted)
	if err != nil {
		return err
	}
	page.Proof, page.More = &proof, len(proof.Faults) == mostFaults
	return r.Page(pages, "proof.html", locale.T("Check the record"), page)
}
