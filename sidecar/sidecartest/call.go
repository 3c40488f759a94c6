package sidecartest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// VisitorIP is the address that visitors of the test site come from.
const VisitorIP = "203.0.113.9"

// Get asks for a page as a browser does: straight through the web server on
// web.Standalone, signed through the plugin on the other surfaces. path is
// below the base path, as in "admin/settings?x=1".
func (s *Site) Get(path string, on web.SurfaceKind, cookies ...*http.Cookie) *Answer {
	s.Helper()
	return s.send(s.Request(http.MethodGet, path, on, ""), cookies)
}

// Post sends a form as a browser does, from a page of the site.
func (s *Site) Post(path string, on web.SurfaceKind, form url.Values, cookies ...*http.Cookie) *Answer {
	s.Helper()
	req := s.Request(http.MethodPost, path, on, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", Home)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.send(req, cookies)
}

func (s *Site) send(req *http.Request, cookies []*http.Cookie) *Answer {
	s.Helper()
	for _, c := range cookies {
		req.AddCookie(c)
	}
	if req.Header.Get("PC-Surface") != "" {
		s.Sign(req)
	}
	return s.Do(req)
}

// Request is a request as it reaches the sidecar, but for cookies and the
// signature.
func (s *Site) Request(method, path string, on web.SurfaceKind, body string) *http.Request {
	req := httptest.NewRequest(method, web.DefaultBasePath+"/"+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	req.RemoteAddr = "127.0.0.1:40000"
	req.Host = Host
	req.Header.Set("X-Forwarded-For", VisitorIP)
	req.Header.Set("X-Forwarded-Host", Host)
	req.Header.Set("X-Forwarded-Proto", "https")
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if page := map[web.SurfaceKind]string{web.Theme: Center, web.Admin: Admin}[on]; page != "" {
		req.Header.Set("PC-Surface", string(on)+";"+page)
	}
	return req
}

// Sign signs a request as the plugin does. Change nothing of it afterwards.
func (s *Site) Sign(req *http.Request) {
	s.Helper()
	body, err := io.ReadAll(req.Body)
	s.must(err)
	req.Body = io.NopCloser(bytes.NewReader(body))
	wpbridge.NewSigner(s.Key, s.Clock.Now, neverSeen).Sign(req, body)
}

func neverSeen(context.Context, string, time.Time) (bool, error) { return false, nil }

// Do has the sidecar answer a request.
func (s *Site) Do(req *http.Request) *Answer { return s.Ask(s.Server.Handler(), req) }

// Ask has a handler answer a request.
func (s *Site) Ask(handler http.Handler, req *http.Request) *Answer {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, req)
	return &Answer{TB: s.TB, Code: recorder.Code, Header: recorder.Header(), Text: recorder.Body.String(),
		cookies: recorder.Result().Cookies()}
}

// Answer is what came back.
type Answer struct {
	testing.TB
	Code    int
	Header  http.Header
	Text    string
	cookies []*http.Cookie
}

// Want fails the test unless the answer has this status.
func (a *Answer) Want(code int) *Answer {
	a.Helper()
	if a.Code != code {
		a.Fatalf("answered %d, want %d: %s", a.Code, code, a.Text)
	}
	return a
}

// Find is what a CSS selector finds in the page or fragment.
func (a *Answer) Find(selector string) *goquery.Selection {
	a.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(a.Text))
	if err != nil {
		a.Fatal(err)
	}
	return document.Find(selector)
}

// One is the text of the one element that a CSS selector finds.
func (a *Answer) One(selector string) string {
	a.Helper()
	found := a.Find(selector)
	if found.Length() != 1 {
		a.Fatalf("%d elements %q, want one, in: %s", found.Length(), selector, a.Text)
	}
	return strings.TrimSpace(found.Text())
}

// Cookie is the cookie of this name that the answer sets, or nil.
func (a *Answer) Cookie(name string) *http.Cookie {
	for _, c := range a.cookies {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Location is where the answer sends the browser.
func (a *Answer) Location() string { return a.Header.Get("Location") }

// Texts are the texts of what a selector finds, without needless white space.
func (a *Answer) Texts(selector string) (all []string) {
	found := a.Find(selector)
	for i := range found.Length() {
		all = append(all, strings.Join(strings.Fields(found.Eq(i).Text()), " "))
	}
	return all
}

// Rows are the rows of the page's tables, the cells of each with bars between them.
func (a *Answer) Rows() (all []string) {
	found := a.Find("tbody tr")
	for i := range found.Length() {
		cells := []string{}
		row := found.Eq(i).Find("td").Clone()
		// said elsewhere
		row.Find(".pc-l-more details, .pc-brief, .toggle-row, .row-actions, a[href] > " +
			".screen-reader-text.pc-hidden").Remove() // said elsewhere
		for j := range row.Length() {
			cells = append(cells, strings.Join(strings.Fields(row.Eq(j).Text()), " "))
		}
		all = append(all, strings.Join(cells, " | "))
	}
	return all
}

// Picks are the ticked rows of the shown list, as its form sends them.
func (a *Answer) Picks() (all []string) {
	boxes := a.Find(`input[name=pick]`)
	for i := range boxes.Length() {
		all = append(all, boxes.Eq(i).AttrOr("value", ""))
	}
	return all
}
