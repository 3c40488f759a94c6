package activity_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Spec: B12.1 B12.2
func TestActivityNamesWhoDidWhatFromWhere(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100")
	w.Settle()
	page := w.Open("admin/activity?what=commission")
	row := page.One("tbody tr:first-child")
	if chosen := page.Find("select[name=what] option[selected]").AttrOr("value", ""); chosen != "commission" {
		t.Errorf("the filter in force is shown as %q", chosen)
	}
	for _, part := range []string{"admin", "Approved a commission", "Pending", "became", "Approved", "203.0.113.9"} {
		if !strings.Contains(row, part) {
			t.Errorf("%q lacks %q", row, part)
		}
	}
	if link := page.Find("tbody a[href*=commissions]"); link.Length() == 0 {
		t.Error("no link to the commission")
	}
	w.Must(affiliate.Audit(t.Context(), w.DB, w.Clock.Now(), affiliate.AuditEntry{Actor: "zoe", Action: "review",
		Object: "order", ObjectID: int64(w.Count(`SELECT MAX(id) FROM {wp}partner_center_orders`))}))
	w.Exec(`UPDATE {wp}partner_center_orders SET number = 'WC-77'`)
	if name := w.Open("admin/activity?what=order").Find("tbody a[href*=orders]").First().Text(); name != "WC-77" {
		t.Errorf("the order is called %q", name)
	}
	all := len(w.Open("admin/activity").Texts("tbody tr"))
	for query, want := range map[string]int{
		"who=admin&what=commission/approve": 1, "who=nobody": 0, "what=commission/cancel": 0, "from=2030-01-01": 0,
		"to=2020-01-01": 0, "from=2020-01-01&to=2030-01-01": all, "what=commission&id=999": 0,
	} {
		if n := len(w.Open("admin/activity?" + query).Texts("tbody tr")); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
	}
	for query, field := range map[string]string{"from=yesterday": "from", "to=2026-02-31": "to",
		"from=2026-02-01&to=2026-01-01": "to", "who=" + strings.Repeat("x", 101): "who"} {
		a := w.Get("admin/activity?"+query, web.Admin, w.Boss).Want(http.StatusUnprocessableEntity)
		if a.Find("[name="+field+"][aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: no problem beside %s", query, field)
		}
	}
}

// A re-run tells of decisions, and what changed nothing of no change; who looks at the
// center as a partner stands in it as well, when they come and when they go.
//
// Spec: B12.2 S115
func TestActivityTellsOfRerunsAndOfLooking(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Must(affiliate.Audit(t.Context(), w.DB, w.Clock.Now(), affiliate.AuditEntry{Actor: "zoe", Action: "run again",
		Object: "order", ObjectID: 5, Before: 2, After: 3}))
	if row := w.Open("admin/activity").One("tbody tr:first-child"); !strings.Contains(row, "Decision 2") ||
		!strings.Contains(row, "Decision 3") {
		t.Error(row)
	}
	w.Clock.Advance(time.Hour)
	w.Must(affiliate.Audit(t.Context(), w.DB, w.Clock.Now(), affiliate.AuditEntry{Actor: "zoe", Action: "archive",
		Object: "product", ObjectID: 5, After: "2026-11-22T14:06:07.362603Z"}))
	if row := w.Open("admin/activity").One("tbody tr:first-child"); !strings.Contains(row, "22 Nov 2026, 15:06") {
		t.Errorf("a time is not told as people read it, in the site's zone: %s", row)
	}
	look := w.Send("admin/partners/"+w.Anna.ID.String()+"/see", nil).Want(http.StatusSeeOther).Cookie("pc_as")
	w.Clock.Advance(time.Minute)
	w.Post("leave", web.Standalone, nil, w.Boss, look).Want(http.StatusSeeOther)
	rows := w.Open("admin/activity?what=partner").Texts("tbody tr")
	if len(rows) < 2 || !strings.Contains(rows[0], "Stopped looking as a partner: anna") ||
		!strings.Contains(rows[1], "Looked at the partner center as a partner: anna") ||
		!strings.Contains(rows[1], "admin") || strings.Contains(rows[1], "kept") {
		t.Errorf("%q", rows)
	}
}

