package tracking

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var links = Links{Base: "https://shop.example/partner-center/"}

// Spec: S47.1 S48
func TestLinksOfATool(t *testing.T) {
	tool := Tool{Code: "tttt", Kind: StandardLink, TargetURL: "https://shop.example/order"}
	if got, want := links.For(tool, "pppp", ""), "https://shop.example/partner-center/go/tttt?p=pppp"; got != want {
		t.Errorf("standard: %s", got)
	}
	if got, want := links.For(tool, "pppp", "a b&c"),
		"https://shop.example/partner-center/go/tttt?p=pppp&sid=a%20b%26c"; got != want {
		t.Errorf("standard with SubID: %s", got)
	}
	tool.Kind = DirectLink
	for target, want := range map[string]string{
		"https://shop.example/order":         "https://shop.example/order?orid=pppp&opid=tttt",
		"https://shop.example/order?b=2&a=1": "https://shop.example/order?b=2&a=1&orid=pppp&opid=tttt",
		"https://shop.example/?":             "https://shop.example/?orid=pppp&opid=tttt",
		"https://shop.example/a?x=%2F#f?g":   "https://shop.example/a?x=%2F&orid=pppp&opid=tttt#f?g",
		"https://shop.example#top":           "https://shop.example?orid=pppp&opid=tttt#top",
	} {
		tool.TargetURL = target
		if got := links.For(tool, "pppp", ""); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

// A pasted address of the shop becomes a link that leads there and nowhere else.
//
// Spec: D36
func TestLinksToOtherPages(t *testing.T) {
	for _, c := range []struct{ target, page, want string }{
		{"https://shop.example/order", "https://shop.example/coffee/?size=1#price",
			"https://shop.example/partner-center/go/tttt?p=pppp&sid=s&to=%2Fcoffee%2F%3Fsize%3D1%23price"},
		{"https://shop.example/order", "http://SHOP.example", // https goes on, by the tool's target
			"https://shop.example/partner-center/go/tttt?p=pppp&sid=s&to=%2F"},
		{"https://shop.example:443/order", "https://shop.example/order",
			"https://shop.example/partner-center/go/tttt?p=pppp&sid=s&to=%2Forder"},
		{"https://shop.example/", "https://other.example/", ""},
		{"https://shop.example/", "https://shop.example:8443/", ""},
		{"https://shop.example/", "https://shop.example.evil/", ""},
		{"https://shop.example/", "https://shop.example@evil.example/", ""},
		{"https://shop.example/", "https://me:secret@shop.example/", ""},
		{"https://shop.example/", "https://shop.example//evil.example/", ""},
		{"https://shop.example/", `https://shop.example/\evil.example/`, ""},
		{"https://shop.example/", "javascript:alert(1)", ""},
		{"https://shop.example/", "/coffee", ""},
		{"https://shop.example/", "https://shop.example/" + strings.Repeat("x", maxTarget), ""},
	} {
		tool := Tool{Code: "tttt", Kind: StandardLink, TargetURL: c.target}
		got, ok := links.To(tool, "pppp", "s", c.page)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %s, want %s", c.page, got, c.want)
		}
		if !ok {
			continue
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		page, err := url.Parse(c.page)
		if err != nil {
			t.Fatal(err)
		}
		arrives, err := url.Parse(deepTarget(c.target, u.Query().Get("to")))
		if err != nil || !sameSite(arrives, page) || arrives.RequestURI() != page.RequestURI() ||
			arrives.Fragment != page.Fragment {
			t.Errorf("%s leads to %s: %v", c.page, arrives, err)
		}
	}
	direct := Tool{Code: "tttt", Kind: DirectLink, TargetURL: "https://shop.example/order"}
	if got, _ := links.To(direct, "pppp", "", "https://shop.example/coffee?a=1#b"); got !=
		"https://shop.example/coffee?a=1&orid=pppp&opid=tttt#b" {
		t.Errorf("direct: %s", got)
	}
}

// Spec: S122.2 S122.3
func TestSubIDIsNormalised(t *testing.T) {
	for value, want := range map[string]struct {
		subID string
		cut   bool
	}{
		"":                             {"", false},
		"Mail-7":                       {"Mail-7", false},
		"mail-7":                       {"mail-7", false}, // another one: letter case counts
		"a b":                          {"a%20b", false},
		"ü":                            {"%C3%BC", false},
		"' OR 1=1; --":                 {"%27%20OR%201%3D1%3B%20--", false},
		"<b>":                          {"%3Cb%3E", false},
		strings.Repeat("x", 64):        {strings.Repeat("x", 64), false},
		strings.Repeat("x", 65):        {strings.Repeat("x", 64), true},
		strings.Repeat(" ", 22):        {strings.Repeat("%20", 21), true},
		"x" + strings.Repeat(" ", 30):  {"x" + strings.Repeat("%20", 21), true},
		"xx" + strings.Repeat(" ", 30): {"xx" + strings.Repeat("%20", 20), true},
	} {
		if got, cut := NormalSubID(value); got != want.subID || cut != want.cut {
			t.Errorf("%q: %q %v, want %q %v", value, got, cut, want.subID, want.cut)
		}
	}
}

// Spec: S122
func TestSubIDReadsBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		subID, cut := NormalSubID(value)
		if len(subID) > maxSubID {
			t.Fatalf("%d bytes", len(subID))
		}
		text, err := url.PathUnescape(subID)
		if err != nil || !strings.HasPrefix(value, text) || cut != (text != value) {
			t.Fatalf("%q is stored as %q", value, subID)
		}
		if strings.ContainsAny(subID, "=+<>\"'&, \t\n") {
			t.Fatalf("%q may harm HTML or CSV", subID)
		}
		if again, _ := NormalSubID(text); again != subID {
			t.Fatalf("normalised twice: %q and %q", subID, again)
		}
	})
}

