package programs_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

type selection = goquery.Selection

func programForm(name string) url.Values {
	return url.Values{"name": {name}, "tiers": {"1"}, "visibility": {"anonymous"}, "signup": {"approval"},
		"show_pending": {"1"}, "welcome_tool_id": {"0"}}
}

// A program is made, stands in the list with its type, and opens to a page of
// its own with settings, products, promo tools and sign-up form.
//
// Spec: S4.1 S11.1 S12.2 S22.1
func TestProgramIsMadeAndOpens(t *testing.T) {
	w := sidecartest.NewShop(t)
	made := w.Send("admin/programs", programForm("Silver <script>"))
	if text := w.Flash(made); !strings.Contains(text, "The program is there") {
		t.Error(text)
	}
	list := w.Open("admin/programs").Rows()
	if len(list) != 2 || !strings.Contains(strings.Join(list, "\n"),
		"Silver <script> | 1 Tier | After approval | Anonymous") {
		t.Errorf("%q", list)
	}
	page := w.Follow(made)
	if tabs := page.Texts(".pc-subtabs a"); strings.Join(tabs,
		", ") != "Settings, Rules, Products, Promo tools, Coupons, Sign-up form, Messages" {
		t.Errorf("tabs %q", tabs)
	}
	page.Find(".pc-subtabs a").Each(func(_ int, tab *selection) {
		w.Open(pc(t, tab.AttrOr("href", ""))).Want(http.StatusOK)
	})
	forms := []string{}
	for _, id := range []string{"1", "2"} {
		forms = append(forms, w.Open("admin/programs/"+programID(w, id)+"/signup").One("#signup-url"))
	}
	if forms[0] == forms[1] {
		t.Errorf("both programs have the form %s", forms[0])
	}
}

// programID is the id of the n-th program made.
func programID(w *sidecartest.Shop, n string) string {
	w.Helper()
	var id affiliate.ProgramID
	w.Must(w.DB.Get(w.Context(), &id, `SELECT id FROM {wp}partner_center_programs ORDER BY id LIMIT 1 OFFSET `+
		string(n[0]-1)))
	return id.String()
}

// pc is the path of a link on the admin surface.
func pc(t *testing.T, href string) string {
	t.Helper()
	u, err := url.Parse(href)
	if err != nil || u.Query().Get("pc") == "" {
		t.Fatalf("%q leads to no page of ours: %v", href, err)
	}
	return u.Query().Get("pc")
}

// Before the settings were saved there can be no program; whoever tries is led to
// the page that says so, with the way to the settings.
//
// Spec: S2.1 S2.2
func TestTheSettingsComeFirst(t *testing.T) {
	s := sidecartest.New(t)
	admin := s.Admin()
	for _, a := range []*sidecartest.Answer{s.Get("admin/programs/new", web.Admin, admin),
		s.Post("admin/programs", web.Admin, programForm("Gold"), admin)} {
		page := s.Get(pc(t, a.Want(http.StatusSeeOther).Location()), web.Admin, admin).Want(http.StatusOK)
		if notice := page.Find(".notice-warning"); !strings.Contains(notice.Text(), "Save the settings") ||
			pc(t, notice.Find("a").AttrOr("href", "")) != "admin/settings" {
			t.Errorf("it says %s", notice.Text())
		}
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_programs`); n != 0 {
		t.Errorf("%d programs", n)
	}
}

// A program of thousands of products is shown page by page, and searched.
//
// Spec: S25.1
func TestAProgramOfFiveThousandProducts(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Exec(`INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at)
		SELECT 10000 + seq, 'shop', CONCAT('sku', seq), CONCAT('Product ', LPAD(seq, 4, '0')), ? FROM seq_0_to_4999`,
		w.Clock.Now())
	w.Exec(`INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, valid_from)
		SELECT ?, 10000 + seq, 'percent', 100000, ? FROM seq_0_to_4999`, w.Gold.ID, w.Clock.Now())
	path := "admin/programs/" + w.Gold.ID.String() + "/products"
	first := w.Open(path).Want(http.StatusOK)
	if n := len(first.Rows()); n == 0 || n > 100 {
		t.Errorf("%d rows on the first page", n)
	}
	next := w.Open(pc(t, first.Find(`a.button:contains("Next")`).AttrOr("href", "")))
	if rows := next.Rows(); len(rows) == 0 || rows[0] == first.Rows()[0] {
		t.Errorf("the next page has %q", rows)
	}
	if rows := w.Open(path + "?q=4711").Rows(); len(rows) != 1 ||
		!strings.Contains(rows[0], "Product 4711 | Percentage | 10%") {
		t.Errorf("found %q", rows)
	}
}

// Spec: S11.2 S12.1
func TestWrongPrograms(t *testing.T) {
	w := sidecartest.NewShop(t)
	for field, value := range map[string]string{"name": "  ", "tiers": "3", "visibility": "all", "signup": ""} {
		form := programForm("Bronze ☕")
		form.Set(field, value)
		answer := w.Send("admin/programs", form).Want(http.StatusUnprocessableEntity)
		if answer.Find("#pc-"+field+"-notes .pc-problem").Length() != 1 {
			t.Errorf("%s: nothing is said beside it", field)
		}
		if field != "name" && answer.Find("input[name=name]").AttrOr("value", "") != "Bronze ☕" {
			t.Errorf("%s: the name is lost", field)
		}
	}
	form := programForm(strings.Repeat("x", 191))
	w.Send("admin/programs", form).Want(http.StatusUnprocessableEntity)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_programs`); n != 1 {
		t.Errorf("%d programs", n)
	}
}

