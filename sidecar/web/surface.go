package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Surface is where an answer is shown. Every URL of ours is printed by
// Surface.URL, so that a page works on each of them without being rewritten.
type Surface struct {
	Kind SurfaceKind
	// Base is the path of the base path (standalone), or the URL of the page
	// that embeds us.
	Base string
}

// SurfaceKind is one of the three surfaces.
type SurfaceKind string

// The surfaces.
const (
	Standalone SurfaceKind = "standalone" // pages of our own below the base path
	Theme      SurfaceKind = "theme"      // inside a page of the site
	Admin      SurfaceKind = "admin"      // inside wp-admin
)

// parseSurface reads the header PC-Surface, as in "theme;https://example.com/partners/".
func parseSurface(header string) (Surface, error) {
	kind, base, _ := strings.Cut(header, ";")
	s := Surface{SurfaceKind(kind), base}
	if s.Kind != Theme && s.Kind != Admin {
		return s, fmt.Errorf("unknown surface %q", kind)
	}
	if u, err := url.Parse(base); err != nil || u.Host == "" {
		return s, fmt.Errorf("the surface has no page: %q", header)
	}
	return s, nil
}

// Embedded tells whether the answer is a piece of somebody else's page.
func (s Surface) Embedded() bool { return s.Kind != Standalone }

// Admin tells whether the page is shown inside wp-admin.
func (s Surface) Admin() bool { return s.Kind == Admin }

// URL is the address of a page of ours on this surface. path is relative to
// the base path ("admin/programs"); query holds pairs of name and value.
// Embedded, the whole travels in the one variable pc.
func (s Surface) URL(path string, query ...string) string {
	path = strings.TrimPrefix(path, "/")
	if q := pairs(query).Encode(); q != "" {
		path += "?" + q
	}
	if !s.Embedded() {
		return s.Base + "/" + path
	}
	separator := "?"
	if strings.Contains(s.Base, "?") {
		separator = "&"
	}
	return s.Base + separator + "pc=" + url.QueryEscape(path)
}

// GetForm is where a form with method GET goes, whose fields replace the query:
// what URL would have put there stands in hidden fields.
type GetForm struct {
	Action string
	Hidden []Hidden
}

// Hidden is a hidden field of a form.
type Hidden struct{ Name, Value string }

// GetForm is a form whose answer is the page of ours at path.
func (s Surface) GetForm(path string) GetForm {
	action, query, _ := strings.Cut(s.URL(path), "?")
	form := GetForm{Action: action}
	values, _ := url.ParseQuery(query) // we have just written it
	for _, name := range slices.Sorted(maps.Keys(values)) {
		form.Hidden = append(form.Hidden, Hidden{name, values.Get(name)})
	}
	return form
}

func pairs(flat []string) url.Values {
	values := url.Values{}
	for i := 0; i+1 < len(flat); i += 2 {
		values.Add(flat[i], flat[i+1])
	}
	return values
}
