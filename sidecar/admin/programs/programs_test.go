package programs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/admin/programs"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

type selection = goquery.Selection

func programForm(name string) url.Values {
	return url.Values{"name": {name}, "tiers": {"1"}, "visibility": {"anonymous"}, "signup": {"approval"},
		"show_pending": {"1"}, "welcome_tool_id": {"0"},
		"boxes": {"confirm_first show_pending show_declined show_history subids notify_earned"}}
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
		", ") != "Settings, Rules, Products, Promo tools, Coupons, Sign-up form, Messages, Milestones" {
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
	next := w.Open(pc(t, first.Find(`a[rel=next]`).First().AttrOr("href", "")))
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

// A form that is sent without some of its boxes, as by a program or an older page, leaves
// those switches as they are; only one that shows a box without a tick switches it off.
//
// Spec: S18 S139
func TestSwitchesThatAFormDoesNotShowStay(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String()
	part := programForm("Gold")
	part.Del("show_pending")
	part.Del("boxes")
	w.Exec(`UPDATE {wp}partner_center_programs SET show_pending = 1, no_subids = 0 WHERE id = ?`, w.Gold.ID)
	w.Send(path, part).Want(http.StatusSeeOther)
	on := `SELECT COUNT(*) FROM {wp}partner_center_programs WHERE show_pending = 1 AND no_subids = 0 AND id = ?`
	if w.Count(on, w.Gold.ID) != 1 {
		t.Error("a form without its boxes switched something off")
	}
	whole := w.Open(path).Find(`input[name=boxes]`).AttrOr("value", "")
	part.Set("boxes", whole)
	w.Send(path, part).Want(http.StatusSeeOther)
	if off := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_programs WHERE show_pending = 0 AND no_subids = 1
		AND id = ?`, w.Gold.ID); off != 1 {
		t.Error("what isn't ticked stays on")
	}
	for _, page := range []string{path, path + "/rules", path + "/coupons", "admin/settings", "admin/contacts/fields"} {
		a := w.Open(page).Want(http.StatusOK)
		named := " " + a.Find(`input[name=boxes]`).AttrOr("value", "") + " "
		a.Find(`form[method=post] input[type=checkbox][name]`).Each(func(_ int, box *goquery.Selection) {
			if name := box.AttrOr("name", ""); name != "column" && !strings.Contains(named, " "+name+" ") {
				t.Errorf("%s: the form doesn't say that it shows %s", page, name)
			}
		})
	}
}

// Of two admins who have the same program open, the second is told, and keeps what they
// typed.
func TestTwoAdminsAtOneProgram(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String()
	form := programForm("Platinum")
	form.Set("seen", w.Open(path).Find(`input[name=seen]`).AttrOr("value", ""))
	w.Clock.Advance(time.Second)
	w.Send(path, form).Want(http.StatusSeeOther)
	w.Send(path, form).Want(http.StatusSeeOther) // twice is once
	form.Set("name", "Silver")
	late := w.Send(path, form).Want(http.StatusUnprocessableEntity)
	if text := late.One(".pc-problems"); !strings.Contains(text, "Someone else changed this") ||
		late.Find("#pc-name").AttrOr("value", "") != "Silver" {
		t.Error(late.Text)
	}
	form.Set("seen", late.Find(`input[name=seen]`).AttrOr("value", "")) // having read it, they insist
	w.Send(path, form).Want(http.StatusSeeOther)
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
		"\n"); got != "Cup | Percentage | 7.5% | 0% | 1 Jul 2026\n"+
		"Pot | Flat rate | €4.50 · $5.00 | €0.00 · $1.00 | 1 Jul 2026" {
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
		if chosen := form.Get("product"); chosen != "" &&
			answer.Find("select[name=product] option[selected]").AttrOr("value", "") != chosen {
			t.Errorf("%s: the product chosen is lost", test.name) // though the dropdown doesn't offer it
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
	w.Exec(`INSERT INTO {wp}postmeta (post_id, meta_key, meta_value) VALUES (?, '_wp_attachment_metadata',
		'a:2:{s:5:"width";i:728;s:6:"height";i:90;}')`, image)
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
		if _, sized := page.Find("iframe.pc-frame").Attr("height"); sized != (kind == tracking.Banner) {
			t.Errorf("%s: the preview is as high as its image: %v", kind, sized)
		}
	}
	if list := w.Open(path + "?group=1").Rows(); len(list) > 6 ||
		!strings.Contains(strings.Join(list, "\n"), "My email https://shop.test/offer | Email message | Mugs | Spring | A | ") {
		t.Errorf("%q", list)
	}
	if list := w.Open("admin/programs/" + w.Program("Silver").ID.String() + "/tools").Rows(); len(list) != 0 {
		t.Errorf("another program shows %q", list)
	}
}

// While the center is off, what partners get there alone says so; links, which also
// come by mail, don't.
//
// Spec: S56.2
func TestToolsThatNeedTheCenterSaySo(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	warned := func(step, path string, want bool) {
		t.Helper()
		page := w.Open(path).Want(http.StatusOK)
		if is := strings.Contains(page.Text, "in the partner center, which is off"); is != want {
			t.Errorf("%s: warned %v", step, is)
		}
	}
	for _, center := range []bool{true, false} {
		w.Switch(true, center)
		warned("links alone", path, false)
		warned("a link", path+"/"+w.Link.ID.String(), false)
		for kind, needs := range map[tracking.ToolKind]bool{tracking.StandardLink: false, tracking.DirectLink: false,
			tracking.Banner: true, tracking.Lightbox: true, tracking.EmailCopy: true} {
			warned("new "+string(kind), path+"/new?kind="+string(kind), needs && !center)
		}
	}
	copied, err := w.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: w.Gold.ID, Name: "Copy",
		Kind: tracking.EmailCopy, TargetURL: sidecartest.Home, Subject: "x", BodyText: "{link}", BodyHTML: "{link}"})
	w.Must(err)
	warned("the list", path, true)
	warned("its page", path+"/"+copied.ID.String(), true)
	w.Switch(true, true)
	warned("the center is on again", path, false)
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

// Groups are made, renamed, emptied and deleted; the promo tools in them stay.
//
// Spec: S46.1
func TestProductGroupsAreManaged(t *testing.T) {
	w := sidecartest.NewShop(t)
	tools := "admin/programs/" + w.Gold.ID.String() + "/tools/"
	w.Send("admin/programs/groups", url.Values{"name": {"Mugs <b>"}}).Want(http.StatusSeeOther)
	w.Send("admin/programs/groups", url.Values{"name": {"Pots"}}).Want(http.StatusSeeOther)
	w.Send(tools+w.Link.ID.String(), url.Values{"name": {"Cups"}, "target_url": {sidecartest.Home + "/cups"},
		"group_id": {groupID(w, "Mugs <b>")}}).Want(http.StatusSeeOther)
	mugs := "admin/programs/groups/" + groupID(w, "Mugs <b>")
	list := func() (rows []string) {
		for _, row := range w.Open("admin/programs/groups").Want(http.StatusOK).Rows() {
			rows = append(rows, strings.Join(strings.Split(row, " | ")[:2], " "))
		}
		return rows
	}
	if rows := strings.Join(list(), ", "); rows != "Mugs <b> 1, Pots 0" {
		t.Error(rows)
	}
	for _, name := range []string{"", "pots", strings.Repeat("x", 101)} {
		refused := w.Send(mugs, url.Values{"as": {name}}).Want(http.StatusUnprocessableEntity)
		if refused.Find("input[name=as][aria-invalid=true]").AttrOr("value", "none") != name ||
			refused.Find("#pc-as-problem .pc-problem").Length() != 1 {
			t.Errorf("%q: %s", name, refused.Text)
		}
	}
	w.Send("admin/programs/groups", url.Values{"name": {" "}}).Want(http.StatusUnprocessableEntity)
	w.Send(mugs, url.Values{"as": {"Cups"}}).Want(http.StatusSeeOther)
	for range 2 {
		w.Send(mugs+"/empty", nil).Want(http.StatusSeeOther)
	}
	if rows := strings.Join(list(), ", "); rows != "Cups 0, Pots 0" {
		t.Error(rows)
	}
	w.Send(tools+w.Link.ID.String(), url.Values{"name": {"Cups"}, "target_url": {sidecartest.Home + "/cups"},
		"group_id": {groupID(w, "Cups")}}).Want(http.StatusSeeOther)
	w.Send(mugs+"/delete", nil).Want(http.StatusSeeOther)
	if text := w.Flash(w.Send(mugs+"/delete", nil)); !strings.Contains(text, "before you") {
		t.Error(text)
	}
	if rows := w.Open(strings.TrimSuffix(tools, "/")).Rows(); len(rows) != 1 || strings.Join(list(), "") != "Pots 0" {
		t.Errorf("%q, groups %q", rows, list())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'tool group'`); n != 5 {
		t.Errorf("%d entries in the audit: make two, rename, empty, delete", n)
	}
}

