package partners_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The list shows what each partner is owed and brought, as the ledger and the
// reports have it.
//
// Spec: S32.1 S33.1 S34.1 S35 S36.1
func TestPartnersList(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	w.Pending(w.Refer("dora@mail.test", w.Anna), "50")
	w.Send("admin/commissions/approve",
		url.Values{"pick": w.Open("admin/commissions").Picks()}).Want(http.StatusSeeOther)
	list := w.Open("admin/partners").Want(http.StatusOK)
	want := []string{"bert | bert@mail.test | Gold | Active | 1 Jul 2026 | $0.00 | 0 | 0 | 0",
		// both clicks came from one address on one day
		"anna | anna@mail.test | Gold | Active | 1 Jul 2026 | $15.00 | 1 | 2 | 2"}
	if all := list.Rows(); strings.Join(all, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", all)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("15") {
		t.Errorf("the ledger says %s", b.Payable)
	}
	for query, want := range map[string]string{"q=BERT": "bert", "q=anna%40": "anna", "status=active&q=anna": "anna",
		"program=" + w.Gold.ID.String() + "&q=bert": "bert"} {
		if all := w.Open("admin/partners?" + query).Rows(); len(all) != 1 || !strings.HasPrefix(all[0], want) {
			t.Errorf("%s: %q", query, all)
		}
	}
	if tabs := list.Texts(".subsubsub li"); len(tabs) != 2 || !strings.Contains(tabs[0], "All (2)") ||
		!strings.Contains(tabs[1], "Active (2)") {
		t.Errorf("%q", tabs)
	}
	if none := w.Open("admin/partners?q=nobody"); !strings.Contains(none.One(".pc-empty"), "No partners match") {
		t.Error(none.Text)
	}
	w.Open("admin/partners/" + bert.ID.String()).Want(http.StatusOK)
	w.Open("admin/partners/4711").Want(http.StatusNotFound)
	w.Open("admin/partners/x").Want(http.StatusNotFound)
}

// The list calls unique visits Visits, reports by their name, each with what that
// means; what waits has its own columns in the file, apart from what is owed.
//
// Spec: S34.2 D7.2 D7.3
func TestPartnersListNamesItsColumns(t *testing.T) {
	w := sidecartest.NewShop(t)
	policy, err := w.Registry.Policy(t.Context(), w.Gold.ID)
	w.Must(err)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	policy.Hold = 14
	_, err = w.Registry.SavePolicy(t.Context(), "test", policy)
	w.Must(err)
	w.Clock.Advance(time.Second)
	w.Pending(w.ContactID("carl@mail.test"), "30")
	report := w.Get("reports/summary", web.Standalone, w.LogIn(w.Anna)).Want(http.StatusOK)
	for name, page := range map[string]*sidecartest.Answer{"Visits": w.Open("admin/partners"),
		"Unique visits": report} {
		heading := page.Find("thead th").FilterFunction(func(_ int,
			th *goquery.Selection) bool {
			return th.Text() == name
		})
		if hint := heading.AttrOr("title", ""); hint != "Counted once per visitor and day." {
			t.Errorf("%s: the hint is %q in %q", name, hint, page.Texts("thead th"))
		}
	}
	lines := strings.Split(w.Open("admin/reports/partners.csv").Want(http.StatusOK).Text, "\r\n")
	if !strings.Contains(lines[0], "Owed (USD),Pending (USD),On hold (USD),") ||
		!strings.Contains(lines[1], ",0.00,13.00,3.00,") {
		t.Errorf("%q", lines)
	}
}

// Every column of the list has the name by which people know it.
//
// Spec: S31.2
func TestPartnersListHasTheKnownColumns(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	head, _, _ := strings.Cut(w.Open("admin/reports/partners.csv").Want(http.StatusOK).Text, "\r\n")
	columns := strings.Split(strings.TrimPrefix(head, "\ufeff"), ",")
	for _, name := range []string{"Partner", "Owed (USD)", "Visits", "Leads", "# Sales", "Total Sales (USD)",
		"Total Commission Paid (USD)", "Signup Date", "# Refunds", "Total Refunds (USD)"} {
		if !slices.Contains(columns, name) {
			t.Errorf("no column %q in %q", name, columns)
		}
	}
}

