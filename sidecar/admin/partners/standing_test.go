package partners_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// because is a form with a reason.
func because(reason string) url.Values { return url.Values{"reason": {reason}} }

// wantState fails unless the partner is in that state.
func wantState(w *sidecartest.Shop, id affiliate.PartnerID, state affiliate.PartnerState) {
	w.Helper()
	if p, err := w.Registry.Partner(w.Context(), id); err != nil || p.State != state {
		w.Errorf("the partner is %s, not %s: %v", p.State, state, err)
	}
}

// An admin suspends and reactivates a partner after a page that says what that
// means; meanwhile the links redirect, earn nothing and set no cookie.
//
// Spec: S141.2
func TestSuspendingAPartnerAndTakingItBack(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	page := "admin/partners/" + w.Anna.ID.String()
	ask := w.Open(page + "/state/suspend").Want(http.StatusOK)
	if text := ask.Text; !strings.Contains(text, "paid until you reactivate them") ||
		!strings.Contains(ask.One(".pc-money-now"), "$10.00") {
		t.Error(text)
	}
	empty := w.Send(page+"/state/suspend", because(" ")).Want(http.StatusUnprocessableEntity)
	if empty.Find("#pc-reason[aria-invalid=true]").Length() != 1 {
		t.Error("a missing reason is not marked")
	}
	w.Clock.Advance(time.Second)
	if text := w.Flash(w.Send(page+"/state/suspend", because("Bids on our brand"))); !strings.Contains(text,
		"is suspended") {
		t.Error(text)
	}
	wantState(w, w.Anna.ID, affiliate.Suspended)
	late := w.Send(page+"/state/suspend", because("The other admin")).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.Text, "Someone else may have been quicker") {
		t.Error(late.Text)
	}
	w.Settle()
	click := w.Get("go/"+w.Link.Code+"?p="+w.Anna.Code, web.Standalone).Want(http.StatusFound)
	if set := click.Header.Values("Set-Cookie"); len(set) != 0 {
		t.Errorf("a click sets %q", set)
	}
	w.Clock.Advance(time.Second)
	w.LogSale(w.ContactID("carl@mail.test"), w.Sale("50"))
	if b := w.Balance(w.Anna); b.Pending.Sign() != 0 {
		t.Errorf("a suspended partner earned %s", b.Pending)
	}
	w.Send(page+"/state/reactivate", because("Has stopped")).Want(http.StatusSeeOther)
	wantState(w, w.Anna.ID, affiliate.Active)
	story := strings.Join(w.Open(page).Texts(".pc-story li"), "\n")
	for _, want := range []string{"Reactivated", "“Has stopped”", "Suspended", "“Bids on our brand”"} {
		if !strings.Contains(story, want) {
			t.Errorf("the story lacks %q: %s", want, story)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'partner'
		AND action IN ('suspend', 'reactivate') AND digest IS NOT NULL`); n != 2 {
		t.Errorf("%d of 2 steps are audited", n)
	}
}

// Removed, a partner earns nothing more, keeps what they have and is paid; added
// again, they earn with their old code. A second click on the button harms nothing.
//
// Spec: S101.1 S101.2
func TestRemovingAPartnerAndAddingThemAgain(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	page := "admin/partners/" + w.Anna.ID.String()
	if text := w.Open(page + "/state/remove").Text; !strings.Contains(text, "What they are owed is still paid") {
		t.Error(text)
	}
	w.Clock.Advance(time.Second)
	w.Send(page+"/state/remove", because("Left")).Want(http.StatusSeeOther)
	w.Send(page+"/state/remove", because("Left")).Want(http.StatusSeeOther)
	wantState(w, w.Anna.ID, affiliate.Removed)
	w.Clock.Advance(time.Second)
	w.LogSale(w.ContactID("carl@mail.test"), w.Sale("100"))
	if b := w.Balance(w.Anna); b.Pending.Sign() != 0 || b.Payable.String() != "10" {
		t.Errorf("after the removal: %+v", b)
	}
	shown := w.Open(page).Want(http.StatusOK)
	if text := shown.One(".pc-money"); !strings.Contains(text, "$10.00") {
		t.Error(text)
	}
	if shown.Find("a[href*=move], a[href*=recruiter]").Length() != 0 {
		t.Error("who is in no program can be moved")
	}
	w.Send(page+"/state/add", url.Values{}).Want(http.StatusUnprocessableEntity)
	w.Clock.Advance(time.Second)
	again := url.Values{"program": {w.Gold.ID.String()}}
	w.Send(page+"/state/add", again).Want(http.StatusSeeOther)
	w.Send(page+"/state/add", again).Want(http.StatusSeeOther)
	if p, err := w.Registry.Partner(t.Context(), w.Anna.ID); err != nil || p.State != affiliate.Active ||
		p.Code != w.Anna.Code {
		t.Errorf("%+v, %v", p, err)
	}
	w.Clock.Advance(time.Second)
	w.LogSale(w.ContactID("carl@mail.test"), w.Sale("100"))
	if b := w.Balance(w.Anna); b.Pending.String() != "10" {
		t.Errorf("added again, they earned %s", b.Pending)
	}
}

// Deleting a partner's contact ends their earning and keeps the books.
//
// Spec: S102.1 S102.2
func TestDeletingAPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	page := "admin/partners/" + w.Anna.ID.String()
	if text := w.Open(page + "/state/delete").Text; !strings.Contains(text, "be undone. To only stop") ||
		!strings.Contains(text, "so can pending commissions once you approve them") {
		t.Error(text)
	}
	w.Clock.Advance(time.Second)
	w.Send(page+"/state/delete", because("Asked for it")).Want(http.StatusSeeOther)
	late := w.Send(page+"/state/delete", because("Asked for it")).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.Text, "was deleted") {
		t.Error(late.Text)
	}
	w.Clock.Advance(time.Second)
	w.LogSale(w.ContactID("carl@mail.test"), w.Sale("100"))
	if b := w.Balance(w.Anna); b.Pending.Sign() != 0 || b.Payable.String() != "10" {
		t.Errorf("after the deletion: %+v", b)
	}
	shown := w.Open(page).Want(http.StatusOK)
	if shown.Texts(".pc-status")[0] != "Deleted" || !strings.Contains(shown.One(".pc-money"), "$10.00") {
		t.Error(shown.Text)
	}
	if story := strings.Join(shown.Texts(".pc-story li"), "\n"); !strings.Contains(story,
		"Deleted, admin: “Asked for it”") {
		t.Errorf("by whom, and why: %q", story)
	}
	if strings.Contains(shown.Text, "contact.invalid") ||
		strings.Contains(w.Open("admin/contacts/"+w.Anna.ContactID.String()).Text, "contact.invalid") {
		t.Error("the address that stands for none is shown")
	}
	if found := shown.Find("a[href*='%2Fstate%2F']"); found.Length() != 0 {
		t.Error("something can be done to a deleted partner")
	}
	w.Open("admin/partners/" + w.Anna.ID.String() + "/state/nothing").Want(http.StatusNotFound)
}

// Moving shows what would change, keeps all numbers, and goes back.
//
// Spec: S98.1 S99.1 S100.1
func TestMovingAPartnerShowsWhatChanges(t *testing.T) {
	w := sidecartest.NewShop(t)
	silver := w.Program("Silver")
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	page := "admin/partners/" + w.Anna.ID.String()
	figures := func() string { return strings.Join(w.Open(page).Texts(".pc-figures dd"), " ") }
	before := figures()
	preview := w.Open(page + "/move?to=" + silver.ID.String()).Want(http.StatusOK)
	if rows := preview.Rows(); len(rows) != 1 || rows[0] != "Cup | 10%, level 2: 5% | earns nothing" {
		t.Errorf("%q", rows)
	}
	if at, _, err := w.Registry.ProgramOf(t.Context(), w.Anna.ID); err != nil || at.ID != w.Gold.ID {
		t.Errorf("the preview moved them to %s, %v", at.Name, err)
	}
	w.Send(page+"/move", url.Values{"to": {"x"}}).Want(http.StatusUnprocessableEntity)
	w.Clock.Advance(time.Second)
	for range 2 { // the second is nothing more
		w.Send(page+"/move", url.Values{"to": {silver.ID.String()}}).Want(http.StatusSeeOther)
	}
	if after := figures(); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if rows := w.Open("admin/partners?program=" + silver.ID.String()).Rows(); len(rows) != 1 {
		t.Errorf("%q", rows)
	}
	w.Clock.Advance(time.Second)
	stale := url.Values{"to": {w.Gold.ID.String()}, "seen": {w.Gold.ID.String()}} // shown before they moved
	if a := w.Send(page+"/move", stale).Want(http.StatusUnprocessableEntity); !strings.Contains(a.One(".pc-problems"),
		"Someone else changed this") {
		t.Error(a.Text)
	}
	w.Send(page+"/move", url.Values{"to": {w.Gold.ID.String()}}).Want(http.StatusSeeOther)
	if after := figures(); after != before {
		t.Errorf("back again, %s became %s", before, after)
	}
	story := strings.Join(w.Open(page).Texts(".pc-story li"), "\n")
	if !strings.Contains(story, "Moved from Gold to Silver") || !strings.Contains(story, "Moved from Silver to Gold") {
		t.Error(story)
	}
}

// The recruiter is found by search and earns from then on; who would make a
// circle is refused.
//
// Spec: D5.2
func TestChangingTheRecruiter(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	page := "admin/partners/" + w.Anna.ID.String()
	found := w.Open(page + "/recruiter?q=BERT").Want(http.StatusOK)
	if v := found.Find("input[name=recruiter]").AttrOr("value", ""); v != bert.ID.String() {
		t.Errorf("found %q", v)
	}
	form := url.Values{"recruiter": {bert.ID.String()}}
	kept := w.Send(page+"/recruiter", form).Want(http.StatusUnprocessableEntity)
	if kept.Find("input[name=recruiter][checked]").AttrOr("value", "") != bert.ID.String() {
		t.Error("the choice is lost")
	}
	form.Set("reason", "They told us")
	w.Clock.Advance(time.Second)
	if text := w.Flash(w.Send(page+"/recruiter", form)); !strings.Contains(text, "bert earns level 2") {
		t.Error(text)
	}
	late := w.Send(page+"/recruiter", url.Values{"recruiter": {"0"}, "reason": {"x"}, "seen": {"0"}}).
		Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.One(".pc-problems"), "Someone else changed this") {
		t.Error("another admin's choice is lost without a word")
	}
	circle := url.Values{"recruiter": {w.Anna.ID.String()}, "reason": {"x"}}
	w.Send("admin/partners/"+bert.ID.String()+"/recruiter", circle).Want(http.StatusUnprocessableEntity)
	w.Clock.Advance(time.Second)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	if b := w.Balance(bert); b.Pending.String() != "5" {
		t.Errorf("the recruiter earned %s", b.Pending)
	}
	if text := strings.Join(w.Open("admin/partners/"+bert.ID.String()).Texts(".pc-recruits li"), "|"); text != "anna" {
		t.Errorf("recruited: %q", text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'set recruiter'
		AND reason = 'They told us' AND digest IS NOT NULL`); n != 1 {
		t.Errorf("%d changes are audited", n)
	}
	w.Clock.Advance(time.Second)
	nobody := url.Values{"recruiter": {"0"}, "reason": {"Wrong"}}
	w.Send(page+"/recruiter", nobody).Want(http.StatusSeeOther)
}

