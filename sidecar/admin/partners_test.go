package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The list shows what each partner is owed and brought, as the ledger and the
// reports have it.
//
// Spec: S33, S34, S35, S36
func TestPartnersList(t *testing.T) {
	w := newWorld(t)
	bert := w.Partner(w.program.ID, "bert")
	w.pending(w.refer("carl@mail.test", w.anna), "100")
	w.pending(w.refer("dora@mail.test", w.anna), "50")
	w.post("admin/commissions/approve", url.Values{"pick": picks(w.get("admin/commissions"))}).Want(http.StatusSeeOther)
	list := w.get("admin/partners").Want(http.StatusOK)
	want := []string{"bert | bert@mail.test | Gold | Active | 1 Jul 2026 | $0.00 | 0 | 0 | 0",
		"anna | anna@mail.test | Gold | Active | 1 Jul 2026 | $15.00 | 1 | 2 | 2"} // both clicks came from one address on one day
	if all := rows(list); strings.Join(all, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", all)
	}
	if b := w.balance(w.anna); b.Payable != amount("15") {
		t.Errorf("the ledger says %s", b.Payable)
	}
	for query, want := range map[string]string{"q=BERT": "bert", "q=anna%40": "anna", "status=active&q=anna": "anna", "program=" + w.program.ID.String() + "&q=bert": "bert"} {
		if all := rows(w.get("admin/partners?" + query)); len(all) != 1 || !strings.HasPrefix(all[0], want) {
			t.Errorf("%s: %q", query, all)
		}
	}
	if tabs := texts(list, ".subsubsub li"); len(tabs) != 2 || !strings.Contains(tabs[0], "All (2)") || !strings.Contains(tabs[1], "Active (2)") {
		t.Errorf("%q", tabs)
	}
	if none := w.get("admin/partners?q=nobody"); !strings.Contains(none.One(".pc-empty"), "No partner fits") {
		t.Error(none.Text)
	}
	w.get("admin/partners/" + bert.ID.String()).Want(http.StatusOK)
	w.get("admin/partners/4711").Want(http.StatusNotFound)
	w.get("admin/partners/x").Want(http.StatusNotFound)
}

