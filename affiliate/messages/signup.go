package messages

import (
	"time"

	"partnercenter/locale"
)

// ConfirmSignup asks a mailbox whether its owner wants to become a partner
// (D42). Nothing that the form said stands in it: a stranger may have sent it.
type ConfirmSignup struct {
	Recipient string
	Program   string // name
	Site      string // name
	Link      string // confirms
	Until     time.Time
}

var confirmSignup = parseLetter("signup")

// Mail is the mail of this event, in a language; nil is English.
func (c ConfirmSignup) Mail(event string, in *locale.Language) (Mail, error) {
	return confirmSignup.mail(event, c.Recipient, in, struct {
		greeting
		Until string
	}{greeting{program: c.Program, site: c.Site, Link: c.Link}, dateIn(in, c.Until)})
}
