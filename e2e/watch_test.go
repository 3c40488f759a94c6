package e2e

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch notes what a page does behind the visitor's back.
type watch struct {
	sync.Mutex
	hosts    []string // asked for anything
	mistakes []string // of scripts, and what the browser complains about
}

// watched begins to watch the visitor's pages.
func (v *visitor) watched() *watch {
	v.t.Helper()
	w := &watch{}
	if err := chromedp.Listen(v.ctx, w.note); err != nil {
		v.t.Fatal(err)
	}
	v.do("watch the network", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		return err
	}))
	return w
}

func (w *watch) note(event any) {
	w.Lock()
	defer w.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && strings.HasPrefix(u.Scheme, "http") &&
			!slices.Contains(w.hosts, u.Host) {
			w.hosts = append(w.hosts, u.Host)
		}
	case *runtime.EventExceptionThrown:
		w.mistakes = append(w.mistakes, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.URL))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" {
			w.mistakes = append(w.mistakes, fmt.Sprint("console.error: ", len(e.Args), " values"))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" {
			w.mistakes = append(w.mistakes, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// clean fails when a page asked another host, or complained.
func (w *watch) clean(v *visitor) {
	v.t.Helper()
	w.Lock()
	defer w.Unlock()
	if own, _ := url.Parse(v.base); !slices.Equal(w.hosts, []string{own.Host}) {
		v.t.Errorf("the pages ask %v, want %s alone", w.hosts, own.Host)
	}
	if len(w.mistakes) > 0 {
		v.t.Errorf("the browser complains:\n%s", strings.Join(w.mistakes, "\n"))
	}
}

// wide makes the visitor's window so many pixels wide.
func (v *visitor) wide(pixels int64) {
	v.t.Helper()
	v.do("change the window", chromedp.EmulateViewport(pixels, 900))
}

// sideways is by how many pixels the page is wider than the window.
func (v *visitor) sideways() int {
	v.t.Helper()
	return ask[int](v, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// paste is what an empty text field holds after Ctrl+V.
func (v *visitor) paste() string {
	v.t.Helper()
	ask[bool](v, `(function (f) { document.body.prepend(f); f.id = "pasted"; f.focus(); return true })(document.createElement("textarea"))`)
	v.do("paste", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown",
			Commands: []string{"paste"}})
		return err
	}))
	text := v.value("#pasted")
	ask[bool](v, `document.querySelector("#pasted").remove(), true`)
	return text
}

// colours makes the visitor prefer "light" or "dark" pages.
func (v *visitor) colours(scheme string) {
	v.t.Helper()
	v.do("prefer "+scheme, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
				Value: scheme}}})
		return err
	}))
}
