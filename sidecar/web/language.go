package web

import (
	"fmt"
	"html/template"
	"strings"
	"sync"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Language is how the reader of the answer is spoken to. Inside the site's theme
// it is the site's language, as for all of WordPress' front end; in wp-admin and
// on pages of our own it is what the person chose in the WordPress profile, if
// anything.
func (r *Request) Language() *locale.Language {
	if r.Who.User.Locale != "" && r.Surface.Kind != Theme {
		return locale.For(r.Who.User.Locale)
	}
	return locale.For(r.Site.Handover().Locale)
}

// Say is a sentence as a page or file shows it: a locale.Text in the reader's
// language, or what is no sentence of ours, as it is.
func (r *Request) Say(text any) string { return say(r.Language(), text) }

func say(l *locale.Language, text any) string {
	switch text := text.(type) {
	case locale.Text:
		return l.Text(text)
	case nil:
		return ""
	}
	return fmt.Sprint(text)
}

// page is a page's template, with a copy for each language, whose functions
// speak it: so that sentences need nothing from the template's data, which in
// {{range}}, {{with}} and parts is something else each time.
type page struct {
	master *template.Template // never executed, so that it can be copied
	copies sync.Map           // *locale.Language → *template.Template
}

func (p *page) in(l *locale.Language) (*template.Template, error) {
	if found, ok := p.copies.Load(l); ok {
		return found.(*template.Template), nil
	}
	own, err := p.master.Clone()
	if err != nil {
		return nil, err
	}
	found, _ := p.copies.LoadOrStore(l, own.Funcs(wordsOf(l)))
	return found.(*template.Template), nil
}

// wordsOf are the template functions that speak a language:
//
//	{{t "Paid to %s." .Name}}          a sentence; arguments are escaped as usual
//	{{say .Title}}                     a locale.Text, or what is no sentence of ours
//	{{tc "verb" "Order"}}              a word with its context
//	{{n "%d sale" "%d sales" .Count}}  a sentence that depends on a number
//	{{th `See <a href="%s">all</a>.` ($.URL "")}}  a sentence with markup; see locale.Language.HTML
func wordsOf(l *locale.Language) template.FuncMap {
	return template.FuncMap{
		"t":       l.T,
		"say":     func(text any) string { return say(l, text) },
		"tc":      func(context, id string, args ...any) string { return l.Text(locale.C(context, id, args...)) },
		"th":      func(id string, args ...any) template.HTML { return l.HTML(locale.T(id, args...)) },
		"n":       func(one, many string, n any, args ...any) (string, error) { return plural(l, one, many, n, args) },
		"label":   func(value any) string { return l.Text(Label(value)) },
		"day":     func(d affiliate.Day) template.HTML { return day(l, d) },
		"message": func(p affiliate.Problems, field string) string { return l.Text(p[field]) },
		"field": func(name string, label, value any, problems affiliate.Problems, help ...any) Field {
			return newField(l, name, label, value, problems, help...)
		},
		"mark": func(name string, p affiliate.Problems) Field {
			return Field{Name: strings.ReplaceAll(name, ".", "-"), Problem: l.Text(p[name])}
		},
		"among": func(options any, f Field) Field { return among(l, options, f) },
	}
}

func plural(l *locale.Language, one, many string, n any, args []any) (string, error) {
	switch n := n.(type) {
	case int:
		return l.Text(locale.N(one, many, n, args...)), nil
	case int64:
		return l.Text(locale.N(one, many, n, args...)), nil
	}
	return "", fmt.Errorf("%T is no number for %q", n, many)
}
