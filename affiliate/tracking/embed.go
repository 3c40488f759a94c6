package tracking

import (
	_ "embed"
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
	Link  string
	Image Image
}

var bannerCode = template.Must(template.New("banner").Parse(
	`<a href="{{.Link}}"><img src="{{.Image.URL}}" alt="{{.Image.Alt}}"` +
		`{{with .Image.Width}} width="{{.}}"{{end}}{{with .Image.Height}} height="{{.}}"{{end}}` +
		` style="border:0;max-width:100%;height:auto"></a>`))

// BannerCode is HTML for a partner's page: the image with their link (S50).
func BannerCode(link string, image Image) string { return render(bannerCode, link, image) }

//go:embed lightbox.html
var lightboxText string

var lightboxCode = template.Must(template.New("lightbox").Parse(strings.TrimSpace(lightboxText)))

// LightboxCode is HTML for a partner's page that opens the image over it once
// a browser session, linked with their link; it closes by click beside the
// image, by its button and by Esc (S51).
func LightboxCode(link string, image Image) string { return render(lightboxCode, link, image) }

func render(t *template.Template, link string, image Image) string {
	var code strings.Builder
	if err := t.Execute(&code, embedData{link, image}); err != nil {
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
