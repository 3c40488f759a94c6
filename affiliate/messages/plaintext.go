package messages

import (
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"
)

var (
	spaces    = regexp.MustCompile(`[ \t\r\n]+`)
	manyLines = regexp.MustCompile(`\n{3,}`)
	lineEnds  = regexp.MustCompile(`[ \t]*\n[ \t]*`)
)

// plainText is HTML as text: paragraphs parted by empty lines, links with their
// addresses, a button's address on a line of its own.
func plainText(root *nethtml.Node) string {
	var out strings.Builder
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		writePlain(&out, n)
	}
	text := lineEnds.ReplaceAllString(out.String(), "\n")
	return strings.TrimSpace(manyLines.ReplaceAllString(text, "\n\n"))
}

func writePlain(out *strings.Builder, n *nethtml.Node) {
	if n.Type == nethtml.TextNode {
		out.WriteString(spaces.ReplaceAllString(n.Data, " "))
		return
	}
	before, after := "", ""
	switch n.Data {
	case "br":
		before = "\n"
	case "hr":
		before = "\n\n--\n\n"
	case "li":
		before, after = "\n- ", "\n"
	case "tr", "div", "dt", "dd":
		before, after = "\n", "\n"
	case "td", "th":
		after = " "
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table":
		before, after = "\n\n", "\n\n"
	case "img":
		before = attribute(n, "alt")
	case "a":
		plainLink(out, n)
		return
	}
	out.WriteString(before)
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		writePlain(out, child)
	}
	out.WriteString(after)
}

func plainLink(out *strings.Builder, n *nethtml.Node) {
	var label strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		writePlain(&label, child)
	}
	text, address := strings.TrimSpace(label.String()), attribute(n, "href")
	switch {
	case address == "" || address == text || address == "mailto:"+text:
		out.WriteString(text)
	case text == "":
		out.WriteString(address)
	case attribute(n, "class") == "button":
		out.WriteString(text + ":\n" + address)
	default:
		out.WriteString(text + " (" + address + ")")
	}
}

func attribute(n *nethtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
