package commissions_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// stolen is a shop in which bert's form, from a browser of nobody, took anna's
// customer over, who then buys; with the page of the sale.
func stolen(t *testing.T) (w *sidecartest.Shop, bert affiliate.Partner, order string) {
	t.Helper()
	w = sidecartest.NewShop(t)
	bert = w.Partner(w.Gold.ID, "bert")
	w.Lead("kim@mail.test", w.ClickOf(w.Anna))
	w.Lead("kim@mail.test", w.ClickOf(bert))
	sale := w.Order("1", w.Cup, "kim@mail.test", w.Clock.Now())
	return w, bert, "admin/commissions/orders/" + sale.OrderID.String()
}

// press sends the form of the page's button with this name.
func press(w *sidecartest.Shop, page *sidecartest.Answer, name string) *sidecartest.Answer {
	w.Helper()
	buttons := page.Find("button[form]")
	for i := range buttons.Length() {
		if strings.TrimSpace(buttons.Eq(i).Text()) != name {
			continue
		}
		form, fields := page.Find("form#"+buttons.Eq(i).AttrOr("form", "")), url.Values{}
		inputs := form.Find("input")
		for j := range inputs.Length() {
			fields.Add(inputs.Eq(j).AttrOr("name", ""), inputs.Eq(j).AttrOr("value", ""))
		}
		return w.Send(w.Path(form.AttrOr("action", "")), fields)
	}
	w.Fatalf("no button %q: %q", name, page.Texts("button"))
	return nil
}

// A sale that a stranger's form would have turned is shown with the proof of both
// referrers, and goes to the proven one in one step.
//
// Spec: D41.2 D41.3
func TestHeldSaleGoesToTheProvenReferrerInOneStep(t *testing.T) {
	w, bert, order := stolen(t)
	page := w.Open(order).Want(http.StatusOK)
	facts := strings.Join(page.Texts(".pc-facts"), " ")
	if !strings.Contains(facts, "First referreranna Proven: this form made the contact") ||
		!strings.Contains(facts, "Last referrerbert Not proven") {
		t.Error(facts)
	}
	if text := page.Texts(".pc-held"); len(text) != 1 || !strings.Contains(text[0],
		"bert got the credit by a form that could have been anyone's. Before that, anna was the proven referrer.") {
		t.Errorf("%q", text)
	}
	why := w.Path(page.Find(`.pc-rows a:contains("Why?")`).AttrOr("href", ""))
	contact := w.Path(page.Find(`.pc-facts a[href*="contacts"]`).First().AttrOr("href", ""))
	for _, path := range []string{why, contact + "/orders"} {
		if n := w.Open(path).Want(http.StatusOK).Find(".pc-held button").Length(); n != 2 {
			t.Errorf("%s has %d ways out", path, n)
		}
	}
	if text := w.Flash(press(w, page, "Credit anna")); text != "anna gets the credit now. The commission is pending." {
		t.Error(text)
	}
	if a, b := w.Balance(w.Anna), w.Balance(bert); a.Pending != money.MustParse("10") || !b.Pending.IsZero() {
		t.Errorf("anna %+v, bert %+v", a, b)
	}
	if n := w.Open(order).Find(".pc-held").Length(); n != 0 {
		t.Error("it is still on hold")
	}
	// of the page as it was
	if text := w.Flash(press(w, page, "Credit anna")); !strings.HasPrefix(text, "Nothing was changed.") {
		t.Error(text)
	}
	if text := w.Flash(press(w, page, "Release: bert keeps the credit")); !strings.HasPrefix(text,
		"Nothing was changed.") {
		t.Error(text)
	}
}

