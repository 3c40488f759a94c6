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

// deed is one of parts.Deeds, with what it does.
type deed struct {
	name  string      // in forms and of its long work
	title locale.Text // of the page that asks, and of its long work
	asks  bool        // for a reason, on a page of its own
	what  locale.Text // it does, on that page
	all   func(n int) locale.Text
	do    func(*Pages, context.Context, affiliate.Actor, []ledger.Pick, string) (ledger.Report, error)
	done  func(n int) locale.Text
}

var deeds = []deed{
	{name: parts.Approve, title: locale.T("Approve commissions"),
		all: func(n int) locale.Text {
			return locale.N("Approve %d commission", "Approve %d commissions", n)
		},
		what: locale.T("Approved commissions are paid with the next payment. Those that are on hold are skipped: " +
			"release them if you don't want to wait."),
		do: func(p *Pages, ctx context.Context, a affiliate.Actor, picks []ledger.Pick, _ string) (ledger.Report,
			error) {
			return p.Ledger.Approve(ctx, a, picks)
		}, done: approved},
	{name: parts.Release, asks: true, title: locale.T("Release commissions from hold"),
		all: func(n int) locale.Text {
			return locale.N("Release %d commission", "Release %d commissions", n)
		},
		what: locale.T("They are approved now, before their hold is over, and paid with the next payment."),
		do: func(p *Pages, ctx context.Context, a affiliate.Actor, picks []ledger.Pick, why string) (ledger.Report,
			error) {
			return p.Ledger.ApproveEarly(ctx, a, picks, why)
		}, done: approved},
	{name: parts.Unapprove, title: locale.T("Make commissions pending again"),
		all: func(n int) locale.Text {
			return locale.N("Unapprove %d commission", "Unapprove %d commissions", n)
		},
		what: locale.T("They are pending again, and aren't paid before someone approves them once more."),
		do: func(p *Pages, ctx context.Context, a affiliate.Actor, picks []ledger.Pick, _ string) (ledger.Report,
			error) {
			return p.Ledger.Unapprove(ctx, a, picks)
		}, done: pendingAgain},
	{name: parts.Cancel, asks: true, title: locale.T("Cancel commissions"),
		all: func(n int) locale.Text {
			return locale.N("Cancel %d commission", "Cancel %d commissions", n)
		},
		what: locale.T("A canceled commission stays canceled, whatever its order does later. If you change " +
			"your mind, reinstate it: it becomes pending again."),
		do: func(p *Pages, ctx context.Context, a affiliate.Actor, picks []ledger.Pick, why string) (ledger.Report,
			error) {
			return p.Ledger.Cancel(ctx, a, picks, why)
		}, done: canceled},
	{name: parts.Reinstate, title: locale.T("Reinstate commissions"),
		all: func(n int) locale.Text {
			return locale.N("Reinstate %d commission", "Reinstate %d commissions", n)
		},
		what: locale.T("They are pending again, for whom they were. Their cancellation stays in the history."),
		do: func(p *Pages, ctx context.Context, a affiliate.Actor, picks []ledger.Pick, _ string) (ledger.Report,
			error) {
			return p.Sales.Reinstate(ctx, a, picks, becauseReinstated)
		}, done: reinstated},
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

// ReinstateCommissions brings canceled commissions back (S82).
func (p *Pages) ReinstateCommissions(r *web.Request) error { return p.acted(r, "reinstate") }

// acted does it with what is ticked; where nothing is, with all of an order that are
// ready for it, as its page names them: both levels unless one is picked (D29).
func (p *Pages) acted(r *web.Request, name string) error {
	form := r.Form()
	texts := form.All("pick")
	for _, others := range [][]string{form.All("every-" + name), r.Context.Request.URL.Query()["pick"]} {
		if len(texts) == 0 {
			texts = others
		}
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
	report, err := d.do(p, r.Ctx(), r.Who.Actor(), picks, form.Raw("reason"))
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.ask(r, form, d, picks)
	}
	flash := web.Flash{Text: outcome(report, d.done)}
	if d.name == "approve" && len(picks) <= 50 { // a longer undo makes no address
		flash.Undo = undoApproval(r, report, picks)
	}
	return back(r, flash)
}

// back goes to where the form came from.
func back(r *web.Request, flash web.Flash) error {
	from := cameFrom(r)
	return r.Done(flash, from.Path, from.Query...)
}

// cameFrom is where a form came from: an order, a commission, or the same rows of
// the list.
func cameFrom(r *web.Request) web.Tab {
	values := r.Context.Request.URL.Query()
	if id, err := affiliate.ParseID[affiliate.OrderNoun](values.Get("of_order")); err == nil && id != 0 {
		return web.Tab{Name: locale.T("Back to the order"), Path: parts.OrderPath(id)}
	}
	if id, err := affiliate.ParseID[ledger.Commission](values.Get("of_commission")); err == nil && id != 0 {
		return web.Tab{Name: locale.T("Back to the commission"), Path: parts.Commissions + "/" + id.String()}
	}
	return web.Tab{Name: locale.T("Back to the list"), Path: parts.Commissions, Query: sameRows(r)}
}

// askPage asks whether to go on, and why; of all that match, or of the picked ones.
type askPage struct {
	ticked
	Deed     string
	What     locale.Text
	Press    locale.Text // what the button says, of all that match
	Asks     bool
	Reason   string
	Query    []string // of the form's address
	Back     web.Tab
	All      int64 // how many match; 0 of picked ones
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
	page.Deed, page.What, page.Asks, page.Press = d.name, d.what, d.asks, d.all(int(page.All))
	page.Reason, page.Problems, page.Query = form.Raw("reason"), form.Problems, web.Flat(r.Context.Request.URL.Query())
	page.Back = cameFrom(r)
	if page.FormID = form.Raw("form"); page.FormID == "" {
		page.FormID = rand.Text()
	}
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "commissions_ask.html", d.title, page)
	}
	return r.Page(pages, "commissions_ask.html", d.title, page)
}
