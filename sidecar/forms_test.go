package sidecar_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// script is what must never come back as a tag.
const script = `<script>alert("pc")</script>`

// bad are things people and programs put into a field by mistake or in malice.
var bad = []struct{ name, value string }{
	{"empty", ""},
	{"script", `"'>` + script + " 🙂 ' OR 1=1 --"},
	{"number", "-99999999999999999999.12345"},
	{"bytes", "a\x00b\xff\xfe\r\nc"},
	{"long", strings.Repeat("🙂é", 5000)},
}

// postForm is a form of a page that somebody can fill in.
type postForm struct {
	page   string // that shows it, below the base path
	action string
	sent   url.Values // as the browser would send it at once, blanks filled in
	fields []string   // that are typed, ticked or chosen
	typed  map[string]bool
}

// key names a form whatever the things it is about are called.
func (f postForm) key() string {
	return number.ReplaceAllString(f.action, "#") + " " + strings.Join(f.fields, ",")
}

var number = regexp.MustCompile(`\d+`)

// filler is one person who fills in forms.
type filler struct {
	*sidecartest.Shop
	on      web.SurfaceKind
	cookies []*http.Cookie
}

func (f filler) open(path string) *sidecartest.Answer { return f.Get(path, f.on, f.cookies...) }

// forms are those of the pages that links lead to, by key.
func (f filler) forms(starts ...string) map[string][]postForm {
	f.Helper()
	seen, queue, found := map[string]bool{}, starts, map[string][]postForm{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		page := f.open(path)
		for _, form := range f.formsOf(path, page) {
			found[form.key()] = append(found[form.key()], form)
		}
		page.Find(".partner-center a[href]").Each(func(_ int, a *goquery.Selection) {
			if next := f.Path(a.AttrOr("href", "")); next != "" && !strings.Contains(next, ".") {
				queue = append(queue, next)
			}
		})
	}
	return found
}

func (f filler) formsOf(path string, page *sidecartest.Answer) (all []postForm) {
	page.Find(".partner-center form[method=post]").Each(func(_ int, s *goquery.Selection) {
		form := postForm{page: path, action: f.Path(s.AttrOr("action", "")), sent: url.Values{}, typed: map[string]bool{}}
		inputs := s.Find("input[name], textarea[name], select[name], button[name]")
		inputs.Each(func(_ int, in *goquery.Selection) { form.take(in) })
		if len(form.fields) > 0 {
			all = append(all, form)
		}
	})
	return all
}

// take adds an input as the browser would send it.
func (f *postForm) take(in *goquery.Selection) {
	name, kind := in.AttrOr("name", ""), in.AttrOr("type", "text")
	_, checked := in.Attr("checked")
	_, fixed := in.Attr("readonly")
	switch tag := goquery.NodeName(in); {
	case tag == "button":
		if !f.sent.Has(name) {
			f.sent.Set(name, in.AttrOr("value", ""))
		}
		return
	case tag == "select":
		chosen := in.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = in.Find("option").First()
		}
		f.sent.Add(name, chosen.First().AttrOr("value", ""))
	case tag == "textarea":
		f.sent.Add(name, strings.TrimPrefix(in.Text(), "\n"))
		f.typed[name] = true
	case kind == "hidden" || fixed:
		f.sent.Add(name, in.AttrOr("value", ""))
		return
	case kind == "checkbox" || kind == "radio":
		if checked {
			f.sent.Add(name, in.AttrOr("value", "on"))
		}
	case kind == "file" || kind == "submit":
		return
	default:
		f.sent.Add(name, in.AttrOr("value", ""))
		f.typed[name] = true
	}
	if !slices.Contains(f.fields, name) {
		f.fields = append(f.fields, name)
	}
}

// last are forms after which something is gone that others are about.
var last = regexp.MustCompile(`delete|erase|archive|void|remove|merge|move|undo|revoke|state|leave|settle|send`)

// breakAll tries every field of every form, and says how many forms there were.
func (f filler) breakAll(starts ...string) int {
	f.Helper()
	forms := f.forms(starts...)
	keys := slices.SortedFunc(maps.Keys(forms), func(a, b string) int {
		if x, y := last.MatchString(a), last.MatchString(b); x != y {
			return map[bool]int{true: 1, false: -1}[x]
		}
		return strings.Compare(a, b)
	})
	for _, key := range keys {
		form, there := f.still(forms[key])
		for i := 0; there && i < len(form.fields)*len(bad); i++ {
			name, b := form.fields[i/len(bad)], bad[i%len(bad)]
			if !form.typed[name] && b.name != "script" {
				continue // nobody types into it: one thing that can't be chosen is as wrong as another
			}
			sent := maps.Clone(form.sent)
			sent[name] = []string{b.value}
			if a := f.Post(form.action, f.on, sent, f.cookies...); !f.refused(form, sent, name, b.name, a) {
				form, there = f.still(forms[key]) // it was done, and may be another one now
			}
		}
	}
	return len(forms)
}

