package sidecar_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/reports"
	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// secrets are what of bob's no page of anna's may say.
var secrets = []string{"Secretbuyer", "secret@pay.test", "secretsub", "Secretnote", "73.19"}

// twoPartners are anna, who asks, and bob, who has one of everything.
func twoPartners(t *testing.T) (s *sidecartest.Shop, cookie *http.Cookie, bob affiliate.Partner) {
	s = sidecartest.NewShop(t)
	bob, his := s.Join("bob")
	s.Pending(s.Refer("mine@mail.test", s.Anna), "10.00") // so that her lists have rows
	s.PaysTo(bob, "secret@pay.test")
	paid := s.Sell(bob, "731.90", "USD", "Secretbuyer")
	s.Approve(paid)
	s.Pay(bob, "USD", "73.19")
	s.Sell(bob, "731.90", "USD", "Secretbuyer")
	s.Click(bob, "sid=secretsub")
	s.Post("earnings/missing", web.Standalone, url.Values{"number": {"unknown"}, "note": {"Secretnote"},
		"day": {s.Clock.Now().Format("2006-01-02")}}, his).Want(http.StatusSeeOther)
	s.Post("files", web.Standalone, url.Values{"report": {"commissions"}, "format": {"csv"}}, his).
		Want(http.StatusSeeOther)
	s.Settle()
	return s, s.LogIn(s.Anna), bob
}

// ids are those of all rows that name bob, in whatever table, and a few more. A new
// table is among them by itself.
func ids(s *sidecartest.Shop, bob affiliate.Partner) (all []string) {
	s.Helper()
	tables := []string{}
	s.Must(s.DB.Select(s.Context(), &tables, `SELECT a.TABLE_NAME FROM information_schema.COLUMNS a
		JOIN information_schema.COLUMNS b ON b.TABLE_SCHEMA = a.TABLE_SCHEMA AND b.TABLE_NAME = a.TABLE_NAME
		WHERE a.TABLE_SCHEMA = DATABASE() AND a.COLUMN_NAME = 'partner_id' AND b.COLUMN_NAME = 'id'`))
	found := map[string]bool{bob.ID.String(): true, bob.Code: true, "1": true}
	for _, table := range tables {
		rows := []string{}
		s.Must(s.DB.Select(s.Context(), &rows, "SELECT id FROM `"+table+"` WHERE partner_id = ?", bob.ID))
		for _, id := range rows {
			found[id] = true
		}
	}
	files := []string{}
	s.Must(s.DB.Select(s.Context(), &files, `SELECT task_id FROM {wp}partner_center_task_files`))
	if len(files) == 0 {
		s.Fatal("bob has no file")
	}
	for _, id := range files {
		found[id] = true
	}
	if len(tables) < 10 || len(found) < 4 {
		s.Fatalf("%d tables name partners, and bob has %d ids", len(tables), len(found))
	}
	return slices.Sorted(maps.Keys(found))
}

// asked are the names of all that partners' pages read of their URLs, and what lists
// and files know. A new one is among them by itself.
func asked(t *testing.T) (names []string) {
	t.Helper()
	found := map[string]bool{}
	files, err := filepath.Glob("center/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range append(files, "files/files.go", "web/report.go", "web/report_page.go", "../reports/query.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range reads.FindAllStringSubmatch(string(source), -1) {
			found[name[1]] = true
		}
	}
	if !found["subid"] || !found["after"] {
		t.Fatalf("the pages read %v", found)
	}
	return slices.Sorted(maps.Keys(found))
}

var reads = regexp.MustCompile(`(?:(?:Query|Get|Raw|Text|PostForm)\(|Field\s+= )"([a-z_]+)"`)