// Pages follow one another without losing or repeating an action.
func TestActivityPages(t *testing.T) {
	w := sidecartest.NewShop(t)
	for i := range 120 {
		w.Clock.Advance(2 * time.Minute)
		w.Must(affiliate.Audit(t.Context(), w.DB, w.Clock.Now(), affiliate.AuditEntry{Actor: "zoe", Action: "edit",
			Object: "product", ObjectID: int64(i + 1)}))
	}
	var seen []string
	path := "admin/activity?who=zoe"
	for path != "" {
		page := w.Open(path)
		seen = append(seen, page.Texts("tbody td:nth-child(3)")...)
		next, more := page.Find("a[rel=next]").Attr("href")
		path = ""
		if more {
			path = w.Path(next)
		}
	}
	slices.Sort(seen)
	if n := len(slices.Compact(seen)); len(seen) != 120 || n != 120 {
		t.Errorf("%d rows, %d of them different", len(seen), n)
	}
}

// A bulk action is one row, which opens.
func TestBulkActionIsOneRow(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100", "50", "20")
	page := w.Open("admin/activity?what=commission/approve")
	if rows := page.Texts("tbody tr"); len(rows) != 1 || !strings.Contains(rows[0], "and 2 more") {
		t.Errorf("%q", rows)
	}
	if n := page.Find("tbody details li").Length(); n != 3 {
		t.Errorf("%d of 3 are in it", n)
	}
}

// Spec: B12.3
func TestCheckTheRecord(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100", "50")
	w.Settle()
	check := func(head string) *sidecartest.Answer {
		return w.Send("admin/activity/check", url.Values{"head": {head}})
	}
	page := check("").Want(http.StatusOK)
	if text := page.One("[role=status]"); !strings.Contains(text, "as they were written") {
		t.Error(text)
	}
	head := page.One("#pc-fingerprint")
	check(head).Want(http.StatusOK).One("[role=status]")
	if text := check("17").Want(http.StatusUnprocessableEntity).One(".pc-problem"); !strings.Contains(text,
		"fingerprint") {
		t.Error(text)
	}
	w.Exec(`UPDATE {wp}partner_center_audit SET actor = 'somebody else' WHERE place = 2`)
	w.Exec(`DELETE FROM {wp}partner_center_audit WHERE place = 1`)
	faults := strings.Join(check(head).Want(http.StatusOK).Texts(".pc-faults li"), "\n")
	for _, part := range []string{"Entry 1 was removed.", "Entry 2 was changed after it was written."} {
		if !strings.Contains(faults, part) {
			t.Errorf("%q lacks %q", faults, part)
		}
	}
}

// Each action that is written into the audit has words.
func TestEachActionHasWords(t *testing.T) {
	w := sidecartest.NewShop(t)
	literal := regexp.MustCompile(`Action:\s+"([^"]+)",\s*Object:\s+"([^"]+)"`)
	seen := map[string]bool{}
	w.Must(filepath.WalkDir("../../..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			if !seen[m[1]+m[2]] {
				seen[m[1]+m[2]] = true
				w.Must(affiliate.Audit(t.Context(), w.DB, w.Clock.Now(), affiliate.AuditEntry{Actor: "zoe",
					Action: m[1], Object: m[2]}))
			}
		}
		return err
	}))
	if len(seen) < 30 {
		t.Fatalf("only %d actions were found", len(seen))
	}
	page := w.Open("admin/activity?who=zoe")
	for _, text := range page.Texts("tbody td:nth-child(3)") {
		if strings.Contains(text, ": ") {
			t.Errorf("%q has no words of its own", text)
		}
	}
	if page.Find("a[rel=next]").Length() > 0 {
		t.Error("not all are on the page")
	}
}
