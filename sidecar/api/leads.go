package api

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// lead is an opt-in form that a visitor has sent to another program (S35, S59).
type lead struct {
	ID        string     `json:"id"`
	Email     string     `json:"email"`
	FirstName string     `json:"first_name,omitempty"`
	LastName  string     `json:"last_name,omitempty"`
	Company   string     `json:"company,omitempty"`
	Page      string     `json:"page,omitempty"`
	Click     string     `json:"click,omitempty"`
	At        *time.Time `json:"at,omitempty"`
}

type takenLead struct {
	Known     bool                `json:"known"`
	ContactID affiliate.ContactID `json:"contact_id"`
	Created   bool                `json:"created"`
	Click     string              `json:"click"`
	PartnerID affiliate.PartnerID `json:"partner_id,omitempty"`
}

// leadSource names the forms that come by the API.
const leadSource = "api"

// ahead is how far a caller's clock may be before ours.
const ahead = 5 * time.Minute

func takeLead(c *call, in lead) (out takenLead, err error) {
	now := c.api.Now()
	form := tracking.Touchpoint{Kind: tracking.OptIn, Source: leadSource, ExternalID: in.ID, Origin: affiliate.ByForm,
		Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, Company: in.Company, Page: in.Page,
		Click: in.Click, At: now}
	if in.At != nil {
		form.At = *in.At
	}
	p := affiliate.Problems{}
	p.Check(in.ID != "" && len(in.ID) <= 190, "id", "Give the form's id in your system, in at most 190 bytes.")
	p.Check(!form.At.After(now.Add(ahead)), "at", "This time is in the future.")
	_, emailErr := affiliate.FoldEmail(in.Email)
	p.Check(emailErr == nil, "email", "This isn't an email address.")
	if err := p.Err(); err != nil {
		return out, err
	}
	err = c.api.DB.Tx(c.Ctx(), func(tx *db.Tx) error {
		applied, err := c.api.Sales.TakeTouchpoint(c.Ctx(), tx, form)
		out = takenLead{Known: applied.Again, ContactID: applied.Contact.ID, Created: applied.Created,
			Click: string(applied.Touch.State), PartnerID: applied.Lead.PartnerID}
		return err
	})
	return out, err
}