// An archived program takes nobody in, and opening it again is one click.
//
// Spec: S147.3
func TestProgramIsArchivedAndOpenedAgain(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String()
	archived := w.Follow(w.Send(path+"/archive", nil))
	undo := archived.Find(".pc-flash form").AttrOr("action", "")
	if !strings.Contains(w.Open(path).Text, "This program is archived") {
		t.Error("its page does not say so")
	}
	w.Send(pc(t, undo), nil).Want(http.StatusSeeOther)
	if strings.Contains(w.Open(path).Text, "This program is archived") {
		t.Error("undo did not open it again")
	}
}

// Saving the form changes what it asks for and nothing else.
//
// Spec: S3, S139
func TestProgramFormKeepsWhatItDoesNotAsk(t *testing.T) {
	w := sidecartest.NewShop(t)
	p := w.Gold
	form := programForm("Gold")
	form.Set("welcome_tool_id", w.Link.ID.String())
	w.Send("admin/programs/"+p.ID.String(), form).Want(http.StatusSeeOther)
	got, err := w.Registry.Program(t.Context(), p.ID)
	w.Must(err)
	if got.Tiers != 1 || got.WelcomeToolID != w.Link.ID || got.Code != p.Code || got.CreatedAt != p.CreatedAt {
		t.Errorf("%+v", got)
	}
}