// Another way to be paid takes effect at once, and the partner is told.
//
// Spec: S145
func TestChangingPaymentDataTellsThePartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String() + "/payment"
	w.Send(page, url.Values{"payment_method": {"paypal"},
		"paypal_email": {"no address"}}).Want(http.StatusUnprocessableEntity)
	form := url.Values{"payment_method": {"paypal"}, "paypal_email": {"new@pay.test"}}
	for range 2 {
		w.Send(page, form).Want(http.StatusSeeOther)
	}
	p, err := w.Registry.Partner(t.Context(), w.Anna.ID)
	if err != nil || p.PayPalEmail != "new@pay.test" {
		t.Errorf("%+v, %v", p, err)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE kind = 'payment'
		AND recipient = 'anna@mail.test' AND body_text LIKE '%new@pay.test%'`); n != 1 {
		t.Errorf("%d mails tell the partner", n)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'edit payment'`); n != 1 {
		t.Errorf("%d changes are audited", n)
	}
}

// What the settings leave no room for stays when the rest is saved: a site that pays by
// PayPal alone keeps where a partner's checks went. Of two admins at the same partner the
// second is told, and what the first one saved stays.
//
// Spec: S145
func TestPaymentDataOfTwoAdmins(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String() + "/payment"
	w.Exec(`UPDATE {wp}partner_center_partners SET payee = 'Anna Ray', address = 'Main Street 1' WHERE id = ?`,
		w.Anna.ID)
	shown := w.Open(page)
	if shown.Find("input[name=payee]").Length() != 0 {
		t.Fatal("checks are a choice here")
	}
	form := url.Values{"payment_method": {"paypal"}, "paypal_email": {"first@pay.test"},
		"seen": {shown.Find("input[name=seen]").AttrOr("value", "")}}
	w.Flash(w.Send(page, form))
	w.Flash(w.Send(page, form)) // twice is once
	form.Set("paypal_email", "second@pay.test")
	late := w.Send(page, form).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.One(".pc-problems"), "Someone else changed this") ||
		late.Find("#pc-paypal_email").AttrOr("value", "") != "second@pay.test" {
		t.Error(late.Text)
	}
	p, err := w.Registry.Partner(t.Context(), w.Anna.ID)
	if err != nil || p.PayPalEmail != "first@pay.test" || p.Payee != "Anna Ray" || p.Address != "Main Street 1" {
		t.Errorf("%+v, %v", p, err)
	}
}

