package messages

import (
	"bytes"
	"cmp"
	"context"
	"html/template"
	"net/url"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/locale"
)

// values are the merge fields of one reader. A field that is not in it, or is "",
// takes the paragraph that holds it along: nobody reads "Check number: ".
type values map[string]string

// has tells whether all fields of a text have a value.
func (v values) has(text string) bool {
	return !slices.ContainsFunc(used(text), func(name string) bool { return v[name] == "" })
}

func (v values) fill(text string, escape func(string) string) string {
	return token.ReplaceAllStringFunc(text, func(found string) string {
		value := v[found[1:len(found)-1]]
		if escape == nil {
			return value
		}
		return escape(value)
	})
}

// Dress is what mails look like.
type Dress struct {
	Site  string // name
	Logo  string // address of a picture, "" for none
	Color string // of buttons and the line on top: "#1f2328"
}

// LoadDress is that of the site, by its name and the mail settings.
func LoadDress(ctx context.Context, q db.Queryer, site string) (Dress, error) {
	settings, err := LoadMailSettings(ctx, q)
	return Dress{Site: plain(cmp.Or(site, "WordPress")), Logo: settings.Logo, Color: settings.Color}, err
}

// usualColor is that of buttons unless an admin chose another.
const usualColor = "#1f2328"

// compose fills a message in for one reader. stop: the mail says how to get no
// more of its kind.
func compose(m Message, v values, dress Dress, in *locale.Language, stop bool) (Mail, error) {
	root := parse(m.HTML)
	v.prune(root)
	v.enter(root, false, dress)
	var body, page bytes.Buffer
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if err := nethtml.Render(&body, n); err != nil {
			return Mail{}, err
		}
	}
	frame, err := frames.Clone()
	if err != nil {
		return Mail{}, err
	}
	frame.Funcs(htmlWords(in))
	err = frame.ExecuteTemplate(&page, "message.html", framed{dress, template.HTML(body.String()), stop})
	text := plainText(root)
	if m.Text != "" {
		text = v.lines(m.Text)
	}
	text += "\n\n" + dress.Site + "\n"
	if stop {
		text += "\n" + in.T("Get no more emails like this: %s", StopURL) + "\n"
	}
	return Mail{Subject: affiliate.Line(v.fill(m.Subject, nil)), Text: text, HTML: page.String()}, err
}

type framed struct {
	Dress
	Body template.HTML
	Stop bool
}

// Shade is the color of what it is on top.
func (d Dress) Shade() string { return cmp.Or(d.Color, usualColor) }

// OnShade is the color of what stands on Shade.
func (d Dress) OnShade() string { return onColor(d.Shade()) }

// DarkShade is Shade on a dark page, where a dark color could not be told from it.
func (d Dress) DarkShade() string {
	if brightness(d.Shade()) < 90 {
		return "#e8eaed"
	}
	return d.Shade()
}

// OnDarkShade is the color of what stands on DarkShade.
func (d Dress) OnDarkShade() string { return onColor(d.DarkShade()) }

// frames is the page around a message.
var frames = template.Must(template.New("").Funcs(htmlWords(locale.English)).ParseFS(templates,
	"templates/head.html", "templates/message.html"))

