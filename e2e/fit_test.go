package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// classicTheme switches the site to a theme as they were before blocks, whose rules
// for tables, lists and links reach into pages, in a narrow column; back is undone at
// the end.
const classicTheme = `
	$dir = get_theme_root() . '/plain';
	wp_mkdir_p( $dir );
	file_put_contents( $dir . '/style.css', "/* Theme Name: Plain */
		body { font: 18px/1.6 serif; color: #333; margin: 0 } main { max-width: 640px; margin: 0 auto; padding: 0 20px }
		ul, ol { margin: 0 0 1.5em 3em; list-style: square } dt { font-weight: bold } dd { margin: 0 1.5em 1.5em }
		table { border: 1px solid #ccc; border-collapse: separate; width: 100%; margin: 0 0 1.5em } h2 { font-size: 34px }
		th, td { border: 1px solid #ccc; padding: 12px; white-space: normal } a { text-decoration: underline }
		button, input, select { font-size: 18px; padding: 12px 24px; text-transform: uppercase }" );
	file_put_contents( $dir . '/index.php',
	'<!doctype html><html <?php language_attributes(); ?>><head><meta charset="utf-8">
		<meta name="viewport" content="width=device-width, initial-scale=1">
		<link rel="stylesheet" href="<?php echo get_stylesheet_uri(); ?>"><?php wp_head(); ?></head>
		<body <?php body_class(); ?>><?php wp_body_open(); ?><header><p><a href="/">Shop</a></p></header>
		<main><?php while ( have_posts() ) { the_post(); the_title( "<h2>", "</h2>" ); the_content(); } ?></main>
		<?php wp_footer(); ?></body></html>' );
	$before = get_stylesheet();
	switch_theme( $args[0] ?? 'plain' );
	echo $before;`

// inBothThemes tries something in the site's theme and in a classic one; see classicTheme.
func inBothThemes(t *testing.T, w *world, test func(theme string)) {
	t.Helper()
	test("block theme")
	before, err := w.Site.PHP(t.Context(), classicTheme)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, err := w.Site.PHP(context.WithoutCancel(t.Context()), classicTheme,
			strings.TrimSpace(before)); err != nil {
			t.Error(err)
		}
	}()
	test("classic theme")
}

// Every page of the center fits every window from 320 pixels on, which is also one of
// 640 enlarged twice: in both directions, folded or not, by itself and inside themes
// of both kinds. On a phone a row of a list is two lines, the first one in sight.
func TestEveryPageFitsEveryWindow(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		v.fit("stand-alone", append(w.ownPages(ownURL), page404(ownURL))...)
		inBothThemes(t, w, func(theme string) {
			v.fit(theme, append(w.ownPages(themeURL), page404(themeURL))...)
			v.open(themeURL("")) // where a theme writes fields in capitals, a SubID is seen as it is typed
			if as := ask[string](v, `getComputedStyle(document.querySelector("[name=subid]")).textTransform`); as != "none" {
				t.Errorf("%s turns what is typed into %s", theme, as)
			}
		})
		v.wide(375)
		v.open(ownURL("earnings"))
		if bottom := ask[int](v,
			`Math.ceil(document.querySelector(".pc-lines tbody tr").getBoundingClientRect().bottom)`); bottom >
			667 {
			t.Errorf("the first row ends at %d of a phone's 667 pixels", bottom)
		}
		v.open(ownURL("earnings/purchases?range=all"))
		if short := ask[int](v, `[...document.querySelectorAll(".pc-lines tbody tr")].filter((row) => {
			const money = document.createRange();
			money.selectNodeContents(row.querySelector(".pc-l-money"));
			return money.getBoundingClientRect().left - row.querySelector(".pc-l-name").getBoundingClientRect().right > 15;
		}).length`); short > 0 {
			t.Errorf("on a phone %d names end before their money begins", short)
		}
		v.open(ownURL("earnings?range=all")) // a name as long as it likes hides no note
		if hidden := ask[int](v, `[...document.querySelectorAll(".pc-lines .pc-l-name .pc-note-below")].filter((note) =>
			note.getBoundingClientRect().width < 50 || note.getBoundingClientRect().right >
				note.closest("td").getBoundingClientRect().right + 1).length`); hidden > 0 {
			t.Errorf("on a phone %d notes of level 2 are out of sight", hidden)
		}
		v.open(ownURL("earnings/payments")) // its tab is the fifth of a row that scrolls
		if !ask[bool](v, `(() => {
			const [tab, row] = [".pc-tabs [aria-current]", ".pc-tabs"].map(
				(s) => document.querySelector(s).getBoundingClientRect());
			return tab.left >= row.left - 1 && tab.right <= row.right + 1;
		})()`) {
			t.Error("on a phone the chosen tab is out of sight")
		}
		v.open(ownURL("no-such-page"))
		if n := ask[int](v, `document.querySelectorAll(".pc-nav a").length`); n < 4 {
			t.Errorf("a page that is not there has a navigation of %d", n)
		}
		w.noNotices()
	})
}

