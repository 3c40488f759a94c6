package payments_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// due opens a shop in which partners are owed 10 % of their prices; each is paid by PayPal.
func due(t *testing.T, prices ...string) (*sidecartest.Shop, []affiliate.Partner) {
	t.Helper()
	w := sidecartest.NewShop(t)
	partners := []affiliate.Partner{w.Anna}
	for i := range prices[1:] {
		partners = append(partners, w.Partner(w.Gold.ID, fmt.Sprintf("bert%d", i+1)))
	}
	for i, price := range prices {
		w.PaysTo(partners[i], fmt.Sprintf("pay%d@mail.test", i))
		w.Approved(w.Refer(fmt.Sprintf("carl%d@mail.test", i), partners[i]), price)
	}
	return w, partners
}

// ticked is the form of the list of what is due, with these partners ticked.
func ticked(w *sidecartest.Shop, partners ...affiliate.Partner) url.Values {
	w.Helper()
	page := w.Open("admin/payments").Want(http.StatusOK)
	form := url.Values{"form": {page.Find("input[name=form]").AttrOr("value", "")}}
	for _, pick := range page.Picks() {
		for _, p := range partners {
			if pick == p.ID.String()+".USD" {
				form.Add("pick", pick)
			}
		}
	}
	if len(form["pick"]) != len(partners) {
		w.Fatalf("ticked %q", form["pick"])
	}
	return form
}

// draft makes a batch of the ticked partners and returns the path of its page.
func draft(w *sidecartest.Shop, partners ...affiliate.Partner) string {
	w.Helper()
	return w.Path(w.Send("admin/payments/batches", ticked(w, partners...)).Want(http.StatusSeeOther).Location())
}

