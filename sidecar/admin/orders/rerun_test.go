package orders_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/verify"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// clean proves the books by calculating them in another way.
func clean(w *sidecartest.Shop) {
	w.Helper()
	findings, err := verify.Verify(w.Context(), w.DB)
	w.Must(err)
	for _, found := range findings {
		w.Errorf("verify: %+v", found)
	}
}

// only is the one order there is.
func only(w *sidecartest.Shop) affiliate.OrderID {
	w.Helper()
	var id affiliate.OrderID
	w.Must(w.DB.Get(w.Context(), &id, `SELECT MAX(id) FROM {wp}partner_center_orders`))
	return id
}

// rerun is the path of a re-run's preview.
func rerun(pairs ...string) string {
	values := url.Values{"preview": {"1"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return "admin/orders/rerun?" + values.Encode()
}

// confirmed is the form below a preview, with a reason.
func confirmed(preview *sidecartest.Answer) url.Values {
	form := url.Values{}
	fields := preview.Find(`#preview form [name]`)
	for i := range fields.Length() {
		form.Add(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	form.Set("reason", "The partner asked.")
	return form
}

// One order is re-run from its page: the ways to choose are offered with names,
// the preview says who loses and gains what, and what was done is on the order's
// page. Sent twice, or after something changed, it does nothing and says so.
//
// Spec: S96.1 S96.2 S97.1 S97.2 D24.3 D24.6
func TestAnOrderIsRerun(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	id := only(w)
	page := w.Open("admin/orders/" + id.String()).Want(http.StatusOK)
	if page.Find(`a[href*="rerun"]`).Length() != 1 {
		t.Error("the order's page does not lead to a re-run")
	}
	form := w.Open("admin/orders/rerun?order=" + id.String()).Want(http.StatusOK)
	choices := strings.Join(form.Texts("label.pc-choice"), "\n")
	for _, want := range []string{"Whoever referred the buyer at the time of the sale",
		"The buyer's last referrer as of now: anna", "The buyer's first referrer as of now: anna", "Another partner"} {
		if !strings.Contains(choices, want) {
			t.Errorf("%q is not offered: %s", want, choices)
		}
	}
	preview := w.Open(rerun("order", id.String(), "choice", "partner", "gets", bert.Code)).Want(http.StatusOK)
	if rows := preview.Find("#preview .pc-sums tbody tr"); rows.Length() != 2 {
		t.Fatalf("%d partners", rows.Length())
	}
	all := strings.Join(preview.Texts("#preview td"), "|")
	if !strings.Contains(all, "anna|1|−$10.00|$0.00|−$10.00") || !strings.Contains(all, "bert|1|$10.00|$0.00|$10.00") {
		t.Error(all)
	}
	if foot := strings.Join(preview.Texts("#preview tfoot td"), "|"); !strings.Contains(foot, "$0.00|$0.00|$0.00") {
		t.Errorf("moving changes the sum: %s", foot)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_decisions`); n != 1 {
		t.Error("the preview decided")
	}
	send := confirmed(preview)
	blank := url.Values{}
	for name, values := range send {
		blank[name] = values
	}
	blank.Set("reason", "")
	refused := w.Send("admin/orders/rerun", blank).Want(http.StatusUnprocessableEntity)
	if refused.Find("#pc-reason[aria-invalid=true]").Length() != 1 || refused.Find("#preview form").Length() != 1 {
		t.Error("without a reason it is not asked for again")
	}
	done := w.Send("admin/orders/rerun", send)
	if text := w.Flash(done); text != "Re-run: bert gets the credit now. anna: −$10.00. bert: $10.00." {
		t.Error(text)
	}
	if text := w.Flash(w.Send("admin/orders/rerun", send)); text !=
		"Nothing was changed: it changed while you were looking." {
		t.Error(text)
	}
	after := w.Open("admin/orders/" + id.String())
	story := strings.Join(after.Texts(".pc-story li"), "\n")
	if !strings.Contains(story, "An admin re-ran this order and gave credit to bert instead of anna.") {
		t.Error(story)
	}
	if w.Balance(w.Anna).Pending != (money.Amount{}) || w.Balance(bert).Pending != money.MustParse("10") {
		t.Errorf("%+v, %+v", w.Balance(w.Anna), w.Balance(bert))
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'run again'
		AND reason = 'The partner asked.'`); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	clean(w)
}

// What was paid stays paid: the preview says that it is taken off the next
// payment, a refund afterwards debits the present holder only, and the old
// partner's clawback is no refund.
//
// Spec: D16.3 D24.1 D24.5 S97.1
func TestAPaidOrderIsRerun(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	w.PaysTo(w.Anna, "anna@pay.test")
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	w.Pay(w.Anna, "USD", "10")
	id := only(w)
	preview := w.Open(rerun("order", id.String(), "choice", "partner", "gets", bert.Code)).Want(http.StatusOK)
	if all := strings.Join(preview.Texts("#preview .pc-reruns td"), "|"); !strings.Contains(all,
		"anna: −$10.00 It is paid or in a payment already: that stays, and this is taken off their next one.") {
		t.Error(all)
	}
	w.Flash(w.Send("admin/orders/rerun", confirmed(preview)))
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("-10") || b.Paid != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE kind = 'refund'`); n != 0 {
		t.Error("the clawback counts as a refund")
	}
	path := "admin/orders/" + id.String() + "/change/refund-all"
	w.Flash(w.Send(path, confirmedChange(w.Open(path))))
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("-10") {
		t.Errorf("the refund debits the old one: %+v", b)
	}
	if b := w.Balance(bert); !b.Pending.IsZero() {
		t.Errorf("%+v", b)
	}
	path = "admin/orders/" + id.String() + "/change/unrefund"
	w.Flash(w.Send(path, confirmedChange(w.Open(path))))
	if a, b := w.Balance(w.Anna), w.Balance(bert); a.Payable != money.MustParse("-10") ||
		b.Pending != money.MustParse("10") {
		t.Errorf("what came later moved it: %+v, %+v", a, b)
	}
	clean(w)
}

// The new partner earns by the terms of their membership when the order was
// placed; one who was in no program then by those of now, and the preview says so.
//
// Spec: D24.2
func TestTheTermsOfARerunAreSaid(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	w.Clock.Advance(time.Hour)
	bert := w.Partner(w.Gold.ID, "bert") // joins after the sale
	id := only(w)
	preview := w.Open(rerun("order", id.String(), "choice", "partner", "gets", "bert@mail.test")).Want(http.StatusOK)
	if all := strings.Join(preview.Texts("#preview .pc-reruns td"), "|"); !strings.Contains(all,
		"on the terms of today: they were in no program when the order was placed") {
		t.Error(all)
	}
	w.Flash(w.Send("admin/orders/rerun", confirmed(preview)))
	if b := w.Balance(bert); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// The admin's choice goes before the rule that one's own purchases earn nothing,
// and before a credit rule that asks for a click.
//
// Spec: D24.4
func TestARerunGoesOverTheRules(t *testing.T) {
	w := sidecartest.NewShop(t)
	policy, err := w.Registry.Policy(t.Context(), w.Gold.ID)
	w.Must(err)
	policy.SelfReferral, policy.Credit = affiliate.DenySelf, affiliate.LiveClick
	_, err = w.Registry.SavePolicy(t.Context(), "test", policy)
	w.Must(err)
	w.Clock.Advance(time.Minute)
	w.LogSale(w.ContactID("anna@mail.test"), w.Sale("100")).Want(http.StatusSeeOther)
	if !w.Balance(w.Anna).Pending.IsZero() {
		t.Fatal("her own purchase earns")
	}
	preview := w.Open(rerun("order", only(w).String(), "choice", "partner", "gets", w.Anna.Code)).Want(http.StatusOK)
	w.Flash(w.Send("admin/orders/rerun", confirmed(preview)))
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// subscribed is a subscription of so many payments that anna referred.
func subscribed(w *sidecartest.Shop, payments int) (ids []affiliate.OrderID) {
	w.Helper()
	one, err := money.ParseQuantity("1")
	w.Must(err)
	cookie := w.Click(w.Anna).Value
	for i := range payments {
		now := w.Clock.Now()
		s := sale.OrderState{Source: "woocommerce", ExternalID: "7" + string(rune('0'+i)), Version: 1, At: now,
			PlacedAt: now,
			PaidAt:   &now, Status: sale.OrderPaid, Currency: "USD", Total: money.MustParse("100"), SubscriptionID: "s",
			Renewal: i > 0, Buyer: sale.Buyer{Email: "sue@mail.test"}, Lines: []sale.LineState{{Line: "1",
				Product: sale.ProductRef{ID: w.Cup.ID}, Name: "Cup", Quantity: one, Base: money.MustParse("100")}}}
		if i == 0 {
			s.Click = cookie
		}
		r, err := w.Sales.Converge(w.Context(), s)
		w.Must(err)
		ids = append(ids, r.OrderID)
		w.Clock.Advance(30 * 24 * time.Hour)
	}
	return ids
}

// Later payments of a subscription go with the first one, unless the box "this
// payment only" is ticked.
//
// Spec: S96.3
func TestLaterPaymentsGoWithTheirOrder(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	ids := subscribed(w, 3)
	w.Boss = w.Login(w.User("boss", "administrator"))
	alone := w.Open(rerun("order", ids[0].String(), "choice", "partner", "gets", bert.Code, "only", "1"))
	if n := len(alone.Texts("#preview .pc-reruns tbody tr")); n != 1 {
		t.Errorf("%d orders change", n)
	}
	with := w.Open(rerun("order", ids[0].String(), "choice", "partner", "gets", bert.Code))
	if all := with.Texts("#preview .pc-reruns tbody tr"); len(all) != 3 ||
		!strings.Contains(all[2], "later payment of a subscription") {
		t.Errorf("%q", all)
	}
	w.Flash(w.Send("admin/orders/rerun", confirmed(with)))
	if b := w.Balance(bert); b.Pending != money.MustParse("30") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// Once the partner is removed on their page, renewals stop, and the order says why.
//
// Spec: S92.1 S92.3
func TestRenewalsStopWithTheirPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	first := subscribed(w, 1)
	w.Boss = w.Login(w.User("boss", "administrator"))
	path := "admin/partners/" + w.Anna.ID.String() + "/state/remove"
	form := filled(w.Open(path).Want(http.StatusOK))
	form.Set("reason", "She left.")
	w.Flash(w.Send(path, form))
	w.Clock.Advance(time.Hour)
	state, err := w.Sales.State(t.Context(), first[0])
	w.Must(err)
	now := w.Clock.Now()
	state.ExternalID, state.Renewal, state.At, state.PlacedAt, state.PaidAt = "79", true, now, now, &now
	renewed, err := w.Sales.Converge(t.Context(), state)
	w.Must(err)
	page := w.Open("admin/orders/" + renewed.OrderID.String()).Want(http.StatusOK)
	if steps := strings.Join(page.Texts(".pc-steps li"), "\n"); !strings.Contains(steps, "anna") ||
		!strings.Contains(steps, "No one gets credit") || page.Find(".pc-grouped .pc-sub").Length() != 0 {
		t.Error(steps)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// Many orders are re-run by a filter. What changed between preview and run is
// left as it is and named, the rest is done; and each group has a way back.
//
// Spec: S96 S97 D24 D46.1
func TestOrdersAreRerunInBulk(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl, dora := w.Refer("carl@mail.test", w.Anna), w.Stranger("dora@mail.test")
	w.Pending(carl, "100", "200", "300")
	w.Pending(dora, "400")
	preview := w.Open(rerun("by", w.Anna.Code, "program", w.Gold.ID.String(), "from", "2020-01-01", "choice", "partner",
		"gets", bert.Code)).Want(http.StatusOK)
	send := confirmed(preview)
	if len(send["pick"]) != 3 {
		t.Fatalf("%q", send["pick"])
	}
	list := w.Open("admin/commissions").Picks()
	w.Send("admin/commissions/approve", url.Values{"pick": list[:1]}).Want(http.StatusSeeOther) // meanwhile
	done := w.Send("admin/orders/rerun", send).Want(http.StatusOK)
	if text := done.One("section h2"); text != "2 orders were re-run" {
		t.Error(text)
	}
	if all := done.Texts(".pc-skipped li"); len(all) != 1 ||
		!strings.Contains(all[0], "it changed while you were looking") {
		t.Errorf("%q", all)
	}
	if b := w.Balance(bert); b.Pending != money.MustParse("30") {
		t.Errorf("%+v", b)
	}
	back := w.Path(done.Find(".pc-effects a[href*=rerun]").AttrOr("href", ""))
	w.Send("admin/orders/rerun", confirmed(w.Open(back).Want(http.StatusOK))).Want(http.StatusOK)
	if a, b := w.Balance(w.Anna), w.Balance(bert); a.Pending != money.MustParse("30") || !b.Pending.IsZero() {
		t.Errorf("%+v, %+v", a, b)
	}

	nobody := w.Open(rerun("nobody", "1", "choice", "partner", "gets", bert.Code)).Want(http.StatusOK)
	w.Flash(w.Send("admin/orders/rerun", confirmed(nobody)))
	if b := w.Balance(bert); b.Pending != money.MustParse("40") {
		t.Errorf("%+v", b)
	}
	back = rerun("by", bert.Code, "choice", "nobody")
	w.Flash(w.Send("admin/orders/rerun", confirmed(w.Open(back))))
	if b := w.Balance(bert); !b.Pending.IsZero() {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// A commission that the same partner earns as before keeps status and date;
// where the terms differ the difference alone is posted.
//
// Spec: D46.1 D46.2
func TestARerunLeavesWhatStaysTheSame(t *testing.T) {
	w := sidecartest.NewShop(t)
	rita, bert := w.Partner(w.Gold.ID, "rita"), w.Partner(w.Gold.ID, "bert")
	silver := w.Program("Silver") // more for the recruiter
	ten, err := money.ParsePercent("10")
	w.Must(err)
	six, err := money.ParsePercent("6")
	w.Must(err)
	_, err = w.Registry.SetTerms(t.Context(), "test", silver.ID, w.Cup.ID, affiliate.Terms{Kind: affiliate.Percent,
		Level1: ten, Level2: six})
	w.Must(err)
	cora := w.Partner(silver.ID, "cora")
	for _, p := range []affiliate.Partner{w.Anna, bert, cora} {
		_, err := w.Registry.ChangeRecruiter(t.Context(), "test", p.ID, rita.ID, "x")
		w.Must(err)
	}
	w.Clock.Advance(time.Minute)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	id := only(w)
	to := func(p affiliate.Partner) string {
		t.Helper()
		preview := w.Open(rerun("order", id.String(), "choice", "partner", "gets", p.Code)).Want(http.StatusOK)
		w.Flash(w.Send("admin/orders/rerun", confirmed(preview)))
		clean(w)
		return strings.Join(preview.Texts("#preview .pc-sums td"), "|")
	}
	if said := to(bert); strings.Contains(said, "rita") {
		t.Errorf("rita's level 2 changes: %s", said)
	}
	if b := w.Balance(rita); b.Payable != money.MustParse("5") || !b.Pending.IsZero() {
		t.Errorf("level 2 did not stay approved: %+v", b)
	}
	if said := to(cora); !strings.Contains(said, "rita|1|$1.00|$0.00|$1.00") {
		t.Error(said)
	}
	if b := w.Balance(rita); b.Payable != money.MustParse("5") || b.Pending != money.MustParse("1") {
		t.Errorf("more than the difference: %+v", b)
	}
}

// Only who may approve re-runs; what makes no sense is said beside its field.
func TestARerunIsRefused(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	id := only(w).String()
	for _, right := range []string{web.CanView, web.CanPay, web.CanSettings} {
		user := w.Login(w.User("u"+right, web.CanView, right))
		w.Get("admin/orders/rerun?order="+id, web.Admin, user).Want(http.StatusForbidden)
		w.Post("admin/orders/rerun", web.Admin, url.Values{"pick": {id + ".1.x"}}, user).Want(http.StatusForbidden)
		if page := w.Get("admin/orders/"+id, web.Admin, user).Want(http.StatusOK); page.Find(
			`a[href*=rerun], a[href*=change], form[action*=orders]`).Length() != 0 {
			t.Errorf("%s is offered what is refused", right)
		}
	}
	approver := w.Login(w.User("ann", web.CanView, web.CanApprove))
	w.Get("admin/orders/rerun?order="+id, web.Admin, approver).Want(http.StatusOK)
	for query, field := range map[string]string{"choice=partner&gets=nobody": "gets", "choice=": "choice",
		"choice=partner": "gets", "choice=last&by=<script>": "by", "choice=last&from=soon": "from",
		"choice=last&from=2026-02-02&to=2026-01-01": "to", "choice=last&program=x": "program",
		"choice=last&nobody=1&by=" + w.Anna.Code: "nobody"} {
		a := w.Open("admin/orders/rerun?preview=1&" + query).Want(http.StatusUnprocessableEntity)
		if a.Find("#preview").Length() != 0 || a.Find(".pc-problem").Length() == 0 {
			t.Errorf("%s: no word about %s", query, field)
		}
	}
	w.Open("admin/orders/rerun?order=4711").Want(http.StatusNotFound)
	w.Send("admin/orders/rerun", url.Values{"choice": {"last"}, "reason": {"x"}, "pick": {"17"}}).
		Want(http.StatusUnprocessableEntity)
	w.Send("admin/orders/rerun", url.Values{"choice": {"last"}, "reason": {"x"}}).Want(http.StatusUnprocessableEntity)
}
