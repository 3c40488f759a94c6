package contacts

import (
	"context"
	"crypto/rand"
	"net/url"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// bulkPage asks what is to be done with chosen contacts, and why, before long work
// does it (S65, S77, S102).
type bulkPage struct {
	Action  string
	Count   int
	All     bool // all that match, else Picks
	Picks   []string
	Names   []string // of the first of Picks
	Query   []string // of the list
	Slot    string   // in addresses: "first" or "last"
	Who     string   // "partner" or "nobody"
	Partner string   // code or address, as typed
	Reason  string
	FormID  string

	Problems affiliate.Problems
}

// Delete tells whether it is about deleting them.
func (b bulkPage) Delete() bool { return b.Action == bulkDelete }

// More is how many are chosen beside those that are named.
func (b bulkPage) More() int { return b.Count - len(b.Names) }

func (b bulkPage) title() locale.Text {
	if b.Delete() {
		return locale.T("Delete contacts")
	}
	return locale.T("Assign a referrer")
}

// mostNamed is how many chosen contacts are named.
const mostNamed = 20

// Bulk asks what exactly is to be done with the ticked contacts, or with all that
// match; with go=1 it starts the work.
func (p *Pages) Bulk(r *web.Request) error {
	s, err := contactsSpec(r)
	if err != nil {
		return err
	}
	form := r.Form()
	asked, err := r.Bulk(form, p.Reports, s)
	if err != nil {
		return err
	}
	ids, err := affiliate.ParseIDs[affiliate.Contact](asked.Picks)
	if err != nil {
		return err
	}
	if form.Err() != nil {
		return p.showContacts(r, form.Problems)
	}
	if asked.Action == bulkRerun {
		return p.rerunOf(r, s, asked, ids)
	}
	page := bulkPage{Action: asked.Action, All: asked.All, Picks: asked.Picks, Query: asked.Values,
		Slot: form.Raw("slot"),
		Who:  form.Raw("who"), Partner: form.Raw("partner"), Reason: form.Raw("reason"), FormID: form.Text("form", 64)}
	if err := p.countBulk(r, s, asked, ids, &page); err != nil {
		return err
	}
	if page.Count == 0 {
		return p.showContacts(r, affiliate.Problems{"": locale.T("Nothing matches these filters now.")})
	}
	if !form.Sent("go") {
		page.Slot, page.Who, page.FormID = "last", "partner", rand.Text()
		return p.showBulk(r, page, form)
	}
	return p.startBulk(r, form, page, asked, ids)
}

// countBulk fills in how many contacts are chosen, and who the first of them are.
func (p *Pages) countBulk(r *web.Request, s web.ReportSpec, asked web.Bulk, ids []affiliate.ContactID,
	page *bulkPage) error {
	if asked.All {
		q := asked.Query
		q.Limit, q.Exact = 1, true
		found, err := p.Reports.Page(r.Ctx(), s.Report, q)
		if err == nil {
			page.Count = int(found.Table.Count)
		}
		return err
	}
	contacts, err := p.Registry.ContactsOf(r.Ctx(), ids)
	page.Count = len(contacts)
	for _, c := range contacts[:min(len(contacts), mostNamed)] {
		page.Names = append(page.Names, c.Name())
	}
	return err
}

func (p *Pages) showBulk(r *web.Request, page bulkPage, form *web.Form) error {
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "contacts_bulk.html", page.title(), page)
	}
	return r.Page(pages, "contacts_bulk.html", page.title(), page)
}

