package reports

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// contactsReport lists the people known by e-mail (S72), those who came last first.
var contactsReport = &Report{
	Name: "contacts", Title: locale.T("Contacts"), For: ForAdmin,
	Help:     locale.T("Everyone who filled in a form or bought something, and who brought them."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterPartner, FilterProgram, FilterKind, FilterSearch},
	Statuses: []string{contactReferred, contactUnreferred},
	Finds:    locale.T("Start of a name, email or company, also of the referrer"),
	table:    contactsTable,
}

// What contacts can be narrowed to: those that a partner is the last referrer of, or no
// one is.
const (
	contactReferred   = "referred"
	contactUnreferred = "unreferred"
)

// listedContact is a contact as the list shows them.
type listedContact struct {
	affiliate.Contact
	own           affiliate.FieldValues
	brought, last string // names of both referrers
}

// Origins are the ways in which contacts came in, the values of FilterKind of their list.
var Origins = []affiliate.Origin{affiliate.ByForm, affiliate.ByOrder, affiliate.BySignUp, affiliate.ByImport,
	affiliate.ByAdmin, affiliate.ByAPI}

// origins are what they are called.
var origins = map[affiliate.Origin]locale.Text{affiliate.ByForm: locale.T("Opt-in form"),
	affiliate.ByOrder: locale.T("Order"), affiliate.ByImport: locale.T("Import"),
	affiliate.ByAdmin: locale.T("Entered by an admin"), affiliate.ByAPI: locale.T("API"),
	affiliate.BySignUp: locale.T("Partner sign-up")}

// OriginWords are what an origin is called.
func OriginWords(o affiliate.Origin) locale.Text { return origins[o] }

func (s source) contactFields() fields[listedContact] {
	return fields[listedContact]{
		{Column: Column{Key: "contact", Name: locale.T("Contact"), Kind: KindText},
			Value: func(c *listedContact) Cell { return Text(c.Name()).To(RefContact, int64(c.ID)) },
			Sort:  "k.listed_as"},
		{Column: Column{Key: "email", Name: locale.T("Email"), Kind: KindText},
			Value: func(c *listedContact) Cell { return Text(c.Email) }, Sort: "k.email",
			Unique: true},
		{Column: Column{Key: "first", Name: locale.T("First referrer"), Kind: KindText},
			Value: func(c *listedContact) Cell { return Text(c.brought).To(RefPartner, int64(c.First.PartnerID)) }},
		{Column: Column{Key: "last", Name: locale.T("Last referrer"), Kind: KindText},
			Value: func(c *listedContact) Cell { return Text(c.last).To(RefPartner, int64(c.Last.PartnerID)) }},
		{Column: Column{Key: "origin", Name: locale.T("Came in by"), Kind: KindText},
			Value: func(c *listedContact) Cell { return Sentence(origins[c.Origin]) }},
		{Column: Column{Key: "since", Name: locale.T("Since"), Kind: KindDate},
			Value: func(c *listedContact) Cell { return Date(affiliate.DayOf(c.CreatedAt, s.zone)) },
			Sort:  "k.created_at", SortKind: KindTime},
		{Column: Column{Key: "company", Name: locale.T("Company"), Kind: KindText, FileOnly: true},
			Value: func(c *listedContact) Cell { return Text(c.Company) }, Sort: "k.company"},
		{Column: Column{Key: "first_at", Name: locale.T("First referred"), Kind: KindTime, FileOnly: true},
			Value: func(c *listedContact) Cell { return Time(c.First.At) }},
		{Column: Column{Key: "last_at", Name: locale.T("Last referred"), Kind: KindTime, FileOnly: true},
			Value: func(c *listedContact) Cell { return Time(c.Last.At) }},
		{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText, FileOnly: true,
			Help: locale.T("Of the click of the last referrer.")},
			Value: func(c *listedContact) Cell { return Text(tracking.SubIDText(c.Last.SubID)) }},
		{Column: Column{Key: "id", Name: locale.T("Contact id"), Kind: KindNumber, FileOnly: true},
			Value: func(c *listedContact) Cell { return Number(int64(c.ID)) }, Sort: "k.id"},
	}
}

// contactsSearch is what the list is searched by.
var contactsSearch = searchable{id: "k.id", ways: []way{
	{people: true, has: "(" + personHas("k") + ")"}, referredBy("last_partner_id"), referredBy("first_partner_id"),
}}

// referredBy finds contacts by the person behind one of their referrers.
func referredBy(slot string) way {
	index := strings.TrimSuffix(slot, "_partner_id")
	return way{people: true,
		over: `/* reports.partnersOf */ SELECT p.id FROM {wp}partner_center_partners p WHERE p.contact_id IN (?)`,
		rows: `/* reports.contactsOf */ SELECT r.id FROM {wp}partner_center_contacts r
			FORCE INDEX ({wp}partner_center_contacts_` + index + `) WHERE r.` + slot + ` IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_partners sp JOIN {wp}partner_center_contacts sk
			ON sk.id = sp.contact_id WHERE sp.id = k.` + slot + ` AND (` + personHas("sk") + `))`}
}

const contactTables = ` FROM {wp}partner_center_contacts k`

