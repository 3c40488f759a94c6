package messages

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
)

// LoginDetails tells a partner how to log in (S106): their user name, and a link
// to set a password, never a password. WordPress fills in both while sending,
// because a link is good for a day only.
type LoginDetails struct {
	Contact affiliate.Contact
	UserID  affiliate.UserID
	Program string
	Site    string
	Center  string // URL of the partner center
}

var loginDetails = parseLetter("login")

// Mail is the mail of this event, in a language; nil is English.
func (l LoginDetails) Mail(event string, in *locale.Language) (Mail, error) {
	m, err := loginDetails.mail(event, l.Contact.Email, in, greeting{contact: l.Contact, program: l.Program,
		site:   l.Site,
		Center: l.Center})
	m.UserID = l.UserID
	return m, err
}
