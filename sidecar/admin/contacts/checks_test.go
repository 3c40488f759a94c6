package contacts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// crowd is a shop in which one click of anna's link names so many addresses.
func crowd(t *testing.T, addresses int) *sidecartest.Shop {
	t.Helper()
	w := sidecartest.NewShop(t)
	cookies := w.ClickOf(w.Anna)
	for i := range addresses {
		w.Lead(fmt.Sprintf("lee%d@mail.test", i), cookies)
	}
	w.Settle()
	return w
}

func (c counted) of(w *sidecartest.Shop) (got counted) {
	w.Helper()
	const lists = `SELECT COUNT(*) FROM {wp}partner_center_`
	return counted{
		leads:  w.Count(lists+`touchpoints WHERE lead_partner_id = ?`, w.Anna.ID),
		proven: w.Count(lists+`contacts WHERE last_partner_id = ? AND last_proof <> 'unproven'`, w.Anna.ID),
	}
}

// counted is what anna has of the crowd: leads, and contacts that are hers for sure.
type counted struct{ leads, proven int }

// A click that names many addresses is one group on a page of its own, with the
// way there on the overview; it is accepted or thrown out as a whole, and either
// can be taken back, because no form is lost.
//
// Spec: D41.5 D41.6
func TestManyAddressesOfOneClickAreDecidedAsAGroup(t *testing.T) {
	w := crowd(t, 8)
	if to := w.Open("admin").Find(`a[href*="contacts%2Fchecks"]`); to.Length() != 1 {
		t.Error("the overview does not lead to the groups")
	}
	list := w.Open("admin/contacts/checks").Want(http.StatusOK)
	if all := list.Rows(); len(all) != 1 || !strings.HasPrefix(all[0], "One click on anna's link | 8 |") ||
		!strings.HasSuffix(all[0], "To check") {
		t.Fatalf("%q", all)
	}
	page := w.Path(list.Find("a.row-title").AttrOr("href", ""))
	if all := w.Open(page).Rows(); len(all) != 8 || !strings.Contains(all[0], "lee0@mail.test") ||
		!strings.Contains(all[0], "Not proven") {
		t.Errorf("%q", all)
	}
	if got := (counted{}).of(w); got != (counted{}) {
		t.Errorf("before: %+v", got)
	}
	refused := w.Send(page, url.Values{"verdict": {"confirmed"}}).Want(http.StatusUnprocessableEntity)
	if refused.Find("#pc-reason[aria-invalid=true]").Length() != 1 {
		t.Error("no reason, and no word about it")
	}
	w.Send(page, url.Values{"reason": {"x"}, "verdict": {"maybe"}}).Want(http.StatusUnprocessableEntity)

	for _, step := range []struct {
		verdict, says, status string
		want                  counted
	}{
		{"confirmed", "Accepted: 8 addresses count as people.", "Accepted", counted{8, 8}},
		{"dismissed", "Thrown out: the forms of 8 addresses no longer count", "Thrown out", counted{}},
		{"confirmed", "Accepted: 8 addresses", "Accepted", counted{8, 8}},
	} {
		done := w.Send(page, url.Values{"reason": {"Looked at it."}, "verdict": {step.verdict}})
		if text := w.Flash(done); !strings.HasPrefix(text, step.says) ||
			!strings.Contains(text, "You can change this decision") {
			t.Error(text)
		}
		w.Settle()
		if got := (counted{}).of(w); got != step.want {
			t.Errorf("%s: %+v, want %+v", step.verdict, got, step.want)
		}
		shown := w.Open(page)
		if status := shown.One(".pc-facts .pc-status"); status != step.status ||
			shown.Find(`button[name=verdict]`).Length() != 1 {
			t.Errorf("%s: shown as %q", step.verdict, status)
		}
	}
	if all := w.Open("admin").Find(`a[href*="contacts%2Fchecks"]`); all.Length() != 0 {
		t.Error("the overview still asks")
	}
	viewer := w.Login(w.User("vera", web.CanView))
	w.Get(page, web.Admin, viewer).Want(http.StatusOK)
	w.Post(page, web.Admin, url.Values{"reason": {"x"}, "verdict": {"dismissed"}}, viewer).Want(http.StatusForbidden)
	w.Open("admin/contacts/checks/999999").Want(http.StatusNotFound)
}

