package commissions

import (
	"context"
	"net/url"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// Bulk carries out what the form of the list asks for (S77).
func (p *Pages) Bulk(r *web.Request) error {
	s, err := pending(r)
	if err != nil {
		return err
	}
	form := r.Form()
	asked, err := r.Bulk(form, p.Reports, s)
	if err != nil {
		return err
	}
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	if asked.Action == parts.EmailAction.Name {
		return parts.WriteTo(r, "pending", asked)
	}
	if asked.All {
		return p.actOnAll(r, form, deedOf(asked.Action), s, asked.Query)
	}
	return p.act(r, form, deedOf(asked.Action), picksFrom(form, asked.Picks))
}

// many is what long work with commissions starts from: what the filter was, and why.
type many struct {
	Query  string `json:"query"` // url.Values of the report
	Reason string `json:"reason,omitempty"`
}

// actOnAll asks first, with how many they are and what they are worth, then starts
// the work and shows how far it is.
func (p *Pages) actOnAll(r *web.Request, form *web.Form, d deed, s web.ReportSpec, q reports.Query) error {
	q.Limit, q.Exact = 1, true
	found, err := p.Reports.Page(r.Ctx(), s.Report, q)
	if err != nil {
		return err
	}
	page := askPage{All: found.Table.Count}
	for _, total := range found.Table.Totals {
		page.Totals = append(page.Totals, found.Cell(total, "amount"))
	}
	why := ""
	if d.asks && form.Sent("go") {
		why, err = affiliate.CheckReason(form.Raw("reason"))
		if _, err := form.Refused(err); err != nil {
			return err
		}
	}
	if page.All == 0 {
		form.Problems.Add("", "Nothing matches these filters now.")
	}
	if !form.Sent("go") || form.Err() != nil {
		return askFor(r, form, d, page)
	}
	values := q.Values()
	if q.Partner != 0 {
		values.Set("partner", q.Partner.String())
	}
	t, err := p.Tasks.Start(r.Ctx(), r.Who.Actor(), task.Start{Kind: "commissions " + d.name,
		Once:   form.Text("form", 64),
		Params: many{values.Encode(), why}, Total: page.All})
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Started. You can leave this page.")}, parts.TaskPath(t.ID))
}

// partOf is how many commissions a part of long work has.
const partOf = 1000

// Kinds are the sorts of long work of this area.
func (p *Pages) Kinds() (kinds []task.Kind) {
	for _, d := range deeds {
		kinds = append(kinds, task.Kind{Name: "commissions " + d.name, May: web.CanApprove,
			Title:   func(task.Task) locale.Text { return d.title },
			Outcome: func(t task.Task) locale.Text { return sofar(t, d.done) },
			Work: func(ctx context.Context, t task.Task) (task.Part, error) {
				return p.work(ctx, t, d)
			}})
	}
	return kinds
}

// work does a deed with the next commissions that match. What has been done to
// them before no longer matches, or is skipped by its state.
func (p *Pages) work(ctx context.Context, t task.Task, d deed) (task.Part, error) {
	var params many
	if err := t.Read(&params); err != nil {
		return task.Part{}, err
	}
	values, err := url.ParseQuery(params.Query)
	if err != nil {
		return task.Part{}, err
	}
	q, err := reports.ParseQuery(values, p.Reports.Today())
	if err != nil {
		return task.Part{}, err
	}
	report, err := reports.Find(reports.ForAdmin, "pending")
	if err != nil {
		return task.Part{}, err
	}
	q.Sort, q.After, q.Limit, q.Bare, q.Refs = "", t.Place, partOf, true, true
	rows, err := p.Reports.Page(ctx, report, q)
	if err != nil {
		return task.Part{}, err
	}
	picks := []ledger.Pick{}
	for _, row := range rows.Rows {
		picks = append(picks, ledger.Pick{ID: ledger.CommissionID(row.Ref.ID), Seen: row.Version})
	}
	done, err := d.do(p, ctx, t.Actor, picks, params.Reason)
	part := task.Part{Items: len(picks), Changed: len(done.Done), Place: rows.Next, More: rows.Next != "",
		Notes: map[string]int{}}
	for _, skip := range done.Skipped {
		part.Notes[string(skip.Reason)]++
	}
	return part, err
}

// sofar says what long work has done.
func sofar(t task.Task, done func(n int) locale.Text) locale.Text {
	text := done(int(t.Changed))
	for _, code := range []reason.Code{reason.SkipOnHold, reason.SkipChanged, reason.SkipApproved, reason.SkipPending,
		reason.SkipInPayout, reason.SkipPaid, reason.SkipCanceled, reason.SkipNetted, reason.SkipRerun,
		reason.SkipFollows, reason.SkipSame, reason.SkipMissing} {
		if n := t.Notes()[string(code)]; n > 0 {
			text = locale.Join(text, locale.N("%d skipped: %s", "%d skipped: %s", n, code.ForAdmin(nil)))
		}
	}
	return text
}
