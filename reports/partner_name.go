package reports

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
)

// partnerName is a partner as admins see them: name and e-mail address.
type partnerName struct {
	PartnerID    affiliate.PartnerID `db:"partner_id"`
	PartnerCode  string              `db:"partner_code"`
	PartnerEmail string              `db:"partner_email"`
	PartnerFirst string              `db:"partner_first"`
	PartnerLast  string              `db:"partner_last"`
}

// partnerNameColumns name partner pa with their contact pk.
const partnerNameColumns = `COALESCE(pa.code, '') AS partner_code, COALESCE(pk.email, '') AS partner_email,
	COALESCE(pk.first_name, '') AS partner_first, COALESCE(pk.last_name, '') AS partner_last`

// ofPartner are the ways to the rows of a table that a list is searched by: by what the
// partner is called whose id its column partner_id has, and by their code.
func ofPartner(table, alias string) []way {
	rows := "SELECT " + alias + ".id FROM {wp}partner_center_" + table + " " + alias
	return []way{
		{people: true, rows: `/* reports.ofPartner */ ` + rows + ` JOIN {wp}partner_center_partners p
			ON p.id = ` + alias + `.partner_id WHERE p.contact_id IN (?)`,
			has: `(SELECT COUNT(*) FROM {wp}partner_center_partners sp JOIN {wp}partner_center_contacts sk
				ON sk.id = sp.contact_id WHERE sp.id = ` + alias + `.partner_id AND (` + personHas("sk") + `))`},
		{code: true, find: `/* reports.codes */ SELECT p.id FROM {wp}partner_center_partners p WHERE p.code LIKE ?`,
			newest: newestPartners, rows: `/* reports.ofPartner */ ` + rows + ` WHERE ` + alias + `.partner_id IN (?)`,
			has: `(SELECT COUNT(*) FROM {wp}partner_center_partners sp WHERE sp.id = ` + alias +
				`.partner_id AND sp.code LIKE ?)`},
	}
}

// ownEmail is the address of contact k; "" where it stands for none.
const ownEmail = `IF(k.email LIKE '%@contact.invalid', '', k.email)`

func (p partnerName) cell() Cell {
	if name := p.called(); name != "" || p.PartnerID == 0 {
		return Text(name).To(RefPartner, int64(p.PartnerID))
	}
	return Sentence(locale.T("deleted partner")).To(RefPartner, int64(p.PartnerID))
}

func (p partnerName) called() string {
	if name := affiliate.Line(p.PartnerFirst + " " + p.PartnerLast); name != "" {
		return name
	}
	return p.Address()
}

// Address is their e-mail address; "" of partners who were deleted or erased, whose
// record holds one that stands for none.
func (p partnerName) Address() string {
	if affiliate.StandsForNone(p.PartnerEmail) {
		return ""
	}
	return p.PartnerEmail
}

// named adds to the fields of a list about partners what only files have room
// for: email is what the address is called there, of whom part tells.
func named[T any](fs fields[T], email locale.Text, part func(*T) *partnerName) fields[T] {
	return append(fs, lift(fields[partnerName]{
		{Column: Column{Key: "email", Name: email, Kind: KindText, FileOnly: true},
			Value: func(p *partnerName) Cell { return Text(p.Address()) }},
		{Column: Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
			Value: func(p *partnerName) Cell { return Text(p.PartnerCode) }},
		{Column: Column{Key: "id", Name: locale.T("Partner id"), Kind: KindNumber, FileOnly: true},
			Value: func(p *partnerName) Cell { return Number(int64(p.PartnerID)) }},
	}, part)...)
}