// A payment is explained by its own page, never by the commission that has its
// number; that it was paid is said in words.
//
// Spec: S88
func TestPartnersPaymentsAreNotCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.PaysTo(w.Anna, "anna@mail.test")
	w.Approved(w.Refer("carl@mail.test", w.Anna), "1000")
	w.Pay(w.Anna, "USD", "100")
	page := w.Open("admin/partners/" + w.Anna.ID.String()).Want(http.StatusOK)
	table := page.Find("h2:contains('Latest payments')").NextFiltered(".pc-table-wrap")
	if table.Find("tbody tr").Length() != 1 || table.Find("a:contains('Why?')").Length() != 0 {
		t.Error(table.Html())
	}
	if story := page.Texts("h2:contains('What happened') + ul li"); len(story) == 0 ||
		!strings.Contains(story[0], "Paid") {
		t.Errorf("%q", story)
	}
}

// An admin makes somebody a partner by hand; sending the form twice makes one.
//
// Spec: S142.2 D42.6
func TestAddingAPartnerByHand(t *testing.T) {
	w := sidecartest.NewShop(t)
	form := url.Values{"email": {"Dora@Mail.test"}, "first_name": {"Dora"}, "last_name": {"O'Neil 😀"},
		"program": {w.Gold.ID.String()}, "paypal_email": {""}}
	added := w.Send("admin/partners", form)
	page := w.Follow(added)
	if page.One("h1") != "Dora O'Neil 😀" || !strings.Contains(page.One(".pc-flash p"), "is a partner now") {
		t.Error(page.Text)
	}
	facts := page.Texts(".pc-facts dd")
	if page.Texts(".pc-status")[0] != "Active" || facts[len(facts)-1] != "Being created" {
		t.Errorf("%q", facts)
	}
	if text := w.Flash(w.Send("admin/partners", form)); !strings.Contains(text,
		"already in the program Gold. Nothing was changed.") {
		t.Error(text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 2 {
		t.Errorf("%d partners", n)
	}
}

// Spec: S142
func TestAddingAPartnerKeepsWhatWasTyped(t *testing.T) {
	w := sidecartest.NewShop(t)
	for field, values := range map[string][]string{
		"email":        {"", "no address", "<script>alert(1)</script>", strings.Repeat("a", 200) + "@mail.test"},
		"first_name":   {strings.Repeat("😀", 101), "a\nb"},
		"program":      {"", "x", "-1"},
		"paypal_email": {"not an address"},
	} {
		for _, value := range values {
			form := url.Values{"email": {"dora@mail.test"}, "first_name": {"Dora"}, "last_name": {"Doe"},
				"program": {w.Gold.ID.String()}, "paypal_email": {""}}
			form.Set(field, value)
			a := w.Send("admin/partners", form).Want(http.StatusUnprocessableEntity)
			if a.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 ||
				a.Find("#pc-"+field+"-notes .pc-problem").Length() != 1 {
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
	w := sidecartest.NewShop(t)
	dora, emil := w.Apply("dora@mail.test"), w.Apply("emil@mail.test")
	waiting := w.Open("admin/partners?status=applied").Rows()
	if len(waiting) != 2 || !strings.Contains(waiting[1], "Applied") && !strings.Contains(waiting[1], "Waiting") {
		t.Errorf("%q", waiting)
	}
	path := "admin/partners/" + dora.String()
	if w.Open(path).Find("form[action*=approve]").Length() != 1 {
		t.Error("there is no button to approve")
	}
	if text := w.Flash(w.Send(path+"/approve", nil)); !strings.Contains(text, "Accepted into the program Gold") {
		t.Error(text)
	}
	for _, late := range []string{"/approve", "/reject"} {
		a := w.Send(path+late, nil).Want(http.StatusUnprocessableEntity)
		if text := a.One(".pc-problems"); !strings.Contains(text, "answered already: the partner is active") {
			t.Errorf("%s: %s", late, text)
		}
	}
	other := "admin/partners/" + emil.String()
	long := w.Send(other+"/reject",
		url.Values{"reason": {strings.Repeat("x", 256)}}).Want(http.StatusUnprocessableEntity)
	if len(long.Find("#pc-reason").AttrOr("value", "")) != 256 || long.Find("#pc-reason-problem").Length() != 1 {
		t.Error("the reason is lost")
	}
	w.Send(other+"/reject", url.Values{"reason": {"Too little traffic <3"}}).Want(http.StatusSeeOther)
	if p, err := w.Registry.Partner(t.Context(), emil); err != nil || p.State != affiliate.Rejected {
		t.Errorf("%+v, %v", p, err)
	}
}

// The partner's page has the links that work, and says when WordPress could not
// make the account, which can be tried again.
//
// Spec: S33, S107
func TestPartnerPage(t *testing.T) {
	w := sidecartest.NewShop(t)
	added := w.Send("admin/partners", url.Values{"email": {"dora@mail.test"}, "program": {w.Gold.ID.String()}})
	path := strings.TrimPrefix(added.Location(), sidecartest.Admin+"&pc=")
	path, err := url.QueryUnescape(path)
	w.Must(err)
	w.Exec(`UPDATE {wp}partner_center_jobs SET state = 'dead', error = 'WordPress answered 500.'`)
	page := w.Open(path).Want(http.StatusOK)
	if !strings.Contains(page.Text, "create it: WordPress answered 500.") {
		t.Error(page.Text)
	}
	w.Send(path+"/account", nil).Want(http.StatusSeeOther)
	w.Send(path+"/account", nil).Want(http.StatusSeeOther) // twice is once
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_jobs WHERE state = 'queued'`); n != 1 {
		t.Errorf("%d jobs wait", n)
	}
	link := page.One(".pc-code")
	w.Get(strings.TrimPrefix(link, sidecartest.Base+"/"), web.Standalone).Want(http.StatusFound)
}

// Who may only look finds no button that they may not use.
//
// Spec: S146.1
func TestPagesForWhoMayOnlyLook(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	w.Pending(w.ContactID("carl@mail.test"), "100")
	w.Send("admin/commissions/approve",
		url.Values{"pick": w.Open("admin/commissions").Picks()[:1]}).Want(http.StatusSeeOther)
	dora := w.Apply("dora@mail.test")
	viewer := w.Login(w.User("vera", web.CanView))
	for _, path := range []string{"admin", "admin/partners", "admin/partners/" + dora.String(), "admin/commissions",
		"admin/payments",
		"admin/contacts/" + w.ContactID("carl@mail.test").String(), "admin/contacts/" +
			w.ContactID("carl@mail.test").String() + "/orders"} {
		page := w.Get(path, web.Admin, viewer).Want(http.StatusOK)
		if found := page.Find(
			"form[method=post]:not(.pc-screen), input[name=pick], .page-title-action, a[href*='paypal'], " +
				"a[href*='%2Flog']:not([href*='messages'])"); found.Length() > 0 {
			html, _ := found.First().Html()
			t.Errorf("%s: %s", path, html)
		}
	}
}

// Each user chooses the columns and rows of the list; the choice stays theirs, and
// files follow it.
//
// Spec: S31.1 S31.2 S32.2
func TestUsersChooseTheirColumns(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Partner(w.Gold.ID, "bert")
	w.Exec(`UPDATE {wp}partner_center_contacts SET company = 'Harbour Ltd' WHERE email = 'anna@mail.test'`)
	choice := url.Values{"back": {"admin/partners"}, "column": {"partner", "company", "leads"}, "rows": {"1"}}
	w.Send("admin/screens/partners", choice).Want(http.StatusSeeOther)
	w.Send("admin/screens/partners", choice).Want(http.StatusSeeOther) // once more is as once
	if rows := w.Open("admin/partners?q=anna").Rows(); len(rows) != 1 || rows[0] != "anna | 0 | Harbour Ltd" {
		t.Errorf("%q", rows)
	}
	list := w.Open("admin/partners")
	if len(list.Rows()) != 1 || list.Find("a[rel=next]").Length() != 2 {
		t.Errorf("%q", list.Rows())
	}
	file := w.Open("admin/reports/partners.csv").Want(http.StatusOK).Text
	if line, _, _ := strings.Cut(file, "\r\n"); strings.Count(line, ",") != 2 || !strings.Contains(line, "Company") {
		t.Errorf("the file has %q", line)
	}
	viewer := w.Login(w.User("vera", web.CanView))
	if text := w.Get("admin/partners", web.Admin, viewer).Want(http.StatusOK).Rows(); strings.Contains(text[1],
		"Harbour") {
		t.Errorf("another user sees %q", text)
	}
	w.Send("admin/screens/partners", url.Values{"back": {"admin/partners"}, "usual": {"1"}}).Want(http.StatusSeeOther)
	if rows := w.Open("admin/partners").Rows(); len(rows) != 2 {
		t.Errorf("%q", rows)
	}
	for field, value := range map[string]string{"rows": "0x", "back": "https://elsewhere.test", "column": "a,b"} {
		wrong := url.Values{"back": {"admin/partners"}, "column": {"partner"}, "rows": {"50"}}
		wrong.Set(field, value)
		if a := w.Send("admin/screens/partners", wrong); a.Code < 400 || a.Code >= 500 {
			t.Errorf("%s %q: %d", field, value, a.Code)
		}
	}
	nobody := w.Login(w.User("nora"))
	w.Post("admin/screens/partners", web.Admin, choice, nobody).Want(http.StatusForbidden)
}
