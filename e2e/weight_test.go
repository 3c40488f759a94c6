package e2e

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// weigh is how many bytes the page in the window needs when compressed, beyond those
// that a plain page of the site has as well: what it says itself, and each style and
// script of ours. plain is "" where no other page is part of it.
func (v *visitor) weigh(plain string) int {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	sum, err := chromedp.Run(ctx, chromedp.Evaluate[int](`(async (plain) => {
		const packed = async (address) => (await new Response((await fetch(address)).body.pipeThrough(
			new CompressionStream("gzip"))).arrayBuffer()).byteLength;
		const parts = (page, address) => [address, ...[...page.querySelectorAll("link[rel=stylesheet], script[src]")]
			.map((e) => new URL(e.getAttribute("href") || e.getAttribute("src"), address).href)
			.filter((a) => a.includes("partner-center"))];
		const sum = async (all) => (await Promise.all(all.map(packed))).reduce((a, b) => a + b, 0);
		const all = parts(document, location.href);
		if (!plain) return sum(all);
		const other = new URL(plain, location.href).href;
		const page = new DOMParser().parseFromString(await (await fetch(other)).text(), "text/html");
		return await sum(all) - await sum(parts(page, other));
	})(`+strconv.Quote(plain)+`)`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatal(err)
	}
	return sum
}

// slow gives the window a line of so many bytes a second.
func (v *visitor) slow(bytes float64) {
	v.t.Helper()
	type line struct {
		Offline            bool    `json:"offline"`
		Latency            float64 `json:"latency"` // in milliseconds
		DownloadThroughput float64 `json:"downloadThroughput"`
		UploadThroughput   float64 `json:"uploadThroughput"`
	}
	v.do("slow line", call(cdp.Command[line, cdp.Empty]{Method: "Network.emulateNetworkConditions"},
		line{Latency: 20, DownloadThroughput: bytes, UploadThroughput: bytes}))
}

// mostBytes is what a page of the center may weigh beyond a plain one of the site.
const mostBytes = 30 << 10

// No page of the center moves while it loads, on a phone or a desktop, nor while its table
// comes in pieces; none needs more than 30 KB beyond a plain page, all of its styles and
// scripts included; and where nobody else compresses them, we do. How soon something is
// seen is told, not tested.
func TestPagesAreLightAndStill(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		heaviest, soonest := map[bool]int{}, 1e9
		for _, embedded := range []bool{false, true} {
			urlOf, plain := ownURL, ""
			if embedded {
				urlOf, plain = themeURL, "/shop/"
			}
			for _, p := range append(w.ownPages(urlOf), page404(urlOf)) {
				for _, width := range []int64{375, 1280} {
					v.wide(width)
					v.open(p.address)
					if moved, what := v.shift(); moved > .01 {
						t.Errorf("%s at %d pixels moves by %.3f:%s", p.address, width, moved, what)
					}
				}
				n := v.weigh(plain)
				if heaviest[embedded] = max(heaviest[embedded], n); n > mostBytes || n < 10<<10 {
					t.Errorf("%s weighs %d bytes", p.address, n)
				}
				if embedded {
					continue
				}
				if !ask[bool](v, `(({encodedBodySize: e, decodedBodySize: d}) => e > 0 && e < d * .75)(
						performance.getEntriesByType("navigation")[0])`) {
					t.Errorf("%s is not compressed", p.address)
				}
				soonest = min(soonest,
					ask[float64](v, `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 1e9`))
			}
		}
		v.wide(1280)
		v.slow(40_000)
		for _, address := range []string{ownURL("earnings"), themeURL("earnings")} {
			v.open(address)
			if moved, what := v.shift(); moved > .01 {
				t.Errorf("%s, slowly, moves by %.3f:%s", address, moved, what)
			}
		}
		t.Logf("the heaviest page: %d bytes, embedded %d; first paint from %.0f ms on", heaviest[false], heaviest[true],
			soonest)
	})
}