func page404(urlOf func(string) string) page { return page{"nowhere", urlOf("no-such-page")} }

// fit looks at each page in windows of all widths.
func (v *visitor) fit(where string, pages ...page) {
	v.t.Helper()
	for _, p := range pages {
		v.wide(1280)
		v.open(p.address)
		for _, dir := range []string{"ltr", "rtl"} {
			ask[bool](v, `document.querySelectorAll("html, .partner-center").forEach((e) => { e.dir = "`+dir+
				`"; }), true`)
			for _, width := range []int64{320, 375, 480, 640, 768, 800, 1024} {
				v.wide(width)
				folded := v.sideways()
				tall := ask[int](v, `Math.ceil(Math.max(0, ...[...document.querySelectorAll(".pc-lines tbody tr")].map(
					(r) => innerWidth < 480 ? r.getBoundingClientRect().height : 0)))`)
				open := ask[int](v, `(() => {
					const all = [...document.querySelectorAll(".partner-center details:not([open])")];
					all.forEach((e) => { e.open = true; });
					const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
					all.forEach((e) => { e.open = false; });
					return wide;
				})()`)
				if folded > 0 || open > 0 {
					v.t.Errorf("%s, %s, %s: %d and unfolded %d pixels wider than the window of %d", where, p.name, dir,
						folded, open, width)
				}
				if tall > 90 {
					v.t.Errorf("%s, %s, %s: a closed row is %d pixels tall at %d", where, p.name, dir, tall, width)
				}
			}
		}
	}
}

// On paper a receipt and a statement are dark on white, without what can only be
// clicked, also where the screen is dark.
//
// Spec: S116
func TestPaper(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		for _, p := range []page{w.receipt(ownURL), w.receipt(themeURL), {"statement", ownURL("earnings/statements")}} {
			v.open(p.address)
			v.paper()
			if got := ask[string](v, `(() => {
				const bad = [], seen = (e) => e.getClientRects().length > 0;
				for (const s of [".pc-nav", "[data-pc-print]", ".pc-filters", ".pc-tabs"])
					if ([...document.querySelectorAll(s)].some(seen)) bad.push(s + " is printed");
				const table = document.querySelector(".partner-center table");
				const ink = getComputedStyle(table.querySelector("tbody td")).color;
				if (!/rgb\((\d|[1-6]\d), /.test(ink)) bad.push("its ink is " + ink);
				if (!seen(table)) bad.push("nothing is printed");
				return bad.join(", ");
			})()`); got != "" {
				t.Errorf("%s (%s): %s", p.name, p.address, got)
			}
			var pdf []byte
			v.do("print", call(cdppage.PrintToPDF, cdppage.PrintToPDFParams{}, func(r cdppage.PrintToPDFResult) {
				pdf = r.Data
			}))
			if !strings.HasPrefix(string(pdf), "%PDF") || len(pdf) < 5000 {
				t.Errorf("%s: a file of %d bytes", p.name, len(pdf))
			}
		}
	})
}

// What a device shares is the finished link.
//
// Spec: S48
func TestLinkIsShared(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		v.open(ownURL(""))
		if ask[bool](v, `!navigator.share && document.querySelector("[data-pc-share]").getClientRects().length > 0`) {
			t.Error("a device that cannot share offers it")
		}
		v.do("a device that shares", call(cdppage.AddScriptToEvaluateOnNewDocument,
			cdppage.AddScriptToEvaluateOnNewDocumentParams{
				Source: `navigator.share = function (what) { window.shared = what.url; return Promise.resolve(); };`}))
		v.open(ownURL("?subid=flyer"))
		v.press("[data-pc-share]")
		if got, want := ask[string](v, `window.shared`), v.text("#pc-link"); got != want ||
			!strings.Contains(got, "sid=flyer") {
			t.Errorf("shared %q, shown %q", got, want)
		}
	})
}

// paper shows the page as it is printed, on a dark screen.
func (v *visitor) paper() {
	v.t.Helper()
	v.do("turn to paper", call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print",
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}))
}

// call is a step that asks the browser itself; use is told its answer.
func call[P, R any](command cdp.Command[P, R], params P, use ...func(R)) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		answer, err := cdp.Call(ctx, t, command, params)
		for _, use := range use {
			if err == nil {
				use(answer)
			}
		}
		return err
	})
}
