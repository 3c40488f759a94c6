package commissions

import (
	"fmt"
	"slices"
	"strconv"
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

// pending is the list of commissions, of those that wait unless the address says
// otherwise, with what whoever asks may do with those of the shown state.
func pending(r *web.Request) (web.ReportSpec, error) {
	s, err := spec("pending", parts.Commissions, reports.FilterRange, reports.FilterProgram, reports.FilterSearch)
	s.Primary, s.Value = "order", "amount"
	s.Usual = []string{"order", "customer", "day", "partner", "product", "level", "base", "rate", "amount", "status",
		"program"}
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath = parts.Commissions + "/bulk"
		s.Bulk = append(parts.DeedsIn(r.Query("status")), parts.EmailAction)
	}
	return s, err
}

// stateTabs are the states to choose from, and what happened to all of them.
func (p *Pages) stateTabs(r *web.Request) ([]web.Tab, error) {
	counts, err := p.Reports.CommissionCounts(r.Ctx())
	if err != nil {
		return nil, err
	}
	shown := r.Query("status")
	tabs := []web.Tab{}
	for _, state := range []string{"", reports.Waiting, reports.OnHold, reports.OnReview, "approved", "in_payout",
		"paid",
		"canceled", reports.AllStates} {
		word, query := state, []string{"status", state}
		if state == "" {
			word, query = reports.AllPending, nil
		}
		if count := counts[word]; count > 0 || !slices.Contains([]string{reports.OnHold, reports.OnReview}, state) ||
			shown == state {
			tabs = append(tabs, web.Tab{Name: web.Words(word), Path: parts.Commissions, Query: query, Count: count,
				Current: shown == state})
		}
	}
	return append(tabs, web.Tab{Name: locale.T("History"), Path: parts.History}), nil
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
	if page.Tabs, err = p.stateTabs(r); err != nil {
		return err
	}
	page.Add(problems)
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "commissions.html", locale.T("Commissions"), page)
}

// sameRows are the filters of the list that an action came from.
func sameRows(r *web.Request) []string {
	values := r.Context.Request.URL.Query()
	values.Del("pick")
	return web.Flat(values)
}

// undoApproval is the form that takes an approval back, and leads to the same page.
func undoApproval(r *web.Request, report ledger.Report, picks []ledger.Pick) string {
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
	for _, from := range []string{"of_order", "of_commission"} {
		if id, err := strconv.ParseInt(r.Context.Request.URL.Query().Get(from), 10, 64); err == nil {
			query = append(query, fmt.Sprintf("%s=%d", from, id))
		}
	}
	return parts.Commissions + "/unapprove?" + strings.Join(query, "&")
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

func reinstated(n int) locale.Text {
	return locale.N("%d commission reinstated: it is pending again.",
		"%d commissions reinstated: they are pending again.", n)
}

// History lists what was approved, paid and taken back (S88).
func (p *Pages) History(r *web.Request) error {
	s, err := spec("history", parts.History, reports.FilterRange, reports.FilterStatus, reports.FilterSearch)
	if err != nil {
		return err
	}
	s.Primary, s.Usual = "happened", []string{"happened", "day", "actor", "order"}
	page, err := p.list(r, s)
	if err != nil {
		return err
	}
	return page.Answer(r, pages, "commissions_history.html", locale.T("Commissions"), page)
}
