package web

import (
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/wpbridge"
)

// rows gives n rows of text and then fails.
func rows(n int) iter.Seq2[reports.Row, error] {
	return func(yield func(reports.Row, error) bool) {
		for range n {
			if !yield(reports.Row{Cells: []reports.Cell{reports.Text(strings.Repeat("x", 1000))}}, nil) {
				return
			}
		}
		yield(reports.Row{}, errors.New("the database went away"))
	}
}

// A file that ends early must not look like a whole one: its connection is
// broken, or, while nothing was sent, the error is shown as a page.
func TestDownloadNeverEndsEarlyUnseen(t *testing.T) {
	for _, format := range []string{"csv", "xlsx"} {
		for _, n := range []int{0, 100} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				c, _ := gin.CreateTestContext(w)
				c.Request = req
				r := &Request{Context: c, Site: &Site{Log: slog.New(slog.DiscardHandler),
					Pairing: func() (wpbridge.Handover, error) { return wpbridge.Handover{}, nil }}}
				table := &reports.Table{Name: "list", Columns: []reports.Column{{Name: locale.T("A"),
					Kind: reports.KindText}}, Zone: time.UTC, Rows: rows(n)}
				if err := r.Download(table, format); err != nil {
					c.String(http.StatusInternalServerError, err.Error())
				}
			}))
			res, err := http.Get(server.URL)
			if err == nil {
				if res.StatusCode == http.StatusOK {
					_, err = res.Body.Read(make([]byte, 1<<20))
					for err == nil {
						_, err = res.Body.Read(make([]byte, 1<<20))
					}
					if err.Error() == "EOF" {
						t.Errorf("%s after %d rows: taken for a whole file", format, n)
					}
				} else if res.Header.Get("Content-Disposition") != "" {
					t.Errorf("%s after %d rows: the error page is a download", format, n)
				}
				res.Body.Close()
			}
			server.Close()
		}
	}
}

// The fields of a form with method GET replace the query of its action, so what
// the surface needs stands in hidden fields.
func TestGetForm(t *testing.T) {
	for _, c := range []struct {
		surface Surface
		want    GetForm
	}{
		{Surface{Standalone, "/partner-center"}, GetForm{Action: "/partner-center/tools"}},
		{Surface{Theme, "https://shop.test/partners/"},
			GetForm{"https://shop.test/partners/", []Hidden{{"pc", "tools"}}}},
		{Surface{Theme, "https://shop.test/?page_id=7"},
			GetForm{"https://shop.test/", []Hidden{{"page_id", "7"}, {"pc", "tools"}}}},
		{Surface{Admin, "https://shop.test/wp-admin/admin.php?page=partner-center"},
			GetForm{"https://shop.test/wp-admin/admin.php", []Hidden{{"page", "partner-center"}, {"pc", "tools"}}}},
	} {
		if diff := cmp.Diff(c.want, c.surface.GetForm("tools")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWords(t *testing.T) {
	for word, want := range map[string]string{"in_payout": "In payout", "paid": "Paid", "settle": "Paid", "": "",
		"not_known": "Not known"} {
		if got := Words(word).String(); got != want {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
}

// Readers who take their time keep no more than their share of the connections
// to the database, and not for ever.
func TestFilesAreFewAtOnce(t *testing.T) {
	site := &Site{}
	request := func() *Request {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		return &Request{Context: c, Site: site, visit: t.Context()}
	}
	var sent int
	var read func() error
	read = func() error { sent++; return request().file(read) } // each while all before are on their way
	if err := request().file(read); status(err) != http.StatusServiceUnavailable || sent != maxFiles {
		t.Errorf("%d files at once, then %v", sent, err)
	}
	if err := request().file(func() error { return nil }); err != nil {
		t.Errorf("after they were sent: %v", err)
	}
}
