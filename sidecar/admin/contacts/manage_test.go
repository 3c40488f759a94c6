package contacts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/verify"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

func clean(w *sidecartest.Shop) {
	w.Helper()
	findings, err := verify.Verify(w.Context(), w.DB)
	w.Must(err)
	for _, found := range findings {
		w.Errorf("verify: %+v", found)
	}
}

func contactOf(w *sidecartest.Shop, email string) affiliate.Contact {
	w.Helper()
	c, err := affiliate.LoadContactByEmail(w.Context(), w.DB, email)
	w.Must(err)
	return c
}

// hidden are the hidden fields of the page's form of that selector.
func hidden(a *sidecartest.Answer, selector string) url.Values {
	form := url.Values{}
	fields := a.Find(selector + ` input[type=hidden]`)
	for i := range fields.Length() {
		form.Add(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	return form
}

// A contact is added and edited by hand; bad input is said beside its field and
// stays, and who saves over somebody else's change is told.
//
// Spec: S69.2 S151
func TestContactsAreAddedAndEdited(t *testing.T) {
	w := sidecartest.NewShop(t)
	const add = "admin/contacts/new"
	for field, bad := range map[string]string{"email": "nobody@", "first_name": strings.Repeat("é", 101),
		"company": strings.Repeat("x", 1<<20)} {
		form := url.Values{"email": {"eve@mail.test"}}
		form.Set(field, bad)
		a := w.Send(add, form).Want(http.StatusUnprocessableEntity)
		if found := a.Find("#pc-" + field + "[aria-invalid=true]"); found.AttrOr("value", "") != bad {
			t.Errorf("%s: no word, or what was typed is gone", field)
		}
	}
	w.Send(add, nil).Want(http.StatusUnprocessableEntity)
	form := url.Values{"email": {"Eve@Mail.test"}, "first_name": {"<script>Eve</script>"}, "last_name": {"Ray 😀"}}
	if text := w.Flash(w.Send(add, form)); text != "Contact added." {
		t.Error(text)
	}
	if text := w.Flash(w.Send(add, form)); !strings.HasPrefix(text, "This contact is here already.") {
		t.Error(text)
	}
	eve := contactOf(w, "eve@mail.test")
	if eve.Origin != affiliate.ByAdmin || eve.First.PartnerID != 0 {
		t.Errorf("%+v", eve)
	}
	w.Lead("eve@mail.test", w.ClickOf(w.Anna)) // her first click with a form fills the last referrer only
	if eve = contactOf(w, "eve@mail.test"); eve.First.PartnerID != 0 || eve.Last.PartnerID != w.Anna.ID {
		t.Errorf("%+v", eve)
	}
	path := "admin/contacts/" + eve.ID.String() + "/edit"
	page := w.Open(path).Want(http.StatusOK)
	edit := hidden(page, "form[method=post]")
	edit.Set("email", "eve@home.test")
	edit.Set("first_name", "")
	edit.Set("last_name", "Ray")
	w.Clock.Advance(time.Second)
	w.Flash(w.Send(path, edit))
	if text := w.Flash(w.Send(path, edit)); text != "Contact saved." { // twice is once
		t.Error(text)
	}
	if eve = contactOf(w, "eve@home.test"); eve.FirstName != "" || eve.LastName != "Ray" {
		t.Errorf("%+v", eve)
	}
	edit.Set("last_name", "Day") // by somebody who has the form from before
	if a := w.Send(path, edit).Want(http.StatusUnprocessableEntity); !strings.Contains(a.One(".pc-problems"),
		"Someone else changed this contact") {
		t.Error(a.One(".pc-problems"))
	}
	taken := hidden(w.Open(path), "form[method=post]")
	taken.Set("email", "anna@mail.test")
	if a := w.Send(path, taken).Want(http.StatusUnprocessableEntity); a.Find(`a[href*="merge"]`).Length() == 0 {
		t.Error("the way to merge is not offered")
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'contact' AND object_id = ?
		AND action IN ('create', 'edit')`, eve.ID); n != 2 {
		t.Errorf("%d audit entries", n)
	}
}

// An admin names a contact's first or last referrer, with a reason; it is audited,
// stands in the history, and moves no order by itself: what a re-run would change
// is shown next.
//
// Spec: S65.3 D41.1
func TestAReferrerIsAssignedByHand(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	path := "admin/contacts/" + carl.String() + "/referrer/"
	send := func(slot, who, partner, reason string) *sidecartest.Answer {
		t.Helper()
		form := hidden(w.Open(path+slot).Want(http.StatusOK), "form[method=post]")
		form.Set("who", who)
		form.Set("partner", partner)
		form.Set("reason", reason)
		w.Clock.Advance(time.Second)
		return w.Send(path+slot, form)
	}
	for _, bad := range [][3]string{{"partner", "", "x"}, {"partner", "nobody@mail.test", "x"}, {"x", "", "x"},
		{"partner", bert.Code, ""}, {"partner", bert.Code, strings.Repeat("r", 256)}} {
		if a := send("first", bad[0], bad[1], bad[2]).Want(http.StatusUnprocessableEntity); a.Find(".pc-problem").
			Length() == 0 {
			t.Errorf("%q: no word about it", bad)
		}
	}
	first := send("first", "partner", bert.Code, "She told us.")
	if to := w.Path(first.Location()); !strings.HasPrefix(to, "admin/orders/rerun") ||
		!strings.Contains(to, "choice=first") {
		t.Error(to)
	}
	w.Flash(send("last", "partner", "bert@mail.test", "She told us."))
	c := contactOf(w, "carl@mail.test")
	if c.First.PartnerID != bert.ID || c.Last.PartnerID != bert.ID || c.First.Proof != affiliate.ByAdminsHand {
		t.Errorf("%+v", c)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("an order moved by itself: %+v", b)
	}
	if text := w.Flash(send("first", "partner", bert.Code, "Again.")); text != "Nothing was changed." {
		t.Error(text)
	}
	w.Refer("carl@mail.test", w.Anna) // no later click with a form moves the first one
	if c = contactOf(w, "carl@mail.test"); c.First.PartnerID != bert.ID {
		t.Errorf("%+v", c)
	}
	w.Flash(send("first", "nobody", "", "It was a mistake."))
	if c = contactOf(w, "carl@mail.test"); c.First.PartnerID != 0 {
		t.Errorf("%+v", c)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'contact' AND object_id = ?
		AND action LIKE 'set %'`, carl); n != 3 {
		t.Errorf("%d audit entries", n)
	}
	history := strings.Join(w.Open("admin/contacts/"+carl.String()+"/history").Rows(), "\n")
	if !strings.Contains(history, "First referrer set by an admin") {
		t.Error(history)
	}
	w.Open(path + "middle").Want(http.StatusNotFound)
	clean(w)
}

// Two records of one person become one: the preview says what moves, the first
// referrer is the older record's even when blank, and no money changes.
//
// Spec: S151.2 D34.2
func TestContactsAreMerged(t *testing.T) {
	w := sidecartest.NewShop(t)
	old := w.Stranger("eve@home.test") // known first, by no click: no first referrer for good
	w.Clock.Advance(time.Hour)
	w.Pending(w.Refer("eve@work.test", w.Anna), "100")
	work := contactOf(w, "eve@work.test")
	path := "admin/contacts/" + work.ID.String() + "/merge"
	preview := w.Open(path + "?with=eve@home.test").Want(http.StatusOK)
	said := strings.Join(preview.Texts("#preview"), " ")
	if !strings.Contains(said, "First referrernone") || !strings.Contains(said, "Last referreranna") ||
		!strings.Contains(said, "0 orders move. 1 form moves.") || !strings.Contains(said, "No commission changes") {
		t.Error(said)
	}
	form := hidden(preview, "#preview")
	w.Send(path, form).Want(http.StatusUnprocessableEntity) // no reason
	form.Set("reason", "She told us.")
	stale := url.Values{}
	for name, values := range form {
		stale[name] = values
	}
	stale.Set("seen", "x.y")
	if a := w.Send(path, stale).Want(http.StatusUnprocessableEntity); !strings.Contains(a.One(".pc-problems"),
		"changed while you were looking") {
		t.Error(a.One(".pc-problems"))
	}
	w.Flash(w.Send(path, form))
	w.Send(path, form).Want(http.StatusUnprocessableEntity) // twice
	c := contactOf(w, "eve@work.test")
	if c.First.PartnerID != 0 || c.Last.PartnerID != w.Anna.ID {
		t.Errorf("%+v", c)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	if page := w.Open("admin/contacts/" +
		old.String()).Want(http.StatusOK); page.Find(`a[href*="merge"]`).Length() != 0 {
		t.Error("a deleted record offers to be merged")
	}
	w.Open(path + "?with=nobody@mail.test").Want(http.StatusUnprocessableEntity)
	w.Open(path + "?with=eve@work.test").Want(http.StatusUnprocessableEntity)
	clean(w)
}

// Before a contact is deleted the page says what becomes of money: an open
// balance is warned of, payments keep whom they went to.
//
// Spec: S102 S151 D37.3
func TestAContactIsDeleted(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100")
	anna := contactOf(w, "anna@mail.test")
	path := "admin/contacts/" + anna.ID.String() + "/delete"
	said := strings.Join(w.Open(path).Want(http.StatusOK).Texts("form.pc-card"), " ")
	if !strings.Contains(said, "This partner's balance is open. Owed: $10.00. Pending: $0.00.") ||
		!strings.Contains(said, "Payments keep the name and address they went to") {
		t.Error(said)
	}
	w.Send(path, nil).Want(http.StatusUnprocessableEntity)
	path = "admin/contacts/" + carl.String() + "/delete"
	if page := w.Open(path); strings.Contains(page.Text, "balance is open") {
		t.Error("who is no partner has no balance")
	}
	w.Flash(w.Send(path, url.Values{"reason": {"They asked."}}))
	w.Send(path, url.Values{"reason": {"They asked."}}).Want(http.StatusConflict)
	if rows := w.Open("admin/contacts?q=carl").Rows(); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	clean(w)
}

// Only who may approve changes contacts.
func TestContactsAreChangedByApproversOnly(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := "admin/contacts/" + w.Refer("carl@mail.test", w.Anna).String()
	pages := []string{"admin/contacts/new", "admin/contacts/import", carl + "/edit", carl + "/referrer/first",
		carl + "/merge", carl + "/delete"}
	for _, right := range []string{web.CanView, web.CanPay, web.CanSettings} {
		user := w.Login(w.User("u"+right, web.CanView, right))
		for _, page := range pages {
			w.Get(page, web.Admin, user).Want(http.StatusForbidden)
			w.Post(page, web.Admin, url.Values{"reason": {"x"}}, user).Want(http.StatusForbidden)
		}
		if page := w.Get(carl, web.Admin, user).Want(http.StatusOK); page.Find(".page-title-action").Length() != 0 {
			t.Errorf("%s is offered what is refused", right)
		}
	}
	approver := w.Login(w.User("ann", web.CanView, web.CanApprove))
	for _, page := range pages {
		w.Get(page, web.Admin, approver).Want(http.StatusOK)
	}
}

// A file of contacts is tried first: each problem stands by its line, and nothing
// happens. Imported, it makes contacts without a first referrer, for good, and
// replaces nothing; imported again, it changes nothing.
//
// Spec: D34.4 S65.2 S68.1 S69.1 S151.1 S151.3
func TestContactsAreImported(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl := w.Refer("carl@mail.test", w.Anna)
	const path = "admin/contacts/import"
	file := "\ufeffE-Mail;Full name;Company;Score\r\n" +
		"eve@mail.test;Eve van Ray;Tea & Co;7\r\n" + // 2
		"liam.obrien@;Liam;;\r\n" + // 3
		";Nobody;;\r\n" + // 4
		"CARL@mail.test;Karl Other;Cups;\r\n" + // 5: known, company is new
		"EVE@mail.test;Eva;;\r\n" + // 6
		fmt.Sprintf("max@mail.test;%s;;\r\n", strings.Repeat("x", 300)) + // 7
		"\"sue@mail.test\";\"Sue \"\"Q\"\" <b>😀</b>\";;\r\n" // 8
	page := w.Path(w.Send(path, url.Values{"file": {file}}).Want(http.StatusSeeOther).Location())
	dry := w.Open(page).Want(http.StatusOK)
	if got := strings.Join(dry.Texts("#dry-run .pc-figure"), " "); got != "2 1 0 1 3" {
		t.Errorf("new, filled, same, joined, skipped: %s", got)
	}
	lines := strings.Join(dry.Rows(), "\n")
	for _, want := range []string{
		"3 | liam.obrien@ | Email | liam.obrien@ | This is not a complete email address. | Skipped",
		"4 |  | Email |  | There is no email address. | Skipped",
		"6 | EVE@mail.test | Email | EVE@mail.test | Same address as line 2. | Joined with it",
		"7 | max@mail.test | First name | xxx"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is missing in\n%s", want, lines)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'import'`); n != 0 {
		t.Fatal("the dry run imported")
	}
	w.Send(page+"/undo", nil).Want(http.StatusConflict) // of nothing
	for range 2 {                                       // twice is as once
		w.Flash(w.Send(page+"/start", nil))
		w.Settle()
	}
	done := w.Open(page).Want(http.StatusOK)
	if got := strings.Join(done.Texts("#pc-import .pc-figure"), " "); got != "2 1 1 3" {
		t.Errorf("added, completed, same, skipped: %s", got)
	}
	if rows := strings.Join(done.Rows(), "\n"); strings.Contains(rows, "liam.obrien") ||
		!strings.Contains(rows, "3 | Email | This is not a complete email address. | Skipped") ||
		!strings.Contains(rows, "2 | Eve van Ray | eve@mail.test") {
		t.Error(rows)
	}
	if a := w.Open("admin/tasks"); !strings.Contains(strings.Join(a.Rows(), ""),
		"2 contacts added. 1 completed. 1 line changed nothing. 3 lines skipped.") {
		t.Error(a.Rows())
	}
	again := w.Path(w.Send(path, url.Values{"file": {file}}).Want(http.StatusSeeOther).Location())
	w.Flash(w.Send(again+"/start", nil))
	w.Settle()
	if got := strings.Join(w.Open(again).Texts("#pc-import .pc-figure"), " "); got != "0 0 4 3" {
		t.Errorf("added, completed, same, skipped: %s", got)
	}
	c := contactOf(w, "carl@mail.test")
	if c.ID != carl || c.FirstName != "Carl" || c.Company != "Cups" || c.First.PartnerID != w.Anna.ID ||
		c.Last.PartnerID != w.Anna.ID {
		t.Errorf("what was known is replaced: %+v", c)
	}
	eve := contactOf(w, "eve@mail.test")
	if eve.Origin != affiliate.ByImport || eve.FirstName != "Eve van" || eve.First.PartnerID != 0 {
		t.Errorf("%+v", eve)
	}
	w.Lead("eve@mail.test", w.ClickOf(bert))
	if eve = contactOf(w, "eve@mail.test"); eve.First.PartnerID != 0 || eve.Last.PartnerID != bert.ID {
		t.Errorf("after a click with a form: %+v", eve)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'import'`); n != 3 {
		t.Errorf("%d audit entries", n)
	}
	clean(w)
}

// What is no file of contacts is said beside the field, and stays.
func TestWhatIsNoFileOfContactsIsRefused(t *testing.T) {
	w := sidecartest.NewShop(t)
	for text, problem := range map[string]string{
		"":                           "choose a file or paste",
		"   \n":                      "choose a file or paste",
		"Name,Company\nEve,Tea":      "one of them must be",
		"eve@mail.test,Eve":          "one of them must be",
		"Email,Name":                 "no line below",
		"<script>alert(1)</script>😀": "one of them must be",
		"Email\n" + strings.Repeat("a@b.test\n", 50001): "at most 50000 lines",
		"Email\n\xff\xfe": "UTF-8",
	} {
		a := w.Send("admin/contacts/import", url.Values{"file": {text}}).Want(http.StatusUnprocessableEntity)
		if said := a.One(".pc-problem"); !strings.Contains(said, problem) {
			t.Errorf("%.30q: %s", text, said)
		}
		if kept := a.Find("#pc-file").Text(); strings.TrimSpace(kept) != strings.TrimSpace(text) {
			t.Errorf("%.30q became %.30q", text, kept)
		}
	}
	w.Send("admin/contacts/import", url.Values{"file": {strings.Repeat("x", 10<<20)}}).
		Want(http.StatusUnprocessableEntity)
	w.Send("admin/contacts/import", url.Values{"file": {strings.Repeat("x", 17<<20)}}).
		Want(http.StatusRequestEntityTooLarge)
}

// What a file made is taken back on its page, and a file that was only checked is
// forgotten there.
func TestAnImportIsTakenBack(t *testing.T) {
	w := sidecartest.NewShop(t)
	send := func() string {
		return w.Path(w.Send("admin/contacts/import", url.Values{"file": {"Email\neve@mail.test\nmax@mail.test"}}).
			Want(http.StatusSeeOther).Location())
	}
	page := send()
	w.Flash(w.Send(page+"/start", nil))
	w.Settle()
	w.Send(page+"/discard", nil).Want(http.StatusConflict)
	w.Lead("max@mail.test", nil)
	for range 2 {
		w.Flash(w.Send(page+"/undo", nil))
		w.Settle()
	}
	undone := w.Open(page)
	if got := strings.Join(undone.Texts("#pc-import .pc-figure"), " "); got != "1 0 0 0 1" {
		t.Errorf("added, completed, same, skipped, deleted again: %s", got)
	}
	if rows := w.Open("admin/contacts?q=eve").Rows(); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
	page = send()
	for range 2 {
		w.Flash(w.Send(page+"/discard", nil))
	}
	w.Open(page).Want(http.StatusNotFound)
	if list := strings.Join(w.Open("admin/contacts/import").Rows(), ""); !strings.Contains(list, "Undone") {
		t.Error(list)
	}
	w.Settle()
	clean(w)
}