// The limits are the settings', or the partner's own.
//
// Spec: D41.4
func TestLimitsOfAddressesAreSettings(t *testing.T) {
	w := crowd(t, 0)
	form := w.Open("admin/settings").Want(http.StatusOK)
	if click := form.Find("#pc-click_addresses").AttrOr("value", ""); click != "5" {
		t.Errorf("5 is usual, shown is %q", click)
	}
	fields := url.Values{"payment_method": {"paypal"}, "credit": {"last"}, "currency": {"USD"}, "cookie_days": {"90"},
		"version": {form.Find("[name=version]").AttrOr("value", "")}, "click_addresses": {"7"},
		"network_addresses": {"none"}}
	w.Send("admin/settings", fields).Want(http.StatusUnprocessableEntity)
	fields.Set("network_addresses", "30")
	w.Send("admin/settings", fields).Want(http.StatusSeeOther)
	cookies := w.ClickOf(w.Anna)
	for i := range 7 {
		w.Lead(fmt.Sprintf("lee%d@mail.test", i), cookies)
	}
	if all := w.Open("admin/contacts/checks").Rows(); len(all) != 0 {
		t.Errorf("7 are within the limit: %q", all)
	}
	w.Lead("lee7@mail.test", cookies)
	if all := w.Open("admin/contacts/checks").Rows(); len(all) != 1 {
		t.Errorf("8 are beyond it: %q", all)
	}

	bert := w.Partner(w.Gold.ID, "bert")
	own := "admin/partners/" + bert.ID.String() + "/addresses"
	w.Send(own, url.Values{"address_limit": {"many"}, "limit_reason": {"A fair."}}).Want(http.StatusUnprocessableEntity)
	if a := w.Send(own, url.Values{"address_limit": {"50"}}).Want(http.StatusUnprocessableEntity); a.Find(
		"#pc-limit_reason[aria-invalid=true]").Length() != 1 {
		t.Error("no reason, and no word about it")
	}
	w.Send(own, url.Values{"address_limit": {"50"}, "limit_reason": {"A fair."}}).Want(http.StatusSeeOther)
	if b, err := w.Registry.Partner(t.Context(), bert.ID); err != nil || b.AddressLimit != 50 {
		t.Errorf("%+v, %v", b, err)
	}
	w.Clock.Advance(25 * time.Hour)
	cookies = w.ClickOf(bert)
	for i := range 9 {
		w.Lead(fmt.Sprintf("kim%d@mail.test", i), cookies)
	}
	if all := w.Open("admin/contacts/checks").Rows(); len(all) != 1 {
		t.Errorf("9 are within bert's own limit: %q", all)
	}
	w.Send(own, url.Values{"address_limit": {""}, "limit_reason": {"Over."}}).Want(http.StatusSeeOther)
	if b, _ := w.Registry.Partner(t.Context(), bert.ID); b.AddressLimit != 0 {
		t.Errorf("%+v", b)
	}
}

// The contact's page says how it is known who brought them.
//
// Spec: D41.1 S72.1
func TestContactShowsTheProofOfItsReferrers(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	w.Lead("kim@mail.test", w.ClickOf(w.Anna))
	w.Lead("kim@mail.test", w.ClickOf(bert))
	kim, err := affiliate.LoadContactByEmail(t.Context(), w.DB, "kim@mail.test")
	w.Must(err)
	texts := strings.Join(w.Open("admin/contacts/"+kim.ID.String()).Texts(".pc-card"), "\n")
	for _, want := range []string{"First referrer Nameanna", "ProofProven: this form made the contact",
		"Last referrer Namebert", "ProofNot proven"} {
		if !strings.Contains(texts, want) {
			t.Errorf("%q is missing in %s", want, texts)
		}
	}
}
