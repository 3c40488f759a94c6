package messages

import (
	"bytes"
	"embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"

	"partnercenter/affiliate"
)

//go:embed templates
var templates embed.FS

// letter is a built-in message: templates/{name}.txt defines "subject" and the
// plain text, templates/{name}.html the HTML, which escapes all values.
type letter struct {
	name string
	text *text.Template
	html *html.Template
}

func parseLetter(name string) letter {
	return letter{
		name: name,
		text: text.Must(text.New(name+".txt").ParseFS(templates, "templates/"+name+".txt")),
		html: html.Must(html.New(name+".html").ParseFS(templates, "templates/frame.html", "templates/"+name+".html")),
	}
}

// mail renders the letter; data has no merge fields in it (see plain).
func (l letter) mail(event, recipient string, data any) (Mail, error) {
	var subject, body, page bytes.Buffer
	if err := l.text.ExecuteTemplate(&subject, "subject", data); err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	if err := l.text.Execute(&body, data); err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	if err := l.html.ExecuteTemplate(&page, "frame", data); err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", l.name, err)
	}
	return Mail{
		Event:     event,
		Recipient: recipient,
		Kind:      l.name,
		Subject:   affiliate.Line(subject.String()),
		Text:      strings.TrimSpace(body.String()) + "\n",
		HTML:      strings.TrimSpace(page.String()) + "\n",
	}, nil
}

// plain takes the meaning of merge fields from what people wrote, such as
// their names: WordPress would fill them in, or refuse a mail without a user.
func plain(value string) string {
	return strings.NewReplacer(Login, "(login)", SetPasswordURL, "(set_password_url)").Replace(affiliate.Line(value))
}
