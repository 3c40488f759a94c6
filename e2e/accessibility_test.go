package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

const axeVersion = "4.10.3"

// axe is the source of axe-core, from npm into a cache outside the clone.
func axe(t *testing.T) string {
	t.Helper()
	home, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(cmp.Or(os.Getenv("PARTNER_CENTER_CACHE"), filepath.Join(home, "partner-center")),
		"axe-core-"+axeVersion)
	file := filepath.Join(cache, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(file); err != nil {
		os.MkdirAll(cache, 0o755)
		out, err := exec.CommandContext(t.Context(), "npm", "install", "--prefix", cache, "--no-audit", "--no-fund",
			"--loglevel=error", "axe-core@"+axeVersion).CombinedOutput()
		if err != nil {
			t.Skipf("SKIPPED: accessibility: npm cannot fetch axe-core: %v: %s", err, out)
		}
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// finding is what axe says of a page.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// findings are the serious and critical ones of the parts that are ours.
func (v *visitor) findings(axe string) (grave []finding) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepLimit)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](axe+
		`; axe.run(document.querySelector(".pc-standalone") ? document : {include: [[".partner-center, #wpbody-content"]]}, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatal(err)
	}
	var all []finding
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		v.t.Fatal(err)
	}
	for _, f := range all {
		if f.Impact == "serious" || f.Impact == "critical" {
			grave = append(grave, f)
		}
	}
	return grave
}

// No page has a fault that keeps people with a disability from using it.
func TestAccessibility(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		source := axe(t)
		w := example(t, r)
		check := func(v *visitor, pages ...page) {
			for _, p := range pages {
				v.open(p.address)
				if title := ask[string](v, `document.querySelector("h1")?.textContent ?? ""`); title == "Not found" {
					t.Errorf("%s: %s is not a page", p.name, p.address)
				}
				for _, f := range v.findings(source) {
					t.Errorf("%s (%s): %s, %s: %.300s\n%s", p.name, p.address, f.Impact, f.Help, f.Nodes[0].HTML,
						f.Nodes[0].FailureSummary)
				}
			}
		}
		stranger, mia, admin := newVisitor(t, w.URL()), w.loggedIn("mia", "partner"), w.admin()
		check(stranger, w.signupPage(ownURL), w.signupPage(themeURL))
		check(mia, append(w.ownPages(ownURL), w.ownPages(themeURL)...)...)
		mia.colours("dark")
		check(mia, w.ownPages(ownURL)...)
		check(admin, w.adminPages()...)
		for _, a := range w.askings() {
			admin.asks(a)
			for _, f := range admin.findings(source) {
				t.Errorf("%s of %s: %s, %s: %.300s\n%s", a.action, a.list, f.Impact, f.Help, f.Nodes[0].HTML,
					f.Nodes[0].FailureSummary)
			}
		}
		mia.wide(375)
		check(mia, w.ownPages(ownURL)...)
		if matrix && r.name == newest.name {
			check(mia, w.ownPages(themeURL)...)
			admin.wide(375)
			check(admin, w.adminPages()...)
		}
	})
}
