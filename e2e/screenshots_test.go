//go:build screenshots

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScreenshots takes a picture of every screen into the directory that
// PARTNER_CENTER_SCREENSHOTS names, and the one that README.md shows.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("PARTNER_CENTER_SCREENSHOTS")
	if dir == "" {
		t.Fatal("PARTNER_CENTER_SCREENSHOTS names no directory: run make screenshots")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w := example(t, newest)
	stranger, mia, admin := newVisitor(t, w.URL()), w.loggedIn("mia", "partner"), w.admin()
	stranger.pictures(dir, "", w.signupPage(ownURL))
	stranger.pictures(dir, "theme-", w.signupPage(themeURL))
	mia.pictures(dir, "theme-", w.ownPages(themeURL)...)
	mia.pictures(dir, "light-", w.ownPages(ownURL)...)
	mia.readme(filepath.Join("..", "docs", "dashboard.png"))
	mia.colours("dark")
	mia.pictures(dir, "dark-", w.ownPages(ownURL)...)
	admin.pictures(dir, "", w.adminPages()...)

	mia.colours("light")
	mia.wide(375)
	mia.pictures(dir, "phone-", w.ownPages(ownURL)...)
	mia.pictures(dir, "phone-theme-", w.ownPages(themeURL)...)
	admin.wide(375)
	admin.pictures(dir, "phone-", w.adminPages()...)

	w.speak("de_DE")
	defer w.speak("")
	mia.wide(1280)
	admin.wide(1280)
	soon(t, "the center speaks German", func() bool {
		mia.open(ownURL(""))
		return ask[bool](mia, `document.documentElement.lang.startsWith("de")`)
	})
	mia.pictures(dir, "german-", w.ownPages(ownURL)...)
	admin.pictures(dir, "german-", w.adminPages()...)
}

// pictures opens pages and saves each in full length.
func (v *visitor) pictures(dir, prefix string, pages ...page) {
	v.t.Helper()
	for _, p := range pages {
		v.open(p.address)
		v.save(filepath.Join(dir, prefix+p.name+".png"), chromedp.FullScreenshot(100))
	}
}

// readme saves the dashboard down to the end of its chart.
func (v *visitor) readme(file string) {
	v.t.Helper()
	v.do("change the window", chromedp.EmulateViewport(1100, 1110))
	v.open(ownURL(""))
	size := v.save(file, chromedp.CaptureScreenshot())
	if size > 200<<10 {
		v.t.Errorf("%s has %d KB, at most 200 are wanted", file, size>>10)
	}
	v.wide(1280)
}

func (v *visitor) save(file string, shot chromedp.Action[[]byte]) (size int) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	picture, err := chromedp.Run(ctx, shot)
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		v.t.Fatalf("%s: %v\n%s", file, err, v.state())
	}
	return len(picture)
}
