package center

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// confirmPage shows a changed PayPal address to one of the two mailboxes.
type confirmPage struct {
	Change affiliate.PayPalChange
	Token  string
	Done   bool // this mailbox has confirmed
}

var confirmTitle = locale.T("Confirm your PayPal address")

// ConfirmPayPal shows what a mailed link confirms (S145). Nothing changes by
// looking: mail programs open links by themselves.
func (p *Pages) ConfirmPayPal(r *web.Request) error {
	page := confirmPage{Token: r.Query("token")}
	var err error
	if page.Change, err = p.Registry.PayPalChangeOf(r.Ctx(), page.Token); err != nil {
		return err
	}
	page.Done = page.Change.Confirmed // a mail is opened again
	return r.Page(pages, "confirm.html", confirmTitle, page)
}

// PayPalConfirmed confirms for the mailbox that the link was sent to.
func (p *Pages) PayPalConfirmed(r *web.Request) error {
	page := confirmPage{Token: r.Form().Raw("token"), Done: true}
	var err error
	if page.Change, err = p.Registry.ConfirmPayPal(r.Ctx(), page.Token); err != nil {
		return err
	}
	return r.Page(pages, "confirm.html", confirmTitle, page)
}