// An admin makes somebody a partner by hand; sending the form twice makes one.
//
// Spec: S142
func TestAddingAPartnerByHand(t *testing.T) {
	w := newWorld(t)
	form := url.Values{"email": {"Dora@Mail.test"}, "first_name": {"Dora"}, "last_name": {"O'Neil 😀"}, "program": {w.program.ID.String()}, "paypal_email": {""}}
	added := w.post("admin/partners", form)
	page := w.follow(added)
	if page.One("h1") != "Dora O'Neil 😀" || !strings.Contains(page.One(".pc-flash p"), "is a partner now") {
		t.Error(page.Text)
	}
	facts := texts(page, ".pc-facts dd")
	if !strings.Contains(strings.Join(facts, "|"), "Active") || facts[len(facts)-1] != "Being made" {
		t.Errorf("%q", facts)
	}
	if text := w.flash(w.post("admin/partners", form)); !strings.Contains(text, "in the program Gold already. Nothing was changed.") {
		t.Error(text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 2 {
		t.Errorf("%d partners", n)
	}
}

// Spec: S142
func TestAddingAPartnerKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	for field, values := range map[string][]string{
		"email":        {"", "no address", "<script>alert(1)</script>", strings.Repeat("a", 200) + "@mail.test"},
		"first_name":   {strings.Repeat("😀", 101), "a\nb"},
		"program":      {"", "x", "-1"},
		"paypal_email": {"not an address"},
	} {
		for _, value := range values {
			form := url.Values{"email": {"dora@mail.test"}, "first_name": {"Dora"}, "last_name": {"Doe"}, "program": {w.program.ID.String()}, "paypal_email": {""}}
			form.Set(field, value)
			a := w.post("admin/partners", form).Want(http.StatusUnprocessableEntity)
			if a.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 || a.Find("#pc-"+field+"-notes .pc-problem").Length() != 1 {
				t.Errorf("%s %q is not marked: %s", field, value, a.Text)
			}
			if kept := a.Find("#pc-last_name").AttrOr("value", ""); kept != "Doe" {
				t.Errorf("the last name became %q", kept)
			}
			if strings.Contains(a.Text, "<script>alert") {
				t.Error("not escaped")
			}
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 1 {
		t.Errorf("%d partners", n)
	}
}

// An application is answered once; whoever comes later is told how it stands.
//
// Spec: S104
func TestAnsweringAnApplication(t *testing.T) {
	w := newWorld(t)
	dora, emil := w.apply("dora@mail.test"), w.apply("emil@mail.test")
	waiting := rows(w.get("admin/partners?status=applied"))
	if len(waiting) != 2 || !strings.Contains(waiting[1], "Applied") && !strings.Contains(waiting[1], "Waiting") {
		t.Errorf("%q", waiting)
	}
	path := "admin/partners/" + dora.String()
	if w.get(path).Find("form[action*=approve]").Length() != 1 {
		t.Error("there is no button to approve")
	}
	if text := w.flash(w.post(path+"/approve", nil)); !strings.Contains(text, "Accepted into the program Gold") {
		t.Error(text)
	}
	for _, late := range []string{"/approve", "/reject"} {
		a := w.post(path+late, nil).Want(http.StatusUnprocessableEntity)
		if text := a.One(".pc-problems"); !strings.Contains(text, "answered already: the partner is active") {
			t.Errorf("%s: %s", late, text)
		}
	}
	other := "admin/partners/" + emil.String()
	long := w.post(other+"/reject", url.Values{"reason": {strings.Repeat("x", 256)}}).Want(http.StatusUnprocessableEntity)
	if len(long.Find("#pc-reason").AttrOr("value", "")) != 256 || long.Find("#pc-reason-problem").Length() != 1 {
		t.Error("the reason is lost")
	}
	w.post(other+"/reject", url.Values{"reason": {"Too little traffic <3"}}).Want(http.StatusSeeOther)
	if p, err := w.Registry.Partner(t.Context(), emil); err != nil || p.State != affiliate.Rejected {
		t.Errorf("%+v, %v", p, err)
	}
}

// The partner's page has the links that work, and says when WordPress could not
// make the account, which can be tried again.
//
// Spec: S33, S107
func TestPartnerPage(t *testing.T) {
	w := newWorld(t)
	added := w.post("admin/partners", url.Values{"email": {"dora@mail.test"}, "program": {w.program.ID.String()}})
	path := strings.TrimPrefix(added.Location(), sidecartest.Admin+"&pc=")
	path, err := url.QueryUnescape(path)
	w.ok(err)
	w.Exec(`UPDATE {wp}partner_center_jobs SET state = 'dead', error = 'WordPress answered 500.'`)
	page := w.get(path).Want(http.StatusOK)
	if !strings.Contains(page.Text, "WordPress could not make it: WordPress answered 500.") {
		t.Error(page.Text)
	}
	w.post(path+"/account", nil).Want(http.StatusSeeOther)
	w.post(path+"/account", nil).Want(http.StatusSeeOther) // twice is once
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_jobs WHERE state = 'queued'`); n != 1 {
		t.Errorf("%d jobs wait", n)
	}
	link := page.One(".pc-code")
	w.Get(strings.TrimPrefix(link, sidecartest.Base+"/"), web.Standalone).Want(http.StatusFound)
}

// Who may only look finds no button that he may not use.
//
// Spec: S146
func TestPagesForWhoMayOnlyLook(t *testing.T) {
	w := newWorld(t)
	w.pending(w.refer("carl@mail.test", w.anna), "100")
	w.pending(w.contact("carl@mail.test"), "100")
	w.post("admin/commissions/approve", url.Values{"pick": picks(w.get("admin/commissions"))[:1]}).Want(http.StatusSeeOther)
	dora := w.apply("dora@mail.test")
	viewer := w.Login(w.User("vera", web.CanView))
	for _, path := range []string{"admin", "admin/partners", "admin/partners/" + dora.String(), "admin/commissions", "admin/commissions/due",
		"admin/contacts/" + w.contact("carl@mail.test").String(), "admin/contacts/" + w.contact("carl@mail.test").String() + "/orders"} {
		page := w.Get(path, web.Admin, viewer).Want(http.StatusOK)
		if found := page.Find("form[method=post], input[name=pick], .page-title-action, a[href*='paypal'], a[href*='%2Flog']"); found.Length() > 0 {
			html, _ := found.First().Html()
			t.Errorf("%s: %s", path, html)
		}
	}
}
