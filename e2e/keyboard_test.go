package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"partnercenter/demo"
)

// most is how many times a person presses Tab before they give up.
const most = 400

// keys are a person who has no mouse.
type keys struct{ *visitor }

// seen tells of the focused element what is wrong with how it shows, and where it
// stands behind the one that was focused before.
const seen = `(() => {
	const e = document.activeElement, before = window.pcBefore, s = getComputedStyle(e);
	window.pcBefore = e;
	if (!e.closest(".partner-center, #wpbody-content .wrap")) return "";
	const r = e.getBoundingClientRect(), name = e.outerHTML.slice(0, 120);
	if (e.tabIndex > 0) return "jumps the queue: " + name;
	if (!r.width || !r.height || r.bottom < 0 || r.top > innerHeight) return "is out of sight: " + name;
	const ring = (p) => p.outlineStyle !== "none" && parseFloat(p.outlineWidth) > 0 || p.boxShadow !== "none";
	if (!ring(s)) return "shows no focus: " + name;
	if (before && before !== e && before.isConnected && before.closest(".partner-center") && e.closest(".partner-center") &&
		!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) return "stands before the last one: " + name;
	return "";
})()`

// to presses Tab until the focus is on the element, and looks at each on the way.
func (k keys) to(selector string) {
	k.t.Helper()
	for range most {
		k.do("press Tab", chromedp.KeyEvent(kb.Tab))
		if wrong := ask[string](k.visitor, seen); wrong != "" {
			k.t.Errorf("on the way to %s: what is focused %s", selector, wrong)
		}
		if ask[bool](k.visitor, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			return
		}
	}
	k.t.Fatalf("Tab never leads to %s\n%s", selector, k.state())
}

// back presses Shift and Tab until the focus is on the element.
func (k keys) back(selector string) {
	k.t.Helper()
	for range most {
		k.do("press Shift+Tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		if ask[bool](k.visitor, fmt.Sprintf(`window.pcBefore = null, document.activeElement.matches(%q)`, selector)) {
			return
		}
	}
	k.t.Fatalf("Shift+Tab never leads to %s\n%s", selector, k.state())
}

// enter presses Enter, which leads to another page.
func (k keys) enter(what string) {
	k.t.Helper()
	ask[bool](k.visitor, `!!(document.documentElement.dataset.before = "1")`)
	k.do("press Enter", chromedp.KeyEvent(kb.Enter))
	k.arrives(what)
}

// space ticks what is focused.
func (k keys) space() {
	k.t.Helper()
	k.do("press Space", chromedp.KeyEvent(" "))
	if !ask[bool](k.visitor, `document.activeElement.checked`) {
		k.t.Fatalf("Space ticked nothing\n%s", k.state())
	}
}

// Without a mouse, from the menu of wp-admin to a batch that is paid: Tab, Enter and
// Space lead through every step, the focus is always in sight, and goes on as the
// page is read.
//
// Spec: S154
func TestABatchIsPaidByKeyboardAlone(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := start(t, r, func(o *demo.Options) { o.Bare = false })
		k := keys{w.admin()}
		k.open("/wp-admin/")
		k.to("#adminmenu a.toplevel_page_partner-center")
		k.enter("the menu")
		k.to(`#adminmenu a[href*="payments"]`)
		k.enter("Payments")
		k.to(`tbody input[name="pick"]`)
		k.space()
		k.back(`form[action*="batches"] button.button-primary`)
		k.enter("the batch")
		k.sees(".pc-status", "Draft")
		k.to(`form[action*="release"] button`)
		k.enter("the release")
		k.to(`a[download]`)
		k.to(`button[formaction*="send"]`)
		k.enter("the word that it is sent")
		k.to(`input[name="sure"]`)
		k.space()
		k.to(`button[name="all"]`)
		k.enter("the settling")
		k.sees("#pc-next", "This batch is done")
		if n := w.count(`payouts WHERE state = 'settled' AND id = (SELECT MAX(p.id) FROM {wp}partner_center_payouts p)`); n != 1 {
			t.Error("the batch isn't settled")
		}
		w.verified()
		w.noNotices()
	})
}

// The bar above a list says what is selected and what it is worth, and takes all that
// match where there are more than the page shows.
//
// Spec: S77
func TestSelectionOfAList(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.admin()
		v.open(adminPage("admin/commissions"))
		rows := ask[int](v, `document.querySelectorAll("tbody input[name=pick]:not([data-pc-group])").length`)
		if ask[bool](v, `document.querySelector(".pc-selection strong").innerText !== ""`) {
			t.Error("something is said to be selected")
		}
		const one = "tbody input[data-pc-units]:not([data-pc-group])" // not all of an order
		worth, err := strconv.ParseInt(v.attribute(one, "data-pc-units"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		v.tick(one)
		v.sees(".pc-selection strong", "Selected: 1 · ")
		want := fmt.Sprintf("$%d.%02d", worth/10_000, worth%10_000/100)
		if shown := strings.ReplaceAll(v.text(".pc-selection strong"), ",", ""); !strings.HasSuffix(shown, want) {
			t.Errorf("%s stands for %s", shown, want)
		}
		if ask[bool](v, `document.querySelector("input[data-pc-all]").checked`) {
			t.Error("one order ticks the box for all")
		}
		v.tick("input[data-pc-all]")
		v.sees(".pc-selection strong", fmt.Sprintf("Selected: %d · ", rows))
		v.tick("input[data-pc-all]")
		if v.text(".pc-selection strong") != "" {
			t.Error("the bar says what isn't selected any more")
		}
		admin := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		few := map[string][]string{"rows": {"3"}, "back": {"admin/commissions"}}
		admin.post(adminURL("admin/screens/pending"), few)
		t.Cleanup(func() { admin.post(adminURL("admin/screens/pending"), map[string][]string{"usual": {"1"}}) })
		v.open(adminPage("admin/commissions"))
		v.tick("tbody input[name=pick]") // the bar offers all once something is selected
		v.click(".pc-selection a")
		all := v.text(".pc-selection strong")
		if !strings.Contains(all, "that match are selected") || ask[int](v,
			`document.querySelectorAll("tbody input[name=pick]:not(:checked)").length`) > 0 {
			t.Errorf("all that match: %q\n%s", all, v.state())
		}
		v.tick(one)
		if ask[bool](v, `!!document.querySelector(".pc-selection input[name=all]")`) ||
			!strings.HasPrefix(v.text(".pc-selection strong"), "Selected: ") {
			t.Errorf("one taken out of all: %q", v.text(".pc-selection strong"))
		}
		// A page ends with an order, so it may have more rows than were asked for.
		rows = ask[int](v, `document.querySelectorAll("tbody input[name=pick]:not([data-pc-group])").length`)
		v.click(".pc-pages a[rel=next]")
		v.sees(".pc-pages .displaying-num", fmt.Sprintf("%d–", rows+1))
	})
}

