package tracking

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Misfold is a referrer or a lead that is not what the contact's forms fold to.
type Misfold struct {
	Contact         affiliate.ContactID
	What            string // "first referrer", "lead of form 12"
	Expected, Found affiliate.Referrer
}

// Misfolds folds the forms of the contacts after one once more, at most so many
// of them, and returns what is stored otherwise (S64-S70, S35). last is the last
// contact looked at, 0 at the end.
func Misfolds(ctx context.Context, q db.Queryer, after affiliate.ContactID, most int) (found []Misfold,
	last affiliate.ContactID, err error) {
	contacts, err := affiliate.ContactsAfter(ctx, q, after, most)
	if err != nil || len(contacts) == 0 {
		return nil, 0, err
	}
	last = contacts[len(contacts)-1].ID
	stories, err := readStories(ctx, q, "> ? AND f.contact_id <= ?", int64(after), last)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range contacts {
		found = append(found, misfolds(c, stories[c.ID])...)
	}
	return found, last, nil
}

func misfolds(c affiliate.Contact, s story) []Misfold {
	var now Referrers
	if len(s.after) > 0 {
		now = s.after[len(s.after)-1]
	}
	found := []Misfold{{c.ID, "first referrer", now.First, c.First}, {c.ID, "last referrer", now.Last, c.Last}}
	for i, row := range s.touchpoints {
		lead := affiliate.Referrer{PartnerID: row.LeadPartner, ToolID: row.LeadTool, SubID: row.LeadSubID,
			Page: row.LeadPage}
		of := s.leads[i]
		want := affiliate.Referrer{PartnerID: of.PartnerID, ToolID: of.ToolID, SubID: of.SubID, Page: of.Page}
		if toCheck(s.past[i], s.after[i]) { // counted apart until an admin looked at it
			want = affiliate.Referrer{}
		}
		found = append(found, Misfold{c.ID, fmt.Sprintf("lead of form %d", row.ID), want, lead})
	}
	return slices.DeleteFunc(found, func(m Misfold) bool { return sameReferrer(m.Expected, m.Found) })
}