// Each switch is saved from its own box, in a new program and in an old one,
// shown as it was saved, and kept as ticked when the form comes back refused.
//
// Spec: S18 S19 S20 S89 S139.2
func TestProgramSwitchesAreSavedAndKept(t *testing.T) {
	w := sidecartest.NewShop(t)
	fields := []string{"show_pending", "show_declined", "show_history", "notify_earned"}
	w.Send("admin/programs", programForm("Silver")).Want(http.StatusSeeOther)
	path := "admin/programs/" + programID(w, "2")
	for _, on := range fields {
		form := programForm("Silver")
		form.Del("show_pending")
		form.Set(on, "1")
		w.Send(path, form).Want(http.StatusSeeOther)
		page := w.Open(path)
		form.Set("name", "")
		refused := w.Send(path, form).Want(http.StatusUnprocessableEntity)
		for _, field := range fields {
			box := "input[name=" + field + "]"
			n := w.Count("SELECT COUNT(*) FROM {wp}partner_center_programs WHERE name = 'Silver' AND " + field + " = 1")
			if want := field == on; (n == 1) != want || page.Find(box+"[checked]").Length() == 1 != want ||
				refused.Find(box+"[checked]").Length() == 1 != want {
				t.Errorf("with %s on, %s is saved %d times, or shown wrongly", on, field, n)
			}
		}
	}
	all := programForm("Bronze")
	for _, field := range fields {
		all.Set(field, "1")
	}
	w.Send("admin/programs", all).Want(http.StatusSeeOther)
	if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_programs WHERE name = 'Bronze' AND show_pending = 1
		AND show_declined = 1 AND show_history = 1 AND notify_earned = 1`) != 1 {
		t.Error("a new program lacks a switch that was on")
	}
}

func termsForm(kind, level1, level2 string) url.Values {
	return url.Values{"kind": {kind}, "level1": {level1}, "level2": {level2}, "flat_currency": {"USD", "EUR", ""},
		"flat_level1": {"5", "4.50", ""}, "flat_level2": {"1", "", ""}}
}

// A product is chosen or made in place; percentages and flat rates are shown
// as entered; an edit says that past commissions stay.
//
// Spec: S23 S26 S27.1 S27.2 S28 S29.1 S30
func TestProductsOfAProgram(t *testing.T) {
	w := sidecartest.NewShop(t)
	other := w.Program("Silver")
	path := "admin/programs/" + other.ID.String() + "/products"
	choice := w.Open(path).Find("select[name=product] option").FilterFunction(func(_ int,
		o *selection) bool {
		return o.Text() == "Cup"
	})
	existing := termsForm("percent", "7.5 %", "")
	existing.Set("product", choice.AttrOr("value", ""))
	w.Send(path, existing).Want(http.StatusSeeOther)
	made := termsForm("flat", "", "")
	made.Set("new_name", "Pot")
	w.Send(path, made).Want(http.StatusSeeOther)
	if got := strings.Join(w.Open(path).Rows(),
		"\n"); got != "Cup | Percentage | 7.5% | 0% | Remove\nPot | Flat rate | €4.50$5.00 | €0.00$1.00 | Remove" {
		t.Errorf("%q", got)
	}
	if list := w.Open("admin/programs/" + w.Gold.ID.String() + "/products").Rows(); len(list) != 1 ||
		!strings.Contains(list[0], "10%") {
		t.Errorf("the other program has %q", list)
	}
	edited := w.Send(path+"/"+w.Cup.ID.String(), termsForm("percent", "8", "1"))
	if text := w.Flash(edited); !strings.Contains(text, "past commissions stay as they are") {
		t.Error(text)
	}
	w.Send(path+"/"+w.Cup.ID.String()+"/remove", nil).Want(http.StatusSeeOther)
	if list := w.Open(path).Rows(); len(list) != 1 {
		t.Errorf("after removing: %q", list)
	}
	w.Open(path + "/" + w.Cup.ID.String()).Want(http.StatusNotFound)
}

// Spec: S27, S28, S29
func TestWrongTerms(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/products"
	for _, test := range []struct {
		name   string
		change func(url.Values)
		says   string
	}{
		{"no product", func(f url.Values) { f.Del("new_name") }, "choose a product"},
		{"both", func(f url.Values) { f.Set("product", w.Cup.ID.String()) }, "not both"},
		{"above 100 %", func(f url.Values) { f.Set("level1", "100.01") }, "0 to 100"},
		{"no number", func(f url.Values) { f.Set("level2", "ten") }, "7.5"},
		{"no kind", func(f url.Values) { f.Set("kind", "") }, "percentage or a flat amount"},
		{"wrong currency", func(f url.Values) { f.Set("kind", "flat"); f["flat_currency"][0] = "ABC" }, "no currency"},
		{"too many decimals", func(f url.Values) { f.Set("kind", "flat"); f["flat_level1"][0] = "1.234" }, "decimals"},
	} {
		form := termsForm("percent", "10", "5")
		form.Set("new_name", "Pot 🫖")
		test.change(form)
		answer := w.Send(path, form).Want(http.StatusUnprocessableEntity)
		if text := strings.Join(answer.Texts(".pc-problem"), " "); !strings.Contains(text, test.says) {
			t.Errorf("%s: %q does not say %q", test.name, text, test.says)
		}
		if form.Get("new_name") != "" && answer.Find("input[name=new_name]").AttrOr("value", "") != "Pot 🫖" {
			t.Errorf("%s: the name is lost", test.name)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_products`); n != 1 {
		t.Errorf("%d products: something was half made", n)
	}
}

