package messages

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Welcome greets a new partner (S105).
type Welcome struct {
	Contact affiliate.Contact
	Program string // name
	Site    string // name
	Link    string // the partner's own promo link; "" when the program has none yet
	Center  string // URL of the partner center; "" while there is none
}

var welcome = parseLetter("welcome")

// Mail is the mail of this event, in a language; nil is English.
func (w Welcome) Mail(event string, in *locale.Language) (Mail, error) {
	return welcome.mail(event, w.Contact.Email, in, greeting{w.Contact, w.Program, w.Site, w.Link, w.Center})
}

// greeting is what templates see of a letter to a contact; its methods give
// the values that people wrote without merge fields.
type greeting struct {
	contact affiliate.Contact
	program string
	site    string
	Link    string
	Center  string
}

// First is the first name, "" when it is not known.
func (g greeting) First() string   { return plain(g.contact.FirstName) }
func (g greeting) Program() string { return plain(g.program) }
func (g greeting) Site() string    { return plain(g.site) }

// ApplicationReceived tells an applicant that they will hear (S104).
type ApplicationReceived struct {
	Contact affiliate.Contact
	Program string
	Site    string
}

var received = parseLetter("received")

// Mail is the mail of this event, in a language; nil is English.
func (a ApplicationReceived) Mail(event string, in *locale.Language) (Mail, error) {
	return received.mail(event, a.Contact.Email, in, greeting{contact: a.Contact, program: a.Program, site: a.Site})
}
