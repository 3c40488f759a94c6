package orders_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// confirmedChange is the form below the preview of a correction, with a reason.
func confirmedChange(preview *sidecartest.Answer) url.Values {
	form := url.Values{}
	fields := preview.Find(`form[action*=change] [name]`)
	for i := range fields.Length() {
		form.Add(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	form.Set("reason", "A typing error.")
	return form
}

// filled is a form as the browser would send it.
func filled(page *sidecartest.Answer) url.Values {
	form := url.Values{}
	fields := page.Find(`form[method=post] [name]`)
	for i := range fields.Length() {
		field := fields.Eq(i)
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		_, checked := field.Attr("checked")
		switch {
		case field.Is("button"), field.Is("input[type=radio]") && !checked:
			continue
		case field.Is("select"):
			value = field.Find("option[selected]").AttrOr("value", "")
		case field.Is("textarea"):
			value = strings.TrimSpace(field.Text())
		}
		form.Add(name, value)
	}
	return form
}

// A sale is logged with its date, number, discount, tax and shipping, and is
// corrected later: edited, refunded in part and whole, taken back, voided,
// restored. Each is previewed, and what it did stands on the order's page.
//
// Spec: S155.1 S155.2 S155.3 S155.4 D15.2 D22
func TestALoggedOrderIsCorrectedOnItsPage(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Clock.Advance(72 * time.Hour)
	w.Boss = w.Login(w.User("boss", "administrator")) // the login is older than that
	form := w.Sale("100")
	placed := affiliate.DayOf(w.Clock.Now(), sidecartest.Zone()).AddDays(-2)
	form["product"], form["quantity"], form["amount"] = []string{w.Cup.ID.String(), w.Cup.ID.String()},
		[]string{"1", "2"}, []string{"100", "60"}
	form.Set("day", placed.String())
	form.Set("number", "INV-7")
	form.Set("discount", "16")
	form.Set("tax", "14.40")
	form.Set("shipping", "5")
	if text := w.Flash(w.LogSale(carl, form)); !strings.HasPrefix(text, "Sale logged.") {
		t.Fatal(text)
	}
	id := only(w)
	path := "admin/orders/" + id.String()
	want := func(pending, total string) {
		t.Helper()
		if b := w.Balance(w.Anna); b.Pending != money.MustParse(pending) {
			t.Errorf("pending %s, want %s", b.Pending, pending)
		}
		view, err := w.Sales.Order(t.Context(), id)
		w.Must(err)
		if view.Order.Total != money.MustParse(total) || view.Order.Review != "" {
			t.Errorf("%+v", view.Order)
		}
		if day := affiliate.DayOf(view.Order.PlacedAt, sidecartest.Zone()); day != placed {
			t.Errorf("placed on %s, not %s", day, placed)
		}
		clean(w)
	}
	want("14.4", "163.4") // 160 less 16, and 19.40 beside them
	if page := w.Open(path); !strings.Contains(page.Text, "INV-7") || !strings.Contains(page.Text, "$163.40") {
		t.Error("the page has neither number nor total")
	}
	step := func(name string, change func(url.Values)) string {
		t.Helper()
		w.Clock.Advance(time.Minute)
		preview := w.Open(path + "/change/" + name).Want(http.StatusOK)
		if change != nil {
			fields := filled(preview)
			change(fields)
			preview = w.Send(path+"/change/"+name, fields).Want(http.StatusOK)
		}
		sent := confirmedChange(preview)
		said := strings.Join(preview.Texts(".pc-effect tbody td"), "|")
		w.Flash(w.Send(path+"/change/"+name, sent))
		w.Send(path+"/change/"+name, sent) // twice changes nothing
		return said
	}
	if said := step("edit", func(f url.Values) { f.Set("discount", "") }); said != "anna|$14.40|$16.00|$1.60" {
		t.Error(said)
	}
	want("16", "179.4")
	if said := step("refund",
		func(f url.Values) { f.Set("refund-line-1", "30") }); said != "anna|$16.00|$13.00|−$3.00" {
		t.Error(said)
	}
	want("13", "179.4")
	step("refund-all", nil)
	want("0", "179.4")
	step("unrefund", nil)
	want("16", "179.4")
	step("void", nil)
	want("0", "179.4")
	if page := w.Open(path); page.Find(`a[href*="restore"]`).Length() != 1 ||
		page.Find(`a[href*="refund"]`).Length() != 0 {
		t.Error("a void order offers other things")
	}
	step("restore", nil)
	want("16", "179.4")
	story := strings.Join(w.Open(path).Texts(".pc-story li"), "\n")
	for _, line := range []string{"The order came in", "Its total changed from $163.40 to $179.40.",
		"Refunds come to $30.00 in all.", "New status: Void.", "New status: Completed."} {
		if !strings.Contains(story, line) {
			t.Errorf("%q is not told: %s", line, story)
		}
	}
	if n := strings.Count(story, "boss: “A typing error.”"); n != 6 {
		t.Errorf("of %d changes it is told who made them, and why: %s", n, story)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'edit' AND object = 'order'
		AND reason = 'A typing error.'`); n != 6 {
		t.Errorf("%d audit entries", n)
	}
}

// Bad input is said beside its field, and what was typed stays.
func TestCorrectionsKeepWhatWasTyped(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	path := "admin/orders/" + only(w).String() + "/change/"
	for _, typed := range []string{"-1", "101", "words", "<script>alert(1)</script>", "😀", strings.Repeat("9", 5000)} {
		a := w.Send(path+"refund", url.Values{"refund-line-1": {typed}}).Want(http.StatusUnprocessableEntity)
		if field := a.Find("#pc-refund-line-1[aria-invalid=true]"); field.AttrOr("value", "") != typed {
			t.Errorf("%.20q became %.20q", typed, field.AttrOr("value", ""))
		}
	}
	w.Send(path+"refund", url.Values{}).Want(http.StatusUnprocessableEntity)
	fields := filled(w.Open(path + "edit"))
	for name, bad := range map[string]string{"discount": "100", "tax": "-1", "shipping": "x", "currency": "QQQ",
		"status": "void", "number": strings.Repeat("é", 65), "note": strings.Repeat("n", 501)} {
		form := url.Values{}
		for key, values := range fields {
			form[key] = append([]string{}, values...)
		}
		form.Set(name, bad)
		if a := w.Send(path+"edit", form).Want(http.StatusUnprocessableEntity); a.Find(".pc-problem").Length() == 0 {
			t.Errorf("%s: no word about it", name)
		}
	}
	if text := w.Flash(w.Send(path+"edit", fields)); text != "Nothing was changed." {
		t.Error(text)
	}
	sent := confirmedChange(w.Open(path + "void"))
	sent.Set("reason", " ")
	if a := w.Send(path+"void", sent).Want(http.StatusUnprocessableEntity); a.Find("#pc-reason[aria-invalid=true]").
		Length() != 1 {
		t.Error("no reason, and no word about it")
	}
	stale := confirmedChange(w.Open(path + "void"))
	w.Flash(w.Send(path+"refund-all", confirmedChange(w.Open(path+"refund-all")))) // another admin is quicker
	if a := w.Send(path+"void", stale).Want(http.StatusUnprocessableEntity); !strings.Contains(
		a.One(".pc-problems"), "This order changed while you were looking at it.") {
		t.Error(a.One(".pc-problems"))
	}
	w.Open(path + "restore").Want(http.StatusConflict)
	w.Open(path + "explode").Want(http.StatusNotFound)
	clean(w)
}

// Orders of a cart are changed there: their page says where, and offers nothing
// of that kind.
//
// Spec: S155
func TestOrdersOfACartAreChangedThere(t *testing.T) {
	w := sidecartest.NewShop(t)
	id := subscribed(w, 1)[0]
	w.Boss = w.Login(w.User("boss", "administrator"))
	path := "admin/orders/" + id.String()
	page := w.Open(path).Want(http.StatusOK)
	if page.Find(`a[href*="change"]`).Length() != 0 || page.Find(
		`a[href="`+sidecartest.Home+`/wp-admin/post.php?action=edit&post=70"]`).Length() != 1 {
		t.Error(page.Text)
	}
	w.Open(path + "/change/void").Want(http.StatusConflict)
	w.Send(path+"/change/void", url.Values{"confirmed": {"1"}, "seen": {"1"},
		"reason": {"x"}}).Want(http.StatusConflict)
	viewer := w.Login(w.User("vera", web.CanView))
	w.Get(path, web.Admin, viewer).Want(http.StatusOK)
	w.Get(path+"/change/void", web.Admin, viewer).Want(http.StatusForbidden)
	w.Post(path+"/change/void", web.Admin, url.Values{}, viewer).Want(http.StatusForbidden)
}

// A declined charge is logged as such: it earns nothing, and becomes a sale when
// it is paid after all.
//
// Spec: S18
func TestADeclinedSaleIsLogged(t *testing.T) {
	w := sidecartest.NewShop(t)
	form := w.Sale("100")
	form.Set("status", "failed")
	w.Flash(w.LogSale(w.Refer("carl@mail.test", w.Anna), form))
	if b := w.Balance(w.Anna); !b.Pending.IsZero() {
		t.Errorf("%+v", b)
	}
	path := "admin/orders/" + only(w).String()
	if text := w.Open(path).Texts(".pc-facts .pc-status"); text[0] != "Declined" {
		t.Error(text)
	}
	fields := filled(w.Open(path + "/change/edit"))
	fields.Set("status", "paid")
	w.Flash(w.Send(path+"/change/edit", confirmedChange(w.Send(path+"/change/edit", fields))))
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// A chargeback is recorded as a refund: what was paid is taken back by a
// clawback, which counts as a refund.
//
// Spec: D15.3
func TestAChargebackIsARefund(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.PaysTo(w.Anna, "anna@pay.test")
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	w.Pay(w.Anna, "USD", "10")
	path := "admin/orders/" + only(w).String() + "/change/refund-all"
	preview := w.Open(path).Want(http.StatusOK)
	if !strings.Contains(preview.Text, "Record a chargeback in the same way.") || !strings.Contains(
		strings.Join(preview.Texts(".pc-effect td"), "|"), "$10.00 of it was paid: it is taken off their next payment.") {
		t.Error(preview.Texts("form"))
	}
	w.Flash(w.Send(path, confirmedChange(preview)))
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("-10") || b.Paid != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE kind = 'refund'`); n != 1 {
		t.Errorf("%d refunds", n)
	}
	clean(w)
}

// The date of a logged sale is corrected: who gets credit is decided as of the right
// day, what the wrong one earned is taken back, and both entries show the other.
//
// Spec: S155.2 D16
func TestTheDateOfALoggedSaleIsCorrected(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Clock.Advance(10 * 24 * time.Hour)
	w.Boss = w.Login(w.User("boss", "administrator"))
	bert := w.Partner(w.Gold.ID, "bert")
	w.Refer("carl@mail.test", bert) // who is the last referrer from now on
	w.Clock.Advance(time.Hour)
	sold := w.Sale("100")
	sold.Set("number", "INV-7")
	w.LogSale(carl, sold).Want(http.StatusSeeOther)
	path := "admin/orders/" + only(w).String()
	edit := w.Open(path + "/change/edit").Want(http.StatusOK)
	form := filled(edit)
	right := affiliate.DayOf(w.Clock.Now(), sidecartest.Zone()).AddDays(-5)
	for day, field := range map[string]string{"2999-01-01": "still to come", "soon": "date like"} {
		form.Set("day", day)
		if a := w.Send(path+"/change/edit", form).Want(http.StatusUnprocessableEntity); !strings.Contains(a.Text, field) ||
			a.Find("#pc-day[aria-invalid=true]").AttrOr("value", "") != day {
			t.Errorf("%s: %s", day, a.Text)
		}
	}
	form.Set("day", right.String())
	preview := w.Send(path+"/change/edit", form).Want(http.StatusOK)
	if said := strings.Join(preview.Texts(".pc-effect tbody tr"), " "); !strings.Contains(said, "anna $0.00 $10.00") ||
		!strings.Contains(said, "bert $10.00 $0.00") || !strings.Contains(preview.Text, "logged again on its day") {
		t.Error(said)
	}
	if a, b := w.Balance(w.Anna), w.Balance(bert); !a.Pending.IsZero() || b.Pending != money.MustParse("10") {
		t.Error("the preview did it")
	}
	sent := confirmedChange(preview)
	done := w.Send(path+"/change/edit", sent).Want(http.StatusSeeOther)
	moved := w.Path(done.Location())
	if a, b := w.Balance(w.Anna), w.Balance(bert); a.Pending != money.MustParse("10") || !b.Pending.IsZero() {
		t.Errorf("anna %+v, bert %+v", a, b)
	}
	w.Send(path+"/change/edit", sent).Want(http.StatusUnprocessableEntity) // twice changes nothing
	if a := w.Balance(w.Anna); a.Pending != money.MustParse("10") {
		t.Errorf("twice: %+v", a)
	}
	was, is := w.Open(path).Want(http.StatusOK), w.Open(moved).Want(http.StatusOK)
	if to := w.Path(was.Find(`a:contains("See the sale on its day")`).AttrOr("href", "")); to != moved {
		t.Errorf("%s leads to %q", path, to)
	}
	if to := w.Path(is.Find(`a:contains("See the entry before")`).AttrOr("href", "")); to != path {
		t.Errorf("%s leads to %q", moved, to)
	}
	if !strings.Contains(is.Text, "INV-7") || !strings.Contains(was.One(".pc-facts .pc-status"), "Void") {
		t.Error("the number or the void entry is lost")
	}
	clean(w)
}
