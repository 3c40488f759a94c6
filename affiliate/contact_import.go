package affiliate

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"partnercenter/db"
	"partnercenter/locale"
)

// ImportLine is a line of a file of contacts.
type ImportLine struct {
	Line int // its number in the file
	Person
	Own FieldValues // the site's own fields, as the file has them
}

// ImportOutcome is what becomes of a line.
type ImportOutcome string

// The outcomes. A file never replaces what is known of a contact.
const (
	ImportNew     ImportOutcome = "new"
	ImportFilled  ImportOutcome = "filled"  // known; blank fields are filled in
	ImportSame    ImportOutcome = "same"    // known, nothing new
	ImportJoined  ImportOutcome = "joined"  // an earlier line has the same address
	ImportSkipped ImportOutcome = "skipped" // it has a problem
)

// ImportedLine is a line with what becomes of it.
type ImportedLine struct {
	ImportLine
	Outcome ImportOutcome
	Field   string      // of Problem: as in forms
	Problem locale.Text // what is wrong
	Contact ContactID   // 0 while there is none
}

// importAtOnce is how many contacts are looked up together.
const importAtOnce = 500

// PreviewImport tells what ImportContacts would do with each line by itself, and does
// nothing.
func (r *Registry) PreviewImport(ctx context.Context, lines []ImportLine) ([]ImportedLine, error) {
	planned := []ImportedLine{}
	err := r.db.ReadOnly(ctx, func(tx *db.Tx) error {
		fields, err := LoadContactFields(ctx, tx)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(lines, importAtOnce) {
			checked := []ImportedLine{}
			for _, line := range part {
				checked = append(checked, checkedLine(line, fields))
			}
			if err := planPart(ctx, tx, checked); err != nil {
				return err
			}
			planned = append(planned, checked...)
		}
		return nil
	})
	return planned, err
}

func planPart(ctx context.Context, q db.Queryer, part []ImportedLine) error {
	emails, ids := []string{}, []ContactID{}
	for _, line := range part {
		if line.Outcome != ImportSkipped {
			emails = append(emails, line.Email)
		}
	}
	known, err := contactsBy(ctx, q, emails)
	if err != nil {
		return err
	}
	for _, c := range known {
		ids = append(ids, c.ID)
	}
	own, err := LoadFieldValues(ctx, q, ids...)
	if err != nil {
		return err
	}
	for i := range part {
		if line := &part[i]; line.Outcome != ImportSkipped {
			c, is := known[line.Email]
			line.Outcome, line.Contact = line.outcome(c, is, own[c.ID]), c.ID
		}
	}
	return nil
}

// outcome is what becomes of a line without a problem: c is who has its address, and
// own what they have in the site's own fields.
func (l ImportedLine) outcome(c Contact, known bool, own FieldValues) ImportOutcome {
	if !known {
		return ImportNew
	}
	for field, value := range l.Own {
		if value != "" && own[field] == "" {
			return ImportFilled
		}
	}
	if filled(c, l.Person) != c {
		return ImportFilled
	}
	return ImportSame
}

// checkedLine is a line with its person as it would be stored, or its first problem.
func checkedLine(line ImportLine, fields []ContactField) ImportedLine {
	checked := ImportedLine{ImportLine: line}
	problems := Problems{}
	person := line.Person.Check(problems)
	if Line(line.Email) == "" {
		problems["email"] = locale.T("There is no email address.")
	} else if _, wrong := problems["email"]; wrong {
		problems["email"] = locale.T("This is not a complete email address.")
	}
	for _, name := range []struct{ field, text string }{{"first_name", person.FirstName},
		{"last_name", person.LastName}} {
		problems.Check(!HasAddress(name.text), name.field, "A name can't hold a web address.")
	}
	checked.Own = CheckFieldValues(problems, fields, line.Own, false)
	for _, field := range slices.Sorted(maps.Keys(problems)) {
		checked.Outcome, checked.Field, checked.Problem = ImportSkipped, field, problems[field]
		return checked
	}
	checked.Person = person
	return checked
}