// lines fills in a plain text; a line with a field that has no value is left out.
func (v values) lines(text string) string {
	kept := []string{}
	for line := range strings.SplitSeq(text, "\n") {
		if !v.has(line) {
			continue
		}
		line = strings.TrimRight(v.fill(line, nil), " ")
		if line == "" && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// blocks are the elements that are left out as a whole, and lists those that are
// when nothing is left in them.
var (
	blocks = []string{"p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "dt", "dd"}
	lists  = []string{"ul", "ol", "table", "tbody"}
)

func isBlock(n *nethtml.Node) bool {
	return n.Type == nethtml.ElementNode && slices.Contains(blocks, n.Data)
}

// prune takes out the innermost blocks that hold a field without a value, and
// lists of which nothing is left.
func (v values) prune(n *nethtml.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		v.prune(child)
		list := child.Type == nethtml.ElementNode && slices.Contains(lists, child.Data)
		if isBlock(child) && !v.hasIn(child, true) || list && child.FirstChild == nil {
			n.RemoveChild(child)
		}
		child = next
	}
}

// hasIn tells whether the fields of n that stand in no block further in have a value.
func (v values) hasIn(n *nethtml.Node, top bool) bool {
	if isBlock(n) && !top {
		return true
	}
	if n.Type == nethtml.TextNode && !v.has(n.Data) {
		return false
	}
	for _, a := range n.Attr {
		if !v.has(a.Val) {
			return false
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if !v.hasIn(child, false) {
			return false
		}
	}
	return true
}

// enter puts the values into texts and addresses. Rendering escapes them, so that
// what people call themselves stays text.
func (v values) enter(n *nethtml.Node, inLink bool, dress Dress) {
	for i, a := range n.Attr {
		if a.Key == "href" || a.Key == "src" {
			n.Attr[i].Val = v.address(a.Val)
		} else {
			n.Attr[i].Val = v.fill(a.Val, nil)
		}
	}
	inLink = inLink || n.Data == "a"
	if n.Type == nethtml.ElementNode {
		decorate(n, dress)
	}
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type != nethtml.TextNode:
			v.enter(child, inLink, dress)
		case inLink:
			child.Data = v.fill(child.Data, nil)
		default:
			v.linked(n, child)
		}
		child = next
	}
}

// address fills in where a link leads: an address as it is, anything else as part
// of one.
func (v values) address(text string) string {
	return token.ReplaceAllStringFunc(text, func(found string) string {
		name := found[1 : len(found)-1]
		if isLink(name) {
			return v[name]
		}
		return url.QueryEscape(v[name])
	})
}

// linked fills a text in; the addresses in it become links.
func (v values) linked(parent, text *nethtml.Node) {
	rest := text.Data
	put := func(n *nethtml.Node) { parent.InsertBefore(n, text) }
	for {
		found := slices.IndexFunc(token.FindAllString(rest, -1), func(t string) bool { return isLink(t[1 : len(t)-1]) })
		if found < 0 {
			break
		}
		at := token.FindAllStringIndex(rest, -1)[found]
		put(&nethtml.Node{Type: nethtml.TextNode, Data: v.fill(rest[:at[0]], nil)})
		address := v[rest[at[0]+1:at[1]-1]]
		link := &nethtml.Node{Type: nethtml.ElementNode, Data: "a",
			Attr: []nethtml.Attribute{{Key: "href", Val: address},
				{Key: "style", Val: "word-break:break-all"}}}
		link.AppendChild(&nethtml.Node{Type: nethtml.TextNode, Data: address})
		put(link)
		rest = rest[at[1]:]
	}
	text.Data = v.fill(rest, nil)
}

// decorate gives an element what mail programs need on it itself: buttons their
// color, and text its own direction.
func decorate(n *nethtml.Node, dress Dress) {
	has := func(key string) bool {
		return slices.ContainsFunc(n.Attr, func(a nethtml.Attribute) bool { return a.Key == key })
	}
	if isBlock(n) && n.Data != "tr" && !has("dir") {
		n.Attr = append(n.Attr, nethtml.Attribute{Key: "dir", Val: "auto"})
	}
	if n.Data == "a" && has("class") && !has("style") {
		n.Attr = append(n.Attr,
			nethtml.Attribute{Key: "style", Val: "display:inline-block;padding:10px 18px;background:" +
				dress.Shade() + ";color:" + dress.OnShade() + ";text-decoration:none;border-radius:6px"})
	}
}

// onColor is the color of text that can be read on a color such as "#1f2328".
func onColor(color string) string {
	if brightness(color) > 150 {
		return "#1f2328"
	}
	return "#ffffff"
}

// brightness is that of a color such as "#1f2328", 0 to 255, as eyes see it.
func brightness(color string) int {
	if len(color) != 7 {
		return 0
	}
	channel := func(i int) (n int) {
		for _, c := range color[i : i+2] {
			n = n*16 + strings.IndexRune("0123456789abcdef", c)
		}
		return n
	}
	return (299*channel(1) + 587*channel(3) + 114*channel(5)) / 1000
}
