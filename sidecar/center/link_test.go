package center_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The box stands first on both pages and makes a link of a tool, a page of the
// shop and a SubID; addresses elsewhere are refused beside the field.
//
// Spec: S47.1 S48.1 S120.1 D36
func TestLinkBox(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Exec(`UPDATE {wp}partner_center_programs SET welcome_tool_id = ? WHERE id = ?`, s.Link.ID, s.Gold.ID)
	course := tool(t, s.Site, tracking.Tool{ProgramID: s.Gold.ID, Kind: tracking.StandardLink, Name: "A course",
		TargetURL: "https://course.test/learn"})
	direct := tool(t, s.Site, tracking.Tool{ProgramID: s.Gold.ID, Kind: tracking.DirectLink, Name: "Direct",
		TargetURL: sidecartest.Home + "/cups"})
	other := s.Program("Other")
	tool(t, s.Site, tracking.Tool{ProgramID: other.ID, Kind: tracking.StandardLink, Name: "Of another program",
		TargetURL: "https://other.test/"})
	goes := func(tool tracking.Tool, more string) string {
		return sidecartest.Base + "/go/" + tool.Code + "?p=" + anna.Code + more
	}
	for _, c := range []struct{ tool, sid, address, link string }{
		{"", "", "", goes(s.Link, "")}, // the program's main one
		{course.Code, "", "", goes(course, "")},
		{"no-such-tool", "", "", goes(s.Link, "")},
		{"", "autumn post", "", goes(s.Link, "&sid=autumn%20post")},
		{"", strings.Repeat("ü", 30), "", goes(s.Link, "&sid="+strings.Repeat("%C3%BC", 10))}, // no half letter
		{"", strings.Repeat("x", 70), "", goes(s.Link, "&sid="+strings.Repeat("x", 64))},
		{"", "a", sidecartest.Home + "/cups/red?size=2", goes(s.Link, "&sid=a&to=%2Fcups%2Fred%3Fsize%3D2")},
		{"", "", "/cups/red", goes(s.Link, "&to=%2Fcups%2Fred")},
		{"", "", "shop.test/cups/red", goes(s.Link, "&to=%2Fcups%2Fred")},
		{"", "", "https://course.test/", goes(course, "&to=%2F")}, // by the tool that leads there
		{direct.Code, "a", sidecartest.Home + "/red",
			sidecartest.Home + "/red?orid=" + anna.Code + "&opid=" + direct.Code + "&sid=a"},
		{"", "", "https://other.test/", ""}, // of another program
		{"", "", "https://shop.test.evil.test/", ""},
		{"", "", "javascript:alert(1)", ""},
		{"", "", goes(s.Link, ""), ""}, // a partner link already
		{"", "", sidecartest.Home + "/red?orid=abc", ""},
	} {
		for page, surface := range map[string]web.SurfaceKind{"": web.Standalone, "tools": web.Theme} {
			q := query("tool", c.tool, "subid", c.sid, "address", c.address)
			a := s.Get(page+"?"+q, surface, cookie).Want(http.StatusOK)
			if got := strings.TrimSpace(a.Find("#pc-link").Text()); got != c.link {
				t.Errorf("%s?%s: %s, want %s", page, q, got, c.link)
			}
			refused := a.Find(`[name="address"]`).AttrOr("aria-invalid", "") == "true"
			if refused != (c.link == "") || refused != (a.Find(".pc-linkbox [role=alert]").Length() == 1) {
				t.Errorf("%s?%s: refused %v: %s", page, q, refused, a.Find(".pc-linkbox").Text())
			}
			if first := a.Find(".pc-main .pc-card").First(); !first.HasClass("pc-linkbox") && page == "tools" {
				t.Errorf("the first card of %s is %s", page, first.Text())
			}
		}
	}
	if a := s.Get("?subid="+strings.Repeat("x", 65), web.Theme, cookie); !strings.Contains(a.Text, "so we cut it to") {
		t.Error("nobody says that the SubID was cut")
	}
	if a := s.Get("?address=https://other.test/", web.Theme, cookie); a.Find(".pc-qr svg").Length() != 0 ||
		!strings.Contains(a.Text, "Use an address on shop.test, course.test.") {
		t.Errorf("a foreign address: %s", a.Find(".pc-linkbox").Text())
	}
}

