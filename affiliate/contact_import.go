package affiliate

import (
	"context"
	"maps"
	"slices"

	"partnercenter/db"
	"partnercenter/locale"
)

// ImportLine is a line of a file of contacts.
type ImportLine struct {
	Line int // its number in the file
	Person
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
	Field   string      // of Problem
	Problem locale.Text // what is wrong, or merely worth knowing
}

// importAtOnce is how many lines one transaction takes.
const importAtOnce = 100

// PreviewImport tells what ImportContacts would do, and does nothing.
func (r *Registry) PreviewImport(ctx context.Context, lines []ImportLine) ([]ImportedLine, error) {
	planned, known, first := []ImportedLine{}, map[string]Contact{}, map[string]int{}
	for _, line := range lines {
		planned = append(planned, checkedLine(line))
	}
	for part := range slices.Chunk(planned, importAtOnce) {
		emails := []string{}
		for _, line := range part {
			if line.Outcome != ImportSkipped {
				emails = append(emails, line.Email)
			}
		}
		if err := r.knownBy(ctx, emails, known); err != nil {
			return nil, err
		}
	}
	for i := range planned {
		line := &planned[i]
		if line.Outcome == ImportSkipped {
			continue
		}
		c, is := known[line.Email]
		more := filled(c, line.Person)
		switch earlier := first[line.Email]; {
		case earlier != 0:
			line.Outcome, line.Field = ImportJoined, "email"
			line.Problem = locale.T("Same address as line %d.", earlier)
		case !is:
			line.Outcome, more.Email = ImportNew, line.Email
		case more != c:
			line.Outcome = ImportFilled
		default:
			line.Outcome = ImportSame
		}
		known[line.Email] = more
		if first[line.Email] == 0 {
			first[line.Email] = line.Line
		}
	}
	return planned, nil
}

// checkedLine is a line with its person as it would be stored, or its first problem.
func checkedLine(line ImportLine) ImportedLine {
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
	for _, field := range slices.Sorted(maps.Keys(problems)) {
		checked.Outcome, checked.Field, checked.Problem = ImportSkipped, field, problems[field]
		return checked
	}
	checked.Person = person
	return checked
}

// knownBy adds the contacts of these addresses.
func (r *Registry) knownBy(ctx context.Context, emails []string, known map[string]Contact) error {
	if len(emails) == 0 {
		return nil
	}
	rows := []Contact{}
	err := db.SelectIn(ctx, r.db, &rows, `/* affiliate.knownBy */ SELECT `+contactColumns+`
		FROM {wp}partner_center_contacts WHERE email IN (?)`, emails)
	for _, c := range rows {
		known[c.Email] = c
	}
	return err
}

// ImportContacts makes or completes the contacts of a file, a hundred lines in a
// transaction, each contact audited. Those that it makes have no first referrer,
// for good (S69); nothing that is known is replaced, no referrer is moved (S65).
// The same file again changes nothing, so one that was interrupted is imported
// again. It returns how many contacts were made, and how many completed.
func (r *Registry) ImportContacts(ctx context.Context, actor Actor, lines []ImportLine) (made, completed int,
	err error) {
	usable := []ImportedLine{}
	for _, line := range lines {
		if checked := checkedLine(line); checked.Outcome != ImportSkipped {
			usable = append(usable, checked)
		}
	}
	for part := range slices.Chunk(usable, importAtOnce) {
		part = slices.Clone(part) // all lock by address, the same line's fields first
		slices.SortStableFunc(part, func(a, b ImportedLine) int {
			if a.Email < b.Email {
				return -1
			}
			if a.Email > b.Email {
				return 1
			}
			return 0
		})
		var of [2]int
		err := r.db.Tx(ctx, func(tx *db.Tx) error {
			of = [2]int{}
			return r.importPart(ctx, tx, actor, part, &of)
		})
		if err != nil {
			return made, completed, err
		}
		made, completed = made+of[0], completed+of[1]
	}
	return made, completed, nil
}

func (r *Registry) importPart(ctx context.Context, q db.Queryer, actor Actor, part []ImportedLine, of *[2]int) error {
	entries, at := []AuditEntry{}, r.now()
	for _, line := range part {
		before, err := lockContact(ctx, q, line.Email)
		if err != nil && KindOf(err) != KindNotFound {
			return err
		}
		if err == nil && filled(before, line.Person) == before {
			continue
		}
		c, made, err := EnsureContact(ctx, q, line.Person, ByImport, at)
		if err != nil {
			return err
		}
		entry := AuditEntry{Actor: actor, Action: "import", Object: "contact", ObjectID: int64(c.ID), After: c}
		if made {
			of[0]++
		} else {
			of[1]++
			entry.Before = before
		}
		entries = append(entries, entry)
	}
	return Audit(ctx, q, at, entries...)
}
