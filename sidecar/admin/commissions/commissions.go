package commissions

import (
	"fmt"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// listPage is one of the lists of this area.
type listPage struct {
	web.ReportPage
	Tabs []web.Tab
	Name string // of the partner that the list is narrowed to
}

// why is the page that explains the row of a list.
const why = parts.Commissions + "/%d"

// spec is a list of the report of that name at path, with fields for these filters.
func spec(name, path string, filters ...reports.Filter) (web.ReportSpec, error) {
	report, err := reports.Find(reports.ForAdmin, name)
	return web.ReportSpec{Report: report, Path: path, Files: parts.Reports + "/" + name, Filters: filters,
		Links: parts.Links, Explain: why, Primary: "partner"}, err
}

// pending is the list of what waits for approval, with what whoever asks may do there.
func pending(r *web.Request) (web.ReportSpec, error) {
	s, err := spec("pending", parts.Commissions, reports.FilterRange, reports.FilterProgram, reports.FilterSearch)
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath = parts.Commissions + "/bulk"
		s.Bulk = []web.BulkAction{{Name: "approve", Label: locale.T("Approve")},
			{Name: "cancel", Label: locale.T("Cancel…")}}
	}
	return s, err
}

// list reads a list of this area.
func (p *Pages) list(r *web.Request, spec web.ReportSpec) (listPage, error) {
	page := listPage{Tabs: parts.CommissionTabs(spec.Path)}
	var err error
	if page.ReportPage, err = r.ReportPage(p.Reports, spec); err != nil {
		return page, err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, page.Only)
	page.Name = people.Name(page.Only)
	return page, err
}

// Pending lists the commissions that wait for approval (S73, S78).
func (p *Pages) Pending(r *web.Request) error { return p.showPending(r, nil) }

func (p *Pages) showPending(r *web.Request, problems affiliate.Problems) error {
	s, err := pending(r)
	if err != nil {
		return err
	}
	page, err := p.list(r, s)
	if err != nil {
		return err
	}
	page.Add(problems)
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "commissions.html", locale.T("Commissions"), page)
}

// Bulk carries out what the form of the list asks for.
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
	picks := picksFrom(form, asked.Picks)
	if asked.All {
		if picks, err = p.allThatMatch(r, s, asked.Query); err != nil {
			return err
		}
	} else if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	if asked.Action == "cancel" {
		return p.askCancel(r, form, picks, false)
	}
	return p.approve(r, picks)
}

// allThatMatch are the commissions that a query finds.
func (p *Pages) allThatMatch(r *web.Request, s web.ReportSpec, q reports.Query) (picks []ledger.Pick, err error) {
	return picks, p.Reports.Read(r.Ctx(), s.Report, q, func(t *reports.Table) error {
		for row, err := range t.Rows {
			if err != nil {
				return err
			}
			picks = append(picks, ledger.Pick{ID: ledger.CommissionID(row.Ref.ID), Seen: row.Version})
		}
		return nil
	})
}

// ApproveCommissions makes the ticked commissions payable (S78). The undo takes
// back only those that nobody has touched since.
func (p *Pages) ApproveCommissions(r *web.Request) error {
	form := r.Form()
	picks := picksOf(form)
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	return p.approve(r, picks)
}

func (p *Pages) approve(r *web.Request, picks []ledger.Pick) error {
	report, err := p.Ledger.Approve(r.Ctx(), r.Who.Actor(), picks)
	if err != nil {
		return err
	}
	undo := ""
	if len(picks) <= 50 { // a longer one makes no address
		undo = undoApproval(report, picks)
	}
	return r.Done(web.Flash{Text: outcome(report, approved), Undo: undo}, parts.Commissions, sameRows(r)...)
}

// sameRows are the filters of the list that an action came from.
func sameRows(r *web.Request) []string {
	values := r.Context.Request.URL.Query()
	values.Del("pick")
	return web.Flat(values)
}

// undoApproval is the form that takes an approval back.
func undoApproval(report ledger.Report, picks []ledger.Pick) string {
	seen := map[ledger.CommissionID]int{}
	for _, pick := range picks {
		seen[pick.ID] = pick.Seen
	}
	query := []string{}
	for _, id := range report.Done {
		if seen[id] > 0 { // approving was one journal more
			query = append(query, fmt.Sprintf("pick=%s.%d", id, seen[id]+1))
		}
	}
	if len(query) == 0 {
		return ""
	}
	return parts.Commissions + "/unapprove?" + strings.Join(query, "&")
}

// UnapproveCommissions makes approved commissions pending again (S76).
func (p *Pages) UnapproveCommissions(r *web.Request) error {
	form := r.Form()
	picks := picksFrom(form, r.Context.Request.URL.Query()["pick"])
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	report, err := p.Ledger.Unapprove(r.Ctx(), r.Who.Actor(), picks)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: outcome(report, pendingAgain)}, parts.Commissions, sameRows(r)...)
}

type cancelPage struct {
	ticked
	Reason   string
	Problems affiliate.Problems
}

// CancelCommissions asks for a reason first, then takes the ticked commissions
// back for good (S81).
func (p *Pages) CancelCommissions(r *web.Request) error {
	form := r.Form()
	picks := picksOf(form)
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	reason, confirmed := r.GetPostForm("reason")
	if !confirmed {
		return p.askCancel(r, form, picks, false)
	}
	report, err := p.Ledger.Cancel(r.Ctx(), r.Who.Actor(), picks, reason)
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.askCancel(r, form, picks, true)
	}
	return r.Done(web.Flash{Text: outcome(report, canceled)}, parts.Commissions, sameRows(r)...)
}

func (p *Pages) askCancel(r *web.Request, form *web.Form, picks []ledger.Pick, invalid bool) error {
	list, err := p.ticked(r, picks)
	if err != nil {
		return err
	}
	page := cancelPage{ticked: list, Reason: form.Raw("reason"), Problems: form.Problems}
	if invalid {
		return r.Invalid(pages, "commissions_cancel.html", locale.T("Cancel commissions"), page)
	}
	return r.Page(pages, "commissions_cancel.html", locale.T("Cancel commissions"), page)
}

// outcome says what was done and what was skipped, why. done are the sentences
// for the first.
func outcome(report ledger.Report, done func(n int) locale.Text) locale.Text {
	text := done(len(report.Done))
	if len(report.Done) == 0 {
		text = locale.T("Nothing was changed.")
	}
	order, number := []reason.Code{}, map[reason.Code]int{}
	for _, skip := range report.Skipped {
		if number[skip.Reason]++; number[skip.Reason] == 1 {
			order = append(order, skip.Reason)
		}
	}
	for _, reason := range order {
		text = locale.Join(text, locale.N("%d skipped: %s", "%d skipped: %s", number[reason], reason.ForAdmin(nil)))
	}
	return text
}

func approved(n int) locale.Text {
	return locale.N("%d commission approved.", "%d commissions approved.", n)
}

func pendingAgain(n int) locale.Text {
	return locale.N("%d commission is pending again.", "%d commissions are pending again.", n)
}

func canceled(n int) locale.Text {
	return locale.N("%d commission canceled.", "%d commissions canceled.", n)
}

// History lists what was approved, paid and taken back (S88).
func (p *Pages) History(r *web.Request) error {
	s, err := spec("history", parts.History, reports.FilterRange, reports.FilterStatus, reports.FilterSearch)
	if err != nil {
		return err
	}
	page, err := p.list(r, s)
	if err != nil {
		return err
	}
	return page.Answer(r, pages, "commissions_history.html", locale.T("Commissions"), page)
}
