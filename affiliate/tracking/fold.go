package tracking

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// touchpointRow is a stored form with what the fold gave it.
type touchpointRow struct {
	ID      int64 `db:"id"`
	Created bool  `db:"created_contact"`
	FoldTouchpoint
	LeadPartner affiliate.PartnerID `db:"lead_partner_id"`
	LeadTool    affiliate.ToolID    `db:"lead_tool_id"`
	LeadSubID   string              `db:"lead_subid"`
	LeadPage    string              `db:"lead_page"`
	CheckLead   affiliate.PartnerID `db:"check_partner_id"` // whose lead it would be, while it is to be checked (D41)
}

// is tells whether the row is of the form f.
func (r touchpointRow) is(f Touchpoint) bool {
	return r.Kind == f.Kind && r.Source == f.Source && r.ExternalID == f.ExternalID
}

// story is a contact's forms in the order of time, with the referrers and the
// lead after each.
type story struct {
	touchpoints []touchpointRow
	past        []FoldTouchpoint // the forms, without what the fold gave them
	after       []Referrers
	leads       []affiliate.Referrer
}

// storyColumns are of a contact's form. One is to be checked, or was, when its
// click named too many addresses, or its network had done so by then (D41).
const (
	storyColumns = `f.id, f.created_contact, f.kind, f.source, f.external_id, f.occurred_at, f.origin,
		f.cookie, f.touch_partner_id, f.touch_tool_id, f.touch_subid, f.touch_page, f.touch_visit_id, f.touched_at,
		f.lead_partner_id, f.lead_tool_id, f.lead_subid, f.lead_page, f.check_partner_id, f.browser, f.logged_in,
		f.confirmed,
		CASE WHEN 'dismissed' IN (c.verdict, n.verdict) THEN 'dismissed'
			WHEN c.verdict = '' OR n.verdict = '' THEN 'open'
			WHEN 'confirmed' IN (c.verdict, n.verdict) THEN 'confirmed' ELSE '' END AS check_state`
	storyTables = ` FROM {wp}partner_center_touchpoints f
	LEFT JOIN {wp}partner_center_claims c ON c.id = f.click_claim_id AND c.over_at <= f.occurred_at
	LEFT JOIN {wp}partner_center_claims n ON n.id = f.network_claim_id AND n.over_at <= f.occurred_at`
)

// readStory folds the contact's stored forms.
func readStory(ctx context.Context, q db.Queryer, contact affiliate.ContactID) (story, error) {
	all, err := readStories(ctx, q, "= ?", contact)
	return all[contact], err
}

// readStories folds the stored forms of contacts whose id is as which says; one
// without any has no story.
func readStories(ctx context.Context, q db.Queryer, which string,
	args ...any) (map[affiliate.ContactID]story, error) {
	rows := []struct {
		Contact affiliate.ContactID `db:"contact_id"`
		touchpointRow
	}{}
	err := q.Select(ctx, &rows, `/* tracking.readStories */ SELECT f.contact_id, `+storyColumns+storyTables+
		` WHERE f.contact_id `+which, args...)
	if err != nil {
		return nil, err
	}
	browsers, err := browsersOf(ctx, q, which, args...)
	if err != nil {
		return nil, err
	}
	settings, err := affiliate.SettingsEver(ctx, q)
	if err != nil {
		return nil, err
	}
	of := map[affiliate.ContactID][]touchpointRow{}
	for _, r := range rows {
		of[r.Contact] = append(of[r.Contact], r.touchpointRow)
	}
	all := map[affiliate.ContactID]story{}
	for contact, forms := range of {
		all[contact] = tell(forms, browsers[contact], settings)
	}
	return all, nil
}