// contactsBy are the contacts of these addresses, by address.
func contactsBy(ctx context.Context, q db.Queryer, emails []string) (map[string]Contact, error) {
	known := map[string]Contact{}
	if len(emails) == 0 {
		return known, nil
	}
	rows := []Contact{}
	err := db.SelectIn(ctx, q, &rows, `/* affiliate.contactsBy */ SELECT `+contactColumns+`
		FROM {wp}partner_center_contacts WHERE email IN (?)`, emails)
	for _, c := range rows {
		known[c.Email] = c
	}
	return known, err
}

// ImportContacts makes or completes the contacts of some lines, each contact audited.
// Those that it makes have no first referrer, for good (S69); nothing that is known is
// replaced, no referrer is moved (S65). The same lines again change nothing. It is a
// step of a transaction, and answers in an order of its own: all lock by address.
func ImportContacts(ctx context.Context, q db.Queryer, actor Actor, lines []ImportLine, at time.Time) ([]ImportedLine,
	error) {
	fields, err := LoadContactFields(ctx, q)
	if err != nil {
		return nil, err
	}
	done, entries := []ImportedLine{}, []AuditEntry{}
	for _, line := range lines {
		done = append(done, checkedLine(line, fields))
	}
	slices.SortStableFunc(done, func(a, b ImportedLine) int { return strings.Compare(a.Email, b.Email) })
	for i := range done {
		if done[i].Outcome == ImportSkipped {
			continue
		}
		entry, err := importLine(ctx, q, &done[i], at)
		if err != nil {
			return nil, err
		}
		if entry.Action != "" {
			entry.Actor = actor
			entries = append(entries, entry)
		}
		if err := FillContactFields(ctx, q, actor, done[i].Contact, done[i].Own, at); err != nil {
			return nil, err
		}
	}
	return done, Audit(ctx, q, at, entries...)
}

// importLine makes or completes the contact of a line, the site's own fields apart.
func importLine(ctx context.Context, q db.Queryer, line *ImportedLine, at time.Time) (entry AuditEntry, err error) {
	before, err := lockContact(ctx, q, line.Email)
	known := err == nil
	if err != nil && KindOf(err) != KindNotFound {
		return entry, err
	}
	own := FieldValues{}
	if known && len(line.Own) > 0 {
		of, err := LoadFieldValues(ctx, q, before.ID)
		if err != nil {
			return entry, err
		}
		own = of[before.ID]
	}
	line.Outcome, line.Contact = line.outcome(before, known, own), before.ID
	if line.Outcome == ImportSame {
		return entry, nil
	}
	c, made, err := EnsureContact(ctx, q, line.Person, ByImport, at)
	if err != nil || known && c == before {
		return entry, err
	}
	line.Contact = c.ID
	if !made && !known { // somebody else made them at this moment
		line.Outcome = ImportSame
		return entry, nil
	}
	entry = AuditEntry{Action: "import", Object: "contact", ObjectID: int64(c.ID), After: c}
	if known {
		entry.Before = before
	}
	return entry, nil
}

// TakeBackImport deletes the records of contacts that an import has made and that
// nothing has happened to since: no form, order or change, and they are no partners.
// It answers with those that it deleted. It is a step of a transaction.
func TakeBackImport(ctx context.Context, q db.Queryer, actor Actor, ids []ContactID, at time.Time) ([]ContactID,
	error) {
	untouched := []ContactID{}
	if len(ids) == 0 {
		return untouched, nil
	}
	contacts := []Contact{}
	err := db.SelectIn(ctx, q, &contacts, `/* affiliate.TakeBackImport */ SELECT `+contactColumns+`
		FROM {wp}partner_center_contacts c WHERE id IN (?) AND origin = 'import' AND deleted_at IS NULL
			AND updated_at = created_at
			AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_touchpoints t WHERE t.contact_id = c.id)
			AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_partners p WHERE p.contact_id = c.id)
		ORDER BY id FOR UPDATE`, ids)
	if err != nil {
		return nil, err
	}
	entries := []AuditEntry{}
	for _, c := range contacts {
		gone, err := bury(ctx, q, c, at)
		if err != nil {
			return nil, err
		}
		untouched = append(untouched, c.ID)
		entries = append(entries, AuditEntry{Actor: actor, Action: "undo import", Object: "contact",
			ObjectID: int64(c.ID), Before: c, After: gone})
	}
	return untouched, Audit(ctx, q, at, entries...)
}
