package partners_test

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

// A WordPress user is found by login, name or address and made a partner, who
// keeps the account; users who are partners already can't be chosen.
//
// Spec: S142.3
func TestAddingAPartnerFromAWordPressUser(t *testing.T) {
	w := sidecartest.NewShop(t)
	dora := w.User("dora", "subscriber")
	w.Exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value) VALUES (?, 'first_name', 'Dora')`, dora)
	for query, want := range map[string]int{"dora": 1, "ORA@mail": 1, "Name+of+dora": 1, "%25": 0, "nobody": 0,
		"anna": 1} {
		if n := w.Open("admin/partners/from-user?q=" + query).Find("input[name=user]").Length(); n != want {
			t.Errorf("%s finds %d", query, n)
		}
	}
	if known := w.Open("admin/partners/from-user?q=anna"); known.Find("input[name=user][disabled]").Length() != 1 {
		t.Error("a partner can be chosen")
	}
	form := url.Values{"q": {"dora"}, "user": {fmt.Sprint(dora)}, "program": {w.Gold.ID.String()},
		"paypal_email": {"dora@mail.test"}}
	for _, field := range []string{"user", "program"} {
		for _, value := range []string{"", "x"} {
			wrong := url.Values{"q": {"dora"}, "user": form["user"], "program": form["program"],
				"paypal_email": {"p@x.test"}}
			wrong.Set(field, value)
			a := w.Send("admin/partners/from-user", wrong).Want(http.StatusUnprocessableEntity)
			if a.Find("[aria-invalid=true]").Length() == 0 ||
				a.Find("#pc-paypal_email").AttrOr("value", "") != "p@x.test" {
				t.Errorf("%s %q: %s", field, value, a.Text)
			}
		}
	}
	form.Set("user", "4711")
	if gone := w.Send("admin/partners/from-user",
		form).Want(http.StatusUnprocessableEntity); !strings.Contains(gone.Text,
		"no longer has this user") {
		t.Error(gone.Text)
	}
	form.Set("user", fmt.Sprint(dora))
	page := w.Follow(w.Send("admin/partners/from-user", form))
	if page.One("h1") != "Dora" || !strings.Contains(page.Text, fmt.Sprintf("Created (user %d)", dora)) {
		t.Error(page.Text)
	}
	if text := w.Flash(w.Send("admin/partners/from-user", form)); !strings.Contains(text,
		"already in the program Gold") {
		t.Error(text)
	}
	w.Post("admin/partners/from-user", web.Admin, form, w.Login(w.User("vera", web.CanView))).Want(http.StatusForbidden)
}

const partnersCSV = "\ufeffE-Mail;First name;Last name;Company;Program;PayPal email;Notes\r\n" +
	"Dora@mail.test;Dora;O'Neil;Dora & Sons;gold;dora@pay.test;x\r\n" +
	"emil@mail.test;Emil 😀;;;;;\r\n" +
	"anna@mail.test;Anna;;;;;\r\n" +
	"\r\n" +
	"no address;;;;;;\r\n" +
	"dora@mail.test;Again;;;;;\r\n" +
	"fred@mail.test;;;;Platinum;;\r\n" +
	"gina@mail.test;" + "<script>alert(1)</script>" + ";;;;nonsense;\r\n"

// A CSV file is tried first, each problem named by its line; then the partners are
// in it, and the same file again changes nothing.
//
// Spec: S142.4
func TestImportingPartners(t *testing.T) {
	w := sidecartest.NewShop(t)
	form := url.Values{"file": {partnersCSV}, "program": {w.Gold.ID.String()}}
	page := w.Path(w.Send("admin/partners/import", form).Want(http.StatusSeeOther).Location())
	tried := w.Open(page).Want(http.StatusOK)
	if counts := strings.Join(tried.Texts("#dry-run .pc-figure"), " "); counts != "2 1 4" {
		t.Errorf("counts %s", counts)
	}
	rows := strings.Join(tried.Rows(), "\n")
	for _, want := range []string{"6 | no address | Email | no address | Please enter",
		"7 | dora@mail.test | Email | dora@mail.test | Line 2 has this address already.",
		"8 | fred@mail.test | Program | Platinum | There is no program “Platinum”.",
		"9 | gina@mail.test | PayPal email | nonsense | "} {
		if !strings.Contains(rows, want) {
			t.Errorf("no line %q in\n%s", want, rows)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 1 ||
		strings.Contains(tried.Text, "<script>alert") {
		t.Errorf("a check made %d contacts", n-1)
	}
	first := page
	for i, want := range []string{"2 1 4", "0 3 4"} {
		w.Flash(w.Send(page+"/start", nil))
		w.Settle()
		if counts := strings.Join(w.Open(page).Texts("#pc-import .pc-figure"), " "); counts != want {
			t.Errorf("import %d: %s", i+1, counts)
		}
		page = w.Path(w.Send("admin/partners/import", form).Want(http.StatusSeeOther).Location())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 3 {
		t.Errorf("%d partners", n)
	}
	dora, err := w.Registry.PartnerByEmail(t.Context(), "dora@mail.test")
	w.Must(err)
	contact, err := w.Registry.Contact(t.Context(), dora.ContactID)
	w.Must(err)
	if link := w.Open(first).Find("td a:contains('Dora')"); link.Length() != 1 ||
		w.Path(link.AttrOr("href", "")) != "admin/partners/"+dora.ID.String() {
		t.Errorf("what became of the line leads to %q", link.AttrOr("href", ""))
	}
	if contact.Company != "Dora & Sons" || contact.FirstName != "Dora" || dora.PayPalEmail != "dora@pay.test" {
		t.Errorf("%+v, %+v", dora, contact)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'partner'
		AND action = 'add'`); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
	w.Send("admin/partners/"+dora.ID.String()+"/state/remove",
		url.Values{"reason": {"asked for it"}}).Want(http.StatusSeeOther)
	again := w.Follow(w.Send("admin/partners/import", form))
	if !strings.Contains(strings.Join(again.Rows(), "\n"),
		"This person was removed or rejected before.") {
		t.Errorf("%q", again.Rows())
	}
	if text := again.One("#dry-run"); !strings.Contains(text, "nothing to import") ||
		strings.Contains(text, "gets an account on this site") {
		t.Errorf("a file without anything new: %s", text)
	}
}

