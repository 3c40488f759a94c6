package commissions

import (
	"context"
	"crypto/rand"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// deed is something that can be done with commissions, be it with one, with the
// ticked ones or with all that match.
type deed struct {
	name  string // in forms and of its long work
	label locale.Text
	asks  bool        // for a reason, on a page of its own
	what  locale.Text // it does, on that page
	do    func(*ledger.Ledger, context.Context, affiliate.Actor, []ledger.Pick, string) (ledger.Report, error)
	done  func(n int) locale.Text
}

var deeds = []deed{
	{name: "approve", label: locale.T("Approve"),
		what: locale.T("Approved commissions are paid with the next payment. Those that are on hold are skipped: " +
			"release " +
			"them if you don't want to wait."),
		do: func(l *ledger.Ledger, ctx context.Context, a affiliate.Actor, p []ledger.Pick, _ string) (ledger.Report,
			error) {
			return l.Approve(ctx, a, p)
		}, done: approved},
	{name: "release", label: locale.T("Release from hold…"), asks: true,
		what: locale.T("They are approved now, before their hold is over, and paid with the next payment."),
		do:   (*ledger.Ledger).ApproveEarly, done: approved},
	{name: "unapprove", label: locale.T("Unapprove"),
		what: locale.T("They are pending again, and aren't paid before someone approves them once more."),
		do: func(l *ledger.Ledger, ctx context.Context, a affiliate.Actor, p []ledger.Pick, _ string) (ledger.Report,
			error) {
			return l.Unapprove(ctx, a, p)
		}, done: pendingAgain},
	{name: "cancel", label: locale.T("Cancel…"), asks: true,
		what: locale.T("A canceled commission stays canceled, whatever its order does later. If you change " +
			"your mind, " +
			"open the commission or its order and reinstate it: it becomes pending again."),
		do: (*ledger.Ledger).Cancel, done: canceled},
}

func deedOf(name string) deed {
	return deeds[slices.IndexFunc(deeds, func(d deed) bool { return d.name == name })]
}

// ApproveCommissions makes commissions payable (S78). The undo takes back only
// those that nobody has touched since.
func (p *Pages) ApproveCommissions(r *web.Request) error { return p.acted(r, "approve") }

// CancelCommissions asks for a reason first, then takes commissions back for good
// (S81).
func (p *Pages) CancelCommissions(r *web.Request) error { return p.acted(r, "cancel") }

// ReleaseCommissions asks for a reason first, then approves commissions that are on
// hold (S76).
func (p *Pages) ReleaseCommissions(r *web.Request) error { return p.acted(r, "release") }

// UnapproveCommissions makes approved commissions pending again (S76); the undo of
// an approval names them in its address.
func (p *Pages) UnapproveCommissions(r *web.Request) error { return p.acted(r, "unapprove") }

func (p *Pages) acted(r *web.Request, name string) error {
	form := r.Form()
	texts := form.All("pick")
	if len(texts) == 0 {
		texts = r.Context.Request.URL.Query()["pick"]
	}
	return p.act(r, form, deedOf(name), picksFrom(form, texts))
}

// act does it with the picked commissions, or asks why first.
func (p *Pages) act(r *web.Request, form *web.Form, d deed, picks []ledger.Pick) error {
	if form.Err() != nil {
		return p.showPending(r, form.Problems)
	}
	if d.asks && !form.Sent("reason") {
		return p.ask(r, form, d, picks)
	}
	report, err := d.do(p.Ledger, r.Ctx(), r.Who.Actor(), picks, form.Raw("reason"))
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.ask(r, form, d, picks)
	}
	flash := web.Flash{Text: outcome(report, d.done)}
	if d.name == "approve" && len(picks) <= 50 { // a longer undo makes no address
		flash.Undo = undoApproval(report, picks)
	}
	return back(r, flash)
}

// back goes to where the form came from: an order, a commission, or the same rows
// of the list.
func back(r *web.Request, flash web.Flash) error {
	values := r.Context.Request.URL.Query()
	if id, err := affiliate.ParseID[affiliate.OrderNoun](values.Get("of_order")); err == nil && id != 0 {
		return r.Done(flash, parts.OrderPath(id))
	}
	if id, err := affiliate.ParseID[ledger.Commission](values.Get("of_commission")); err == nil && id != 0 {
		return r.Done(flash, parts.Commissions+"/"+id.String())
	}
	return r.Done(flash, parts.Commissions, sameRows(r)...)
}

// askPage asks whether to go on, and why; of all that match, or of the picked ones.
type askPage struct {
	ticked
	Deed     string
	Label    locale.Text
	What     locale.Text
	Asks     bool
	Reason   string
	Query    []string // of the form's address
	All      int64    // how many match; 0 of picked ones
	Totals   []reports.Cell
	FormID   string
	Problems affiliate.Problems
}

func (p *Pages) ask(r *web.Request, form *web.Form, d deed, picks []ledger.Pick) error {
	list, err := p.ticked(r, picks)
	if err != nil {
		return err
	}
	return askFor(r, form, d, askPage{ticked: list})
}

func askFor(r *web.Request, form *web.Form, d deed, page askPage) error {
	page.Deed, page.Label, page.What, page.Asks = d.name, d.label, d.what, d.asks
	page.Reason, page.Problems, page.Query = form.Raw("reason"), form.Problems, web.Flat(r.Context.Request.URL.Query())
	if page.FormID = form.Raw("form"); page.FormID == "" {
		page.FormID = rand.Text()
	}
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "commissions_ask.html", d.label, page)
	}
	return r.Page(pages, "commissions_ask.html", d.label, page)
}
