package tracking

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// each of the five kinds, as an admin would fill it in.
func fiveKinds() map[ToolKind]Tool {
	return map[ToolKind]Tool{
		StandardLink: {Kind: StandardLink, Name: "Link", TargetURL: "https://shop.example/"},
		DirectLink:   {Kind: DirectLink, Name: "Direct", TargetURL: "http://shop.example/a?b=c#d"},
		Banner:       {Kind: Banner, Name: "Banner", TargetURL: "https://shop.example/", ImageID: 7},
		Lightbox:     {Kind: Lightbox, Name: "Lightbox", TargetURL: "https://shop.example/", ImageID: 7},
		EmailCopy: {Kind: EmailCopy, Name: "Mail", TargetURL: "https://shop.example/", Subject: "Hello",
			BodyText: "See {{link}}"},
	}
}

// Spec: S42.1 S43.1 S46.2 S53.1 S53.2
func TestToolsOfAllKindsAreStoredAndFiltered(t *testing.T) {
	s := newSite(t)
	other := s.newProgram("Other")
	group := must[Group](s)(s.EnsureGroup(t.Context(), admin, "Books"))
	for kind, tool := range fiveKinds() {
		tool.ProgramID, tool.GroupID, tool.Campaign, tool.Ad = other.ID, group.ID, "Spring", "Ad "+string(kind)
		made := s.newTool(tool)
		read := must[Tool](s)(s.Tool(t.Context(), made.ID))
		if diff := cmp.Diff(made, read); diff != "" || made.Code == "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	for want, f := range map[int]ToolFilter{
		5: {ProgramID: other.ID},
		1: {ProgramID: s.program.ID}, // S43: that of the site's program, no other's
		6: {},
		0: {ProgramID: other.ID, Archived: true},
	} {
		if got := must[[]Tool](s)(s.Tools(t.Context(), f)); len(got) != want {
			t.Errorf("%+v: %d tools, want %d", f, len(got), want)
		}
	}
	for _, f := range []ToolFilter{{GroupID: group.ID, Kind: Banner}, {Campaign: "Spring", Ad: "Ad email"}} {
		if got := must[[]Tool](s)(s.Tools(t.Context(), f)); len(got) != 1 {
			t.Errorf("%+v: %d tools", f, len(got))
		}
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'tool'
		AND action = 'create'`); n != 6 {
		t.Errorf("%d audited", n)
	}
}

// Spec: S44.1 S44.2 S54.1
func TestBadToolsAreRefusedByField(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		kind  ToolKind
		field string
		spoil func(*Tool)
	}{
		{StandardLink, "name", func(t *Tool) { t.Name = " \t" }},
		{StandardLink, "name", func(t *Tool) { t.Name = strings.Repeat("n", 191) }},
		{StandardLink, "kind", func(t *Tool) { t.Kind = "popup" }},
		{StandardLink, "program_id", func(t *Tool) { t.ProgramID = 1 << 40 }},
		{StandardLink, "group_id", func(t *Tool) { t.GroupID = 1 << 40 }},
		{StandardLink, "image_id", func(t *Tool) { t.ImageID = 7 }},
		{DirectLink, "image_id", func(t *Tool) { t.ImageID = 7 }},
		{EmailCopy, "image_id", func(t *Tool) { t.ImageID = 7 }},
		{Banner, "image_id", func(t *Tool) { t.ImageID = 0 }},
		{Lightbox, "image_id", func(t *Tool) { t.ImageID = 0 }},
		{Banner, "kind", func(t *Tool) { t.BodyHTML = "x" }},
		{EmailCopy, "subject", func(t *Tool) { t.Subject = "" }},
		{EmailCopy, "body_html", func(t *Tool) { t.BodyText = " " }},
		{EmailCopy, "body_text", func(t *Tool) { t.BodyText = "{{link:nosuchtool}}" }},
		{Banner, "campaign", func(t *Tool) { t.Campaign = strings.Repeat("c", 101) }},
	} {
		tool := fiveKinds()[c.kind]
		tool.ProgramID = s.program.ID
		c.spoil(&tool)
		_, err := s.CreateTool(t.Context(), admin, tool)
		wantField(t, err, c.field)
	}
	for _, target := range []string{"", "shop.example", "/order", "javascript:alert(1)", "JavaScript:alert(1)",
		"data:text/html,x",
		"ftp://shop.example", "https://", "https:///x", "https://user:pass@shop.example", "https://user@shop.example",
		"https://shop.example/\r\nSet-Cookie:a", "https://shop.example/a b", "https://shop.example\\@evil.example",
		"mailto:a@b.example",
		"https://shop.example/%zz", "https://shop.example/" + strings.Repeat("x", 2000)} {
		tool := fiveKinds()[StandardLink]
		tool.ProgramID, tool.TargetURL = s.program.ID, target
		_, err := s.CreateTool(t.Context(), admin, tool)
		wantField(t, err, "target_url")
	}
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	e, ok := err.(*affiliate.Error)
	if !ok || e.Kind != affiliate.KindInvalid || e.Fields[field].IsZero() {
		t.Errorf("want a message for %s, got %v", field, err)
	}
}

// Spec: S47.2
func TestMovingADirectLinkWarns(t *testing.T) {
	s := newSite(t)
	tool := s.newTool(fiveKinds()[DirectLink])
	tool.Name = "Renamed"
	if _, warning, err := s.EditTool(t.Context(), admin, tool); err != nil || !warning.IsZero() {
		t.Errorf("%q %v", warning, err)
	}
	tool.TargetURL = "https://shop.example/moved"
	edited, warning, err := s.EditTool(t.Context(), admin, tool)
	if err != nil || !strings.Contains(warning.String(), "standard link") || edited.TargetURL != tool.TargetURL {
		t.Errorf("%q %v %+v", warning, err, edited)
	}
	tool.Kind, tool.ProgramID, tool.Code = StandardLink, 99, "other"
	if edited, _, err := s.EditTool(t.Context(), admin, tool); err != nil || edited.Kind != DirectLink ||
		edited.ProgramID != s.program.ID || edited.Code == "other" {
		t.Errorf("kind, program or code changed: %+v %v", edited, err)
	}
	tool.ID = 1 << 40
	if _, _, err := s.EditTool(t.Context(), admin, tool); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("unknown tool: %v", err)
	}
}

func TestArchivedToolRedirectsAndCounts(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	for range 2 {
		s.ok(s.ArchiveTool(t.Context(), admin, s.tool.ID))
	}
	s.ok(s.clicks.Refresh(t.Context()))
	if out := s.click(s.request(p)); out.Target != s.tool.TargetURL || out.Cookie == "" {
		t.Errorf("outcome: %+v", out)
	}
	if got := must[[]Tool](s)(s.Tools(t.Context(), ToolFilter{})); len(got) != 0 {
		t.Error("still in the list")
	}
	s.ok(s.UnarchiveTool(t.Context(), admin, s.tool.ID))
	if got := must[[]Tool](s)(s.Tools(t.Context(), ToolFilter{})); len(got) != 1 {
		t.Error("not back in the list")
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'tool'
		AND action LIKE '%archive'`); n != 2 {
		t.Errorf("%d audited, want 2", n)
	}
}