// Each page and action asks for its capability, and refuses everybody else.
//
// Spec: S146.1
func TestPartnerActionsNeedTheirCapability(t *testing.T) {
	w := sidecartest.NewShop(t)
	base := "admin/partners/" + w.Anna.ID.String()
	may := map[string]string{"/state/suspend": web.CanApprove, "/move": web.CanApprove, "/recruiter": web.CanApprove,
		"/payment": web.CanPay}
	for _, right := range []string{web.CanView, web.CanApprove, web.CanPay, web.CanSettings} {
		rights := []string{web.CanView}
		if right != web.CanView {
			rights = append(rights, right)
		}
		who := w.Login(w.User(right, rights...))
		for path, needed := range may {
			want := http.StatusForbidden
			if needed == right {
				want = http.StatusOK
			}
			w.Get(base+path, web.Admin, who).Want(want)
			if needed != right {
				w.Post(base+path, web.Admin, because("x"), who).Want(http.StatusForbidden)
			}
		}
		for _, path := range []string{"", "/statement", "/entries"} {
			w.Get(base+path, web.Admin, who).Want(http.StatusOK)
		}
		if right != web.CanPay {
			w.Post(base+"/entries", web.Admin, because("x"), who).Want(http.StatusForbidden)
			w.Post(base+"/entries/1/undo", web.Admin, because("x"), who).Want(http.StatusForbidden)
			w.Post(base+"/entries/1/approve", web.Admin, because("x"), who).Want(http.StatusForbidden)
		}
	}
	wantState(w, w.Anna.ID, affiliate.Active)
}