// tell folds a contact's forms; browsers are those known to be the contact's.
// Leads go by the setting of their time, so that changing it moves no past lead
// (S7). It is pure.
func tell(rows []touchpointRow, browsers []string, settings affiliate.Timeline[affiliate.Settings]) story {
	s := story{touchpoints: rows}
	slices.SortFunc(s.touchpoints, func(a, b touchpointRow) int { return inTime(a.FoldTouchpoint, b.FoldTouchpoint) })
	for _, f := range s.touchpoints {
		s.past = append(s.past, f.FoldTouchpoint)
	}
	byForms := slices.ContainsFunc(s.touchpoints, func(f touchpointRow) bool { return f.Created })
	s.after = Fold(byForms, s.past, browsers...)
	for i, f := range s.past {
		s.leads = append(s.leads, lead(f, s.after[i], settings.At(f.At).Credit))
	}
	return s
}

// lead is who gets the lead of a form: the referrer after it, by the rule of
// its time, whether or not it carried a click (S35). What an admin or an import
// entered was not submitted by the contact and is nobody's lead.
func lead(f FoldTouchpoint, after Referrers, rule affiliate.Credit) affiliate.Referrer {
	if f.Origin == affiliate.ByAdmin || f.Origin == affiliate.ByImport || f.Check == ReviewDismissed {
		return affiliate.Referrer{}
	}
	return after.Candidate(rule)
}

// toCheck tells whether the lead of a form is counted apart: it is one of too
// many addresses, and nothing else proves its click.
func toCheck(f FoldTouchpoint, after Referrers) bool {
	return f.Check == ReviewOpen && !after.Last.Proof.Proven()
}

// refold stores what a new form changes, and answers for it.
func (t *Tracker) refold(ctx context.Context, q db.Queryer, contact affiliate.Contact, f Touchpoint) (Effect, error) {
	s, contact, err := t.store(ctx, q, contact)
	if err != nil {
		return Effect{}, err
	}
	a := s.applied(contact, f)
	a.Late = !s.touchpoints[len(s.touchpoints)-1].is(f)
	return a, nil
}

// store folds the contact's forms and keeps what follows from them: the
// referrers and the leads, also of forms that happened later than a new one but
// were applied before (D18).
func (t *Tracker) store(ctx context.Context, q db.Queryer, contact affiliate.Contact) (story, affiliate.Contact,
	error) {
	s, err := readStory(ctx, q, contact.ID)
	if err != nil {
		return s, contact, err
	}
	for i, row := range s.touchpoints {
		lead, check := s.leads[i], affiliate.PartnerID(0)
		if toCheck(s.past[i], s.after[i]) {
			lead, check = affiliate.Referrer{}, lead.PartnerID
		}
		if err := storeLead(ctx, q, row, lead, check); err != nil {
			return s, contact, err
		}
	}
	var now Referrers
	if len(s.after) > 0 {
		now = s.after[len(s.after)-1]
	}
	if !sameReferrer(now.First, contact.First) || !sameReferrer(now.Last, contact.Last) {
		if err := affiliate.SetReferrers(ctx, q, contact.ID, now.First, now.Last, t.now()); err != nil {
			return s, contact, err
		}
		contact.First, contact.Last = now.First, now.Last
	}
	return s, contact, nil
}

// Recall answers for a form that was applied before, and locks and writes
// nothing: what ApplyTouchpoint answers when it gets the form again. false: it is not
// known.
func Recall(ctx context.Context, q db.Queryer, f Touchpoint) (Effect, bool, error) {
	all, err := RecallAll(ctx, q, f.Kind, f.Source, []string{f.ExternalID})
	a, known := all[f.ExternalID]
	return a, known, err
}

