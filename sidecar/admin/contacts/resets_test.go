package contacts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
)

// A reset is previewed, made once with a reason, listed and undone; it affects
// the contacts of its preview only, and deletes nothing.
//
// Spec: S132.1 S132.2 S132.3 D28.4
func TestReferralsAreResetAndBack(t *testing.T) {
	w := sidecartest.NewShop(t)
	const path = "admin/contacts/resets"
	bert, _ := w.Join("bert")
	eve, max := w.Refer("eve@mail.test", w.Anna), w.Refer("max@mail.test", bert)
	w.Clock.Advance(time.Hour)
	sells := func(contact string, want bool) {
		t.Helper()
		before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`)
		id := eve
		if contact == "max" {
			id = max
		}
		w.LogSale(id, w.Sale("100")).Want(http.StatusSeeOther)
		if got := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`) > before; got != want {
			t.Errorf("%s earns: %t", contact, got)
		}
		w.Clock.Advance(time.Minute)
	}
	w.LogSale(eve, w.Sale("50")).Want(http.StatusSeeOther) // which is at stake from now on
	preview := w.Open(path + "?preview=1&partner=" + w.Anna.Code).Want(http.StatusOK)
	if text := preview.One("#preview h2"); text != "1 contact" {
		t.Fatal(text)
	}
	if text := preview.One("#preview .pc-note"); !strings.Contains(text, "earned partners $5.00.") {
		t.Error(text)
	}
	form := url.Values{}
	fields := preview.Find(`#preview form [name]`)
	for i := range fields.Length() {
		form.Set(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	w.Send(path, form).Want(http.StatusUnprocessableEntity) // no reason
	form.Set("reason", "Before the sale of June.")
	if text := w.Flash(w.Send(path, form)); !strings.Contains(text, "1 contact") {
		t.Error(text)
	}
	w.Send(path, form).Want(http.StatusUnprocessableEntity) // sent twice
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_resets`); n != 1 {
		t.Errorf("%d resets", n)
	}
	w.Clock.Advance(time.Minute)
	sells("eve", false)
	sells("max", true)
	rows := w.Open(path).Rows()
	if len(rows) != 1 || !strings.Contains(rows[0], "Before the sale of June. | 1 | In force") {
		t.Errorf("%q", rows)
	}
	undo := w.Path(w.Open(path).Find("#resets form").AttrOr("action", ""))
	w.Flash(w.Send(undo, nil))
	w.Flash(w.Send(undo, nil)) // twice changes nothing
	w.Clock.Advance(time.Minute)
	sells("eve", true)
	if rows := w.Open(path).Rows(); len(rows) != 1 || !strings.Contains(rows[0], "Undone") {
		t.Errorf("%q", rows)
	}
	for _, query := range []string{"partner=nobody", "program=x", "quiet=soon"} {
		w.Open(path + "?preview=1&" + query).Want(http.StatusUnprocessableEntity)
	}
}
