package partners_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Admins note something about a partner, once however often the form is sent; the
// partner never sees it, and who may only look changes nothing.
//
// Spec: S146
func TestNotesAboutAPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String()
	form := url.Values{"note": {"Prefers <b>phone</b> 😀\nin the morning"},
		"form_id": {w.Open(page).Find("#notes input[name=form_id]").AttrOr("value", "")}}
	for range 2 {
		w.Send(page+"/notes", form).Want(http.StatusSeeOther)
	}
	shown := w.Open(page)
	if notes := shown.Texts(".pc-notes .pc-note-text"); len(notes) != 1 ||
		notes[0] != "Prefers <b>phone</b> 😀 in the morning" {
		t.Errorf("%q", notes)
	}
	for _, text := range []string{"", " \n", strings.Repeat("x", 5001), "a\x00b"} {
		refused := w.Send(page+"/notes",
			url.Values{"note": {text}, "form_id": {"f"}}).Want(http.StatusUnprocessableEntity)
		if refused.Find("#pc-note[aria-invalid=true]").Length() != 1 {
			t.Errorf("%.10q is not marked", text)
		}
	}
	for _, path := range []string{"", "profile"} {
		if strings.Contains(w.Get(path, web.Theme, w.LogIn(w.Anna)).Text, "Prefers") {
			t.Error("the partner reads it")
		}
	}
	viewer := w.Login(w.User("vera", web.CanView))
	if seen := w.Get(page, web.Admin, viewer); seen.Find(".pc-notes li").Length() != 1 ||
		seen.Find("#notes form").Length() != 0 {
		t.Error("who may look reads notes, and writes none")
	}
	remove := pcOf(t, shown.Find(".pc-notes form").AttrOr("action", ""))
	w.Post(remove, web.Admin, nil, viewer).Want(http.StatusForbidden)
	w.Post(page+"/notes", web.Admin, form, viewer).Want(http.StatusForbidden)
	for range 2 {
		w.Send(remove, nil).Want(http.StatusSeeOther)
	}
	if n := w.Open(page).Find(".pc-notes li").Length(); n != 0 {
		t.Error("it is still there")
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action IN ('note', 'delete note')`); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
}

// A partner's page draws the last twelve months, in visits or in money, and names
// the latest leads.
//
// Spec: S35 S98
func TestFiguresOverTimeOfAPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String()
	if w.Open(page).Find("#chart").Length() != 0 {
		t.Error("a chart of nothing")
	}
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	for query, title := range map[string]string{"": "Unique visits", "?chart=USD": "Commission in USD"} {
		shown := w.Open(page + query).Want(http.StatusOK)
		if current := shown.One("#chart [aria-current]"); current != title {
			t.Errorf("%s shows %s", query, current)
		}
		if rows := shown.Find("#chart tbody tr").Length(); rows != 12 {
			t.Errorf("%d months", rows)
		}
		if leads := strings.Join(shown.Texts("h2:contains('Latest leads') + ul li"), " "); !strings.Contains(leads,
			"Carl") {
			t.Errorf("leads: %q", leads)
		}
	}
}
