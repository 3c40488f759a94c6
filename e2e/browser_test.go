package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// stepLimit is how long one step of a person may take before the test gives up.
const stepLimit = 20 * time.Second

// chromium is the one browser of the test program; visitors are windows
// of it that share nothing.
var chromium context.Context

// person is how the browser calls itself: clicks of a headless one do not count (D30).
const person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

// startBrowser starts it; the flags keep it from calling anybody.
func startBrowser(ctx context.Context) (stop func()) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.UserAgent(person), chromedp.WindowSize(1280, 900))
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, options...)
	browser, stopBrowser := chromedp.NewContext(allocator)
	chromium = browser
	return func() { stopBrowser(); stopAllocator() }
}

// visitor is a person with a browser of their own: no cookies, nothing shared.
type visitor struct {
	t    *testing.T
	ctx  context.Context
	base string // of the site
}

func newVisitor(t *testing.T, base string) *visitor {
	t.Helper()
	if err := chromedp.Do(chromium); err != nil { // starts the browser once
		t.Fatalf("no browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the window must not belong to the first step's time limit
		t.Fatalf("no window: %v", err)
	}
	return &visitor{t, ctx, base}
}

// step is something a person does, or looks at.
type step = chromedp.Action[chromedp.Void]

// css is an element query by selector. (A plain string would search the page's
// text as well, and that search hangs when a click navigates.)
type css = chromedp.CSS

// do runs steps with a time limit; a failure leaves a picture.
func (v *visitor) do(what string, steps ...step) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%s: %v\n%s", what, err, v.state())
	}
}

// ask evaluates a JavaScript expression in the page.
func ask[T any](v *visitor, expression string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// state describes what the visitor sees, for a failing test.
func (v *visitor) state() string {
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	where, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx,
		chromedp.Evaluate[string](`document.body ? document.body.innerText.slice(0, 1500) : ""`))
	picture, _ := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	file := filepath.Join(os.TempDir(), strings.ReplaceAll(v.t.Name(), "/", "_")+".png")
	os.WriteFile(file, picture, 0o644)
	return fmt.Sprintf("at %s (picture: %s)\n%s", where, file, text)
}

// open goes to an address of the site, or to a whole URL.
func (v *visitor) open(address string) {
	v.t.Helper()
	v.do("open "+address, chromedp.Navigate(v.full(address)), ready())
}

func (v *visitor) full(address string) string {
	if strings.HasPrefix(address, "http") {
		return address
	}
	return v.base + address
}

// ready waits for the page that a click or a form leads to.
func ready() step { return chromedp.WaitReady(css("body")) }

// fill types into a field, after emptying it as a person would by selecting
// all, and types again when a script of the page took the focus away meanwhile
// (WordPress' login form does, a moment after it is shown).
func (v *visitor) fill(selector, text string) {
	v.t.Helper()
	v.do("see "+selector, chromedp.WaitVisible(css(selector)))
	for range 5 {
		ask[bool](v, fmt.Sprintf(
			`(function (f) { f.focus(); f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})); return true })(document.querySelector(%q))`, selector))
		v.do("fill "+selector, chromedp.SendKeys(css(selector), text))
		if v.value(selector) == text {
			return
		}
	}
	v.t.Fatalf("%s holds %q, not %q", selector, v.value(selector), text)
}

// value is what stands in a field.
func (v *visitor) value(selector string) string {
	v.t.Helper()
	return ask[string](v, fmt.Sprintf(`document.querySelector(%q).value`, selector))
}

// choose picks an option, by its value, of a select.
func (v *visitor) choose(selector, value string) {
	v.t.Helper()
	v.do("choose "+selector, chromedp.SetValue(css(selector), value))
}

// tick clicks a checkbox or radio.
func (v *visitor) tick(selector string) {
	v.t.Helper()
	v.press(selector)
}

// click follows a link or sends a form and waits for the page it leads to. A
// mark on the old document tells the two apart when both have the same address.
func (v *visitor) click(selector string) {
	v.t.Helper()
	ask[bool](v, `!!(document.documentElement.dataset.before = "1")`)
	v.press(selector)
	v.arrives("click " + selector)
}

// press clicks what a person can see. It goes by the element, not by its place
// on the screen, which wp-admin's scripts move while the page settles.
func (v *visitor) press(selector string) {
	v.t.Helper()
	v.do("see "+selector, chromedp.WaitVisible(css(selector)))
	ask[bool](v, fmt.Sprintf(`document.querySelector(%q).click(), true`, selector))
}

// submit sends a form past the browser's own checks, so that ours answer.
func (v *visitor) submit(form string) {
	v.t.Helper()
	ask[bool](v, fmt.Sprintf(`document.documentElement.dataset.before = "1", document.querySelector(%q).submit(), true`,
		form))
	v.arrives("submit " + form)
}

// arrives waits until the marked document is gone and the next one is there.
// Asking fails while the browser is between the two.
func (v *visitor) arrives(what string) {
	v.t.Helper()
	deadline := time.Now().Add(stepLimit)
	for {
		ctx, cancel := context.WithTimeout(v.ctx, time.Second)
		there, err := chromedp.Run(ctx,
			chromedp.Evaluate[bool](`!document.documentElement.dataset.before && document.readyState === "complete"`))
		cancel()
		if err == nil && there {
			return
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("%s led to no page (%v, %v)\n%s", what, there, err, v.state())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// text is what a person reads in the first element; "" when there is none.
func (v *visitor) text(selector string) string {
	v.t.Helper()
	return ask[string](v, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ""}).innerText.trim()`, selector))
}

// sees fails unless the element's text holds the words.
func (v *visitor) sees(selector, words string) {
	v.t.Helper()
	if text := v.text(selector); !strings.Contains(text, words) {
		v.t.Fatalf("%s reads %q, not %q\n%s", selector, text, words, v.state())
	}
}

// attribute is an attribute of the first element; "" when there is none.
func (v *visitor) attribute(selector, name string) string {
	v.t.Helper()
	return ask[string](v,
		fmt.Sprintf(`(document.querySelector(%q) || document.createElement("i")).getAttribute(%q) || ""`, selector,
			name))
}

// at is the address the visitor is at.
func (v *visitor) at() string {
	v.t.Helper()
	return ask[string](v, "location.href")
}

// be gives the visitor the cookies of a login.
func (v *visitor) be(cookies []*http.Cookie) {
	v.t.Helper()
	for _, c := range cookies {
		v.do("take a cookie", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value,
				URL: v.base + "/", HTTPOnly: new(true)})
			return err
		}))
	}
}

// cookies are all that the visitor's browser holds for the site.
func (v *visitor) cookies() (all []*network.Cookie) {
	v.t.Helper()
	v.do("read cookies", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{v.base + "/"}})
		all = got.Cookies
		return err
	}))
	return all
}

// download fetches a file as the visitor, with the visitor's cookies.
func (v *visitor) download(address string) (body []byte, header http.Header) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.full(address), nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range v.cookies() {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return fetch(v.t, req)
}
