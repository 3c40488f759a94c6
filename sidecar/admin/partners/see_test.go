package partners_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// An admin looks at the center as a partner: each page says so, shows what the
// partner is shown and no more, changes nothing, and leads back; both ends stand
// in the audit.
//
// Spec: S115 S17.2
func TestAnAdminLooksAtTheCenterAsAPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Gold.Visibility = "anonymous"
	_, err := w.Registry.EditProgram(t.Context(), "test", w.Gold)
	w.Must(err)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	page := "admin/partners/" + w.Anna.ID.String()
	w.Get("", web.Theme, w.Boss).Want(http.StatusForbidden) // who is no partner has no center

	started := w.Send(pcOf(t, w.Open(page).Find("form.pc-see-as").AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	look := started.Cookie("pc_as")
	if look == nil || !look.HttpOnly || !strings.HasPrefix(started.Location(), sidecartest.Center) {
		t.Fatalf("%+v to %s", look, started.Location())
	}
	anna := w.LogIn(w.Anna)
	for _, path := range []string{"", "earnings", "reports", "tools", "profile"} {
		for _, on := range []web.SurfaceKind{web.Theme, web.Standalone} {
			seen := w.Get(path, on, w.Boss, look).Want(http.StatusOK)
			if text := seen.One(".pc-seen-as span"); !strings.Contains(text, "as anna.") {
				t.Errorf("%s says %q", path, text)
			}
			if strings.Contains(seen.Text, "admin@mail.test") || strings.Contains(seen.Text, "carl@mail.test") {
				t.Errorf("%s shows more than the partner sees", path)
			}
			own := w.Get(path, on, anna).Want(http.StatusOK)
			if bare(seen.Texts("main, .pc-main")) != bare(own.Texts("main, .pc-main")) {
				t.Errorf("%s differs:\n%s\n%s", path, seen.Texts("main, .pc-main"), own.Texts("main, .pc-main"))
			}
		}
	}
	if list := w.Get("earnings/commissions.csv", web.Standalone, w.Boss, look).Want(http.StatusOK); strings.Contains(
		list.Text, "carl") {
		t.Error("the file shows who bought")
	}

	left := w.Post("leave", web.Theme, nil, w.Boss, look).Want(http.StatusSeeOther)
	if w.Path(left.Location()) != page || left.Cookie("pc_as").MaxAge >= 0 {
		t.Errorf("back to %s", left.Location())
	}
	story := strings.Join(w.Open(page).Texts(".pc-story li"), "\n")
	if !strings.Contains(story, "An admin looked at the partner center as this partner, admin") ||
		!strings.Contains(story, "The admin left the partner center, admin") {
		t.Error(story)
	}
}

// pcOf is the path of a form on the admin surface.
func pcOf(t *testing.T, action string) string {
	t.Helper()
	u, err := url.Parse(action)
	if err != nil || u.Query().Get("pc") == "" {
		t.Fatalf("%q leads to no page of ours: %v", action, err)
	}
	return u.Query().Get("pc")
}

// bare is a page's text without what is random in it.
func bare(texts []string) string { return strings.Join(texts, " ") }

// The look is of one admin, in one login, and not for long; nobody else gains
// anything by its cookie, and whoever loses the right loses the look.
//
// Spec: S115
func TestTheLookIsBoundToTheAdmin(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String()
	viewerID := w.User("vera", web.CanView)
	viewer := w.Login(viewerID)
	look := w.Post(page+"/see", web.Admin, nil, viewer).Want(http.StatusSeeOther).Cookie("pc_as")
	sees := func(who *http.Cookie) bool { return w.Get("", web.Theme, who, look).Code == http.StatusOK }
	if !sees(viewer) {
		t.Error("who may look at partners may look as one")
	}
	bert := w.Partner(w.Gold.ID, "bert")
	own := w.Get("", web.Theme, w.LogIn(bert), look).Want(http.StatusOK)
	if own.Find(".pc-seen-as").Length() != 0 {
		t.Error("another's cookie shows another partner's center")
	}
	if sees(w.Boss) || sees(w.Login(w.User("rita", "subscriber"))) || sees(w.Login(w.User("pay", web.CanPay))) {
		t.Error("the cookie is good for others")
	}
	w.Post(page+"/see", web.Admin, nil, w.Login(w.User("sub", web.CanPay))).Want(http.StatusForbidden)
	forged := *look
	forged.Value = strings.Replace(look.Value, w.Anna.ID.String()+".", bert.ID.String()+".", 1)
	if w.Get("", web.Theme, viewer, &forged).Code == http.StatusOK {
		t.Error("a changed cookie is good")
	}
	w.Clock.Advance(59 * time.Minute)
	if !sees(viewer) {
		t.Error("it ended early")
	}
	w.Clock.Advance(2 * time.Minute)
	if sees(viewer) {
		t.Error("it never ends")
	}
	removed := w.Apply("dora@mail.test")
	refused := w.Post("admin/partners/"+removed.String()+"/see", web.Admin, nil, viewer)
	if refused.Code != http.StatusConflict || refused.Cookie("pc_as") != nil {
		t.Errorf("an applicant has no center: %d", refused.Code)
	}
}
