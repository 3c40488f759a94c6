package center_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// tool makes a promo tool the way the admin page does.
func tool(t *testing.T, s *sidecartest.Site, tool tracking.Tool) tracking.Tool {
	t.Helper()
	if tool.TargetURL == "" {
		tool.TargetURL = sidecartest.Home + "/order"
	}
	made, err := s.Tracker.CreateTool(t.Context(), "test", tool)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Each partner finds all kinds of their own program's tools, with their own link
// in them and a button to copy each code; archived tools are gone.
//
// Spec: S42.1 S43.2 S47.1 S50.1 S50.2 S52.1 S52.2 S120.1
func TestToolsCarryThePartnersOwnLinks(t *testing.T) {
	s := sidecartest.New(t)
	gold, other := s.Program("Gold"), s.Program("Other")
	anna := s.Partner(gold.ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	s.Exec(`INSERT INTO {wp}posts (ID, post_title, post_excerpt, post_mime_type, guid)
		VALUES (31, 'Cup', '', 'image/png', ?)`, sidecartest.Home+"/cup.png")

	link := tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.StandardLink, Name: `Shop <b>"now"</b>`})
	direct := tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.DirectLink, Name: "Direct",
		TargetURL: sidecartest.Home + "/order?x=1#top"})
	tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.Banner, Name: "Banner", ImageID: 31})
	tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.Lightbox, Name: "Lightbox", ImageID: 31})
	mail := tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.EmailCopy, Name: "Mail", Subject: "Try it",
		BodyHTML: `<p><a href="{{link}}">Here</a> and <a href="{{link:` + link.Code + `}}">there</a></p>`,
		BodyText: "\n  Hi “you” -- {{link:" + link.Code + "}}\n"})
	gone := tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.StandardLink, Name: "Gone"})
	if err := s.Tracker.ArchiveTool(t.Context(), "test", gone.ID); err != nil {
		t.Fatal(err)
	}
	tool(t, s, tracking.Tool{ProgramID: other.ID, Kind: tracking.StandardLink, Name: "Of another program"})

	standard, own := sidecartest.Base+"/go/"+link.Code+"?p="+anna.Code, sidecartest.Base+"/go/"+mail.Code+"?p="+
		anna.Code
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		a := s.Get("tools", surface, cookie).Want(http.StatusOK)
		names := strings.Join(a.Texts(".pc-tool h2"), "|")
		if names != `Banner Banner|Direct Direct link|Lightbox Lightbox|Mail Email message|Shop <b>"now"</b> Standard link` {
			t.Errorf("tools: %s", names)
		}
		codes := map[string]string{}
		a.Find(".pc-tool").Each(func(i int, card *goquery.Selection) {
			card.Find("pre").Each(func(j int, pre *goquery.Selection) {
				button := card.Find(`button[data-pc-copy="` + pre.AttrOr("id", "") + `"]`)
				if button.Length() != 1 || button.AttrOr("type", "") != "button" ||
					!strings.HasPrefix(button.Text(), "Copy") ||
					!strings.Contains(button.Text(), strings.Fields(card.Find("h2").Text())[0]) {
					t.Errorf("no button says that it copies %q", pre.Text())
				}
				codes[strings.Fields(card.Find("h2").Text())[0]+" "+card.Find(".pc-code-label").Eq(j).Text()] = pre.Text()
			})
		})
		for what, want := range map[string]string{
			"Shop Link":   standard,
			"Direct Link": sidecartest.Home + "/order?x=1&orid=" + anna.Code + "&opid=" + direct.Code + "#top",
			"Direct HTML for your page": `<a href="` + sidecartest.Home + "/order?x=1&amp;orid=" + anna.Code +
				"&amp;opid=" +
				direct.Code + `#top">Direct</a>`,
			"Mail Subject":    "Try it",
			"Mail HTML":       fmt.Sprintf(`<p><a href="%s">Here</a> and <a href="%s">there</a></p>`, own, standard),
			"Mail Plain text": "\n  Hi “you” -- " + standard + "\n", // byte by byte
		} {
			if codes[what] != want {
				t.Errorf("%s: %s is %q, want %q", surface, what, codes[what], want)
			}
		}
		if image := a.Find(".pc-tool a[download]"); image.Length() != 2 ||
			image.AttrOr("href", "") != sidecartest.Home+"/cup.png" {
			t.Errorf("%s: the image can be had %d times, at %s", surface, image.Length(), image.AttrOr("href", ""))
		}
		if html := codes["Banner HTML for your page"]; !strings.Contains(html, `<img src="`+sidecartest.Home+
			`/cup.png"`) || !strings.Contains(html, "?p="+anna.Code) {
			t.Errorf("the banner's code is %q", html)
		}
		if html := codes["Lightbox HTML for your page"]; !strings.Contains(html, "<script>") ||
			!strings.Contains(html, anna.Code) {
			t.Errorf("the lightbox' code is %q", html)
		}
	}
}