// The QR code of a link holds the link: on the page, as an image, and as a drawing.
//
// Spec: S120
func TestQRCode(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	for _, q := range []string{"", query("subid", "autumn post", "address", sidecartest.Home+"/cups/red?size=2#top"),
		query("address", sidecartest.Home+"/"+strings.Repeat("long/", 200))} {
		page := s.Get("?"+q, web.Standalone, cookie).Want(http.StatusOK)
		link := strings.TrimSpace(page.Find("#pc-link").Text())
		files := page.Find(".pc-qr a")
		if files.Length() != 2 || link == "" {
			t.Fatalf("%s: %d files of %s", q, files.Length(), link)
		}
		svg := s.Get(below(files.Eq(0).AttrOr("href", "")), web.Standalone, cookie).Want(http.StatusOK)
		png := s.Get(below(files.Eq(1).AttrOr("href", "")), web.Standalone, cookie).Want(http.StatusOK)
		if svg.Header.Get("Content-Type") != "image/svg+xml" || png.Header.Get("Content-Type") != "image/png" ||
			!strings.HasPrefix(png.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("files: %v %v", svg.Header, png.Header)
		}
		img, _, err := image.Decode(strings.NewReader(png.Text))
		must(t, err)
		if got := read(t, img); got != link {
			t.Errorf("the image says %q, the page %q", got, link)
		}
		path, exists := page.Find(".pc-qr svg path").Attr("d")
		if !exists || !strings.Contains(svg.Text, `d="`+path+`"`) {
			t.Errorf("page and file show different codes")
		}
		if got := read(t, draw(t, path, page.Find(".pc-qr svg").AttrOr("viewBox", ""))); got != link {
			t.Errorf("the drawing says %q, the page %q", got, link)
		}
	}
	for _, file := range []string{"link/qr.gif", "link/qr.svg?address=https%3A%2F%2Felsewhere.test%2F"} {
		s.Get(file, web.Standalone, cookie).Want(http.StatusNotFound)
	}
}

// below is an address of ours without what stands before its path.
func below(address string) string {
	_, path, _ := strings.Cut(address, "/partner-center/")
	return path
}

// read is what a reader of QR codes sees in an image. It is told that nothing
// else is in it: searching a clean image for the corners, this reader misses one
// in ten codes that scanners read.
func read(t *testing.T, img image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	must(t, err)
	found, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_PURE_BARCODE: true})
	must(t, err)
	return found.GetText()
}

// draw paints the path of a QR code, four pixels for each module.
func draw(t *testing.T, path, viewBox string) image.Image {
	t.Helper()
	var x0, y0, w, h int
	_, err := fmt.Sscanf(viewBox, "%d %d %d %d", &x0, &y0, &w, &h)
	must(t, err)
	img := image.NewGray(image.Rect(0, 0, w*4, h*4))
	copy(img.Pix, bytes.Repeat([]byte{255}, len(img.Pix)))
	for _, run := range strings.SplitAfter(path, "z") {
		var x, y, n, back int
		if run == "" {
			continue
		}
		_, err := fmt.Sscanf(run, "M%d %dh%dv1h-%dz", &x, &y, &n, &back)
		must(t, err)
		for py := y * 4; py < y*4+4; py++ {
			for px := x * 4; px < (x+n)*4; px++ {
				img.Pix[py*img.Stride+px] = 0
			}
		}
	}
	return img
}

// What the box makes earns: click, lead and sale are the partner's, under the
// SubID, and the visitor arrives on the page that was pasted.
//
// Spec: S48 S122.1 D36
func TestLinksOfTheBoxEarn(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	page := s.Get("?"+query("subid", "Autumn-7", "address", sidecartest.Home+"/cups/red?size=2"), web.Standalone,
		cookie).Want(http.StatusOK)
	link, err := url.Parse(strings.TrimSpace(page.Find("#pc-link").Text()))
	must(t, err)
	s.Settle()
	click := s.Get(below(link.String()), web.Standalone).Want(http.StatusFound)
	if got := click.Location(); got != sidecartest.Home+"/cups/red?size=2" {
		t.Errorf("the visitor arrives at %s", got)
	}
	s.Clock.Advance(day / 24)
	s.Lead("carl@mail.test", []*http.Cookie{click.Cookie(web.ClickCookie), click.Cookie("pc_visitor")})
	s.Pending(s.ContactID("carl@mail.test"), "200")
	row := s.CSV("reports/subids.csv?range=30d", cookie)
	for heading, want := range map[string]string{"SubID": "Autumn-7", "Unique visits": "1", "Leads": "1", "Sales": "1",
		"Commission (USD)": "20.00"} {
		if got := sidecartest.Column(t, row, heading)[0]; got != want {
			t.Errorf("%s is %s, want %s", heading, got, want)
		}
	}
}