// startBulk starts the work once the form says all of it. A form that is sent twice
// starts it once.
func (p *Pages) startBulk(r *web.Request, form *web.Form, page bulkPage, asked web.Bulk,
	ids []affiliate.ContactID) error {
	params := many{IDs: ids, Slot: slots[page.Slot]}
	if asked.All {
		values := asked.Query.Values()
		if asked.Query.Partner != 0 {
			values.Set("partner", asked.Query.Partner.String())
		}
		params.Query = values.Encode()
	}
	var err error
	if !page.Delete() {
		form.Problems.Check(params.Slot != "", "slot", "Please choose the first or the last referrer.")
		params.Partner, err = p.chosen(r, form, assignPage{Who: page.Who, Partner: page.Partner})
		if err != nil {
			return err
		}
	}
	params.Reason, err = affiliate.CheckReason(page.Reason)
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again || form.Err() != nil {
		return p.showBulk(r, page, form)
	}
	t, err := p.Tasks.Start(r.Ctx(), r.Who.Actor(), task.Start{Kind: "contacts " + page.Action, Once: page.FormID,
		Params: params, Total: int64(page.Count)})
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Started. You can leave this page.")}, parts.TaskPath(t.ID))
}

// mostLooked is through how many contacts is looked for orders that can be run again.
const mostLooked = 10_000

// rerunOf shows who could get the credit of the orders of chosen contacts.
func (p *Pages) rerunOf(r *web.Request, s web.ReportSpec, asked web.Bulk, ids []affiliate.ContactID) error {
	cut := false
	if asked.All {
		q := asked.Query
		q.Limit, q.Bare = mostLooked, true
		found, err := p.Reports.Page(r.Ctx(), s.Report, q)
		if err != nil {
			return err
		}
		for _, row := range found.Rows {
			ids = append(ids, affiliate.ContactID(row.Ref.ID))
		}
		cut = found.Next != ""
	}
	picks, err := p.Sales.RerunOrders(r.Ctx(), sale.RerunFilter{Contacts: ids, Limit: parts.RerunAtOnce + 1})
	if err != nil {
		return err
	}
	if len(picks) == 0 {
		return p.showContacts(r, affiliate.Problems{"": locale.T("None of these contacts has an order.")})
	}
	cut = cut || len(picks) > parts.RerunAtOnce
	orders := []affiliate.OrderID{}
	for _, pick := range picks[:min(len(picks), parts.RerunAtOnce)] {
		orders = append(orders, pick.OrderID)
	}
	return p.AskRerun(r, orders, cut)
}

// many is what long work with contacts starts from: which they are, and what is done.
type many struct {
	Query   string                `json:"query,omitempty"` // url.Values of the list; "" of IDs
	IDs     []affiliate.ContactID `json:"ids,omitempty"`
	Slot    tracking.FormKind     `json:"slot,omitempty"`
	Partner affiliate.PartnerID   `json:"partner,omitempty"`
	Reason  string                `json:"reason"`
}

// partOf is how many contacts a part of long work has: what takes a second or so.
const partOf = 100

// Why contacts are left as they are, in the notes of long work.
const (
	skipSame    = "same"    // this is their referrer already
	skipPartner = "partner" // they are partners, who are deleted one at a time
	skipGone    = "gone"    // their record was deleted meanwhile
)

// Kinds are the sorts of long work of this area.
func (p *Pages) Kinds() []task.Kind {
	return []task.Kind{
		{Name: "contacts " + bulkReferrer, May: web.CanApprove,
			Title: func(task.Task) locale.Text { return locale.T("Assign a referrer") },
			Outcome: func(t task.Task) locale.Text {
				return left(t, locale.N("The referrer of %d contact is set. Orders so far keep their credit.",
					"The referrers of %d contacts are set. Orders so far keep their credit.", int(t.Changed)))
			},
			Work: func(ctx context.Context, t task.Task) (task.Part, error) { return p.work(ctx, t, p.assignOne) }},
		{Name: "contacts " + bulkDelete, May: web.CanApprove,
			Title: func(task.Task) locale.Text { return locale.T("Delete contacts") },
			Outcome: func(t task.Task) locale.Text {
				return left(t, locale.N("%d contact is deleted.", "%d contacts are deleted.", int(t.Changed)))
			},
			Work: func(ctx context.Context, t task.Task) (task.Part, error) { return p.work(ctx, t, p.deleteOne) }},
	}
}

