package tracking

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mileusna/useragent"
)

// Reason is why a click was redirected but not counted (D30).
type Reason string

// The reasons. A click with one leaves the visitor's cookies alone.
const (
	Off            Reason = "off"              // the feature is switched off (S1); not even counted
	HeadRequest    Reason = "head"             // not a GET
	Prefetch       Reason = "prefetch"         // the browser fetched ahead of a click
	Embedded       Reason = "embedded"         // loaded as a picture, frame or script: nobody went there
	Bot            Reason = "bot"              // crawlers and makers of link previews
	UnknownPartner Reason = "unknown_partner"  // no such code
	PartnerBarred  Reason = "inactive_partner" // suspended, rejected, removed or not admitted yet (S141)
	NoProgram      Reason = "no_program"       // the partner is in no program, or in an archived one (S101)
	OwnClick       Reason = "own"              // the partner, logged in
	Flood          Reason = "flood"            // more from one network than people click
	FormFlood      Reason = "form_flood"       // no click: too many forms of one network or click
	Lost           Reason = "lost"             // the database was away; not even counted
)

// notPeople are parts of the names of crawlers and link previewers beyond those
// the useragent library knows. Plain searches: an expression took half of a
// click's time.
var notPeople = []string{"crawl", "spider", "slurp", "externalhit", "embedly", "iframely", "headless", "lighthouse",
	"preview", "vkshare", "whatsapp/", "pinterest/0", "validator"}

// tools are programs that fetch what a script tells them to, by how their
// User-Agent begins.
var tools = []string{"curl/", "wget/", "python-", "python/", "aiohttp/", "go-http-client/", "libwww-perl/", "httpie/",
	"java/", "apache-httpclient/",
	"axios/", "node-fetch", "undici", "scrapy/", "postmanruntime/", "insomnia/", "guzzlehttp/", "php/", "ruby",
	"okhttp/", "powershell/"}

// isBot judges by the User-Agent alone. Programs without one, and tools for
// scripts, are no people (D30); those who click a link in a mail come with a
// browser (S138).
func isBot(userAgent string) bool {
	if userAgent == "" {
		return true
	}
	lower := strings.ToLower(userAgent)
	if slices.ContainsFunc(tools, func(tool string) bool { return strings.HasPrefix(lower, tool) }) {
		return true
	}
	if namesBot(lower) ||
		slices.ContainsFunc(notPeople, func(part string) bool { return strings.Contains(lower, part) }) {
		return true
	}
	return useragent.Parse(userAgent).Bot
}

// namesBot finds a word that ends in "bot", as crawlers' names do; but Cubot is
// a maker of phones.
func namesBot(lower string) bool {
	for {
		before, after, found := strings.Cut(lower, "bot")
		if !found {
			return false
		}
		wordGoesOn := after != "" && (unicode.IsLetter(rune(after[0])) || unicode.IsDigit(rune(after[0])) ||
			after[0] == '_')
		if !wordGoesOn && !strings.HasSuffix(before, "cu") {
			return true
		}
		lower = after
	}
}

// isPrefetch reads the headers Purpose, Sec-Purpose and X-Moz, in any order.
func isPrefetch(purpose string) bool {
	purpose = strings.ToLower(purpose)
	return strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") ||
		strings.Contains(purpose, "preview")
}
