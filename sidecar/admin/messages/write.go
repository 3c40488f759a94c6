package messages

import (
	"context"
	"crypto/rand"
	"net/url"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// writePage is where a message to rows of a list is chosen, looked at and sent
// (S79, S87).
type writePage struct {
	List     messages.List
	Back     string
	Rows     string // ids, "" for all that match
	Query    string // of the list, for all that match
	Count    int64
	Messages []web.Option
	Message  string
	Shown    *messages.Mail
	FormID   string
	Problems affiliate.Problems
}

// lists are those that can be written about, with their pages.
var lists = map[messages.List]string{messages.PendingSales: parts.Commissions,
	messages.MadePayments: parts.Payments, messages.AllPartners: parts.Partners}

// chosen reads which rows the page is about, from the URL or its form.
func (p *Pages) chosen(r *web.Request, get func(string) string) (page writePage, first int64, err error) {
	page = writePage{List: messages.List(get("list")), Rows: get("rows"), Query: get("query"), Message: get("message"),
		FormID: rand.Text()}
	if page.Back = lists[page.List]; page.Back == "" {
		return page, 0, affiliate.Missing("There is no list %q.", string(page.List))
	}
	if page.Rows != "" {
		ids, err := rowsOf(page.Rows)
		if err != nil {
			return page, 0, err
		}
		page.Count, first = int64(len(ids)), ids[0]
		return page, first, p.offer(r, &page, first)
	}
	if page.Query == "" {
		values := r.Context.Request.URL.Query()
		for _, own := range []string{"list", "all", "rows", "message", "pc", "page"} {
			values.Del(own)
		}
		page.Query = values.Encode()
	}
	found, err := p.matching(r.Ctx(), page.List, page.Query, "", 1)
	if err != nil {
		return page, 0, err
	}
	page.Count = found.Table.Count
	if len(found.Rows) > 0 {
		first = found.Rows[0].Ref.ID
	}
	return page, first, p.offer(r, &page, first)
}

func rowsOf(text string) (ids []int64, err error) {
	for part := range strings.SplitSeq(text, ".") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || id <= 0 || len(ids) >= 1000 {
			return nil, affiliate.Missing("There is nothing under %q.", text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// matching are the next rows of a list that match its filters.
func (p *Pages) matching(ctx context.Context, list messages.List, query, after string, limit int) (*reports.Page,
	error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	q, err := reports.ParseQuery(values, p.Reports.Today())
	if err != nil {
		return nil, err
	}
	report, err := reports.Find(reports.ForAdmin, string(list))
	if err != nil {
		return nil, err
	}
	q.Sort, q.After, q.Limit, q.Bare, q.Exact = "", after, limit, after != "", after == ""
	return p.Reports.Page(ctx, report, q)
}

// offer fills in the messages that fit, and what the chosen one looks like.
func (p *Pages) offer(r *web.Request, page *writePage, first int64) error {
	all, err := p.Library.Messages(r.Ctx())
	if err != nil {
		return err
	}
	options := []web.Option{{Value: "", Label: locale.T("Choose a message")}}
	for _, m := range all {
		if !page.List.Fits(m) {
			continue
		}
		options = append(options, web.Option{Value: m.ID.String(), Label: locale.Data(m.Name)})
		if m.ID.String() == page.Message && first != 0 {
			shown, err := p.Desk.PreviewRow(r.Ctx(), m, page.List, first)
			if err != nil {
				return err
			}
			shown.Text = filled(shown.Text)
			page.Shown = &shown
		}
	}
	page.Messages = web.Options(options, page.Message)
	return nil
}

// Write shows the page.
func (p *Pages) Write(r *web.Request) error {
	page, _, err := p.chosen(r, r.Query)
	if err != nil {
		return err
	}
	return r.Page(pages, "write.html", locale.T("Email the partners"), page)
}

// batch is what sending to rows starts from.
type batch struct {
	List    messages.List      `json:"list"`
	Rows    string             `json:"rows,omitempty"`
	Query   string             `json:"query,omitempty"`
	Message messages.MessageID `json:"message"`
}

// SendRows shows what the chosen message looks like, or starts to send it, once for
// each form.
func (p *Pages) SendRows(r *web.Request) error {
	f := r.Form()
	page, _, err := p.chosen(r, f.Raw)
	if err != nil {
		return err
	}
	if !f.Bool("send") {
		return r.Page(pages, "write.html", locale.T("Email the partners"), page)
	}
	message := web.FormID[messages.MessageID](f, "message")
	f.Problems.Check(message != 0 && page.Shown != nil, "message", "Please choose a message.")
	f.Problems.Check(page.Count > 0, "", "Nothing matches these filters now.")
	if f.Err() != nil {
		page.Problems = f.Problems
		return r.Invalid(pages, "write.html", locale.T("Email the partners"), page)
	}
	t, err := p.Tasks.Start(r.Ctx(), r.Who.Actor(), task.Start{Kind: "mails", Once: f.Text("form", 64),
		Total:  page.Count,
		Params: batch{page.List, page.Rows, page.Query, message}})
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Started. You can leave this page.")}, parts.TaskPath(t.ID))
}

// rowsAtOnce is how many rows a part of the work has.
const rowsAtOnce = 200

// Kinds are the sorts of long work of this area.
func (p *Pages) Kinds() []task.Kind {
	return []task.Kind{{Name: "mails", May: web.CanApprove, Work: p.sendPart,
		Title: func(task.Task) locale.Text { return locale.T("Email partners") },
		Outcome: func(t task.Task) locale.Text {
			return locale.N("%d email written.", "%d emails written.", int(t.Changed))
		}}}
}

// sendPart writes to the next rows. A row that was written to is written to no more.
func (p *Pages) sendPart(ctx context.Context, t task.Task) (task.Part, error) {
	var b batch
	if err := t.Read(&b); err != nil {
		return task.Part{}, err
	}
	part, ids := task.Part{}, []int64{}
	if b.Rows != "" {
		var err error
		if ids, err = rowsOf(b.Rows); err != nil {
			return part, err
		}
	} else {
		found, err := p.matching(ctx, b.List, b.Query, t.Place, rowsAtOnce)
		if err != nil {
			return part, err
		}
		for _, row := range found.Rows {
			ids = append(ids, row.Ref.ID)
		}
		part.Place, part.More = found.Next, found.Next != ""
	}
	n, err := p.Desk.ToRows(ctx, t.ID.String(), b.Message, b.List, ids)
	part.Items, part.Changed = len(ids), n
	return part, err
}