// Spec: S46.1
func TestGroupsAreAManagedList(t *testing.T) {
	s := newSite(t)
	books := must[Group](s)(s.EnsureGroup(t.Context(), admin, " Books "))
	if again := must[Group](s)(s.EnsureGroup(t.Context(), admin, "books")); again != books {
		t.Errorf("made twice: %+v %+v", books, again)
	}
	films := must[Group](s)(s.EnsureGroup(t.Context(), admin, "Films"))
	if _, err := s.RenameGroup(t.Context(), admin, films.ID, "Books"); err == nil {
		t.Error("two groups of one name")
	}
	must[Group](s)(s.RenameGroup(t.Context(), admin, films.ID, "Art"))
	got := must[[]Group](s)(s.Groups(t.Context()))
	if diff := cmp.Diff([]Group{{films.ID, "Art"}, books}, got); diff != "" {
		t.Error(diff)
	}
	_, err := s.EnsureGroup(t.Context(), admin, "")
	wantField(t, err, "name")
}

func TestEmailCopyHasThePartnersLinksOnly(t *testing.T) {
	s := newSite(t)
	banner := s.newTool(fiveKinds()[Banner])
	mail := fiveKinds()[EmailCopy]
	mail.BodyHTML = `<p style="color:red">Hi</p><a href="{{link}}">one</a><a href='{{ link:` +
		strings.ToUpper(banner.Code) + ` }}'>two</a>` +
		`<script>alert(1)</script><a href="javascript:alert(1)" onclick="x()">three</a><img src="https://shop.example/i.png">`
	mail.BodyText = "One: {{link}}\nTwo: {{link:" + banner.Code + "}}"
	mail = s.newTool(mail)
	got := mail.Email(func(code string) string { return links.Standard(code, "pppp", "a") })
	if got.Text != "One: "+links.Standard(mail.Code, "pppp", "a")+"\nTwo: "+links.Standard(banner.Code, "pppp", "a") {
		t.Errorf("text: %s", got.Text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.HTML))
	s.ok(err)
	hrefs := doc.Find("a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	want := []string{links.Standard(mail.Code, "pppp", "a"), links.Standard(banner.Code, "pppp", "a")}
	if len(hrefs) < 2 || hrefs[0] != want[0] || hrefs[1] != want[1] {
		t.Errorf("links: %q, want %q", hrefs, want)
	}
	if strings.Contains(got.HTML, "javascript") || strings.Contains(got.HTML, "alert") ||
		strings.Contains(got.HTML, "onclick") {
		t.Errorf("not clean: %s", got.HTML)
	}
	if doc.Find("img").Length() != 1 || doc.Find("p[style]").Length() != 1 {
		t.Errorf("too clean: %s", got.HTML)
	}
}

func TestEmbedCodesHoldTheLinkAndNothingElse(t *testing.T) {
	link := links.Standard("tttt", "pppp", "")
	image := Image{URL: "https://shop.example/i.png", Width: 300, Height: 250, Alt: `"><script>alert('</script>')`}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(BannerCode(link, image)))
	if err != nil {
		t.Fatal(err)
	}
	img := doc.Find("a > img")
	if doc.Find("a").AttrOr("href", "") != link || img.AttrOr("src", "") != image.URL ||
		img.AttrOr("alt", "") != image.Alt ||
		img.AttrOr("width", "") != "300" || img.AttrOr("height", "") != "250" || doc.Find("script").Length() != 0 {
		t.Errorf("banner: %s", BannerCode(link, image))
	}
	if code := BannerCode(link, Image{URL: image.URL}); strings.Contains(code, "width=") {
		t.Errorf("a size was made up: %s", code)
	}
	code := LightboxCode(link, image, "Close")
	if strings.Count(code, "</script>") != 1 || strings.Contains(code, "ZgotmplZ") || !strings.Contains(code, "tttt") {
		t.Errorf("lightbox: %s", code)
	}
	tag, err := goquery.NewDocumentFromReader(strings.NewReader(LightboxTag("https://shop.example/l.js", link, image,
		"Close")))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"src": "https://shop.example/l.js", "data-link": link,
		"data-image": image.URL, "data-alt": image.Alt, "data-close": "Close"} {
		if got := tag.Find("script").AttrOr(name, ""); got != want || tag.Find("script").Length() != 1 {
			t.Errorf("lightbox tag: %s is %q, want %q", name, got, want)
		}
	}
	if got := TextCode(link, "<Cups>"); got != `<a href="`+strings.ReplaceAll(link, "&", "&amp;")+`">&lt;Cups&gt;</a>` {
		t.Errorf("text: %s", got)
	}
}

func TestLoadToolByCodeFoldsCase(t *testing.T) {
	s := newSite(t)
	got, err := LoadToolByCode(t.Context(), s.db, strings.ToUpper(s.tool.Code))
	if err != nil || got.ID != s.tool.ID || !got.CreatedAt.Equal(noon.Truncate(time.Microsecond)) {
		t.Errorf("%+v %v", got, err)
	}
}
