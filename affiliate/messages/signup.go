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
	Link      string // confirms
	Until     time.Time
}

var confirmSignup = parseLetter("signup")

// Mail is the mail of this event, in a language; nil is English.
func (c ConfirmSignup) Mail(event string, in *locale.Language, dress Dress) (Mail, error) {
	return confirmSignup.mail(event, c.Recipient, in, struct {
		greeting
		Until string
	}{greeting{program: c.Program, Dress: dress, Link: c.Link}, dateIn(in, c.Until)})
}