// still is a form that is there yet: what went before may have used up some.
func (f filler) still(same []postForm) (postForm, bool) {
	f.Helper()
	for _, one := range same {
		for _, form := range f.formsOf(one.page, f.open(one.page)) {
			if form.key() == one.key() {
				return form, true
			}
		}
	}
	return postForm{}, false
}

// refused judges the answer to a form with something bad in a field, and tells
// whether nothing was done.
func (f filler) refused(form postForm, sent url.Values, name, bad string, a *sidecartest.Answer) bool {
	f.Helper()
	where := fmt.Sprintf("%s on %s, %s in %s", form.action, form.page, bad, name)
	if a.Code >= http.StatusInternalServerError || strings.Contains(a.Text, script) {
		f.Errorf("%s: answered %d", where, a.Code)
	}
	if a.Code == http.StatusSeeOther || a.Code == http.StatusOK {
		return false
	}
	if text := a.Texts(".pc-error p"); !form.typed[name] || a.Code == http.StatusRequestEntityTooLarge && len(text) == 2 {
		return true // not what a person does; or more than we take, and the browser has it still
	}
	shown, problems := url.Values{}, strings.Join(a.Texts(".pc-problems p"), "; ")
	for _, again := range f.formsOf(form.page, a) {
		if again.action == form.action && slices.Contains(again.fields, name) {
			shown = again.sent
		}
	}
	if problems == "" || a.Code != http.StatusUnprocessableEntity {
		f.Errorf("%s: answered %d, not the form with what is wrong", where, a.Code)
	}
	marked := a.Find("[aria-invalid=true]")
	if marked.Length() == 0 && problems == "Please check the marked fields." {
		f.Errorf("%s: nothing is marked: %q", where, a.Texts(".pc-problem"))
	}
	marked.Each(func(_ int, in *goquery.Selection) {
		if notes := in.AttrOr("aria-describedby", "none"); strings.TrimSpace(a.Find("#"+notes).Text()) == "" {
			f.Errorf("%s: nothing tied to %s says what is wrong", where, in.AttrOr("name", notes))
		}
	})
	for _, other := range form.fields {
		if kept := shown[other]; form.typed[other] && bad != "bytes" && !begins(kept, sent[other]) {
			f.Errorf("%s: %s is %.100q now, was %.100q", where, other, kept, sent[other])
		}
	}
	return true
}

// begins tells whether the first values are those that were sent, in whatever case;
// a form may have a new blank row behind them.
func begins(shown, sent []string) bool {
	return len(shown) >= len(sent) && slices.EqualFunc(shown[:len(sent)], sent, func(a, b string) bool {
		return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
	})
}

// Every form that admins and partners can reach, each of its fields with each thing
// that does not belong there: never a fault of ours, never a page that lost what was
// typed, and nothing that comes back as a tag.
func TestBadInputInEveryForm(t *testing.T) {
	w := sidecartest.NewShop(t)
	limit(t, w.Site, func(l *affiliate.Limits) { l.PageChecks, l.Signups = 100000, 100000 })
	bareShop(w)
	w.PaysTo(w.Anna, "anna@pay.test")
	releasedFile(w)
	w.Approved(w.ContactID("carl@mail.test"), "500", "600")
	starts := []string{"admin/payments/pay?partner=" + w.Anna.ID.String() + "&currency=USD"}
	for _, section := range (web.View{}).AdminSections() {
		starts = append(starts, section.Path)
	}
	admin := filler{w, web.Admin, []*http.Cookie{w.Boss}}
	if n := admin.breakAll(starts...); n < 100 {
		t.Errorf("only %d forms of admins", n)
	}
	anna := filler{w, web.Theme, []*http.Cookie{w.LogIn(w.Anna)}}
	if n := anna.breakAll("", "earnings/missing", "profile", "tools"); n < 3 {
		t.Errorf("only %d forms of partners", n)
	}
	if n := (filler{w, web.Theme, nil}).breakAll("signup/" + w.Gold.Code); n != 1 {
		t.Errorf("%d forms of strangers", n)
	}
	if log := w.Log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("%.3000s", log)
	}
}

// What is far larger than any form is refused with a word how to go on, before it is
// read whole.
func TestAPasteOfTenMegabytes(t *testing.T) {
	w := sidecartest.NewShop(t)
	huge := url.Values{"note": {strings.Repeat("paste ", 10<<20/6)}}
	for path, who := range map[string]filler{
		"admin/partners/" + w.Anna.ID.String() + "/notes": {w, web.Admin, []*http.Cookie{w.Boss}},
		"profile":               {w, web.Theme, []*http.Cookie{w.LogIn(w.Anna)}},
		"signup/" + w.Gold.Code: {w, web.Standalone, nil},
	} {
		a := who.Post(path, who.on, huge, who.cookies...).Want(http.StatusRequestEntityTooLarge)
		if text := strings.Join(a.Texts(".pc-error p"), " "); !strings.Contains(text, "too large: we accept at most") ||
			!strings.Contains(text, "what you typed is still there") {
			t.Errorf("%s: %s", path, text)
		}
	}
}