// What the link box makes of a SubID is stored as it is, and ends with a whole character.
//
// Spec: S122.3
func TestSubIDIsCutBetweenCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value") + strings.Repeat(rapid.StringN(1, 1, 4).Draw(t, "last"), 30)
		text, cut := WholeSubID(value)
		stored, again := NormalSubID(text)
		if again || SubIDText(stored) != text || !strings.HasPrefix(value, text) || cut != (text != value) {
			t.Fatalf("%q becomes %q, which is stored as %q", value, text, stored)
		}
	})
}

// Spec: S122, S138
func TestStandardLinkIsRead(t *testing.T) {
	for _, c := range []struct {
		path, query string
		want        ClickRequest
	}{
		{"tool", "p=part&sid=a%20b&to=/x%3Fy", ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "a b",
			To: "/x?y"}},
		{"tool/part", "sid=7", ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "7"}},
		{"tool/part&sid=7", "", ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "7"}},
		{"/tool/part/", "", ClickRequest{ToolCode: "tool", PartnerCode: "part"}},
		{"tool", "p=part&amp;sid=7", ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "7"}},
		{"tool", "orid=part&x=%zz&sid=7", ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "7"}},
		{"", "", ClickRequest{}},
	} {
		var got ClickRequest
		got.ParseStandard(c.path, c.query)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s?%s: %s", c.path, c.query, diff)
		}
	}
}

// Spec: S122.4
func TestDirectLinkIsReadFromThePage(t *testing.T) {
	want := ClickRequest{ToolCode: "tool", PartnerCode: "part", SubID: "A b"}
	for _, page := range []string{
		"https://shop.example/x?y=1&orid=part&opid=tool&sid=A%20b#top",
		"https://shop.example/x?oprid=part&opid=tool&sid=A%20b",
		"https://shop.example/x?orid=part&opid=tool#top&sid=A%20b",
		"https://shop.example/x?orid=part&opid=tool#top?sid=A+b",
		"https://shop.example/x?orid=part&amp;opid=tool#sid=A%20b",
	} {
		var got ClickRequest
		got.parsePage(page, false)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", page, diff)
		}
	}
}

func FuzzLink(f *testing.F) {
	f.Add("tool/part&sid=7", "p=x&to=//evil.example&sid=%zz")
	f.Add("%2e%2e/", "orid=a;b&amp;sid=#")
	f.Fuzz(func(t *testing.T, path, query string) {
		var r ClickRequest
		r.ParseStandard(path, query)
		r.parsePage(path+"?"+query, true)
		for _, to := range []string{r.To, path, query} {
			u, err := url.Parse(deepTarget("https://shop.example/order", to))
			if err != nil || u.Host != "shop.example" || u.Scheme != "https" {
				t.Errorf("%q leads away: %v %v", to, u, err)
			}
		}
	})
}

func TestWhoIsAPerson(t *testing.T) {
	for _, agent := range []string{
		"Thunderbird/128.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 " +
			"Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
			"Version/18.1 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 11; CUBOT KINGKONG 5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 " +
			"Mobile Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
			"Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]",
	} {
		if isBot(agent) {
			t.Errorf("taken for a bot: %q", agent)
		}
	}
	for _, agent := range []string{
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
		"facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
		"TelegramBot (like TwitterBot)", "Twitterbot/1.0", "LinkedInBot/1.0",
		"Mozilla/5.0 (compatible; Discordbot/2.0)",
		"", "curl/8.5.0", "Wget/1.21", "Go-http-client/1.1", "python-requests/2.32",
		"SkypeUriPreview Preview/0.5", "Baiduspider/2.0",
		"Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36",
	} {
		if !isBot(agent) {
			t.Errorf("taken for a person: %q", agent)
		}
	}
}
