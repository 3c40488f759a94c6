package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"partnercenter/sidecar/sidecartest"
)

const path = "admin/simulator"

// The simulator tells per partner what other rules would have changed, on the
// page and in files, writes nothing, and says what it cannot try.
//
// Spec: B8.1 B8.2 D40.2
func TestSimulatorShowsTheDifferencePerPartner(t *testing.T) {
	w := sidecartest.NewShop(t)
	eve := w.Refer("eve@mail.test", w.Anna)
	w.Clock.Advance(30 * time.Hour)
	w.LogSale(eve, w.Sale("100")).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Hour)
	before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_journals`)
	if page := w.Open(path).Want(http.StatusOK); page.Find("#result").Length() != 0 ||
		!strings.Contains(page.Text, "lifetime of cookies can") {
		t.Error("it calculates before it is asked, or does not say what it cannot try")
	}
	for query, want := range map[string]string{"": "anna | $10.00 | $10.00 | –",
		"&rule=stored_days&credit_days=1":                        "anna | $10.00 | $0.00 | −$10.00",
		"&rule=live&credit_days=0&program=" + w.Gold.ID.String(): "anna | $10.00 | $0.00 | −$10.00",
		"&credit=first&self=deny&new=no&coupons=coupon":          "anna | $10.00 | $10.00 | –",
	} {
		if rows := w.Open(path + "?run=1" + query).Want(http.StatusOK).Rows(); len(rows) != 1 || rows[0] != want {
			t.Errorf("%s: %q", query, rows)
		}
	}
	const scenario = "?rule=stored_days&credit_days=1"
	csv := w.Open(path + "/simulation.csv" + scenario).Want(http.StatusOK).Text
	if !strings.Contains(csv, "anna,USD,10.00,0.00,-10.00") {
		t.Errorf("csv: %q", csv)
	}
	xlsx := w.Open(path + "/simulation.xlsx" + scenario).Want(http.StatusOK)
	if !strings.HasPrefix(xlsx.Text, "PK") || !strings.Contains(xlsx.Header.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("xlsx: %v", xlsx.Header)
	}
	days := w.Open(path + "/simulation.xlsx" + scenario + "&from=2020-01-02&to=2020-02-03").Want(http.StatusOK)
	book, err := excelize.OpenReader(strings.NewReader(days.Text))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows(book.GetSheetName(0))
	if err != nil || cells[1][0] != "Range: 2020-01-02 to 2020-02-03" {
		t.Errorf("the file says of another range: %q, %v", cells, err)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'simulation'`); n != 3 {
		t.Errorf("%d of 3 downloads are audited", n)
	}
	if after := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_journals`); after != before {
		t.Error("it writes")
	}
}

func TestWrongScenariosAreRefused(t *testing.T) {
	w := sidecartest.NewShop(t)
	for _, query := range []string{"rule=stored_days&credit_days=0", "rule=stored_days&credit_days=x", "rule=magic",
		"from=soon", "from=2030-01-02&to=2030-01-01", "program=x", "credit=both", "coupons=x", "self=x"} {
		a := w.Open(path + "?run=1&" + query).Want(http.StatusUnprocessableEntity)
		if a.Find(".pc-problems").Length() != 1 {
			t.Errorf("%s: nothing is said", query)
		}
		w.Open(path + "/simulation.csv?" + query).Want(http.StatusUnprocessableEntity)
	}
	w.Open(path + "/simulation.pdf").Want(http.StatusNotFound)
}