// Files that are none say so beside the field, with what was sent.
//
// Spec: S142
func TestFilesOfPartnersThatAreNone(t *testing.T) {
	w := sidecartest.NewShop(t)
	for text, says := range map[string]string{"": "choose a file", "Name,Address\nx,y": "one of them must be",
		"Email\n": "no line below", "Email\n\xff\xfe": "UTF-8", "Email\n" + strings.Repeat("a@x.test\n",
			5001): "at most 5000 lines"} {
		a := w.Send("admin/partners/import",
			url.Values{"file": {text}}).Want(http.StatusUnprocessableEntity)
		if a.Find("#pc-file[aria-invalid=true]").Length() != 1 ||
			!strings.Contains(a.One("#pc-file-notes .pc-problem"), says) {
			t.Errorf("%.20q: %s", text, strings.Join(a.Texts(".pc-problem"), " "))
		}
	}
	none := w.Follow(w.Send("admin/partners/import", url.Values{"file": {"Email\tName\na@x.test\tA"}}))
	if !strings.Contains(strings.Join(none.Rows(), ""), "names no program") {
		t.Error(none.Text)
	}
	for _, path := range []string{"admin/partners/import", "admin/partners/from-user"} {
		viewer := w.Login(w.User("v"+path[len(path)-4:], web.CanView))
		w.Get(path, web.Admin, viewer).Want(http.StatusForbidden)
		w.Post(path, web.Admin, nil, viewer).Want(http.StatusForbidden)
	}
}

// However a partner was added, they end in the same state: a contact, an active
// partner in a program, an account that is asked for or linked, a welcome mail.
//
// Spec: S142.5
func TestAllWaysToAddAPartnerEndAlike(t *testing.T) {
	w := sidecartest.NewShop(t)
	gold, user := w.Gold.ID.String(), w.User("user", "subscriber")
	w.WordPress.Answer("user", func(in map[string]any) (int, any) {
		login, _, _ := strings.Cut(in["email"].(string), "@")
		if login == "user" { // WordPress has that account
			return http.StatusOK, map[string]any{"user_id": user, "login": login}
		}
		return http.StatusOK, map[string]any{"user_id": w.User(login, "partner"), "login": login, "created": true}
	})
	w.Send("admin/partners", url.Values{"email": {"hand@mail.test"}, "program": {gold}}).Want(http.StatusSeeOther)
	w.Send("admin/partners/from-user", url.Values{"user": {fmt.Sprint(user)},
		"program": {gold}}).Want(http.StatusSeeOther)
	file := w.Send("admin/partners/import", url.Values{"file": {"Email\nfile@mail.test"}, "program": {gold}})
	w.Send(w.Path(file.Want(http.StatusSeeOther).Location())+"/start", nil).Want(http.StatusSeeOther)
	form := w.Get("signup/"+w.Gold.Code, web.Theme)
	fields := url.Values{"email": {"form@mail.test"}, "payment_method": {"paypal"}}
	hidden := form.Find("form input[type=hidden]")
	for i := range hidden.Length() {
		fields.Set(hidden.Eq(i).AttrOr("name", ""), hidden.Eq(i).AttrOr("value", ""))
	}
	w.Clock.Advance(time.Minute)
	w.Post("signup/"+w.Gold.Code, web.Theme, fields)
	w.Settle()
	for _, who := range []string{"hand", "user", "file", "form"} {
		p, err := w.Registry.PartnerByEmail(t.Context(), who+"@mail.test")
		w.Must(err)
		program, is, err := w.Registry.ProgramOf(t.Context(), p.ID)
		w.Must(err)
		if p.State != affiliate.Active || !is || program.ID != w.Gold.ID || p.WPUserID == 0 {
			t.Errorf("%s: %+v in %v", who, p, program.Name)
		}
		if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE kind = 'welcome' AND recipient = ?`,
			who+"@mail.test"); n != 1 {
			t.Errorf("%s got %d welcome mails", who, n)
		}
	}
}
