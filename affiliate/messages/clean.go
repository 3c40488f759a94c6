package messages

import (
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// policy is what a mail may contain: text, links, images, tables; no script,
// style sheet, form or frame.
var policy = func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.RequireNoFollowOnLinks(false) // a mail's reader is no search engine
	p.AllowRelativeURLs(false)      // a mail is on no site
	p.AllowStyles("color", "background-color", "font-family", "font-size", "font-weight", "text-align", "padding",
		"margin", "width").Globally()
	p.AllowAttrs("bgcolor", "cellpadding", "cellspacing", "border").OnElements("table", "td", "th", "tr")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^button$`)).OnElements("a")
	p.AllowElements("u", "s", "small", "center", "font", "span")
	return p
}()

// fieldHost stands for merge fields while HTML is cleaned: in an address braces
// would be escaped. The domain belongs to nobody.
const fieldHost = "https://field.invalid/"

var fieldAddress = regexp.MustCompile(`https://field\.invalid/([A-Za-z][A-Za-z0-9_-]*)/`)

// Sanitize leaves of HTML what a mail may contain. Merge fields stay as they are.
func Sanitize(body string) string {
	safe := token.ReplaceAllString(body, fieldHost+"$1/")
	return strings.TrimSpace(fieldAddress.ReplaceAllString(policy.Sanitize(safe), "{$1}"))
}

// block begins an element that is a paragraph of its own, or ends a line.
var block = regexp.MustCompile(`(?i)<(p|div|ul|ol|table|h[1-6]|br|blockquote|pre|hr)\b`)

// paragraphs makes HTML of a text that was typed without tags of paragraphs:
// empty lines part them.
func paragraphs(body string) string {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	if body == "" || block.MatchString(body) {
		return body
	}
	var out strings.Builder
	for part := range strings.SplitSeq(body, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out.WriteString("<p>" + strings.ReplaceAll(part, "\n", "<br>\n") + "</p>\n")
		}
	}
	return out.String()
}

// badAddress is a merge field that begins an address and is none, "" when all is
// well: what people call themselves must not decide where a link leads.
func badAddress(body string) (field string) {
	visit(parse(body), func(n *nethtml.Node) {
		for _, a := range n.Attr {
			if a.Key != "href" && a.Key != "src" {
				continue
			}
			found := token.FindStringSubmatchIndex(a.Val)
			if found != nil && found[0] == 0 && !isLink(a.Val[found[2]:found[3]]) {
				field = a.Val[found[2]:found[3]]
			}
		}
	})
	return field
}

// parse reads HTML as the inside of an element, which is returned. HTML never
// fails to parse.
func parse(body string) *nethtml.Node {
	root := &nethtml.Node{Type: nethtml.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := nethtml.ParseFragment(strings.NewReader(body), &nethtml.Node{Type: nethtml.ElementNode, Data: "body",
		DataAtom: atom.Body})
	if err != nil {
		nodes = []*nethtml.Node{{Type: nethtml.TextNode, Data: html.UnescapeString(body)}}
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

// visit calls do for n and all below it.
func visit(n *nethtml.Node, do func(*nethtml.Node)) {
	do(n)
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling // do may take the child out
		visit(child, do)
		child = next
	}
}
