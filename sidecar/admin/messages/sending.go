package messages

import (
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// sendingPage is the form of the mail settings, as typed.
type sendingPage struct {
	Tabs []web.Tab
	messages.MailSettings
	Port, PerHour string
	Security      []web.Option
	HasPassword   bool
	Problems      affiliate.Problems
}

func newSendingPage(r *web.Request, s messages.MailSettings) sendingPage {
	page := sendingPage{Tabs: tabs(r, parts.Sending), MailSettings: s, HasPassword: s.SMTP.User != ""}
	if s.SMTP.Port != 0 {
		page.Port = strconv.Itoa(s.SMTP.Port)
	}
	if s.PerHour != 0 {
		page.PerHour = strconv.Itoa(s.PerHour)
	}
	page.Security = web.Options([]web.Option{{Value: string(messages.StartTLS), Label: locale.T("STARTTLS (port 587)")},
		{Value: string(messages.TLS), Label: locale.T("TLS from the start (port 465)")},
		{Value: string(messages.Plain), Label: locale.T("None: only for a server on the same machine")}},
		string(s.SMTP.Security))
	return page
}

// Sending shows how mails are sent and what they look like.
func (p *Pages) Sending(r *web.Request) error {
	s, err := p.Mailer.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if s.SMTP.Security == "" {
		s.SMTP.Security = messages.StartTLS
	}
	return r.Page(pages, "sending.html", locale.T("Sending"), newSendingPage(r, s))
}

// SaveSending keeps it.
func (p *Pages) SaveSending(r *web.Request) error {
	f := r.Form()
	s := messages.MailSettings{Admins: f.LongText("admins", 1000), FromName: f.Text("from", 100),
		From: f.Text("sender", 190), ReplyTo: f.Text("reply_to", 190), Logo: f.Text("logo", 500),
		Color: f.Text("color", 7), SMTP: messages.SMTP{Host: f.Text("smtp_host", 190), User: f.Text("smtp_user", 190),
			Security: messages.Security(f.Raw("smtp_security"))}}
	s.Version, _ = strconv.Atoi(f.Raw("version"))
	number := func(field string, to *int) {
		text := strings.TrimSpace(f.Raw(field))
		if text == "" {
			return
		}
		n, err := strconv.Atoi(text)
		f.Problems.Check(err == nil && n >= 0, field, "Please enter a number.")
		*to = n
	}
	number("smtp_port", &s.SMTP.Port)
	number("per_hour", &s.PerHour)
	err := f.Err()
	if err == nil {
		err = p.Mailer.Save(r.Ctx(), r.Who.Actor(), s, f.Raw("smtp_password"))
	}
	again, err := f.Overtaken(err)
	if err != nil {
		return err
	}
	if again {
		page := newSendingPage(r, s)
		page.Port, page.PerHour, page.Problems = f.Raw("smtp_port"), f.Raw("per_hour"), f.Problems
		return r.Invalid(pages, "sending.html", locale.T("Sending"), page)
	}
	return r.Done(web.Flash{Text: locale.T("Saved. The next emails go out this way.")}, parts.Sending)
}

// SendingTest sends a mail to the admin by the way that is set.
func (p *Pages) SendingTest(r *web.Request) error {
	if r.Who.User.Email == "" {
		return affiliate.Conflict("Your account has no email address.")
	}
	if err := p.Desk.SendGreeting(r.Ctx(), r.Who.User.Email, r.Language()); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("A test is on its way to %s. The log says what became of it.",
		r.Who.User.Email)}, parts.Sending)
}