// button sends the form of the page that has a button leading there, filled in as shown.
func button(w *sidecartest.Shop, page, action string, typed ...string) *sidecartest.Answer {
	w.Helper()
	shown := w.Open(page).Want(http.StatusOK)
	to := "action$='" + url.QueryEscape("/"+action) + "']"
	if shown.Find("form["+to).Length()+shown.Find("[form"+to).Length() == 0 {
		w.Fatalf("%s has nothing that leads to %s: %s", page, action, shown.Text)
	}
	fields, form := shown.Find("form["+to).First().Find("input"), url.Values{}
	for i := range fields.Length() {
		kind, _ := fields.Eq(i).Attr("type")
		_, checked := fields.Eq(i).Attr("checked")
		if (kind == "radio" || kind == "checkbox") && !checked {
			continue
		}
		form.Add(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	return w.Send(page+"/"+action, with(form, typed...))
}

func twoPeople(w *sidecartest.Shop) {
	w.Helper()
	settings, err := w.Registry.Settings(w.Context())
	w.Must(err)
	settings.TwoPeople = true
	_, err = w.Registry.SaveSettings(w.Context(), "test", settings)
	w.Must(err)
}

// Three of ten partners are picked: the batch and the file hold exactly these, and
// the page says what the file does and who is left out. Neither marks anything as paid.
//
// Spec: S85.1 S85.2 S85.3 S154.1 B16.2
func TestThreeOfTenArePaid(t *testing.T) {
	w, partners := due(t, "100", "200", "300", "400", "500", "600", "700", "800", "900", "1000")
	page := draft(w, partners[1], partners[4], partners[7])
	shown := w.Open(page).Want(http.StatusOK)
	if rows := shown.Find("table").First().Find("tbody tr").Length(); rows != 3 {
		t.Errorf("%d lines", rows)
	}
	if left := shown.Texts(".pc-left tbody tr"); len(left) != 7 ||
		!strings.Contains(left[0], "They can be paid, but weren't picked") {
		t.Errorf("left out: %q", left)
	}
	for _, fact := range []string{"$150.00 for 3 partners", "$150.00 goes from “owed” to “in payout” for 3 partners",
		"No money moves on this page.", "Right for nearly everyone"} {
		if !strings.Contains(shown.Find(".pc-admin").Text(), fact) {
			t.Errorf("the page doesn't say %q", fact)
		}
	}
	if text := w.Flash(button(w, page, "release")); text != "Released: 3 payments, $150.00. Nothing is paid yet." {
		t.Error(text)
	}
	file := w.Open(page + "/file?part=1").Want(http.StatusOK)
	rows := strings.Split(strings.TrimSpace(file.Text), "\r\n")
	if len(rows) != 3 || !strings.HasPrefix(rows[0], "pay1@mail.test,20.00,USD,PL") ||
		!strings.HasSuffix(rows[0], ",Partner commission,PAYPAL") || !strings.HasPrefix(rows[2], "pay7@mail.test,80") {
		t.Errorf("%q", rows)
	}
	if name := file.Header.Get("Content-Disposition"); !strings.Contains(name, `attachment; filename="paypal-`) {
		t.Error(name)
	}
	old := w.Open(page + "/file?part=1&format=" + string(paypal.LegacyTab)).Want(http.StatusOK)
	if !strings.HasPrefix(old.Text, "pay1@mail.test\t20.00\tUSD\tPL") {
		t.Error(old.Text)
	}
	if again := w.Open(page + "/file?part=1"); again.Text != file.Text {
		t.Error("another file the second time")
	}
	w.Open(page + "/file?part=2").Want(http.StatusNotFound)
	w.Open(page + "/file?part=1&format=exe").Want(http.StatusNotFound)
	if b := w.Balance(partners[1]); !b.Paid.IsZero() || b.InPayout != money.MustParse("20") {
		t.Errorf("%+v", b)
	}
	if b := w.Balance(partners[0]); b.Payable != money.MustParse("10") || !b.InPayout.IsZero() {
		t.Errorf("%+v", b)
	}
	wantClean(w)
}

// From draft to settled and back: each step says what it did, is undone until a
// payment is settled, and takes back one step only however often it is pressed.
//
// Spec: S38 D19.3 D20.4 B16.1 B16.3
func TestStepsOfABatch(t *testing.T) {
	w, partners := due(t, "100", "200")
	page := draft(w, partners...)
	flash := func(a *sidecartest.Answer, want string) {
		t.Helper()
		if text := w.Flash(a); text != want {
			t.Error(text)
		}
	}
	here := func(want string) {
		t.Helper()
		if text := strings.Join(w.Open(page).Texts(".pc-stepper [aria-current] strong"), ""); text != want {
			t.Errorf("at %q, want %q", text, want)
		}
	}
	here("Draft")
	flash(button(w, page, "release"), "Released: 2 payments, $30.00. Nothing is paid yet.")
	here("File")
	flash(button(w, page, "undo"), "Undone: the batch is a draft again. Everyone is owed what they were.")
	here("Draft")
	button(w, page, "release").Want(http.StatusSeeOther)
	flash(button(w, page, "send"), "The batch is marked as sent.")
	here("Sent")
	flash(w.Send(page+"/undo", url.Values{"seen": {"sent"}}), "Undone: the batch isn't sent.")
	twice := w.Send(page+"/undo", url.Values{"seen": {"sent"}}).Want(http.StatusUnprocessableEntity)
	if text := twice.One(".pc-problems"); !strings.Contains(text, "someone was faster") {
		t.Error(text)
	}
	here("File")
	button(w, page, "send").Want(http.StatusSeeOther)
	unsure := button(w, page, "settle", "all", "1").Want(http.StatusUnprocessableEntity)
	if unsure.Find("input[name=sure][aria-invalid=true]").Length() != 1 {
		t.Error("settled without a word")
	}
	w.Send(page+"/settle", url.Values{}).Want(http.StatusUnprocessableEntity)
	first := w.Open(page).Picks()[0]
	if a := w.Send(page+"/settle", url.Values{"pick": {first}}).Want(http.StatusUnprocessableEntity); a.Find(
		"input[name=sure][aria-invalid=true]").Length() != 1 {
		t.Error("the selected are settled without a word that the money has arrived")
	}
	flash(w.Send(page+"/settle", url.Values{"pick": {first}, "sure": {"1"}}), "1 payment is marked as paid.")
	w.Send(page+"/settle", url.Values{"pick": {first}, "sure": {"1"}}).Want(http.StatusUnprocessableEntity)
	if w.Open(page).Find("input[name=seen]").Length() != 0 {
		t.Error("undo is offered with a payment settled")
	}
	second := w.Open(page).Picks()[0]
	w.Send("admin/payments/made/"+second+"/return", url.Values{"reason": {"No such account."}}).
		Want(http.StatusSeeOther)
	here("Paid")
	done := w.Open(page)
	if text := done.One(".pc-next"); !strings.Contains(text, "$10.00 was paid to 1 partner") ||
		!strings.Contains(text, "1 payment came back; $20.00 is owed again") {
		t.Error(text)
	}
	if list := w.Open("admin/payments/batches?status=settled").Rows(); len(list) != 1 ||
		!strings.Contains(list[0], "$30.00 | 2 | Paid 1 returned") {
		t.Errorf("%q", list)
	}
	if list := w.Open("admin/payments/batches?status=sent").Rows(); len(list) != 0 {
		t.Errorf("%q", list)
	}
	w.Open("admin/payments/batches?status=odd").Want(http.StatusNotFound)
	wantClean(w)
}

// A partner is taken out of a draft and added again, below the threshold for a
// reason; who can't be paid is named with what would mend it.
//
// Spec: S143.1 B16
func TestWhoIsInABatch(t *testing.T) {
	w, partners := due(t, "1000", "200", "900")
	w.Threshold("50", "USD")
	w.Exec(`UPDATE {wp}partner_center_partners SET paypal_email = '' WHERE id = ?`, partners[2].ID)
	form := ticked(w)
	form.Set("everyone", "USD")
	page := w.Path(w.Send("admin/payments/batches", form).Want(http.StatusSeeOther).Location())
	if again := w.Path(w.Send("admin/payments/batches", form).Want(http.StatusSeeOther).Location()); again != page {
		t.Error("sent twice, it is two batches")
	}
	left := w.Open(page).Texts(".pc-left tbody tr")
	if len(left) != 2 || !strings.Contains(left[0], "$20.00 is owed; payouts start at $50.00. Pay anyway…") ||
		!strings.Contains(left[1], "hasn't given a PayPal address. See payment details bert2") {
		t.Errorf("%q", left)
	}
	below := url.Values{"partner": {partners[1].ID.String()}, "reason": {" "}}
	refused := w.Send(page+"/join", below).Want(http.StatusUnprocessableEntity)
	if refused.Find("input[name=reason][aria-invalid=true]").Length() != 1 {
		t.Error("no word about the reason")
	}
	below.Set("reason", "Leaves us.")
	for range 2 {
		if text := w.Flash(w.Send(page+"/join", below)); text != "bert1 is in the batch." {
			t.Error(text)
		}
	}
	if rows := w.Open(page).Rows(); !strings.Contains(rows[1], "Below the threshold: “Leaves us.”") {
		t.Errorf("%q", rows)
	}
	w.Send(page+"/join", url.Values{"partner": {partners[2].ID.String()}}).Want(http.StatusUnprocessableEntity)
	line := w.Open(page).Find("input[name=line]").Eq(1).AttrOr("value", "")
	for range 2 {
		if text := w.Flash(w.Send(page+"/out", url.Values{"line": {line}})); !strings.HasPrefix(text,
			"Out of the batch") {
			t.Error(text)
		}
	}
	w.Send(page+"/join", below).Want(http.StatusSeeOther) // out and in again is one line
	button(w, page, "release").Want(http.StatusSeeOther)
	w.Send(page+"/out", url.Values{"line": {line}}).Want(http.StatusUnprocessableEntity)
	if b := w.Balance(partners[1]); b.InPayout != money.MustParse("20") {
		t.Errorf("%+v", b)
	}
	wantClean(w)
}

// The cut-off leaves later sales for the next batch; what is wrong with the form
// is said, and nothing is made.
//
// Spec: D20.1
func TestABatchUntilADay(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.PaysTo(w.Anna, "anna.pays@mail.test")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100")
	w.Clock.Advance(24 * time.Hour)
	w.Boss = w.Login(w.User("bea", "administrator"))
	w.Approved(carl, "200")
	for name, value := range map[string]string{"cutoff": "soon", "everyone": "DOLLAR", "pick": "x"} {
		w.Send("admin/payments/batches", with(ticked(w, w.Anna), name, value)).Want(http.StatusUnprocessableEntity)
	}
	w.Send("admin/payments/batches", ticked(w)).Want(http.StatusUnprocessableEntity)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_payouts`); n != 0 {
		t.Errorf("%d batches", n)
	}
	made := w.Send("admin/payments/batches", with(ticked(w, w.Anna), "cutoff", "2026-07-01"))
	page := w.Follow(made)
	if text := page.One(".pc-lead"); !strings.Contains(text, "$10.00 for 1 partner.") ||
		!strings.Contains(text, "Sales until the end of 1 Jul 2026") {
		t.Error(text)
	}
	wantClean(w)
}

// Where two people are required, who made the batch can't release it and is told
// who must; who releases it can't put anyone in; and nobody pays a partner alone.
//
// Spec: B16
func TestTwoPeopleRelease(t *testing.T) {
	w, partners := due(t, "100", "200")
	page := draft(w, partners[0])
	alone := payForm(w, w.Open("admin/payments"))
	release := url.Values{"total": {"10"}, "format": {"current"}}
	twoPeople(w)
	shown := w.Open(page)
	if !strings.Contains(shown.Text, "Someone else who may pay has to release it") ||
		shown.Find("form[action*=release]").Length() != 0 {
		t.Error(shown.Text)
	}
	w.Send(page+"/release", release).Want(http.StatusForbidden)
	refused := w.Send("admin/payments/pay", alone).Want(http.StatusUnprocessableEntity)
	if text := refused.One(".pc-problems"); !strings.Contains(text, "Two people are required") {
		t.Error(text)
	}
	if w.Open("admin/payments").Find("tbody a[href*='payments%2Fpay%3F']").Length() != 0 {
		t.Error("paying alone is offered")
	}
	w.Boss = w.Login(w.User("bea", web.CanView, web.CanPay))
	w.Send(page+"/join", url.Values{"partner": {partners[1].ID.String()}}).Want(http.StatusForbidden)
	if text := w.Open(page).Text; !strings.Contains(text, "admin made this batch, and you release it.") {
		t.Error(text)
	}
	button(w, page, "release").Want(http.StatusSeeOther)
	if facts := w.Open(page).One(".pc-facts"); !strings.Contains(facts, "Released bybea") {
		t.Error(facts)
	}
	wantClean(w)
}

// Checks are in the batch and not in its file, keep their numbers, and a payment
// of one is printed with what it paid.
//
// Spec: S136.1 S136.3
func TestChecksInABatch(t *testing.T) {
	w, partners := due(t, "100", "200")
	settings, err := w.Registry.Settings(t.Context())
	w.Must(err)
	settings.PaymentMethod = affiliate.Choice
	_, err = w.Registry.SaveSettings(t.Context(), "test", settings)
	w.Must(err)
	_, err = w.Registry.UpdatePayment(t.Context(), "test", partners[1].ID,
		affiliate.Payment{Method: affiliate.Check, Payee: "Bert B.", Address: "1 Road"})
	w.Must(err)
	page := draft(w, partners...)
	button(w, page, "release").Want(http.StatusSeeOther)
	if file := w.Open(page + "/file?part=1").Text; strings.Count(file, "\r\n") != 1 ||
		!strings.HasPrefix(file, "pay0@mail.test") {
		t.Errorf("%q", file)
	}
	field := w.Open(page).Find("input[name^=check_]").AttrOr("name", "")
	long := w.Send(page+"/checks", url.Values{field: {strings.Repeat("9", 41)}}).Want(http.StatusUnprocessableEntity)
	if long.Find("input[name="+field+"][aria-invalid=true]").AttrOr("value", "") != strings.Repeat("9", 41) {
		t.Error("no word about the number, or it is lost")
	}
	if text := w.Flash(w.Send(page+"/checks", url.Values{field: {"1001"}})); text != "The check numbers are saved." {
		t.Error(text)
	}
	button(w, page, "send").Want(http.StatusSeeOther)
	button(w, page, "settle", "all", "1", "sure", "1").Want(http.StatusSeeOther)
	payment := "admin/payments/made/" + strings.TrimPrefix(field, "check_")
	if text := w.Flash(w.Send(payment+"/check", url.Values{"check_number": {"1002"}})); text !=
		"The check number is saved." {
		t.Error(text)
	}
	receipt := w.Open(payment + "/receipt").Want(http.StatusOK)
	for _, want := range []string{"$20.00", "Bert B.", "check number 1002", "Cup"} {
		if !strings.Contains(receipt.One(".pc-receipt"), want) {
			t.Errorf("the receipt lacks %s", want)
		}
	}
	list := strings.Join(w.Open("admin/payments/made").Rows(), "\n")
	if !strings.Contains(list, "Check |  | Bert B. | 1002") || !strings.Contains(list, "PayPal | pay0@mail.test") {
		t.Error(list)
	}
	wantClean(w)
}

// However many admins release, settle or undo at once, it happens once.
//
// Spec: B16
func TestManyAdminsAtOneBatch(t *testing.T) {
	w, partners := due(t, "100", "200")
	page := draft(w, partners...)
	atOnce := func(step string, form url.Values) {
		t.Helper()
		codes := make(chan int)
		for range 6 {
			go func() { codes <- w.Post(page+"/"+step, web.Admin, form, w.Boss).Code }()
		}
		n := 0
		for range 6 {
			switch code := <-codes; code {
			case http.StatusSeeOther:
				n++
			case http.StatusUnprocessableEntity:
			default:
				t.Errorf("%s answers %d", step, code)
			}
		}
		if n == 0 {
			t.Errorf("%s never went through", step)
		}
	}
	atOnce("release", url.Values{"total": {"30"}, "format": {"current"}})
	atOnce("send", url.Values{})
	atOnce("undo", url.Values{"seen": {"sent"}})
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_payouts WHERE state = 'filed'`); n != 1 {
		t.Error("undone more than once")
	}
	atOnce("send", url.Values{})
	atOnce("settle", url.Values{"all": {"1"}, "sure": {"1"}})
	if b := w.Balance(partners[1]); b.Paid != money.MustParse("20") || !b.Payable.IsZero() {
		t.Errorf("%+v", b)
	}
	wantClean(w)
}

// Who may only look sees the batch and no button, and is refused whatever they send.
//
// Spec: S146
func TestOnlyWhoPaysMovesABatch(t *testing.T) {
	w, partners := due(t, "100")
	page := draft(w, partners...)
	form := ticked(w, partners...)
	viewer := w.Login(w.User("eve", web.CanView, web.CanApprove, web.CanSettings))
	shown := w.Get(page, web.Admin, viewer).Want(http.StatusOK)
	if shown.Find(".pc-admin form").Length() != 0 || !strings.Contains(shown.Text, "but not take it further") {
		t.Error(shown.Text)
	}
	if w.Get("admin/payments", web.Admin, viewer).Find("input[name=pick]").Length() != 0 {
		t.Error("ticks for who may not pay")
	}
	w.Post("admin/payments/batches", web.Admin, form, viewer).Want(http.StatusForbidden)
	for _, step := range []string{"release", "send", "settle", "undo", "join", "out", "checks"} {
		w.Post(page+"/"+step, web.Admin, url.Values{"seen": {"draft"}, "total": {"10"}}, viewer).
			Want(http.StatusForbidden)
	}
	w.Get(page+"/file?part=1", web.Admin, viewer).Want(http.StatusForbidden)
	w.Get(page, web.Admin, w.Login(w.User("sub", "subscriber"))).Want(http.StatusForbidden)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_payouts WHERE state = 'draft'`); n != 1 {
		t.Error("something happened")
	}
}

// A discarded draft leaves everyone as they were; the date of the next payment
// stands where people look for it, and the commissions behind are exported by date.
//
// Spec: S143.2 S143.3 S154.2 S86.1
func TestPayDayAndCommissionsBehind(t *testing.T) {
	w, partners := due(t, "100", "200")
	settings := w.Open("admin/settings")
	form := url.Values{"version": {settings.Find("input[name=version]").AttrOr("value", "")},
		"payment_method": {"paypal"},
		"currency":       {"USD"}, "credit": {"last"}, "cookie_days": {"90"}, "pay_day": {"15"}, "paypal_comma": {"1"}}
	w.Send("admin/settings", with(form, "pay_day", "40")).Want(http.StatusUnprocessableEntity)
	w.Send("admin/settings", with(form, "pay_day", "15")).Want(http.StatusSeeOther)
	for _, page := range []*sidecartest.Answer{w.Open("admin/payments"), w.Open("admin"),
		w.Get("", web.Theme, w.LogIn(w.Anna))} {
		if text := page.One(".pc-next-pay"); !strings.HasSuffix(text, "15 Jul 2026") {
			t.Error(text)
		}
	}
	page := draft(w, partners[0])
	if text := w.Flash(button(w, page, "undo")); text != "The draft is discarded. Everyone is owed what they were." {
		t.Error(text)
	}
	page = draft(w, partners[0])
	button(w, page, "release")
	if file := w.Open(page + "/file?part=1").Text; !strings.Contains(file, `"10,00"`) {
		t.Error(file)
	}
	if rows := w.Open("admin/payments/commissions?from=2026-07-01&to=2026-07-31").Rows(); len(rows) != 1 ||
		!strings.HasPrefix(rows[0], "bert1 | 1 Jul 2026 | $20.00 | Cup") {
		t.Errorf("%q", rows)
	}
	if rows := w.Open("admin/payments/commissions?from=2026-07-02").Rows(); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
	csv := w.Open("admin/reports/payable.csv?from=2026-07-01").Want(http.StatusOK)
	for _, want := range []string{"Partner code", "Commission id", "20.00", "bert1@mail.test"} {
		if !strings.Contains(csv.Text, want) {
			t.Errorf("the export lacks %s", want)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'payout'
		AND action = 'discard'`); n != 1 {
		t.Errorf("%d discards are audited", n)
	}
}