// A file that is chosen is read into the form, and nothing is imported before its
// lines were looked at.
func TestAChosenFileIsReadBeforeItIsImported(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		before := w.count("contacts")
		file := filepath.Join(t.TempDir(), "people.csv")
		lines := "Email,First name,Last name\nnew-one@chosen.test,Ada,Ünal\nnot-an-address,Bob,Null\n"
		if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		v := w.admin()
		for _, path := range []string{"admin/partners/import", "admin/contacts/import"} {
			v.open(adminPage(path))
			v.do("choose a file", chromedp.SetUploadFiles(css("input[type=file]"), []string{file}))
			soon(t, "the file stands in the form", func() bool {
				return ask[bool](v, `[...document.querySelectorAll("textarea")].some((t) => t.value.includes("Ünal"))`)
			})
			if ask[bool](v, `!!document.querySelector("select[name=program]")`) {
				ask[bool](v, `(() => { const s = document.querySelector("select[name=program]");
					s.value = [...s.options].find((o) => o.value).value; return true; })()`)
			}
			v.click(".partner-center form.pc-card .button-primary")
			v.sees(".partner-center", "not-an-address")
		}
		if n := w.count("contacts"); n != before {
			t.Errorf("%d contacts, %d before", n, before)
		}
	})
}

// A form that comes back has the focus on the first field that has to be mended, and
// keeps what was typed.
func TestFocusOnWhatHasToBeMended(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.admin()
		v.open(adminPage("admin/settings"))
		v.fill("#pc-cookie_days", "many")
		v.submit(`form[action*="settings"]`)
		if at := ask[string](v, "document.activeElement.id"); at != "pc-cookie_days" || v.value("#pc-cookie_days") != "many" {
			t.Errorf("the focus is on %q, which holds %q", at, v.value("#pc-cookie_days"))
		}
		v.open(adminPage("admin/settings"))
		v.fill("input[name=threshold_amount]", "much") // one of a group, which is marked as a whole
		v.submit(`form[action*="settings"]`)
		if at := ask[string](v, "document.activeElement.name"); at != "threshold_amount" {
			t.Errorf("the focus is on %q", at)
		}
	})
}

// ours is by how many pixels a page of wp-admin is wider than the window because of what
// is ours: WordPress' own bar and menu don't turn around with a page.
const ours = `(() => {
	const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
	const mine = [...document.querySelectorAll(".partner-center")];
	const all = over(), shown = mine.map((e) => e.style.display);
	mine.forEach((e) => { e.style.display = "none"; });
	const theirs = over();
	mine.forEach((e, i) => { e.style.display = shown[i]; });
	return Math.max(0, all - theirs);
})()`

// Every page of the admin fits every window from 320 pixels on, which is also one of
// 640 enlarged twice, in both directions, folded or not; and a finger hits one choice of
// a form and not the next.
func TestEveryAdminPageFitsEveryWindow(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		v := w.admin()
		for _, p := range w.adminPages() {
			v.wide(1280)
			v.open(p.address)
			if moved, what := v.shift(); moved > .01 {
				t.Errorf("%s moves by %.3f:%s", p.name, moved, what)
			}
			for _, dir := range []string{"ltr", "rtl"} {
				ask[bool](v, `document.querySelectorAll("html, .partner-center").forEach((e) => { e.dir = "`+dir+`"; }), true`)
				for _, width := range []int64{320, 375, 768, 1024} {
					v.wide(width)
					folded := ask[int](v, ours)
					ask[bool](v, `(window.pcFolds = [...document.querySelectorAll(".partner-center details:not([open])")]).forEach(
						(e) => { e.open = true; }), true`)
					open := ask[int](v, ours)
					if close := ask[string](v, tight); width < 782 && close != "" {
						t.Errorf("%s, %d: a finger can't tell apart: %s", p.name, width, close)
					}
					ask[bool](v, `window.pcFolds.forEach((e) => { e.open = false; }), true`)
					if folded > 0 || open > 0 {
						t.Errorf("%s, %s: %d and unfolded %d pixels wider than the window of %d", p.name, dir, folded, open, width)
					}
				}
			}
		}
	})
}