// groupID is the id of the product group of that name.
func groupID(w *sidecartest.Shop, name string) string {
	w.Helper()
	var id tracking.GroupID
	w.Must(w.DB.Get(w.Context(), &id, `SELECT id FROM {wp}partner_center_tool_groups WHERE name = ?`, name))
	return id.String()
}

// The list is narrowed by kind, group, campaign, ad and name, and says what each
// tool brought.
//
// Spec: S53.2 S46.2 S53.3
func TestToolsAreFilteredAndShowWhatTheyBring(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	for _, tool := range [][]string{{"direct", "Spring mail", "Spring", "A", "Mugs"},
		{"standard", "Letter", "Spring", "B", ""},
		{"standard", "Blog", "", "", ""}} {
		w.Send(path, url.Values{"kind": {tool[0]}, "name": {tool[1]}, "target_url": {"https://elsewhere.test/"},
			"campaign": {tool[2]}, "ad": {tool[3]}, "new_group": {tool[4]}}).Want(http.StatusSeeOther)
	}
	for query, want := range map[string]int{"": 4, "kind=direct": 1, "campaign=Spring": 2, "campaign=Spring&ad=B": 1,
		"group=" + groupID(w, "Mugs"): 1, "q=LETT": 1, "q=shop.test": 1, "kind=direct&ad=B": 0} {
		if rows := w.Open(path + "?" + query).Rows(); len(rows) != want {
			t.Errorf("%s: %q", query, rows)
		}
	}
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	row := w.Open(path + "?q=shop.test").Rows()[0]
	if !strings.HasSuffix(row, " | 1 | 1 | 1 | $100.00 | $10.00") {
		t.Errorf("%q", row)
	}
	figures := w.Open(path + "/" + w.Link.ID.String()).Texts(".pc-figures dd")
	if got := strings.Join(figures, " "); got != "1 1 1 1 $100.00 $10.00" {
		t.Errorf("%q", got)
	}
}

