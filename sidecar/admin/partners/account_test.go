package partners_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A partner whose WordPress account was deleted is shown so, and gets another by
// one button; nobody's account is asked for twice.
//
// Spec: S107
func TestDeletedAccountIsMadeAgain(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String()
	if text := w.Open(page).One(".pc-facts dd:contains('user')"); !strings.Contains(text, "Created (user "+
		w.Anna.WPUserID.String()+")") {
		t.Error(text)
	}
	w.Send(page+"/account/remake", nil).Want(http.StatusConflict)
	w.Exec(`DELETE FROM {users} WHERE ID = ?`, w.Anna.WPUserID)
	shown := w.Open(page)
	if !strings.Contains(shown.Text, "Deleted in WordPress") ||
		shown.Find("form[action*=remake] button").Length() != 1 {
		t.Error(shown.Text)
	}
	viewer := w.Login(w.User("vera", web.CanView))
	if n := w.Get(page, web.Admin, viewer).Find("form[action*=remake]").Length(); n != 0 {
		t.Error("who may only look is offered the button")
	}
	w.Post(page+"/account/remake", web.Admin, nil, viewer).Want(http.StatusForbidden)
	w.WordPress.Answer("user", func(in map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": w.User("anna-again", "partner"), "login": "anna-again",
			"created": true}
	})
	w.Send(page+"/account/remake", nil).Want(http.StatusSeeOther)
	w.Send(page+"/account/remake", nil).Want(http.StatusConflict)
	if text := w.Open(page).Text; !strings.Contains(text, "Being created") {
		t.Error("it does not say that the account is on its way")
	}
	w.Settle()
	if calls := w.WordPress.Calls("user"); len(calls) != 1 || calls[0].In["email"] != "anna@mail.test" {
		t.Errorf("%+v", calls)
	}
	now, err := w.Registry.Partner(t.Context(), w.Anna.ID)
	if err != nil || now.WPUserID == 0 || now.WPUserID == w.Anna.WPUserID {
		t.Errorf("%+v, %v", now, err)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE kind = 'login' AND wp_user_id = ?`,
		now.WPUserID); n != 1 {
		t.Errorf("%d mails with the new login", n)
	}
	w.Get("", web.Theme, w.Login(int64(now.WPUserID))).Want(http.StatusOK)
}

// The link to try out shows afterwards what happened to its click; a click of
// a browser without a person is not among those that count.
//
// Spec: S63 D30
func TestTriedLinkShowsItsClick(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String()
	w.Settle()
	link := w.Open(page).Find("a[target=_blank]").First().AttrOr("href", "")
	path := strings.TrimPrefix(link, sidecartest.Base+"/")
	for range 2 { // a new visitor each time
		w.Get(path, web.Standalone).Want(http.StatusFound)
		w.Clock.Advance(time.Minute)
	}
	if all := w.Open(page).Texts(".pc-clicks li"); len(all) != 2 || all[0] != "1 Jul 2026, 12:01: "+w.Link.Name+
		", counted as a unique visit" {
		t.Errorf("%q", all)
	}
	bot := w.Request(http.MethodGet, "go/"+w.Link.Code+"?p="+w.Anna.Code, web.Standalone, "")
	bot.Header.Set("User-Agent",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0.0.0 Safari/537.36")
	w.Do(bot).Want(http.StatusFound)
	if all := w.Open(page).Texts(".pc-clicks li"); len(all) != 2 {
		t.Errorf("a bot counts: %q", all)
	}
	tools := w.Open("admin/programs/" + w.Gold.ID.String() + "/tools").Want(http.StatusOK)
	if all := tools.Texts(".pc-uncounted tbody tr"); len(all) != 1 || all[0] != "Bots and link previews1" {
		t.Errorf("%q", all)
	}
}

// Who signed up as a partner did not come by an opt-in form.
//
// Spec: S103
func TestWhoSignedUpIsSaidToHaveSignedUp(t *testing.T) {
	w := sidecartest.NewShop(t)
	partner, err := w.Registry.Partner(t.Context(), w.Apply("dora@mail.test"))
	w.Must(err)
	if text := strings.Join(w.Open("admin/contacts/"+partner.ContactID.String()).Texts(".pc-facts"),
		" "); !strings.Contains(text, "Partner sign-up") {
		t.Error(text)
	}
	contact, err := affiliate.LoadContact(t.Context(), w.DB, partner.ContactID)
	if err != nil || contact.Origin != affiliate.BySignUp {
		t.Errorf("%+v, %v", contact, err)
	}
}