// One SubID is in every code of the page, the mail's links included, and the
// mail can be looked at before it is sent.
//
// Spec: S122 S52.2
func TestToolsCarryTheSubID(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	cookie := s.Login(int64(s.Partner(gold.ID, "anna").WPUserID))
	s.Exec(`INSERT INTO {wp}posts (ID, post_title, post_excerpt, post_mime_type, guid)
		VALUES (31, 'Cup', '', 'image/png', ?)`, sidecartest.Home+"/cup.png")
	for _, made := range []tracking.Tool{
		{Kind: tracking.StandardLink, Name: "Link"}, {Kind: tracking.DirectLink, Name: "Direct"},
		{Kind: tracking.Banner, Name: "Banner", ImageID: 31}, {Kind: tracking.Lightbox, Name: "Lightbox", ImageID: 31},
		{Kind: tracking.EmailCopy, Name: "Mail", Subject: "Try it", BodyHTML: `<p><a href="{{link}}">Here</a></p>` +
			`<script>alert(1)</script>`},
	} {
		made.ProgramID = gold.ID
		tool(t, s, made)
	}
	a := s.Get("tools?subid=autumn%20%22post%22", web.Standalone, cookie).Want(http.StatusOK)
	codes := a.Find(".pc-tool pre")
	codes.Each(func(_ int, pre *goquery.Selection) {
		if label := pre.AttrOr("aria-labelledby", ""); !strings.Contains(pre.Text(), "sid=autumn%20%22post%22") &&
			a.One("#"+label) != "Subject" {
			t.Errorf("no SubID in %s: %s", a.One("#"+label), pre.Text())
		}
	})
	if codes.Length() != 11 {
		t.Errorf("%d codes", codes.Length())
	}
	frame := a.Find("iframe")
	if _, boxed := frame.Attr("sandbox"); !boxed || frame.AttrOr("sandbox", "") != "" ||
		!strings.HasPrefix(frame.AttrOr("srcdoc", ""), `<p><a href="`) ||
		strings.Contains(frame.AttrOr("srcdoc", ""), "script") {
		t.Errorf("the preview is %s", frame.AttrOr("srcdoc", ""))
	}
	if form := a.Find(`form[role=search] input[name=subid]`); form.AttrOr("value", "") != `autumn "post"` {
		t.Error("filtering loses the SubID")
	}
}

// Many tools come in pages, whose links keep filters and SubID.
func TestToolsComeInPages(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	cookie := s.Login(int64(s.Partner(gold.ID, "anna").WPUserID))
	for i := range 30 {
		tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.StandardLink, Name: fmt.Sprintf("Tool %02d", i)})
	}
	a := s.Get("tools?kind=standard&subid=x", web.Standalone, cookie).Want(http.StatusOK)
	next := a.Find("a[rel=next]")
	if len(a.Texts(".pc-tool")) != 24 || next.Length() != 1 || a.Find("a[rel=prev]").Length() != 0 {
		t.Fatalf("%d tools, %d further pages", len(a.Texts(".pc-tool")), next.Length())
	}
	a = s.Get(below(next.AttrOr("href", "")), web.Standalone, cookie).Want(http.StatusOK)
	if names := a.Texts(".pc-tool h2"); len(names) != 6 || !strings.HasPrefix(names[5], "Tool 29") ||
		a.Find("a[rel=prev]").Length() != 1 || a.Find("a[rel=next]").Length() != 0 ||
		!strings.Contains(a.Find(".pc-tool pre").First().Text(), "sid=x") {
		t.Errorf("the second page: %q", names)
	}
}

// Spec: S46.2 S53
func TestToolsAreFiltered(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	cookie := s.Login(int64(s.Partner(gold.ID, "anna").WPUserID))
	group, err := s.Tracker.EnsureGroup(t.Context(), "test", "Beans")
	if err != nil {
		t.Fatal(err)
	}
	tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.StandardLink, Name: "Espresso", GroupID: group.ID,
		Campaign: "Autumn"})
	tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.DirectLink, Name: "Café crème"})
	for path, want := range map[string]string{
		"tools":                                "Café crème Direct link|Espresso Standard link",
		"tools?group=" + group.ID.String():     "Espresso Standard link",
		"tools?campaign=Autumn":                "Espresso Standard link",
		"tools?campaign=autumn":                "",
		"tools?kind=direct":                    "Café crème Direct link",
		"tools?q=CAF%C3%89":                    "Café crème Direct link",
		"tools?q=tea":                          "",
		"tools?group=x%27--&kind=%3Cscript%3E": "",
	} {
		a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
		if got := strings.Join(a.Texts(".pc-tool h2"), "|"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
		if want == "" && a.Find(`.pc-empty a[href$="/tools"]`).Length() != 1 {
			t.Errorf("%s does not lead back to all tools", path)
		}
	}
	a := s.Get("tools?group="+group.ID.String(), web.Theme, cookie)
	if a.Find("#pc-group option[selected]").Text() != "Beans" ||
		a.Find("form.pc-filters").AttrOr("action", "") != sidecartest.Center ||
		a.Find(`form.pc-filters input[name=pc]`).AttrOr("value", "") != "tools" {
		t.Errorf("the filter form on a page of the theme: %s", a.Text)
	}
}

func TestSuspendedPartnersAreToldThatLinksDoNotCount(t *testing.T) {
	s := sidecartest.New(t)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	s.Exec(`UPDATE {wp}partner_center_partners SET state = ? WHERE id = ?`, affiliate.Suspended, anna.ID)
	if a := s.Get("tools", web.Standalone, s.Login(int64(anna.WPUserID))).Want(http.StatusOK); !strings.Contains(
		a.One(".pc-note"), "suspended") {
		t.Error(a.Text)
	}
}
