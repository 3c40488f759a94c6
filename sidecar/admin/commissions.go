package admin

import (
	"fmt"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

const commissionsPath = "admin/commissions"

// commissionTabs are the steps of a commission on its way to the partner.
func commissionTabs(current string) []listTab {
	tabs := []listTab{{Name: "Pending", Path: commissionsPath}, {Name: "Pending payments", Path: commissionsPath + "/due"},
		{Name: "History", Path: commissionsPath + "/history"}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Path == current
	}
	return tabs
}

type pendingPage struct {
	listing
	Tabs     []listTab
	Programs []web.Option
	Only     string // the partner that the list is narrowed to
}

// Pending lists the commissions that wait for approval (S73, S78).
func (p *Pages) Pending(r *web.Request) error { return p.showPending(r, nil) }

func (p *Pages) showPending(r *web.Request, problems affiliate.Problems) error {
	list, err := p.listing(r, "pending", commissionsPath, "day", "partner", "amount", "product", "customer", "base", "level", "review", "program", "order")
	if err != nil {
		return err
	}
	page := pendingPage{listing: list, Tabs: commissionTabs(commissionsPath)}
	for field, problem := range problems {
		page.Problems[field] = problem
	}
	if page.Only, err = p.partnerName(r, list.Partner); err != nil {
		return err
	}
	if page.Programs, err = p.programOptions(r, "All programs"); err != nil {
		return err
	}
	page.Programs = web.Options(page.Programs, list.Program)
	return page.answer(r, "commissions.html", "Commissions", page)
}

// partnerName is what the partner is called that a list is narrowed to.
func (p *Pages) partnerName(r *web.Request, id affiliate.PartnerID) (string, error) {
	people, err := p.people(r, id)
	return people.Name(id), err
}

// ApproveCommissions makes the ticked commissions payable (S78). The undo takes
// back only those that nobody has touched since.
func (p *Pages) ApproveCommissions(r *web.Request) error {
	form := r.Form()
	picks := picksOf(form)
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	report, err := p.Ledger.Approve(r.Ctx(), r.Who.Actor(), picks)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: outcome(report, "approved"), Undo: undoApproval(report, picks)}, commissionsPath, sameRows(r)...)
}

// sameRows are the filters of the list that an action came from.
func sameRows(r *web.Request) []string {
	values := r.Context.Request.URL.Query()
	values.Del("pick")
	return flat(values)
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
	return commissionsPath + "/unapprove?" + strings.Join(query, "&")
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
	return r.Done(web.Flash{Text: outcome(report, "pending again")}, commissionsPath, sameRows(r)...)
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
	return r.Done(web.Flash{Text: outcome(report, "canceled")}, commissionsPath, sameRows(r)...)
}

func (p *Pages) askCancel(r *web.Request, form *web.Form, picks []ledger.Pick, invalid bool) error {
	list, err := p.ticked(r, form, picks)
	if err != nil {
		return err
	}
	page := cancelPage{ticked: list, Reason: form.Raw("reason"), Problems: form.Problems}
	if invalid {
		return r.Invalid(pages, "commissions_cancel.html", "Cancel commissions", page)
	}
	return r.Page(pages, "commissions_cancel.html", "Cancel commissions", page)
}

// outcome says what an action did, and what it left alone and why.
func outcome(report ledger.Report, did string) string {
	text := count(len(report.Done), "commission is ", "commissions are ") + did + "."
	if len(report.Done) == 0 {
		text = "Nothing was changed."
	}
	order, number := []reason.Code{}, map[reason.Code]int{}
	for _, skip := range report.Skipped {
		if number[skip.Reason]++; number[skip.Reason] == 1 {
			order = append(order, skip.Reason)
		}
	}
	for _, reason := range order {
		text += " " + count(number[reason], "was skipped: ", "were skipped: ") + reason.ForAdmin(nil)
	}
	return text
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

type historyListPage struct {
	listing
	Tabs     []listTab
	Only     string // the partner that the list is narrowed to
	Statuses []web.Option
	From, To string // as typed
}

// History lists what was approved, paid and taken back (S88).
func (p *Pages) History(r *web.Request) error {
	path := commissionsPath + "/history"
	list, err := p.listing(r, "history", path, "day", "partner", "action", "amount", "product", "reason", "actor", "order")
	if err != nil {
		return err
	}
	page := historyListPage{listing: list, Tabs: commissionTabs(path), From: r.Query("from"), To: r.Query("to")}
	if page.Only, err = p.partnerName(r, list.Partner); err != nil {
		return err
	}
	page.Statuses = statusOptions(list.Report, list.Status)
	return list.answer(r, "commissions_history.html", "Commissions", page)
}

func statusOptions(report *reports.Report, chosen string) []web.Option {
	options := []web.Option{{Value: "", Label: "All"}}
	for _, status := range report.Statuses {
		options = append(options, web.Option{Value: status, Label: web.Words(status), Chosen: status == chosen})
	}
	return options
}
