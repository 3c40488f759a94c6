package center

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// stopPage asks whether a partner wants no more mails of a kind, and says so when
// they don't get them any more.
type stopPage struct {
	Token string
	About locale.Text
	Done  bool
}

var stopTitle = locale.T("Emails from us")

// stopped are the mails of each choice, in words.
var stopped = map[messages.Choice]locale.Text{
	messages.PerSale:    locale.T("emails about single sales and commissions"),
	messages.PerPayment: locale.T("emails about payments"),
	messages.Monthly:    locale.T("the monthly summary"),
}

// StopMails is where the link at the end of an optional mail leads. It only asks:
// programs that look for viruses open links, too.
func (p *Pages) StopMails(r *web.Request) error {
	_, choice, err := p.Stop(r.Ctx(), r.Query("t"))
	if err != nil {
		return err
	}
	return r.Page(pages, "stop.html", stopTitle, stopPage{Token: r.Query("t"), About: stopped[choice]})
}

// MailsStopped takes the choice away, by the button of that page or by that of a
// mail program (List-Unsubscribe), which sends no cookie.
func (p *Pages) MailsStopped(r *web.Request) error {
	token := r.Query("t")
	partner, choice, err := p.Stop(r.Ctx(), token)
	if err != nil {
		return err
	}
	without := func(c affiliate.MailChoices) affiliate.MailChoices {
		c.PerSale = c.PerSale && choice != messages.PerSale
		c.PerPayment = c.PerPayment && choice != messages.PerPayment
		c.Monthly = c.Monthly && choice != messages.Monthly
		return c
	}
	if err := p.Registry.ChangeMails(r.Ctx(), affiliate.Visitor, partner, without); err != nil {
		return err
	}
	return r.Page(pages, "stop.html", stopTitle, stopPage{About: stopped[choice], Done: true})
}
