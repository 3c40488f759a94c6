package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

//go:embed layouts/*.html
var layoutFiles embed.FS

// Pages are the page templates of one area: each page is a file that defines
// "content", combined with the layouts that all areas share.
type Pages map[string]*page

// ParsePages reads all *.html of an area, each as a page with parts/*.html of
// the area and *.html of the shared folders. A template that does not parse is
// a defect of the program and panics at start.
func ParsePages(files fs.FS, shared ...fs.FS) Pages {
	layouts := template.Must(template.New("").Funcs(functions).Funcs(wordsOf(locale.English)).ParseFS(layoutFiles,
		"layouts/*.html"))
	for _, folder := range shared {
		layouts = template.Must(layouts.ParseFS(folder, "*.html"))
	}
	if parts, _ := fs.Glob(files, "parts/*.html"); len(parts) > 0 {
		layouts = template.Must(layouts.ParseFS(files, parts...))
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		panic(err)
	}
	pages := Pages{}
	for _, name := range names {
		own := template.Must(layouts.Clone())
		pages[name] = &page{master: template.Must(own.ParseFS(files, name))}
	}
	return pages
}

//go:embed shared/*.html
var sharedFiles embed.FS

// shared are pages that belong to no area.
var shared = func() Pages {
	files, err := fs.Sub(sharedFiles, "shared")
	if err != nil {
		panic(err)
	}
	return ParsePages(files)
}()

// Page answers with a page of the area. data is the page's own
// struct.
func (r *Request) Page(pages Pages, name string, title locale.Text, data any) error {
	return r.render(http.StatusOK, pages, name, title, data)
}

// Invalid shows the page of a form again, with what was typed and what is
// wrong with it.
func (r *Request) Invalid(pages Pages, name string, title locale.Text, data any) error {
	return r.render(http.StatusUnprocessableEntity, pages, name, title, data)
}

func (r *Request) render(code int, pages Pages, name string, title locale.Text, data any) error {
	page, ok := pages[name]
	if !ok {
		return fmt.Errorf("there is no page template %s", name)
	}
	words, err := page.in(r.Language())
	if err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	view := View{Request: r, Title: r.Say(title), Data: data, Flash: r.takeFlash()}
	var out bytes.Buffer // whole, so that an error never leaves half a page
	if err := words.ExecuteTemplate(&out, string(r.Surface.Kind), view); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	if r.Surface.Embedded() {
		r.Header("PC-Embed", "1")
		r.Header("PC-Title", url.PathEscape(view.Title))
		r.Header("PC-Style", r.Asset("app.css"))
		r.Header("PC-Script", r.Asset("app.js"))
	} else {
		r.Header("Content-Security-Policy", policy)
	}
	r.Data(code, "text/html; charset=utf-8", out.Bytes())
	return nil
}

// policy keeps pages of our own to their own files: no inline code or style,
// no foreign host but for images, no foreign frame around them.
const policy = "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; form-action " +
	"'self'; frame-ancestors 'self'"

// Attach prepares a download of this name and type.
func (r *Request) Attach(name, contentType string) {
	r.Header("Content-Type", contentType)
	r.Header("Content-Disposition", `attachment; filename="`+strings.NewReplacer(`"`, "", "\r", "", "\n",
		"").Replace(name)+`"`)
}

var errNoPage = affiliate.Missing(
	"There is nothing at this address. The link may be incomplete: try the original link again.")
