package files_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// newShop is a site on which files of more than two rows are made in the background.
func newShop(t *testing.T) *sidecartest.Shop {
	w := sidecartest.NewShop(t)
	fileRows(w, 2)
	return w
}

func fileRows(w *sidecartest.Shop, n int) {
	w.Helper()
	settings, err := w.Registry.Settings(w.Context())
	w.Must(err)
	settings.Limits.FileRows = n
	_, err = w.Registry.SaveSettings(w.Context(), "test", settings)
	w.Must(err)
	w.Settle()
}

// ask goes the way of a person without scripts: the link to a file, the form that
// is offered, the page of the file.
func ask(w *sidecartest.Shop, link string, on web.SurfaceKind, cookie *http.Cookie) (page string) {
	w.Helper()
	offer := w.Get(link, on, cookie).Want(http.StatusOK)
	form := url.Values{}
	offer.Find(`form[action*="files"] input`).Each(func(_ int, input *goquery.Selection) {
		form.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	action := below(w, offer.Find(`form[action*="files"]`).AttrOr("action", ""))
	return below(w, w.Post(action, on, form, cookie).Want(http.StatusSeeOther).Location())
}

// below is the path below the base path that an address leads to.
func below(w *sidecartest.Shop, address string) string {
	if path, ours := strings.CutPrefix(address, web.DefaultBasePath+"/"); ours {
		return path
	}
	return w.Path(address)
}

// A file of many rows is made in the background and is the same, byte for byte, as
// one that is sent at once; only who asked for it reaches it, for a day.
func TestLongFileIsMadeInTheBackground(t *testing.T) {
	w := newShop(t)
	mine := w.LogIn(w.Anna)
	_, his := w.Join("bob")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "10", "20", "30")
	const link = "earnings/commissions.csv?sort=amount"
	page := ask(w, link, web.Standalone, mine)
	waiting := w.Get(page, web.Standalone, mine).Want(http.StatusOK)
	if !strings.Contains(waiting.One("#pc-file"), "It has 3 rows.") || waiting.Find("[data-pc-live]").Length() != 1 ||
		!strings.Contains(waiting.Text, `<noscript><meta http-equiv="refresh"`) {
		t.Error(waiting.Text)
	}
	w.Get(page+"/download", web.Standalone, mine).Want(http.StatusNotFound)
	w.Post("files", web.Standalone, url.Values{"report": {"commissions"}, "format": {"exe"}}, his).
		Want(http.StatusNotFound)
	w.Settle()
	ready := w.Get(page, web.Standalone, mine).Want(http.StatusOK)
	if text := ready.One("#pc-file"); !strings.Contains(text, "Your file is ready: 3 rows, 1 KB.") ||
		strings.Contains(ready.Text, "refresh") || ready.Find("[data-pc-live]").Length() != 0 {
		t.Error(ready.Text)
	}
	if back := below(w, ready.Find("#pc-file a").Last().AttrOr("href", "")); back != "earnings/commissions?sort=amount" {
		t.Errorf("back leads to %s", back)
	}
	made := w.Get(page+"/download", web.Standalone, mine).Want(http.StatusOK)
	if name := made.Header.Get("Content-Disposition"); !strings.Contains(name, `"commissions.csv"`) {
		t.Error(name)
	}
	fileRows(w, 3)
	if sent := w.Get(link, web.Standalone, mine).Want(http.StatusOK); sent.Text != made.Text {
		t.Errorf("made:\n%s\nsent:\n%s", made.Text, sent.Text)
	}
	for _, other := range []*http.Cookie{his, w.Boss} {
		w.Get(page, web.Standalone, other).Want(refusal(other == his))
		w.Get(page+"/download", web.Standalone, other).Want(refusal(other == his))
		w.Post(page+"/cancel", web.Standalone, nil, other).Want(refusal(other == his))
		w.Post(page+"/again", web.Standalone, nil, other).Want(refusal(other == his))
	}
	w.Open("admin/" + page).Want(http.StatusNotFound)
	w.Clock.Advance(25 * time.Hour)
	w.Get(page+"/download", web.Standalone, w.LogIn(w.Anna)).Want(http.StatusNotFound)
	if gone := w.Get(page, web.Standalone, w.LogIn(w.Anna)); !strings.Contains(gone.Text, "no longer kept") {
		t.Error(gone.Text)
	}
}

// refusal is what a partner is answered about another's file, or who is no partner.
func refusal(partner bool) int {
	if partner {
		return http.StatusNotFound
	}
	return http.StatusForbidden
}

// Whatever a form claims, a partner's file has the partner's own rows.
func TestLongFileHasOwnRowsOnly(t *testing.T) {
	w := newShop(t)
	bob, his := w.Join("bob")
	w.Pending(w.Refer("carl@mail.test", w.Anna), "10", "20", "30")
	w.Pending(w.Refer("dora@mail.test", bob), "40")
	page := below(w, w.Post("files", web.Standalone, url.Values{"report": {"commissions"}, "format": {"csv"},
		"partner": {w.Anna.ID.String()}, "query": {"partner=" + w.Anna.ID.String()}}, his).
		Want(http.StatusSeeOther).Location())
	w.Settle()
	rows := w.CSV(page+"/download", his)
	if amounts := sidecartest.Column(t, rows, "Sale"); !slices.Equal(amounts, []string{"40.00"}) {
		t.Errorf("%q", rows)
	}
	w.Post("files", web.Standalone, url.Values{"report": {"pending"}, "format": {"csv"}}, his).
		Want(http.StatusNotFound)
}

// A file can be canceled, of which nothing is kept, and started again; a person has
// one made at a time.
func TestLongFileIsCanceled(t *testing.T) {
	w := newShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "10", "20", "30")
	mine := w.LogIn(w.Anna)
	page := ask(w, "earnings/purchases.xlsx", web.Standalone, mine)
	if second := ask(w, "earnings/commissions.csv", web.Standalone, mine); second != page {
		t.Errorf("%s is made beside %s", second, page)
	}
	w.Post(page+"/cancel", web.Standalone, nil, mine).Want(http.StatusSeeOther)
	w.Settle()
	if a := w.Get(page, web.Standalone, mine); !strings.Contains(a.One("#pc-file"), "Canceled. No file was made.") {
		t.Error(a.Text)
	}
	w.Get(page+"/download", web.Standalone, mine).Want(http.StatusNotFound)
	w.Post(page+"/again", web.Standalone, nil, mine).Want(http.StatusSeeOther)
	w.Settle()
	if rows := w.XLSX(page+"/download", "Date", mine); len(rows) < 3 {
		t.Errorf("%q", rows)
	}
	w.Post(page+"/cancel", web.Standalone, nil, mine).Want(http.StatusConflict)
}