// All five kinds can be made; each asks for what it needs and shows what
// partners paste.
//
// Spec: S42.1 S43.1 S44 S46 S52 S53 S54.1
func TestToolsOfAllKinds(t *testing.T) {
	w := sidecartest.NewShop(t)
	image := image(w, "Mug.png")
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	for _, kind := range []tracking.ToolKind{tracking.StandardLink, tracking.DirectLink, tracking.Banner,
		tracking.Lightbox, tracking.EmailCopy} {
		form := url.Values{"kind": {string(kind)}, "name": {"My " + string(kind)},
			"target_url": {sidecartest.Home + "/offer"}, "new_group": {"Mugs"}, "campaign": {"Spring"}, "ad": {"A"}}
		fields := w.Open(path + "/new?kind=" + string(kind)).Want(http.StatusOK)
		if pictures := fields.Find("input[name=image_id]").Length(); (pictures > 0) != (kind == tracking.Banner ||
			kind == tracking.Lightbox) {
			t.Errorf("%s offers %d images", kind, pictures)
		}
		if kind == tracking.Banner || kind == tracking.Lightbox {
			w.Send(path, form).Want(http.StatusUnprocessableEntity)
			form.Set("image_id", image)
		}
		if kind == tracking.EmailCopy {
			form.Set("subject", "Hello")
			form.Set("body_html", `<a href="{{link}}">Look</a>`)
		}
		page := w.Follow(w.Send(path, form))
		if code := page.Find("#tool-code").Text(); kind != tracking.EmailCopy && !strings.Contains(code, "PARTNER") {
			t.Errorf("%s: %q", kind, code)
		}
	}
	if list := w.Open(path + "?group=1").Rows(); len(list) > 6 ||
		!strings.Contains(strings.Join(list, "\n"), "My email | Email message") {
		t.Errorf("%q", list)
	}
	if list := w.Open("admin/programs/" + w.Program("Silver").ID.String() + "/tools").Rows(); len(list) != 0 {
		t.Errorf("another program shows %q", list)
	}
}

// image puts a picture into the media library, and answers its id.
func image(w *sidecartest.Shop, name string) string {
	w.Helper()
	res, err := w.DB.Exec(w.Context(),
		`INSERT INTO {wp}posts (post_title, post_excerpt, post_mime_type, guid) VALUES (?, '', 'image/png', ?)`,
		name, sidecartest.Home+"/"+name)
	w.Must(err)
	id, err := res.LastInsertId()
	w.Must(err)
	w.Exec(`INSERT INTO {wp}postmeta (post_id, meta_key, meta_value) VALUES (?, '_wp_attached_file', ?)`, id,
		"2026/01/"+name)
	return strconv.FormatInt(id, 10)
}

// A direct link's target is fixed in what partners published: the admin is
// warned before and after. A standard link's is not.
//
// Spec: S47.2 S48.1
func TestMovingATarget(t *testing.T) {
	w := sidecartest.NewShop(t)
	direct := w.Tool(w.Gold.ID, tracking.DirectLink, sidecartest.Home+"/cups")
	for _, test := range []struct {
		tool  tracking.Tool
		warns bool
	}{{direct, true}, {w.Link, false}} {
		path := "admin/programs/" + w.Gold.ID.String() + "/tools/" + test.tool.ID.String()
		if warned := strings.Contains(w.Open(path).Text, "A standard link follows such changes"); warned != test.warns {
			t.Errorf("%s: warned before is %v", test.tool.Kind, warned)
		}
		saved := w.Send(path, url.Values{"name": {"Cups"}, "target_url": {sidecartest.Home + "/new"}})
		if text := w.Flash(saved); strings.Contains(text, "still lead to the old address") != test.warns {
			t.Errorf("%s: %s", test.tool.Kind, text)
		}
	}
	a := w.Get("go/"+w.Link.Code+"?p="+w.Anna.Code, "standalone").Want(http.StatusFound)
	if a.Location() != sidecartest.Home+"/new" {
		t.Errorf("the published link leads to %s", a.Location())
	}
}

// Spec: S44.2 S54 S147.1 S147.3
func TestWrongAndArchivedTools(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	for _, target := range []string{"", "javascript:alert(1)", "ftp://x.test/", "//x.test",
		"https://user:pass@x.test/"} {
		answer := w.Send(path, url.Values{"kind": {"standard"}, "name": {"Link"}, "target_url": {target}}).Want(
			http.StatusUnprocessableEntity)
		if answer.Find("#pc-target_url-notes .pc-problem").Length() != 1 ||
			answer.Find("input[name=name]").AttrOr("value", "") != "Link" {
			t.Errorf("%q: %s", target, strings.Join(answer.Texts(".pc-problem"), " "))
		}
	}
	archived := w.Follow(w.Send(path+"/"+w.Link.ID.String()+"/archive", nil))
	if list := w.Open(path).Rows(); len(list) != 0 {
		t.Errorf("the list shows %q", list)
	}
	w.Get("go/"+w.Link.Code+"?p="+w.Anna.Code, "standalone").Want(http.StatusFound)
	w.Send(pc(t, archived.Find(".pc-flash form").AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	if list := w.Open(path).Rows(); len(list) != 1 {
		t.Errorf("after undo: %q", list)
	}
	w.Open("admin/programs/" + w.Program("Silver").ID.String() + "/tools/" +
		w.Link.ID.String()).Want(http.StatusNotFound)
}
