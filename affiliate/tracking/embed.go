package tracking

import (
	_ "embed"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// Image is what an embed code shows: a public URL, size in pixels (0 unknown)
// and alternative text.
type Image struct {
	URL    string
	Width  int
	Height int
	Alt    string
}

type embedData struct {
	Link   string
	Image  Image
	Close  string
	Script string
}

var bannerCode = template.Must(template.New("banner").Parse(
	`<a href="{{.Link}}"><img src="{{.Image.URL}}" alt="{{.Image.Alt}}"` +
		`{{with .Image.Width}} width="{{.}}"{{end}}{{with .Image.Height}} height="{{.}}"{{end}}` +
		` style="border:0;max-width:100%;height:auto"></a>`))

// BannerCode is HTML for a partner's page: the image with their link (S50).
func BannerCode(link string, image Image) string {
	return render(bannerCode, embedData{Link: link, Image: image})
}

var textCode = template.Must(template.New("text").Parse(`<a href="{{.Link}}">{{.Image.Alt}}</a>`))

// TextCode is HTML for a partner's page: their link behind some words.
func TextCode(link, words string) string {
	return render(textCode, embedData{Link: link, Image: Image{Alt: words}})
}

// lightboxFunction opens a lightbox; it is called with link, image, alternative
// text and what the button that closes it is called.
//
//go:embed lightbox.js
var lightboxFunction string

var lightboxCode = template.Must(template.New("lightbox").Parse("<script>\n(" + strings.TrimSpace(lightboxFunction) +
	")({{.Link}}, {{.Image.URL}}, {{.Image.Alt}}, {{.Close}});\n</script>"))

// LightboxCode is HTML for a partner's page that opens the image over it once
// a browser session, linked with their link; it closes by click beside the
// image, by its button, which is called by the word close, and by Esc (S51).
func LightboxCode(link string, image Image, close string) string {
	return render(lightboxCode, embedData{Link: link, Image: image, Close: close})
}

//go:embed lightbox_page.js
var lightboxPage string

// LightboxScript is the same for pages whose content security policy allows no
// scripts of their own: a file of ours, which LightboxTag loads.
var LightboxScript = []byte(strings.Replace(lightboxPage, "LIGHTBOX", strings.TrimSpace(lightboxFunction), 1))

var lightboxTag = template.Must(template.New("tag").Parse(`<script src="{{.Script}}" data-link="{{.Link}}" ` +
	`data-image="{{.Image.URL}}" data-alt="{{.Image.Alt}}" data-close="{{.Close}}" async></script>`))

// LightboxTag is HTML that opens the lightbox by LightboxScript, whose URL is script.
func LightboxTag(script, link string, image Image, close string) string {
	return render(lightboxTag, embedData{Script: script, Link: link, Image: image, Close: close})
}

func render(t *template.Template, data embedData) string {
	var code strings.Builder
	if err := t.Execute(&code, data); err != nil {
		panic(err) // the templates are our own and a Builder does not fail
	}
	return code.String()
}

// placeholder is {{link}}, the tool's own link, or {{link:CODE}}, that of
// another tool of the program.
var placeholder = regexp.MustCompile(`\{\{\s*link\s*(?::\s*([A-Za-z0-9]+)\s*)?\}\}`)

// linkedTools are the codes that e-mail copy names.
func linkedTools(body string) (codes []string) {
	for _, found := range placeholder.FindAllStringSubmatch(body, -1) {
		if code := cleanCode(found[1]); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// LinkedTools are the codes of the other tools that the copy links to.
func (t Tool) LinkedTools() []string { return linkedTools(t.BodyHTML + t.BodyText) }

// EmailText is e-mail copy with one partner's links in it.
type EmailText struct {
	Subject string
	HTML    string // cleaned: no script, style sheet, form or frame
	Text    string
}

// mailPolicy is what a mail may contain: text, links, images, tables.
var mailPolicy = newMailPolicy()

func newMailPolicy() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.RequireNoFollowOnLinks(false) // a mail's reader is no search engine
	p.AllowStyles("color", "background-color", "font-family", "font-size", "font-weight", "text-align", "padding",
		"margin", "width").Globally()
	p.AllowAttrs("bgcolor", "cellpadding", "cellspacing", "border").OnElements("table", "td", "th", "tr")
	return p
}

// PlainText is what a mail's HTML says without its tags.
func PlainText(markup string) string {
	return html.UnescapeString(bluemonday.StrictPolicy().AddSpaceWhenStrippingTag(true).Sanitize(markup))
}

// Email is the copy with the links of one partner: link makes that of a tool
// by its code, and must know the codes of LinkedTools (S52).
func (t Tool) Email(link func(toolCode string) string) EmailText {
	fill := func(body string, escape func(string) string) string {
		return placeholder.ReplaceAllStringFunc(body, func(found string) string {
			code := cleanCode(placeholder.FindStringSubmatch(found)[1])
			if code == "" {
				code = t.Code
			}
			return escape(link(code))
		})
	}
	plain := func(s string) string { return s }
	return EmailText{
		Subject: t.Subject,
		HTML:    mailPolicy.Sanitize(fill(t.BodyHTML, template.HTMLEscapeString)),
		Text:    fill(t.BodyText, plain),
	}
}
