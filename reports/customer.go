package reports

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Mask makes names for customers whom partners may not know (S17). Its key has
// to stay the same for ever, since people recognise customers by these names.
type Mask struct{ key [32]byte }

// NewMask keeps the key, which is for nothing else.
func NewMask(key [32]byte) Mask { return Mask{key} }

// Customer is how partner sees one of their customers: full name and e-mail
// address, the full name, the first name with the initial, or a name that says
// nothing. Somebody without a name is anonymous where the address is not to be
// seen.
func (m Mask) Customer(see affiliate.Visibility, partner affiliate.PartnerID, c affiliate.Contact) string {
	name := affiliate.Line(c.FirstName + " " + c.LastName)
	switch {
	case see == affiliate.SeeNameAndEmail && nameAndEmail(name, c.Email) != "":
		return nameAndEmail(name, c.Email)
	case see == affiliate.SeeName && name != "":
		return name
	case see == affiliate.SeeFirstName && c.FirstName != "":
		return affiliate.Line(c.FirstName + " " + initial(c.LastName))
	}
	return m.pseudonym(partner, c.ID)
}

// nameAndEmail is "" of somebody whose data was erased.
func nameAndEmail(name, email string) string {
	if affiliate.StandsForNone(email) {
		email = ""
	}
	switch {
	case name == "":
		return email
	case email == "":
		return name
	}
	return name + " <" + email + ">"
}

// customerCell is a customer as admins see them.
func customerCell(name, email string, id int64) Cell {
	if called := nameAndEmail(name, email); called != "" || id == 0 {
		return Text(called).To(RefContact, id)
	}
	return Sentence(locale.T("deleted contact")).To(RefContact, id)
}

func initial(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return strings.ToUpper(string(r)) + "."
}

// pseudonym is the same for the same customer and partner. Two partners see
// different ones, so that they cannot find out together whom they share.
func (m Mask) pseudonym(partner affiliate.PartnerID, contact affiliate.ContactID) string {
	if contact == 0 {
		return ""
	}
	var ids [16]byte
	binary.BigEndian.PutUint64(ids[:8], uint64(partner))
	binary.BigEndian.PutUint64(ids[8:], uint64(contact))
	h := hmac.New(sha256.New, m.key[:])
	h.Write(ids[:])
	return "Customer " + base32.StdEncoding.EncodeToString(h.Sum(nil)[:5])
}
