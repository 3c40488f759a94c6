package messages

import "partnercenter/affiliate"

// PayPalChanged asks a mailbox to confirm that payments go to another PayPal
// address (S145).
type PayPalChanged struct {
	Contact   affiliate.Contact
	Recipient string // the old or the new address
	Change    affiliate.PayPalChange
	Site      string
	Link      string // confirms for this mailbox
}

var payPalChanged = parseLetter("paypal")

// Mail is the mail of this event.
func (p PayPalChanged) Mail(event string) (Mail, error) {
	return payPalChanged.mail(event, p.Recipient, struct {
		greeting
		Old, New, Until string
	}{greeting{contact: p.Contact, site: p.Site, Link: p.Link}, plain(p.Change.OldEmail), plain(p.Change.NewEmail),
		p.Change.ExpiresAt.Format("2006-01-02")})
}