// contactsWhere narrows contacts k. A partner or a program is that of either referrer.
func (s source) contactsWhere(ctx context.Context, q Query) (w where, how searched, err error) {
	if q.Kind != "" && origins[affiliate.Origin(q.Kind)].IsZero() {
		return w, how, affiliate.Invalid("kind", "Please choose one from the list.")
	}
	w.add("k.deleted_at IS NULL")
	if !q.Range.From.IsZero() {
		w.add("k.created_at >= ?", q.Range.From.Start(s.zone))
	}
	if !q.Range.To.IsZero() {
		w.add("k.created_at < ?", q.Range.To.Start(s.zone))
	}
	addIf(&w, "k.origin = ?", q.Kind)
	if q.Partner != 0 {
		w.add("(k.first_partner_id = ? OR k.last_partner_id = ?)", q.Partner, q.Partner)
	}
	switch q.Status {
	case contactReferred:
		w.add("k.last_partner_id > 0")
	case contactUnreferred:
		w.add("k.last_partner_id IS NULL")
	}
	if q.Program != 0 {
		if err := s.ofProgram(ctx, &w, q.Program); err != nil {
			return w, how, err
		}
	}
	how, err = s.find(ctx, &w, contactsSearch, q)
	return w, how, err
}

// ofProgram narrows to contacts of whose referrers one is in a program. Few partners
// are looked up, for the index; with many, a page of contacts is soon full.
func (s source) ofProgram(ctx context.Context, w *where, program affiliate.ProgramID) error {
	const members = `SELECT m.partner_id FROM {wp}partner_center_memberships m WHERE m.program_id = ? AND m.active = 1`
	ids, many, err := s.look(ctx, mostHits, `/* reports.membersOf */ `+members, program)
	switch {
	case err != nil:
		return err
	case many:
		const is = `(SELECT COUNT(*) FROM {wp}partner_center_memberships m WHERE m.partner_id = k.%s AND m.active = 1
			AND m.program_id = ?)`
		w.add(fmt.Sprintf("("+is+" > 0 OR "+is+" > 0)", "last_partner_id", "first_partner_id"), program, program)
		return nil
	}
	w.add("(k.first_partner_id IN (?) OR k.last_partner_id IN (?))", orNone(ids), orNone(ids))
	return w.expand()
}

func contactsTable(ctx context.Context, s source, q Query) (*Table, error) {
	w, how, err := s.contactsWhere(ctx, q)
	if err != nil {
		return nil, err
	}
	own, err := affiliate.LoadContactFields(ctx, s.q)
	if err != nil {
		return nil, err
	}
	fs := append(s.contactFields(),
		lift(ownFields(own), func(c *listedContact) *listed { return &listed{own: c.own} })...)
	usual := newest("", "k.id")
	if q.Range != (affiliate.Range{}) { // as they came, by the index that finds the days
		usual = order{expr: "k.created_at", kind: KindTime, id: "k.id"}
	}
	o, err := fs.order(q, usual)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: fs.columns()}
	t.Rows, err = inParts(w, o, q, func(part Query) ([]Row, error) { return s.someContacts(ctx, w, o, part, fs) })
	if err != nil {
		return nil, err
	}
	how.tell(t, s)
	return s.count(ctx, t, q, `/* reports.contactCount */`, contactTables, w)
}

// someContacts are the rows of one part.
func (s source) someContacts(ctx context.Context, w where, o order, q Query, fs fields[listedContact]) ([]Row, error) {
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	var places []struct {
		ID affiliate.ContactID `db:"id"`
		placed
	}
	err = s.q.Select(ctx, &places, `/* reports.contacts */ SELECT k.id, `+o.place()+contactTables+paged.sql()+tail,
		paged.args...)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	ids := make([]affiliate.ContactID, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	contacts, err := affiliate.LoadContacts(ctx, s.q, ids)
	if err != nil {
		return nil, err
	}
	own, err := affiliate.LoadFieldValues(ctx, s.q, ids...)
	if err != nil {
		return nil, err
	}
	partners := []affiliate.PartnerID{0}
	for _, c := range contacts {
		partners = append(partners, c.First.PartnerID, c.Last.PartnerID)
	}
	names, err := s.partnerNames(ctx, partners)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(places))
	for i, p := range places {
		c := listedContact{contacts[p.ID], own[p.ID], "", ""}
		c.brought, c.last = names[c.First.PartnerID], names[c.Last.PartnerID]
		rows[i] = Row{Ref: Ref{Kind: RefContact, ID: int64(p.ID)}, Cells: fs.cells(&c),
			After: q.cursor(p.placed, int64(p.ID))}
	}
	return rows, nil
}

// partsAtOnce is how many rows are read together of a list to whose rows more has to
// be looked up: a page, or a part of a file.
const partsAtOnce = 100

// inParts reads rows part by part, since one query over all of them would take as
// long as the whole file before its first row.
func inParts(w where, o order, q Query, some func(Query) ([]Row, error)) (iter.Seq2[Row, error], error) {
	part := q
	part.Limit = partsAtOnce - 1 // where.page reads one more
	if q.Limit > 0 {
		part.Limit = min(q.Limit, part.Limit)
	}
	if _, _, err := w.page(part, o); err != nil {
		return nil, err
	}
	return func(yield func(Row, error) bool) {
		for {
			rows, err := some(part)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) <= part.Limit {
				return
			}
			if last := rows[len(rows)-1].After; part.Before != "" {
				part.Before = last
			} else {
				part.After = last
			}
		}
	}, nil
}