// left adds what was left as it is.
func left(t task.Task, text locale.Text) locale.Text {
	notes := t.Notes()
	if n := notes[skipSame]; n > 0 {
		text = locale.Join(text, locale.N("%d has this referrer already.", "%d have this referrer already.", n))
	}
	if n := notes[skipPartner]; n > 0 {
		text = locale.Join(text, locale.N("%d is a partner and stays: delete them on their own page.",
			"%d are partners and stay: delete them on their own pages.", n))
	}
	if n := notes[skipGone]; n > 0 {
		text = locale.Join(text, locale.N("%d was deleted already.", "%d were deleted already.", n))
	}
	return text
}

// work does something with the next contacts, one after the other. Done again, it finds
// them as they are to be.
func (p *Pages) work(ctx context.Context, t task.Task, one func(context.Context, task.Task, many,
	affiliate.Contact) (skipped string, err error)) (task.Part, error) {
	var params many
	if err := t.Read(&params); err != nil {
		return task.Part{}, err
	}
	contacts, part, err := p.nextOf(ctx, t, params)
	if err != nil {
		return part, err
	}
	for _, c := range contacts {
		skipped, err := one(ctx, t, params, c)
		switch kind := affiliate.KindOf(err); {
		case kind == affiliate.KindConflict || kind == affiliate.KindNotFound:
			skipped = skipGone
		case err != nil:
			return part, err
		}
		if skipped == "" {
			part.Changed++
		} else {
			part.Notes[skipped]++
		}
	}
	return part, nil
}

// nextOf are the contacts of the part that a task is at, those that are there still.
func (p *Pages) nextOf(ctx context.Context, t task.Task, params many) ([]affiliate.Contact, task.Part, error) {
	part, ids := task.Part{Notes: map[string]int{}}, params.IDs
	if params.Query == "" && params.IDs != nil {
		at := min(int(t.Done), len(ids))
		ids = ids[at:min(at+partOf, len(ids))]
		part.More = at+len(ids) < len(params.IDs)
	} else {
		values, err := url.ParseQuery(params.Query)
		if err != nil {
			return nil, part, err
		}
		q, err := reports.ParseQuery(values, p.Reports.Today())
		if err != nil {
			return nil, part, err
		}
		report, err := reports.Find(reports.ForAdmin, "contacts")
		if err != nil {
			return nil, part, err
		}
		q.Sort, q.After, q.Limit, q.Bare = "", t.Place, partOf, true
		rows, err := p.Reports.Page(ctx, report, q)
		if err != nil {
			return nil, part, err
		}
		ids, part.Place, part.More = nil, rows.Next, rows.Next != ""
		for _, row := range rows.Rows {
			ids = append(ids, affiliate.ContactID(row.Ref.ID))
		}
	}
	part.Items = len(ids)
	contacts, err := p.Registry.ContactsOf(ctx, ids)
	if gone := len(ids) - len(contacts); gone > 0 {
		part.Notes[skipGone] = gone
	}
	return contacts, part, err
}

func (p *Pages) assignOne(ctx context.Context, t task.Task, params many, c affiliate.Contact) (string, error) {
	now := c.Last.PartnerID
	if params.Slot == tracking.SetFirst {
		now = c.First.PartnerID
	}
	if now == params.Partner {
		return skipSame, nil
	}
	_, err := p.Tracker.AssignReferrer(ctx, t.Actor, c.ID, params.Slot, params.Partner, params.Reason)
	return "", err
}

// deleteOne deletes a contact who is no partner: of those, open money is to be seen first.
func (p *Pages) deleteOne(ctx context.Context, t task.Task, params many, c affiliate.Contact) (string, error) {
	switch _, err := p.Registry.PartnerByContact(ctx, c.ID); {
	case err == nil:
		return skipPartner, nil
	case affiliate.KindOf(err) != affiliate.KindNotFound:
		return "", err
	}
	return "", p.Registry.DeleteContact(ctx, t.Actor, c.ID, params.Reason)
}
