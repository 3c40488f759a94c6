package partners

import (
	"encoding/json"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// storyShown is how much of a partner's story their page tells.
const storyShown = 20

// happening is something that changed about the partner, in words.
type happening struct {
	At     time.Time
	What   locale.Text
	By     locale.Text
	Reason string
}

// said is what actions on partners are called in their story; of those without
// words here the state tells.
var said = map[string]locale.Text{
	"add": locale.T("Added to a program"), "join": locale.T("Joined a program"),
	"sign up": locale.T("Signed up"), "approve": locale.T("Application approved"),
	"reject": locale.T("Application rejected"), "suspend": locale.T("Suspended"),
	"reactivate": locale.T("Reactivated"), "remove": locale.T("Removed from the program"),
	"pay":                    locale.T("Paid"),
	"edit payment":           locale.T("Payment data changed"),
	"ask for PayPal address": locale.T("Asked for another PayPal address"),
	"confirm PayPal address": locale.T("PayPal address confirmed"),
	"set subids":             locale.T("SubIDs switched"),
	"limit addresses":        locale.T("Limit of addresses changed"),
	"remake account":         locale.T("WordPress account requested again"),
	"see center as":          locale.T("An admin looked at the partner center as this partner"),
	"leave center of":        locale.T("The admin left the partner center"),
	"note":                   locale.T("Note written"), "delete note": locale.T("Note deleted"),
	"lose account": locale.T("WordPress account was deleted"),
	"delete":       locale.T("Deleted"), "erase": locale.T("Personal data erased"),
}

// history is what was done to the partner, and to their contact record what ended them
// as a partner, the latest first.
func (p *Pages) history(r *web.Request, page *partnerPage) ([]affiliate.AuditRecord, error) {
	records, err := p.Registry.History(r.Ctx(), "partner", int64(page.Partner.ID), 0, storyShown)
	if err != nil || page.Contact.DeletedAt == nil {
		return records, err
	}
	ends, err := p.Registry.History(r.Ctx(), "contact", int64(page.Partner.ContactID), 0, storyShown)
	for _, end := range ends {
		if end.Action == "delete" || end.Action == "erase" {
			records = append(records, end)
		}
	}
	slices.SortStableFunc(records, func(a, b affiliate.AuditRecord) int { return b.At.Compare(a.At) })
	return records, err
}

// fillStory tells what was done to the partner, by the audit, and the states
// they came into by themselves, the latest first.
func (p *Pages) fillStory(r *web.Request, page *partnerPage) error {
	records, err := p.history(r, page)
	if err != nil {
		return err
	}
	states, err := p.Registry.States(r.Ctx(), page.Partner.ID)
	if err != nil {
		return err
	}
	programs, err := parts.ProgramNames(r.Ctx(), p.Registry)
	if err != nil {
		return err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, recruitersIn(records)...)
	if err != nil {
		return err
	}
	for _, record := range records {
		for len(states) > 0 && states[0].At.After(record.At) {
			page.Story, states = append(page.Story, cameInto(states[0])), states[1:]
		}
		if len(states) > 0 && states[0].At.Equal(record.At) {
			states = states[1:] // the record says so, and by whom
		}
		page.Story = append(page.Story, happening{record.At, whatHappened(record, programs, people),
			record.Actor.Text(), record.Reason})
	}
	if len(records) < storyShown {
		for _, s := range states {
			page.Story = append(page.Story, cameInto(s))
		}
	}
	return nil
}

func cameInto(s affiliate.StateChange) happening {
	return happening{At: s.At, What: locale.T("State: %s", web.Label(s.State))}
}

// stay is what the audit keeps of a membership.
type stay struct {
	ProgramID   affiliate.ProgramID
	RecruiterID affiliate.PartnerID
}

func stayOf(data []byte) (s stay) {
	_ = json.Unmarshal(data, &s) // erased, or of another shape: nothing is known
	return s
}

func recruitersIn(records []affiliate.AuditRecord) (ids []affiliate.PartnerID) {
	for _, record := range records {
		if record.Action == "set recruiter" {
			ids = append(ids, stayOf(record.Before).RecruiterID, stayOf(record.After).RecruiterID)
		}
	}
	return ids
}

func whatHappened(record affiliate.AuditRecord, programs map[affiliate.ProgramID]string,
	people parts.People) locale.Text {
	before, after := stayOf(record.Before), stayOf(record.After)
	switch {
	case record.Action == "move" && after.ProgramID != 0:
		return locale.T("Moved from %s to %s", programs[before.ProgramID], programs[after.ProgramID])
	case record.Action == "set recruiter" && after.RecruiterID != 0:
		return locale.T("Recruiter is %s from now on", people.Name(after.RecruiterID))
	case record.Action == "set recruiter":
		return locale.T("No recruiter from now on")
	}
	if text, known := said[record.Action]; known {
		return text
	}
	return web.Words(record.Action)
}
