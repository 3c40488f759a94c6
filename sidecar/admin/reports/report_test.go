package reports_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Money and traffic of all partners, narrowed and broken down.
//
// Spec: S116 S117
func TestReportsOverAllPartners(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert, _ := w.Join("bert")
	w.Click(w.Anna)
	carl, dora := w.Refer("carl@mail.test", w.Anna), w.Refer("dora@mail.test", bert)
	w.Approved(carl, "100")
	w.Pending(dora, "50", "30")
	w.Settle()
	page := w.Open("admin/reports").Want(http.StatusOK)
	if title := page.One("h1"); title != "Reports: By period" {
		t.Errorf("it is called %q", title)
	}
	figures := strings.Join(page.Texts(".pc-measures > div"), " / ")
	for _, part := range []string{"Commission$18.00", "Total sales$180.00", "Orders3"} {
		if !strings.Contains(figures, part) {
			t.Errorf("%q lacks %q", figures, part)
		}
	}
	if brief := w.Open("admin/reports/by-partner").One("tbody tr:first-child .pc-brief b"); brief != "$10.00" {
		t.Errorf("a closed row on a phone shows %s, the sales and not what they earned", brief)
	}
	if page.Find(".pc-chart svg.pc-plot").Length() != 1 || page.Find(".pc-chart details table").Length() != 1 {
		t.Error("no chart, or none as a table")
	}
	for path, want := range map[string]string{
		"admin/reports/by-partner":                               "anna",
		"admin/reports/by-program":                               "Gold",
		"admin/reports/by-tool":                                  w.Link.Name,
		"admin/reports/by-campaign":                              "(none)",
		"admin/reports/by-ad":                                    "(none)",
		"admin/reports/by-product":                               "Cup",
		"admin/reports/by-subid":                                 "(none)",
		"admin/reports/by-page":                                  "shop",
		"admin/reports?by=month&range=all":                       "$18.00",
		"admin/reports?measure=orders":                           "$18.00",
		"admin/reports?range=all&measure=visits":                 "$18.00",
		"admin/reports?program=" + w.Gold.ID.String():            "$18.00",
		"admin/reports/by-tool?partner=" + w.Anna.ID.String():    "$10.00",
		"admin/reports?partner=" + bert.ID.String():              "$8.00",
		"admin/reports?tool=" + w.Link.ID.String() + "&range=7d": "$18.00",
	} {
		a := w.Open(path).Want(http.StatusOK)
		if table := strings.Join(a.Texts("table.pc-listing tr"), "\n"); !strings.Contains(table, want) {
			t.Errorf("%s: %q lacks %q", path, table, want)
		}
		if strings.Contains(path, "partner="+bert.ID.String()) && !strings.Contains(a.One(".pc-narrowed"), "bert") {
			t.Error("it does not say whose they are")
		}
	}
	w.Open("admin/reports/by-moon").Want(http.StatusNotFound)
	w.Open("admin/reports/pending").Want(http.StatusNotFound)
	if a := w.Open("admin/reports?from=2026-02-31"); a.Code != http.StatusUnprocessableEntity ||
		a.Find("[name=from][aria-invalid=true]").Length() != 1 {
		t.Errorf("a day that does not exist: %d", a.Code)
	}
}

// A page and its files are the same rows.
func TestReportsAsFiles(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	for _, name := range []string{"by-period", "by-partner", "by-program", "by-tool", "by-campaign", "by-ad",
		"by-product", "by-subid", "by-page"} {
		file := w.Open("admin/reports/" + name + ".csv?range=7d").Want(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Text, "\uFEFF"))).ReadAll()
		w.Must(err)
		if amounts := sidecartest.Column(t, rows, "Commission (USD)"); !slices.Contains(amounts, "10.00") {
			t.Errorf("%s.csv: %q", name, rows)
		}
		book, err := excelize.OpenReader(strings.NewReader(w.Open("admin/reports/" + name + ".xlsx?range=7d").Text))
		w.Must(err)
		cells, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
		w.Must(err)
		if all := fmt.Sprint(cells); !strings.Contains(all, "Commission (USD)") || !strings.Contains(all, " 10]") {
			t.Errorf("%s.xlsx: %s", name, all)
		}
	}
}

// Who may see sees them; who may not is refused, the files too.
func TestReportsAreForWhoMayView(t *testing.T) {
	w := sidecartest.NewShop(t)
	for i, right := range []string{web.CanView, web.CanApprove, web.CanPay, web.CanSettings, "partner"} {
		cookie := w.Login(w.User("user"+string(rune('a'+i)), right))
		want := http.StatusForbidden
		if right == web.CanView {
			want = http.StatusOK
		}
		for _, path := range []string{"admin", "admin/reports", "admin/reports/by-tool", "admin/reports/by-tool.csv",
			"admin/activity"} {
			if a := w.Get(path, web.Admin, cookie); a.Code != want {
				t.Errorf("%s for %s: %d", path, right, a.Code)
			}
		}
		if a := w.Post("admin/activity/check", web.Admin, nil, cookie); a.Code != want {
			t.Errorf("check for %s: %d", right, a.Code)
		}
	}
}