// RecallAll is Recall of several forms of one kind and source, by their external
// ids; those that are not known are not in the map.
func RecallAll(ctx context.Context, q db.Queryer, kind FormKind, source string,
	externalIDs []string) (map[string]Effect, error) {
	forms := []struct {
		ExternalID string              `db:"external_id"`
		Contact    affiliate.ContactID `db:"contact_id"`
	}{}
	query, args, err := db.In(`/* tracking.RecallAll */
		SELECT external_id, contact_id FROM {wp}partner_center_touchpoints
		WHERE source = ? AND kind = ? AND external_id IN (?)`, source, kind, externalIDs)
	if err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &forms, query, args...); err != nil || len(forms) == 0 {
		return nil, err
	}
	ids := []affiliate.ContactID{}
	for _, f := range forms {
		ids = append(ids, f.Contact)
	}
	contacts, err := affiliate.LoadContacts(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	which, args, err := db.In("IN (?)", ids)
	if err != nil {
		return nil, err
	}
	stories, err := readStories(ctx, q, which, args...)
	all := map[string]Effect{}
	for _, f := range forms {
		a := stories[f.Contact].applied(contacts[f.Contact],
			Touchpoint{Kind: kind, Source: source, ExternalID: f.ExternalID})
		a.Again = true
		all[f.ExternalID] = a
	}
	return all, err
}

// appliedBefore answers for a form that is stored already.
func (t *Tracker) appliedBefore(ctx context.Context, q db.Queryer, contact affiliate.ContactID, f Touchpoint,
	err error) (Effect, error) {
	if err != nil {
		return Effect{}, err
	}
	var locked affiliate.ContactID
	err = q.Get(ctx, &locked,
		`/* tracking.appliedBefore */ SELECT id FROM {wp}partner_center_contacts WHERE id = ? FOR UPDATE`, contact)
	if err != nil {
		return Effect{}, fmt.Errorf("the contact of a stored form: %w", err)
	}
	c, err := affiliate.LoadContact(ctx, q, contact)
	if err != nil {
		return Effect{}, err
	}
	s, err := readStory(ctx, q, contact)
	if err != nil {
		return Effect{}, err
	}
	a := s.applied(c, f)
	a.Again = true
	return a, nil
}

// applied is the answer for the form f of the story.
func (s story) applied(contact affiliate.Contact, f Touchpoint) Effect {
	a := Effect{Contact: contact}
	for i, row := range s.touchpoints {
		if row.is(f) {
			a.Created, a.Touch, a.Lead = row.Created, row.Touch, s.leads[i]
			a.First, a.Last, a.Proven, a.Past = s.after[i].First, s.after[i].Last, s.after[i].Proven, s.past[:i+1]
		}
	}
	return a
}

func storeLead(ctx context.Context, q db.Queryer, row touchpointRow, lead affiliate.Referrer,
	check affiliate.PartnerID) error {
	if row.CheckLead == check && row.LeadPartner == lead.PartnerID && row.LeadTool == lead.ToolID &&
		row.LeadSubID == lead.SubID && row.LeadPage == lead.Page {
		return nil
	}
	_, err := q.Exec(ctx, `/* tracking.storeLead */
		UPDATE {wp}partner_center_touchpoints SET lead_partner_id = ?, lead_tool_id = ?, lead_subid = ?,
		lead_page = ?, check_partner_id = ? WHERE id = ?`,
		lead.PartnerID, lead.ToolID, lead.SubID, lead.Page, check, row.ID)
	if err != nil {
		return err
	}
	var day affiliate.Day
	err = q.Get(ctx, &day, `/* tracking.storeLead */ SELECT day FROM {wp}partner_center_touchpoints WHERE id = ?`,
		row.ID)
	if err != nil {
		return err
	}
	return affiliate.DaysChanged(ctx, q, affiliate.PartnerDay{Partner: row.LeadPartner, Day: day},
		affiliate.PartnerDay{Partner: lead.PartnerID, Day: day})
}

func sameReferrer(a, b affiliate.Referrer) bool {
	sameAt := a.At == nil && b.At == nil || a.At != nil && b.At != nil && a.At.Equal(*b.At)
	return sameAt && a.PartnerID == b.PartnerID && a.ToolID == b.ToolID && a.SubID == b.SubID &&
		a.Page == b.Page && a.VisitID == b.VisitID && a.Proof == b.Proof
}
