package messages_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The owner's mail tool imports one row for each active partner with their own
// links, and those lead to their targets, though the center is off.
//
// Spec: S150.1 S150.4 S56.1
func TestLinksOfAllPartnersAsAFile(t *testing.T) {
	s := sidecartest.NewShop(t)
	book, err := s.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: s.Gold.ID, Name: "=Book",
		Kind: tracking.DirectLink, TargetURL: "https://shop.test/book?b=1#top"})
	s.Must(err)
	silver := s.Program("Silver")
	other, err := s.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: silver.ID, Name: "Other",
		Kind: tracking.StandardLink, TargetURL: "https://shop.test/other"})
	s.Must(err)
	gone := s.Partner(s.Gold.ID, "gone")
	s.Exec(`UPDATE {wp}partner_center_partners SET state = 'suspended' WHERE id = ?`, gone.ID)
	zoe := s.Partner(silver.ID, "zoe")
	s.Switch(true, false)

	page := s.Open("admin/messages/links").Want(http.StatusOK)
	if rows := page.Rows(); len(rows) != 3 || !strings.Contains(strings.Join(rows, " "), `tool="`+book.Code+`"`) {
		t.Errorf("%q", rows)
	}
	file := s.Open("admin/messages/links.csv").Want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Text, "\uFEFF"))).ReadAll()
	s.Must(err)
	byEmail := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, heading := range rows[0] {
			cells[heading] = row[i]
		}
		byEmail[row[0]] = cells
	}
	anna := byEmail["anna@mail.test"]
	standard := "https://shop.test/partner-center/go/" + s.Link.Code + "?p=" + s.Anna.Code
	if anna["Link"] != standard || anna["Gold: "+s.Link.Name] != standard || anna["Silver: Other"] != "" ||
		anna["Gold: =Book"] != "https://shop.test/book?b=1&orid="+s.Anna.Code+"&opid="+book.Code+"#top" {
		t.Errorf("%+v", anna)
	}
	if got := byEmail["zoe@mail.test"]["Link"]; got != "https://shop.test/partner-center/go/"+other.Code+"?p="+
		zoe.Code {
		t.Errorf("of the other program: %s", got)
	}
	if byEmail["gone@mail.test"] != nil || len(byEmail) != 2 {
		t.Errorf("%d rows: %v", len(byEmail), byEmail)
	}
	click := s.Get("go/"+s.Link.Code+"?p="+s.Anna.Code, web.Standalone)
	if click.Code != http.StatusFound || click.Header.Get("Location") != s.Link.TargetURL {
		t.Errorf("the link leads to %d %s", click.Code, click.Header.Get("Location"))
	}
}
