package messages

import (
	"cmp"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// PayPalChanged asks a mailbox to confirm that payments go to another PayPal
// address (S145).
type PayPalChanged struct {
	Contact   affiliate.Contact
	Recipient string // the old or the new address
	Change    affiliate.PayPalChange
	Link      string // confirms for this mailbox
}

var payPalChanged = parseLetter("paypal")

// Mail is the mail of this event, in a language; nil is English.
func (p PayPalChanged) Mail(event string, in *locale.Language, dress Dress) (Mail, error) {
	return payPalChanged.mail(event, p.Recipient, in, struct {
		greeting
		Old, New, Until string // Old is "" of a first address
		Both            bool   // another mailbox is asked, too
	}{greeting{contact: p.Contact, Dress: dress, Link: p.Link}, plain(p.old()), plain(p.Change.NewEmail),
		dateIn(in, p.Change.ExpiresAt), p.Change.OldEmail != p.Change.NewEmail})
}

func (p PayPalChanged) old() string {
	if p.Change.First {
		return ""
	}
	return p.Change.OldEmail
}

// PaymentSet tells a partner that how they are paid has changed, by themselves or
// by an admin (S145).
type PaymentSet struct {
	Contact   affiliate.Contact
	Recipient string            // "": the contact's address
	Partner   affiliate.Partner // as they are paid from now on
}

var paymentSet = parseLetter("payment")

// Mail is the mail of this event, in a language; nil is English. It names no
// postal address: mailboxes are read by others, too.
func (p PaymentSet) Mail(event string, in *locale.Language, dress Dress) (Mail, error) {
	return paymentSet.mail(event, cmp.Or(p.Recipient, p.Contact.Email), in, struct {
		greeting
		PayPal, Payee string // one of the two is set
	}{greeting{contact: p.Contact, Dress: dress}, plain(p.payPal()), plain(p.Partner.Payee)})
}

func (p PaymentSet) payPal() string {
	if p.Partner.PaymentMethod != affiliate.PayPal {
		return ""
	}
	return p.Partner.PayPalEmail
}