// Releasing approves what waits; only who may approve may do either.
//
// Spec: D41.2 S76
func TestReleasingAHeldSale(t *testing.T) {
	w, bert, order := stolen(t)
	page := w.Open(order)
	viewer := w.Login(w.User("vera", web.CanView))
	if n := w.Get(order, web.Admin, viewer).Find(".pc-held button").Length(); n != 0 {
		t.Errorf("%d buttons for somebody who may only look", n)
	}
	for _, way := range []string{"/release", "/credit-proven"} {
		w.Post(order+way, web.Admin, url.Values{"pick": {"1.1"}, "decision": {"1"}}, viewer).Want(http.StatusForbidden)
		w.Send(order+way, url.Values{"pick": {"x"}, "decision": {"x"}}).Want(http.StatusConflict)
	}
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100") // another sale's commission is not released here
	other := w.Open("admin/commissions?q=carl").Picks()
	w.Send(order+"/release", url.Values{"pick": other}).Want(http.StatusSeeOther)
	if b := w.Balance(w.Anna); !b.Payable.IsZero() {
		t.Errorf("%+v", b)
	}
	if text := w.Flash(press(w, page, "Release: bert keeps the credit")); text != "1 commission approved." {
		t.Error(text)
	}
	if b := w.Balance(bert); b.Payable != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	released := w.Open(order)
	if n := released.Find(".pc-held").Length(); n != 0 {
		t.Error("it is still on hold")
	}
	if strings.Contains(released.Text, "Approve the sale") || strings.Contains(released.Text, "until someone decides") {
		t.Errorf("what was done already is still advised:\n%s", released.Text)
	}
}

// Canceling says that there is a way back, and there is one, on the commission
// and its order; what was canceled stays in the history.
//
// Spec: S81.1 S82.1 S82.2
func TestCanceledCommissionIsReinstated(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	ticked := url.Values{"pick": w.Open("admin/commissions").Picks()}
	ask := w.Send("admin/commissions/cancel", ticked).Want(http.StatusOK)
	if !strings.Contains(ask.Text, "reinstate it: it becomes pending again") {
		t.Error("the question does not name the way back")
	}
	ticked.Set("reason", "A mistake.")
	w.Send("admin/commissions/cancel", ticked).Want(http.StatusSeeOther)
	history := w.Open("admin/commissions/history")
	page := w.Open(w.Path(history.Find(`tbody a:contains("Why?")`).First().AttrOr("href", "")))
	form := page.Find("form.pc-reinstate")
	to, decision := w.Path(form.AttrOr("action", "")), form.Find("input[name=decision]").AttrOr("value", "")
	viewer := w.Login(w.User("vera", web.CanView))
	w.Post(to, web.Admin, url.Values{"decision": {decision}}, viewer).Want(http.StatusForbidden)
	w.Send(to, nil).Want(http.StatusConflict)
	done := w.Send(to, url.Values{"decision": {decision}})
	if text := w.Flash(done); text != "Reinstated. The commission is pending again." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	after := w.Open(w.Path(done.Location()))
	if n := after.Find("form.pc-reinstate").Length(); n != 0 {
		t.Error("it can be reinstated twice")
	}
	shown := w.Open(w.Path(page.Find(".pc-facts a[href*='orders']").AttrOr("href", "")))
	lines := strings.Join(shown.Texts(".pc-sub"), "\n")
	if !strings.Contains(shown.Text, "An admin re-ran this order: anna keeps the credit.") ||
		strings.Contains(shown.Text, "instead of anna") ||
		strings.Count(lines, "earlier decision") != 1 || strings.Count(lines, "10% of $100.00 = $10.00") != 1 {
		t.Errorf("the order tells of it: %s\n%s", lines, shown.Text)
	}
	old := w.Open(w.Path(history.Find(`tbody a:contains("Why?")`).First().AttrOr("href", "")))
	if text := old.One(".pc-facts"); strings.Contains(text, "unless you reinstate it") ||
		!strings.Contains(text, "its order was decided again since") {
		t.Errorf("the canceled one promises: %s", text)
	}
	rerun := w.Open("admin/commissions?status=canceled").Want(http.StatusOK)
	if state := rerun.One(".pc-group [data-colname=State]"); !strings.Contains(state, "its order was decided again since") ||
		rerun.Find(`button[value^="reinstate "]`).Length() != 0 {
		t.Errorf("reinstating is offered once more: %q", state)
	}
	every := w.Open("admin/commissions?status=all").One(".pc-group")
	if !strings.Contains(every, "$100.00") || strings.Contains(every, "$200.00") {
		t.Errorf("of the canceled and the reinstated one, the sale is counted once: %q", every)
	}
	if text := w.Flash(w.Send(to, url.Values{"decision": {decision}})); !strings.HasPrefix(text,
		"Nothing was changed.") {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("twice: %+v", b)
	}
}
