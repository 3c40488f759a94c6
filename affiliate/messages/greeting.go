package messages

import "partnercenter/affiliate"

// greeting is what the fixed letters see of whom they greet; its methods give the
// values that people wrote without merge fields.
type greeting struct {
	contact affiliate.Contact
	program string
	Dress   // of the site
	Link    string
}

// First is the first name, "" when it is not known.
func (g greeting) First() string   { return plain(g.contact.FirstName) }
func (g greeting) Program() string { return plain(g.program) }