// paths are the addresses that a partner's route can have: each report and its files
// for a name, and anything's id for all else. A new route is among them by itself.
func paths(route web.Route, bobs []string) (all []string) {
	values := slices.Clone(bobs)
	for _, id := range bobs {
		values = append(values, id+".csv")
	}
	for _, r := range reports.All {
		values = append(values, r.Name, r.Name+".csv", r.Name+".xlsx")
	}
	path := strings.TrimPrefix(route.Path, "/")
	if !parameter.MatchString(path) {
		return []string{path}
	}
	for _, value := range values {
		all = append(all, parameter.ReplaceAllString(path, value))
	}
	return all
}

// words is all that an answer says, the sheets of a workbook included.
func words(t *testing.T, a *sidecartest.Answer) string {
	t.Helper()
	body := []byte(a.Text)
	if !bytes.HasPrefix(body, []byte("PK")) {
		return a.Text
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		content, err := file.Open()
		if err == nil {
			_, err = io.Copy(&all, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// A partner reaches nothing of another: not by an address, an id, a file, a filter or
// a forged form. It goes over the whole route table.
//
// Spec: S121.2
func TestPartnersReachNothingOfOthers(t *testing.T) {
	s, cookie, bob := twoPartners(t)
	bobs, tried := ids(s, bob), 0
	plain, queries := []string{"", "?range=all&q=secret", "?range=all&partner=" + bob.ID.String()}, []string{}
	for _, id := range []string{bob.ID.String(), bob.Code, bobs[len(bobs)-1]} {
		for _, name := range asked(t) {
			query := url.Values{"range": {"all"}}
			query.Set(name, id)
			queries = append(queries, "?"+query.Encode())
		}
	}
	for _, route := range sidecar.Routes() {
		if route.Access != web.Partner || route.Method != http.MethodGet {
			continue
		}
		for _, path := range paths(route, bobs) {
			tries := plain
			if s.Get(path, web.Theme, cookie).Code == http.StatusOK && !strings.HasSuffix(path, ".xlsx") {
				tries = slices.Concat(plain, queries) // where there is nothing, no query finds more
			}
			for _, more := range tries {
				a := s.Get(path+more, web.Standalone, cookie)
				tried++
				text := strings.ReplaceAll(words(t, a), "q=secret", "")
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("GET %s%s tells %q", path, more, secret)
					}
				}
				if a.Code >= http.StatusInternalServerError {
					t.Errorf("GET %s%s answers %d", path, more, a.Code)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d addresses were tried", tried)
	}
}

// Nor does a form of one partner change anything of another.
func TestPartnersChangeNothingOfOthers(t *testing.T) {
	s, cookie, bob := twoPartners(t)
	state := func() (all string) {
		for _, table := range []string{"partners WHERE id", "partner_mails WHERE partner_id",
			"paypal_changes WHERE partner_id", "missing_sales WHERE partner_id", "coupons WHERE partner_id",
			"commissions WHERE partner_id", "memberships WHERE partner_id"} {
			rows, err := s.DB.Query(t.Context(), `SELECT * FROM {wp}partner_center_`+table+` = ?`, bob.ID)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				row, err := rows.SliceScan()
				if err != nil {
					t.Fatal(err)
				}
				all += fmt.Sprintf("%s %s\n", table, row)
			}
			rows.Close()
		}
		return all
	}
	before := state()
	form := url.Values{"partner": {bob.ID.String()}, "partner_id": {bob.ID.String()}, "id": {bob.ID.String()},
		"paypal_email": {"thief@pay.test"}, "pc_password": {sidecartest.Password}, "code": {"STOLEN"}, "number": {"1"},
		"day": {s.Clock.Now().Format("2006-01-02")}, "monthly": {""}}
	for _, route := range sidecar.Routes() {
		if route.Access == web.Partner && route.Method == http.MethodPost {
			for _, path := range paths(route, ids(s, bob)) {
				s.Post(path+"?partner="+bob.ID.String(), web.Standalone, form, cookie)
			}
		}
	}
	if after := state(); after != before {
		t.Errorf("bob's rows became\n%s\nfrom\n%s", after, before)
	}
}
