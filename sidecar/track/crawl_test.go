package track_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// crawlers are how the visitors of a public page who are no people call themselves.
var crawlers = []string{
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) " +
		"Chrome/143.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; " +
		"+http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
	"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
	"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
	"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
	"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
	"DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36",
	// these make the previews of links in chats
	"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
	"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
	"WhatsApp/2.23.20.0 A",
	"TelegramBot (like TwitterBot)",
}

// A crawl of 1,000 pages follows each page's link, runs its script and loads its
// pixel: it is led to the target like anybody, gets no cookie, and adds no visit,
// no visitor and no form.
//
// Spec: D30.1 B6
func TestACrawlAddsNoVisit(t *testing.T) {
	w := newWorld(t)
	const pages = 1000
	for n := range pages {
		agent := crawlers[n%len(crawlers)]
		crawl := func(method, path string) *sidecartest.Answer {
			req := w.Request(method, path, web.Standalone, "")
			req.Header.Set("User-Agent", agent)
			req.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", n%200+1))
			return w.Do(req)
		}
		link := "go/" + w.tool.Code + "?p=" + w.anna.Code + "&sid=page" + fmt.Sprint(n)
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if a := crawl(method, link).Want(http.StatusFound); a.Location() != target ||
				len(a.Header["Set-Cookie"]) > 0 {
				t.Fatalf("%s leads %q to %q with %v", method, agent, a.Location(), a.Header["Set-Cookie"])
			}
		}
		page := "https://shop.test/order?orid=" + w.anna.Code + "&opid=" + w.tool.Code
		if a := crawl(http.MethodGet, "t/click?u="+url.QueryEscape(page)); len(a.Header["Set-Cookie"]) > 0 {
			t.Fatalf("%q gets %v for a page", agent, a.Header["Set-Cookie"])
		}
	}
	for table, want := range map[string]int{"visits": 0, "visit_seen": 0, "touchpoints": 0, "contacts": 0} {
		where := ""
		if table == "contacts" {
			where = " WHERE email NOT IN ('anna@mail.test', 'bert@mail.test')"
		}
		if n := w.Count("SELECT COUNT(*) FROM {wp}partner_center_" + table + where); n != want {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	// counted apart, for the owner to see
	if n := w.Count(`SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects
		WHERE reason = 'bot'`); n < 2*pages {
		t.Errorf("%d of %d visits of crawlers are counted apart", n, 2*pages)
	}
}
