package api

import (
	"strings"
	"time"

	"partnercenter/affiliate"
)

// contact is a person known by e-mail.
type contact struct {
	ID           affiliate.ContactID `json:"id" db:"id"`
	Email        string              `json:"email" db:"email"`
	FirstName    string              `json:"first_name" db:"first_name"`
	LastName     string              `json:"last_name" db:"last_name"`
	Company      string              `json:"company" db:"company"`
	Origin       affiliate.Origin    `json:"origin" db:"origin"`
	CreatedAt    time.Time           `json:"created_at" db:"created_at"`
	FirstPartner affiliate.PartnerID `json:"first_partner_id,omitempty" db:"first_partner_id"`
	LastPartner  affiliate.PartnerID `json:"last_partner_id,omitempty" db:"last_partner_id"`
}

const selectContacts = `/* api.contacts */
	SELECT id, email, first_name, last_name, company, origin, created_at, first_partner_id, last_partner_id
	FROM {wp}partner_center_contacts`

var emailParameter = parameter{"email", "Only the contact with this address.", "string"}

func listContacts(c *call) (page[contact], error) {
	f := filter{}
	f.add("deleted_at IS NULL")
	if email := c.Query("email"); email != "" {
		f.add("email = ?", strings.ToLower(strings.TrimSpace(email)))
	}
	return list(c, selectContacts, "id", f, func(c contact) int64 { return int64(c.ID) })
}

func oneContact(c *call) (contact, error) {
	n, err := id[affiliate.Contact](c)
	if err != nil {
		return contact{}, err
	}
	return one[contact](c, "contact", selectContacts+` WHERE id = ? AND deleted_at IS NULL`, n)
}

// person is a contact as it is reported.
type person struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Company   string `json:"company,omitempty"`
}

type savedContact struct {
	Created bool    `json:"created"`
	Contact contact `json:"contact"`
}

func saveContact(c *call, in person) (savedContact, error) {
	known, created, err := c.api.Registry.TakeContact(c.Ctx(), c.actor(),
		affiliate.Person{Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, Company: in.Company},
		affiliate.ByAPI)
	if err != nil {
		return savedContact{}, err
	}
	saved, err := one[contact](c, "contact", selectContacts+` WHERE id = ?`, known.ID)
	return savedContact{created, saved}, err
}
