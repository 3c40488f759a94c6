package messages

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type logPage struct {
	web.ReportPage
	Tabs []web.Tab
}

// Log lists the mails, newest first: of all, or of a partner.
func (p *Pages) Log(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "mails")
	if err != nil {
		return err
	}
	page := logPage{Tabs: tabs(r, parts.MailLog)}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: parts.MailLog,
		Files: parts.Reports + "/mails", Links: parts.Links,
		Filters: []reports.Filter{reports.FilterStatus, reports.FilterSearch}})
	if err != nil {
		return err
	}
	return page.Answer(r, pages, "log.html", locale.T("Emails"), page)
}

// mailPage is one mail of the log.
type mailPage struct {
	messages.Mail
	Status  locale.Text
	Partner string
	Secret  bool // it holds links that only its reader may have
}

// Mail shows a mail as it went out. Log-in details and confirmations are links that
// open an account or move money: their text is for the mailbox alone.
func (p *Pages) Mail(r *web.Request) error {
	m, err := p.mail(r)
	if err != nil {
		return err
	}
	page := mailPage{Mail: m, Secret: secret(m)}
	if m.PartnerID != 0 {
		people, err := parts.PeopleOf(r.Ctx(), p.Registry, m.PartnerID)
		if err != nil {
			return err
		}
		page.Partner = people.Name(m.PartnerID)
	}
	return r.Page(pages, "mail.html", locale.Data(m.Subject), page)
}

func (p *Pages) mail(r *web.Request) (messages.Mail, error) {
	id, err := affiliate.ParseID[messages.Mail](r.Param("mail"))
	if err != nil {
		return messages.Mail{}, err
	}
	return p.Mails.Mail(r.Ctx(), id)
}

// secret tells whether whoever reads the mail could confirm something in the place
// of its reader.
func secret(m messages.Mail) bool { return m.Kind == "signup" || m.Kind == "paypal" }

// MailHTML is the mail itself, for a frame of the page.
func (p *Pages) MailHTML(r *web.Request) error {
	m, err := p.mail(r)
	if err != nil {
		return err
	}
	if secret(m) {
		return affiliate.Forbidden("This email holds a link for its reader alone.")
	}
	return showMail(r, filled(m.HTML))
}

// filled shows what WordPress fills in while sending as what it stands for.
func filled(text string) string {
	return strings.NewReplacer(messages.Login, "…", messages.SetPasswordURL, "#", messages.StopURL, "#").Replace(text)
}

// Open tells whether an admin has to decide what becomes of the mail.
func (m mailPage) Open() bool { return m.State == messages.Dead || m.State == messages.Held }

// Plain is the mail's text.
func (m mailPage) Plain() string { return filled(m.Text) }

// Again sends a mail once more, and writes again one that was held.
func (p *Pages) Again(r *web.Request) error {
	m, err := p.mail(r)
	if err != nil {
		return err
	}
	if err := p.Mails.Again(r.Ctx(), r.Who.Actor(), m.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The email is on its way again.")}, parts.MailLog)
}

// Dismiss takes a mail that failed or was held out of what needs a decision.
func (p *Pages) Dismiss(r *web.Request) error {
	m, err := p.mail(r)
	if err != nil {
		return err
	}
	if err := p.Mails.Dismiss(r.Ctx(), r.Who.Actor(), m.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("Dismissed: the email isn't sent.")}, parts.MailLog)
}
