package tasks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/task"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Long work is stopped and resumed at its page, by whoever may do what it does and
// nobody else; both twice is as once.
func TestLongWorkIsStoppedAndResumed(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Pending(carl, "200")
	started := w.Send("admin/commissions/bulk", url.Values{"bulk": {"approve"}, "all": {"1"}, "go": {"1"},
		"form": {"abc"}}).Want(http.StatusSeeOther)
	page := w.Path(started.Location())
	viewer := w.Login(w.User("vic", web.CanView))
	if a := w.Get(page, web.Admin, viewer).Want(http.StatusOK); a.Find("form button").Length() != 0 {
		t.Error("who may only look is offered to stop it")
	}
	w.Post(page+"/stop", web.Admin, nil, viewer).Want(http.StatusForbidden)
	for range 2 {
		if text := w.Flash(w.Send(page+"/stop", nil)); !strings.HasPrefix(text, "Stopped.") {
			t.Error(text)
		}
	}
	w.Settle()
	if a := w.Open(page).Want(http.StatusOK); !strings.Contains(a.One("#pc-task"), "Stopped") ||
		!strings.Contains(a.One("#pc-task"), "0 of 2") {
		t.Error(a.Text)
	}
	for range 2 {
		w.Send(page+"/resume", nil).Want(http.StatusSeeOther)
	}
	w.Settle()
	if a := w.Open(page); !strings.Contains(a.One("#pc-task"), "2 commissions approved.") {
		t.Error(a.Text)
	}
	w.Send(page+"/resume", nil).Want(http.StatusConflict)
	w.Send(page+"/stop", nil).Want(http.StatusConflict)
	w.Send("admin/tasks/99/stop", nil).Want(http.StatusNotFound)
	w.Open("admin/tasks/99").Want(http.StatusNotFound)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'task'`); n != 3 {
		t.Errorf("%d entries: started, stopped, resumed", n)
	}
}

// What a newer version started is shown by its name and left alone.
func TestLongWorkOfANewerVersion(t *testing.T) {
	w := sidecartest.NewShop(t)
	_, err := task.New(w.DB, w.Clock.Now).Start(t.Context(), "admin", task.Start{Kind: "tea", Total: 3})
	w.Must(err)
	if rows := w.Open("admin/tasks").Want(http.StatusOK).Rows(); len(rows) != 1 || !strings.HasPrefix(rows[0], "tea") {
		t.Errorf("%q", rows)
	}
}
