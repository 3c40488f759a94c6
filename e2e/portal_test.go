package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// shift is how much of the page has moved by itself since it was opened, as
// browsers measure it, after everything on it has been looked at; and what moved.
func (v *visitor) shift() (float64, string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	moved, err := chromedp.Run(ctx, chromedp.Evaluate[struct {
		Sum  float64
		What string
	}](`(async () => {
		for (const image of document.images) { image.scrollIntoView(); await image.decode().catch(() => {}); }
		await document.fonts.ready;
		const frame = () => new Promise(requestAnimationFrame);
		let sum = 0, what = "";
		const place = (r) => [r.x, r.y, r.width, r.height].map(Math.round).join(" ");
		const add = (entries) => entries.filter((e) => !e.hadRecentInput).forEach((e) => {
			sum += e.value;
			for (const s of e.sources) what += `+"`\n${s.node?.outerHTML?.slice(0, 80) ?? s.node?.textContent}: ${place(s.previousRect)} to ${place(s.currentRect)}`"+`;
		});
		const observer = new PerformanceObserver((list) => add(list.getEntries()));
		observer.observe({type: "layout-shift", buffered: true});
		await frame(); await frame();
		add(observer.takeRecords());
		return {Sum: sum, What: what};
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatal(err)
	}
	return moved.Sum, moved.What
}

// The first page and the promo tools fit every window from 320 pixels on, also
// enlarged twice and from right to left, do not move while they load, and can be
// used with a disability on a phone and in the dark.
//
// Spec: S120
func TestPortalFitsEveryWindow(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		source := axe(t)
		v := example(t, r).loggedIn("mia", "partner")
		pages := []string{ownURL(""), themeURL(""), ownURL("tools"), themeURL("tools"), ownURL("no-such-page")}
		for _, width := range []int64{320, 375, 640, 768, 1024, 1280} {
			v.wide(width)
			for _, address := range pages {
				v.open(address)
				if moved, what := v.shift(); moved > .01 {
					t.Errorf("%s at %d pixels moves by %.3f:%s", address, width, moved, what)
				}
				if over := v.sideways(); over > 0 {
					t.Errorf("%s is %d pixels wider than the window of %d", address, over, width)
				}
				ask[bool](v, `document.querySelectorAll("html, .partner-center").forEach((e) => { e.dir = "rtl"; }), true`)
				if over := v.sideways(); over > 0 {
					t.Errorf("%s from right to left is %d pixels wider than the window of %d", address, over, width)
				}
				ask[bool](v, `document.querySelectorAll("details").forEach((e) => { e.open = true; }), true`)
				if over := v.sideways(); over > 0 {
					t.Errorf("%s unfolded is %d pixels wider than the window of %d", address, over, width)
				}
			}
		}
		for _, scheme := range []string{"light", "dark"} {
			v.colours(scheme)
			for _, width := range []int64{375, 1280} {
				v.wide(width)
				for _, address := range pages[:4] {
					v.open(address)
					for _, f := range v.findings(source) {
						t.Errorf("%s, %s, %d pixels: %s, %s: %.300s\n%s", address, scheme, width, f.Impact, f.Help,
							f.Nodes[0].HTML, f.Nodes[0].FailureSummary)
					}
				}
			}
		}
	})
}

// The link box answers while somebody types, without a new page, and what it
// makes is in the clipboard with one click.
//
// Spec: S48 S120.1 S122.1
func TestLinkBoxInABrowser(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		link := w.linkOf("mia", "Text link")
		for _, address := range []string{ownURL(""), themeURL(""), ownURL("tools"), themeURL("tools")} {
			v.open(address)
			ask[bool](v, `window.stays = true`)
			v.fill(`[name="address"]`, w.URL()+"/shop/?x=1")
			v.fill(`[name="subid"]`, "autumn")
			want := "&sid=autumn&to=%2Fshop%2F%3Fx%3D1"
			soon(t, address+": the link is made", func() bool {
				return ask[bool](v, `document.querySelector("#pc-link")?.textContent.trim().endsWith("`+want+`") === true`)
			})
			v.fill(`[name="address"]`, "https://elsewhere.example/")
			soon(t, address+": a foreign address is refused", func() bool {
				return ask[bool](v, `document.querySelector(".pc-linkbox [role=alert]") !== null &&
					document.querySelector('[name="address"]').getAttribute("aria-invalid") === "true"`)
			})
			v.fill(`[name="address"]`, "/shop/")
			soon(t, address+": it is made again", func() bool {
				return ask[bool](v, `document.querySelector("#pc-link")?.textContent.includes("to=%2Fshop%2F") === true`)
			})
			if !ask[bool](v, `window.stays === true`) {
				t.Errorf("%s: the page was loaded again", address)
			}
			v.do("copy", chromedp.Click(css(`[data-pc-copy="pc-link"]`)), chromedp.WaitVisible(css(".pc-copied")))
			if got := v.paste(); got != link+"&sid=autumn&to=%2Fshop%2F" {
				t.Errorf("%s: copied %q", address, got)
			}
		}
		w.noNotices()
	})
}