// In wp-admin it is the same for whoever may view, with the filters and columns of
// the list, and written down; nobody else there reaches the file.
func TestLongFileOfAnAdmin(t *testing.T) {
	w := newShop(t)
	bob, _ := w.Join("bob")
	w.Pending(w.Refer("carl@mail.test", w.Anna), "10", "20", "30")
	w.Pending(w.Refer("dora@mail.test", bob), "40")
	page := ask(w, "admin/reports/pending.csv?partner="+w.Anna.ID.String(), web.Admin, w.Boss)
	if a := w.Open("admin/tasks").Want(http.StatusOK); !strings.Contains(a.Text, "File: Pending commissions") {
		t.Error(a.Text)
	}
	task := "admin/tasks/" + path.Base(page)
	for _, from := range []string{"admin/tasks", task} { // the way to the file is theirs alone who asked for it
		if to := w.Path(w.Open(from).Find(`main a[href*="files%2F"], .pc-admin a[href*="files%2F"]`).AttrOr("href",
			"")); to != page {
			t.Errorf("%s leads to %q", from, to)
		}
		vic := w.Get(from, web.Admin, w.Login(w.User("v"+path.Base(from), web.CanView))).Want(http.StatusOK)
		if vic.Find(`a[href*="files%2F"]`).Length() != 0 {
			t.Errorf("%s leads others to the file", from)
		}
	}
	w.Settle()
	if made := w.Open(page + "/download").Want(http.StatusOK); strings.Count(made.Text, "\r\n") != 4 {
		t.Errorf("%q", made.Text)
	}
	viewer := w.Login(w.User("vic", web.CanView))
	w.Get(page, web.Admin, viewer).Want(http.StatusNotFound)
	w.Get(page+"/download", web.Admin, viewer).Want(http.StatusNotFound)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'export'`); n != 1 {
		t.Errorf("%d exports are written down", n)
	}
	for range 4 { // the newest are kept
		ask(w, "admin/reports/orders.xlsx", web.Admin, w.Boss)
		w.Settle()
	}
	if n := w.Count(`SELECT COUNT(DISTINCT task_id) FROM {wp}partner_center_task_files`); n != 3 {
		t.Errorf("%d files are kept", n)
	}
}

// Files may name whom somebody wants erased, and go with them.
//
// Spec: D37
func TestLongFilesGoWithAnErasedPerson(t *testing.T) {
	w := newShop(t)
	mine := w.LogIn(w.Anna)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "10", "20", "30")
	done := ask(w, "earnings/commissions.csv?q=carl%40mail.test", web.Standalone, mine)
	w.Settle()
	running := ask(w, "earnings/commissions.csv", web.Standalone, mine)
	w.Send("admin/contacts/"+affiliate.ContactID(carl).String()+"/erase", url.Values{"reason": {"Asked for it"},
		"despite": {"1"}}).Want(http.StatusSeeOther)
	w.Settle()
	for _, page := range []string{done, running} {
		w.Get(page, web.Standalone, mine).Want(http.StatusNotFound)
		w.Get(page+"/download", web.Standalone, mine).Want(http.StatusNotFound)
	}
	if n := w.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_task_files) +
		(SELECT COUNT(*) FROM {wp}partner_center_tasks WHERE params LIKE '%carl%')`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