// The lists of promo tools and products are like all lists: sorted, page by page with
// how many there are, in the columns that were chosen, as files, and acted on together.
//
// Spec: S53 S77
func TestListsOfAProgramAreLikeOthers(t *testing.T) {
	w := sidecartest.NewShop(t)
	tools, products := "admin/programs/"+w.Gold.ID.String()+"/tools", "admin/programs/"+w.Gold.ID.String()+"/products"
	for i := range 60 {
		name := fmt.Sprintf("Banner %02d", i)
		_, err := w.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: w.Gold.ID,
			Kind: tracking.StandardLink, Name: name, TargetURL: sidecartest.Home + "/x"})
		w.Must(err)
	}
	first := w.Open(tools)
	if n := first.Texts(".displaying-num"); len(n) == 0 || n[0] != "1–50 of 61" {
		t.Errorf("%q", n)
	}
	next := w.Open(pc(t, first.Find("a[rel=next]").First().AttrOr("href", "")))
	if n := next.Texts(".displaying-num"); len(n) == 0 || n[0] != "51–61 of 61" {
		t.Errorf("%q", n)
	}
	if rows := w.Open(tools + "?sort=-tool").Rows(); !strings.HasPrefix(rows[0], "Tool to ") {
		t.Errorf("from Z: %q", rows[0])
	}
	if tabs := first.Texts(".subsubsub li"); !slices.Contains(tabs, "In use (61)") {
		t.Errorf("%q", tabs)
	}
	if file := w.Open("admin/reports/promo-tools.csv?q=banner+5&program=" + w.Gold.ID.String()); strings.Count(
		file.Text, "Banner 5") != 10 {
		t.Errorf("the file: %s", file.Text)
	}
	done := w.Send(tools+"/bulk?q=banner+5", url.Values{"bulk": {"archive"}, "all": {"1"}})
	if text := w.Flash(done); !strings.Contains(text, "15 promo tools are archived") {
		t.Error(text)
	}
	archived := w.Open(tools + "?status=archived")
	done = w.Send(tools+"/bulk?status=archived", url.Values{"bulk": {"unarchive"}, "pick": archived.Picks()[:2]})
	if text := w.Flash(done); !strings.Contains(text, "2 promo tools are back") {
		t.Error(text)
	}
	if n := w.Count(`SELECT COUNT(archived_at) FROM {wp}partner_center_tools`); n != 13 {
		t.Errorf("%d archived", n)
	}
	for path, form := range map[string]url.Values{tools: {"bulk": {"archive"}}, products: {"bulk": {"remove"}}} {
		page := w.Send(path+"/bulk", form).Want(http.StatusUnprocessableEntity)
		if text := page.Texts(".pc-problems"); len(text) != 1 || text[0] != "Please select at least one row." {
			t.Errorf("%s: %q", path, text)
		}
	}
	silver := w.Tool(w.Program("Silver").ID, tracking.StandardLink, sidecartest.Home+"/y")
	w.Send(tools+"/bulk", url.Values{"bulk": {"archive"}, "pick": {silver.ID.String()}}).Want(http.StatusNotFound)
	done = w.Send(products+"/bulk", url.Values{"only": {"remove " + w.Cup.ID.String()}})
	if text := w.Flash(done); !strings.Contains(text, "1 product no longer earns") || len(w.Open(products).Rows()) != 0 {
		t.Error(text)
	}
}

