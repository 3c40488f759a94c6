package sidecar_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Pages of our own bear the site's name, logo and color, and look like ours where
// it has none of them.
//
// Spec: B19
func TestPagesOfOurOwnAreTheSites(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	a := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK)
	if got := a.One("title"); got != "Profile – Partner Center" || a.Find(".pc-logo").Length() != 0 ||
		a.Find("link[rel=stylesheet]").Length() != 1 {
		t.Errorf("without any look: %q, %s", got, a.Text)
	}
	s.HandOver(func(h *wpbridge.Handover) {
		h.Look = wpbridge.Look{Name: `Tom & Ann's <Shop>`, Color: "#d63638"}
	})
	a = s.Get("profile", web.Standalone, cookie).Want(http.StatusOK)
	if title, brand := a.One("title"), strings.Join(strings.Fields(a.One(".pc-brand")), " "); title !=
		"Profile – Tom & Ann's <Shop> Partner Center" || brand != "Tom & Ann's <Shop> Partner Center" {
		t.Errorf("named: %q, %q", title, brand)
	}
	if to := a.Find(".pc-brand").AttrOr("href", ""); !strings.HasSuffix(to, "/partner-center/") {
		t.Errorf("the name leads to %s", to)
	}
	sheet := a.Find("link[rel=stylesheet]").Eq(1).AttrOr("href", "")
	css := s.Get(strings.TrimPrefix(sheet, "/partner-center/"), web.Standalone).Want(http.StatusOK)
	if !strings.Contains(css.Text, "--pc-accent:") || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") ||
		css.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("the color's sheet: %v %s", css.Header, css.Text)
	}
	for _, name := range []string{"color-D63638.css", "color-d6363.css", "color-zzzzzz.css"} {
		s.Get("assets/"+name, web.Standalone).Want(http.StatusNotFound)
	}
	s.HandOver(func(h *wpbridge.Handover) {
		h.Look = wpbridge.Look{Name: "Shop", Logo: sidecartest.Home + "/logo.png", LogoWidth: 300, LogoHeight: 100,
			Color: "red; } body { display: none"}
	})
	a = s.Get("signup/"+s.Gold.Code, web.Standalone).Want(http.StatusOK)
	if logo := a.Find(".pc-brand img"); logo.AttrOr("alt", "") != "Shop" || logo.AttrOr("width", "") != "300" ||
		a.Find("link[rel=stylesheet]").Length() != 1 {
		t.Errorf("with a logo: %s", a.Text)
	}
	if to := a.Find(".pc-brand").AttrOr("href", ""); to != sidecartest.Home+"/" {
		t.Errorf("strangers are led to %s", to)
	}
}

// Whoever is logged in finds the way on from an address that does not exist.
func TestMissingPagesKeepTheNavigation(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		for _, path := range []string{"no-such-page", "earnings/no-such-list", "link/qr.gif",
			"earnings/commissions/999999"} {
			a := s.Get(path, surface, cookie).Want(http.StatusNotFound)
			if a.Find(".pc-nav a").Length() != 5 {
				t.Errorf("%s on %s has no navigation: %s", path, surface, a.Text)
			}
		}
	}
	if a := s.Get("no-such-page", web.Standalone).Want(http.StatusNotFound); a.Find(".pc-nav").Length() != 0 {
		t.Error("a stranger is shown the partners' pages")
	}
}

// Pages and their files are small on the way, also where no web server
// compresses them; what is on them is the same.
func TestAnswersAreCompressed(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	s.Sell(s.Anna, "100", "USD", "A")
	total := 0
	page := s.Get("", web.Standalone, cookie)
	paths := []string{""}
	for _, name := range []string{`link[rel=stylesheet]`, `script[src]`} {
		file := page.Find(name).First()
		paths = append(paths, strings.TrimPrefix(file.AttrOr("href", file.AttrOr("src", "")), "/partner-center/"))
	}
	for _, path := range paths {
		plain := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
		req := s.Request(http.MethodGet, path, web.Standalone, "")
		req.Header.Set("Accept-Encoding", "gzip")
		req.AddCookie(cookie)
		s.Sign(req)
		small := s.Do(req).Want(http.StatusOK)
		if small.Header.Get("Content-Encoding") != "gzip" || small.Header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%q: %v", path, small.Header)
		}
		total += len(small.Text)
		unpacked, err := gzip.NewReader(strings.NewReader(small.Text))
		s.Must(err)
		text, err := io.ReadAll(unpacked)
		s.Must(err)
		if path != "" && string(text) != plain.Text {
			t.Errorf("%s is another one when it is unpacked", path)
		}
	}
	if total > 30<<10 {
		t.Errorf("the first page weighs %d bytes", total)
	}
	t.Logf("%d bytes", total)
}
