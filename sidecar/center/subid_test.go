package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// An admin switches SubIDs off for a program, and on or off for one of its partners:
// where they are off, no page, file or link of the center has any, and clicks keep none.
//
// Spec: S123.2
func TestSubIDsAreSwitched(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	has := func(want bool, why string) {
		t.Helper()
		s.Settle()
		status, shown := http.StatusNotFound, 0
		if want {
			status, shown = http.StatusOK, 1
		}
		s.Get("reports/subids", web.Theme, cookie).Want(status)
		s.Get("reports/subids.csv", web.Standalone, cookie).Want(status)
		file := s.Post("files", web.Standalone, url.Values{"report": {"subids"}, "format": {"csv"}}, cookie)
		if made := file.Code == http.StatusSeeOther; made != want || !made && file.Code != status {
			t.Errorf("%s: a file of SubIDs answers %d", why, file.Code)
		}
		tabs := s.Get("reports", web.Theme, cookie).Want(http.StatusOK)
		if n := tabs.Find(`a[href*="subids"]`).Length(); (n > 0) != want {
			t.Errorf("%s: %d links to the report", why, n)
		}
		for _, page := range []string{"", "tools"} {
			a := s.Get(page+"?subid=mine", web.Standalone, cookie).Want(http.StatusOK)
			if n := a.Find("[name=subid]:not([type=hidden])").Length(); n != shown {
				t.Errorf("%s: %d fields on %q", why, n, page)
			}
			if link := a.One("#pc-link"); strings.Contains(link, "sid=mine") != want {
				t.Errorf("%s: the link on %q is %q", why, page, link)
			}
			if codes := strings.Join(a.Texts(".pc-code"), " "); strings.Contains(codes, "sid=") != want {
				t.Errorf("%s: codes on %q: %s", why, page, codes)
			}
		}
		visits := func() int {
			return s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ? AND subid = 'mine'`,
				anna.ID)
		}
		before, all := visits(), s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`)
		s.Click(anna, "sid", "mine")
		if kept := visits() > before; kept != want ||
			s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`) != all+1 {
			t.Errorf("%s: the click keeps its SubID: %t", why, kept)
		}
	}
	program := url.Values{"name": {"Gold"}, "tiers": {"2"}, "visibility": {"email"}, "signup": {"open"},
		"show_pending": {"1"}, "boxes": {"show_pending subids"}}
	own := "admin/partners/" + anna.ID.String() + "/subids"
	has(true, "at first")
	s.Send("admin/programs/"+s.Gold.ID.String(), program).Want(http.StatusSeeOther)
	has(false, "off for the program")
	s.Send(own, url.Values{"subids": {"on"}}).Want(http.StatusUnprocessableEntity) // without a reason
	s.Send(own, url.Values{"subids": {"maybe"}, "subids_reason": {"x"}}).Want(http.StatusUnprocessableEntity)
	s.Send(own, url.Values{"subids": {"on"}, "subids_reason": {"An agency"}}).Want(http.StatusSeeOther)
	has(true, "on for the partner")
	program.Set("subids", "1")
	s.Send("admin/programs/"+s.Gold.ID.String(), program).Want(http.StatusSeeOther)
	s.Send(own, url.Values{"subids": {"off"}, "subids_reason": {"Names in them"}}).Want(http.StatusSeeOther)
	has(false, "off for the partner")
	page := s.Open("admin/partners/" + anna.ID.String()).Want(http.StatusOK)
	if !strings.Contains(page.One("#subids summary"), "off") || page.Find("#subids option[selected]").Text() != "Off" ||
		!strings.Contains(page.Text, "Names in them") {
		t.Errorf("the admin sees %q", page.Texts("#subids"))
	}
	s.Send(own, url.Values{"subids": {""}, "subids_reason": {"Agreed"}}).Want(http.StatusSeeOther)
	has(true, "as the program says")
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'set subids' AND object = 'partner'
		AND reason <> ''`); n != 3 {
		t.Errorf("%d choices are in the audit", n)
	}
}