// E-mail copy that links to a page of the site without a partner's code says so,
// and one click makes it each partner's own link.
//
// Spec: S52.1
func TestRawLinksInCopyAreMadeTracked(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	page := w.Follow(w.Send(path, url.Values{"kind": {"email"}, "name": {"Letter"}, "subject": {"Hello"},
		"target_url": {sidecartest.Home + "/letter"},
		"body_html": {`<a href="` + sidecartest.Home + `/sale?a=1&amp;b=2">Sale</a> <a href="https://other.test/">x</a>
			<a href="` + sidecartest.Home + `/letter">own</a> <a href="{{link}}">fine</a>`},
		"body_text": {"See " + sidecartest.Home + "/letter, or " + sidecartest.Home + "/letter/more."}}))
	links := []string{}
	page.Find("input[name=link]").Each(func(_ int, input *selection) {
		links = append(links,
			input.AttrOr("value", ""))
	})
	want := []string{sidecartest.Home + "/sale?a=1&b=2", sidecartest.Home + "/letter", sidecartest.Home +
		"/letter/more"}
	if strings.Join(links, " ") != strings.Join(want, " ") {
		t.Fatalf("%q", links)
	}
	action := pc(t, page.Find("form[action*=track]").First().AttrOr("action", ""))
	for _, link := range append(links, links[0], "https://other.test/") {
		w.Send(action, url.Values{"link": {link}}).Want(http.StatusSeeOther)
	}
	shown := w.Open(strings.TrimSuffix(action, "/track"))
	if n := shown.Find("input[name=link]").Length(); n != 0 {
		t.Errorf("%d raw links are left", n)
	}
	html, text := shown.Find("#pc-body_html").Text(), shown.Find("#pc-body_text").Text()
	if strings.Count(html, "{{link}}") != 2 || strings.Count(html, "{{link:") != 1 ||
		!strings.Contains(html, "https://other.test/") ||
		!strings.HasPrefix(strings.TrimSpace(text), "See {{link}}, or {{link:") ||
		!strings.HasSuffix(text, "}}.") {
		t.Errorf("%s\n%s", html, text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_tools WHERE kind = 'standard' AND target_url LIKE ?`,
		sidecartest.Home+"/sale%"); n != 1 {
		t.Errorf("%d links to the sale were made", n)
	}
	own := w.Get("tools", web.Theme, w.LogIn(w.Anna)).Want(http.StatusOK)
	if strings.Contains(own.Find("pre").Text(), sidecartest.Home+"/sale") || !strings.Contains(own.Text, w.Anna.Code) {
		t.Error("the partner's copy still has the raw link")
	}
}

// Images are found by name, with their size, without losing what was typed; a new
// upload comes back chosen.
//
// Spec: S54 S50.1
func TestImagesAreSearchedByName(t *testing.T) {
	w := sidecartest.NewShop(t)
	mug := image(w, "Mug.png")
	for i := range 45 {
		image(w, "Other "+strconv.Itoa(i)+".png")
	}
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	if found := w.Open(path + "/new?kind=banner").Texts(".pc-image"); len(found) != 40 {
		t.Errorf("%d images at once", len(found))
	}
	searched := w.Send(path, url.Values{"kind": {"banner"}, "name": {"Half typed"}, "image_q": {"mug"},
		"find": {"1"}}).Want(
		http.StatusOK)
	if found := searched.Texts(".pc-image"); len(found) != 1 || found[0] != "Mug.png" ||
		searched.Find("#pc-name").AttrOr("value", "") != "Half typed" {
		t.Errorf("%q", found)
	}
	none := w.Send(path, url.Values{"kind": {"banner"}, "image_q": {"<b>none"}, "find": {"1"}})
	if !strings.Contains(none.One(".pc-images"), "has “<b>none” in its name") {
		t.Error(none.Text)
	}
	back := w.Open(path + "/new?kind=banner&image=" + mug + "&name=Half+typed")
	if back.Find(".pc-image:has([checked])").Length() != 1 ||
		back.Find("#pc-name").AttrOr("value", "") != "Half typed" {
		t.Error("what the upload brings is lost")
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_tools`); n != 1 {
		t.Errorf("%d tools: searching makes none", n)
	}
}

// Whoever saves a promo tool that was changed meanwhile is told; saving the same
// twice is no change.
//
// Spec: S43
func TestTwoAdminsAtOneTool(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/tools/" + w.Link.ID.String()
	form := url.Values{"name": {"Cups"}, "target_url": {"https://elsewhere.test/"},
		"seen": {w.Open(path).Find("input[name=seen]").AttrOr("value", "")}}
	for range 2 {
		w.Clock.Advance(time.Second)
		w.Send(path, form).Want(http.StatusSeeOther)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'tool' AND action = 'edit'`); n != 1 {
		t.Errorf("%d edits in the audit", n)
	}
	form.Set("name", "Mugs")
	late := w.Send(path, form).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.One(".pc-problems"), "Someone else changed this promo tool") ||
		late.Find("#pc-name").AttrOr("value", "") != "Mugs" {
		t.Error(late.Text)
	}
	form.Set("seen", late.Find("input[name=seen]").AttrOr("value", ""))
	w.Send(path, form).Want(http.StatusSeeOther)
}

// A tool that leads to a page of this site without the tracking script is saved,
// and the admin warned; pages elsewhere are not fetched unasked.
//
// Spec: D13.1 S45
func TestPageWithoutTheScriptIsToldAtSave(t *testing.T) {
	w := sidecartest.NewShop(t)
	page, asked := "<p>bare</p>", 0
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if asked++; r.URL.Path == "/gone" {
			out.WriteHeader(http.StatusGone)
		}
		fmt.Fprint(out, page)
	}))
	defer server.Close()
	w.HandOver(func(h *wpbridge.Handover) { h.Home = server.URL })
	path := "admin/programs/" + w.Gold.ID.String() + "/tools"
	save := func(target string) string {
		return w.Flash(w.Send(path, url.Values{"kind": {"direct"}, "name": {"Offer"}, "target_url": {target}}))
	}
	if text := save(server.URL + "/offer"); !strings.Contains(text, "doesn't have the tracking script") {
		t.Error(text)
	}
	if text := save(server.URL + "/gone"); !strings.Contains(text, "answers 410") {
		t.Error(text)
	}
	page = `<script src="/partner-center/t.js"></script>`
	if text := save(server.URL + "/offer"); strings.Contains(text, "But the page") {
		t.Error(text)
	}
	before := asked
	if save(strings.Replace(server.URL, "127.0.0.1", "localhost", 1)); asked != before {
		t.Error("a page elsewhere was fetched")
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_tools`); n != 5 {
		t.Errorf("%d tools: each is saved all the same", n)
	}
}

// Once a day the pages of this site that promo tools lead to are looked at: those
// without the tracking script stand in the overview until they have it, or the promo
// tool leads elsewhere.
//
// Spec: D13.1
func TestPagesWithoutTheScriptStandInTheOverview(t *testing.T) {
	w := sidecartest.NewShop(t)
	page, status := `<p>Hello</p>`, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		out.WriteHeader(status)
		fmt.Fprint(out, page)
	}))
	defer server.Close()
	w.HandOver(func(h *wpbridge.Handover) { h.Home = server.URL })
	for i, target := range []string{server.URL + "/a", server.URL + "/b", "https://elsewhere.test/"} {
		_, err := w.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: w.Gold.ID,
			Kind: tracking.StandardLink, Name: "Link " + strconv.Itoa(i), TargetURL: target})
		w.Must(err)
	}
	waits := func() string {
		w.Must(programs.CheckPages(t.Context(), w.Tracker, w.Handover, w.Clock.Now()))
		return strings.Join(w.Open("admin").Texts(".pc-todo li"), "\n")
	}
	const two = "2 promo tools lead to pages without the tracking script"
	if text := waits(); !strings.Contains(text, two) {
		t.Errorf("after the first look: %q", text)
	}
	list := w.Open("admin/programs/" + w.Gold.ID.String() + "/tools?status=without_script")
	if rows := list.Rows(); len(rows) != 2 || !strings.HasPrefix(rows[0], "Link 0 ") {
		t.Errorf("the list: %q", rows)
	}
	page = `<script src="/partner-center/t.js"></script>`
	if text := waits(); !strings.Contains(text, two) {
		t.Errorf("it was looked at again within a day: %q", text)
	}
	w.Clock.Advance(25 * time.Hour)
	status = http.StatusServiceUnavailable
	if text := waits(); strings.Contains(text, "without the tracking script") {
		t.Errorf("of a page that doesn't answer nobody can tell: %q", text)
	}
	status, page = http.StatusOK, "none"
	w.Exec(`UPDATE {wp}partner_center_tools SET page_checked_at = NULL`)
	if text := waits(); !strings.Contains(text, two) {
		t.Errorf("at the next look: %q", text)
	}
	tools, err := w.Tracker.Tools(t.Context(), tracking.ToolFilter{ProgramID: w.Gold.ID})
	w.Must(err)
	tools[0].TargetURL = "https://elsewhere.test/"
	_, _, err = w.Tracker.EditTool(t.Context(), "test", tools[0])
	w.Must(err)
	if text := waits(); !strings.Contains(text, "1 promo tool leads to a page without") {
		t.Errorf("where one leads elsewhere: %q", text)
	}
}
