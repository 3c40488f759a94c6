package messages

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

//go:embed templates
var templates embed.FS

// letter is a built-in message: templates/{name}.txt defines "subject" and the
// plain text, templates/{name}.html the HTML, which escapes all values. Both say
// the same sentences of the catalogue:
//
//	{{t "Welcome to %s." .Program}}           in the text
//	{{t "Welcome to %s." (strong .Program)}}  in the HTML
type letter struct {
	name string
	text *text.Template // never executed, so that they can be copied for each language
	html *html.Template
}

func parseLetter(name string) letter {
	return letter{
		name: name,
		text: text.Must(text.New(name+".txt").Funcs(textWords(locale.English)).
			ParseFS(templates, "templates/"+name+".txt")),
		html: html.Must(html.New(name+".html").Funcs(htmlWords(locale.English)).
			ParseFS(templates, "templates/head.html", "templates/frame.html", "templates/"+name+".html")),
	}
}

func textWords(l *locale.Language) text.FuncMap { return text.FuncMap{"t": l.T} }

func htmlWords(l *locale.Language) html.FuncMap {
	return html.FuncMap{
		"lang": l.Tag,
		"dir":  l.Dir,
		"t":    func(id string, args ...any) html.HTML { return l.HTML(locale.T(id, args...)) },
		"strong": func(value any) html.HTML {
			return l.HTML(locale.Layout("<strong>%s</strong>", value))
		},
	}
}

// mail renders the letter in a language, nil being English; data has no merge
// fields in it (see plain).
func (l letter) mail(event, recipient string, in *locale.Language, data any) (Mail, error) {
	if in == nil {
		in = locale.English
	}
	body, err := l.text.Clone()
	if err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	page, err := l.html.Clone()
	if err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	body.Funcs(textWords(in))
	page.Funcs(htmlWords(in))
	var subject, plain, rich bytes.Buffer
	err = errors.Join(body.ExecuteTemplate(&subject, "subject", data), body.Execute(&plain, data),
		page.ExecuteTemplate(&rich, "frame", data))
	if err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	return Mail{
		Event:     event,
		Recipient: recipient,
		Kind:      l.name,
		Subject:   affiliate.Line(subject.String()),
		Text:      strings.TrimSpace(plain.String()) + "\n",
		HTML:      strings.TrimSpace(rich.String()) + "\n",
	}, nil
}

func dateIn(in *locale.Language, day time.Time) string {
	if in == nil {
		in = locale.English
	}
	return in.Date(day)
}

// plain takes the meaning of merge fields from what people wrote, such as
// their names: WordPress would fill them in, or refuse a mail without a user.
func plain(value string) string {
	return strings.NewReplacer(Login, "(login)", SetPasswordURL, "(set_password_url)", StopURL,
		"(stop_url)").Replace(affiliate.Line(value))
}
