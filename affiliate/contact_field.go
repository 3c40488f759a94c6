package affiliate

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"partnercenter/db"
)

// ContactField is a field of contacts that the site has added to those that every
// contact has (S32). Admins always see it.
type ContactField struct {
	ID        FieldID   `db:"id"`
	Name      string    `db:"name"` // unique, whatever its case; 60 characters at most
	Kind      FieldKind `db:"kind"`
	Choices   string    `db:"choices"`    // one in each line; "" unless the kind is FieldChoice
	InProfile bool      `db:"in_profile"` // partners see it in their profile and change it there
	OnSignup  bool      `db:"on_signup"`  // the sign-up form asks for it
	Required  bool      `db:"required"`   // partners can't leave it blank there
	Position  int       `db:"position"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// FieldID is the row of a ContactField.
type FieldID = ID[ContactField]

// FieldKind is what a field holds.
type FieldKind string

// The kinds.
const (
	FieldText   FieldKind = "text"
	FieldNumber FieldKind = "number"
	FieldDate   FieldKind = "date"
	FieldChoice FieldKind = "choice"
	FieldYesNo  FieldKind = "yesno"
)

// FieldKinds are all kinds, as forms offer them.
var FieldKinds = []FieldKind{FieldText, FieldNumber, FieldDate, FieldChoice, FieldYesNo}

const (
	maxFieldName  = 60
	maxFieldValue = 500 // characters
	// MostContactFields keeps forms and lists to what a page can show.
	MostContactFields = 30
	maxChoices        = 100
)

// FormName is what the field is called in forms, and in the Problems of its values.
func (f ContactField) FormName() string { return "own_" + f.ID.String() }

// ChoiceList are the values that a field of the kind FieldChoice takes.
func (f ContactField) ChoiceList() []string {
	if f.Choices == "" {
		return nil
	}
	return strings.Split(f.Choices, "\n")
}

// takenNames are what files call the fields that every contact has, as ColumnName
// folds them.
var takenNames = []string{"email", "firstname", "lastname", "name", "company", "program", "paymentmethod",
	"paypalemail", "recruiter", "referrer"}

// ColumnName folds the heading of a column, so that files may write "First name",
// "first_name" or "FIRSTNAME".
func ColumnName(heading string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, heading)
}

// Check brings what an admin entered into its stored form, and notes what is wrong
// under the fields name, kind and choices.
func (f ContactField) Check(p Problems) ContactField {
	f.Name = Line(f.Name)
	p.Check(f.Name != "", "name", "Please enter a name.")
	p.Check(utf8.RuneCountInString(f.Name) <= maxFieldName, "name", "Please use at most %d characters.", maxFieldName)
	p.Check(!slices.Contains(takenNames, ColumnName(f.Name)), "name",
		"Every contact has this field already. Choose another name.")
	p.Check(slices.Contains(FieldKinds, f.Kind), "kind", "Please choose from the list.")
	choices := []string{}
	for _, line := range strings.Split(f.Choices, "\n") {
		if line = Line(line); line != "" && !slices.Contains(choices, line) {
			choices = append(choices, line)
		}
	}
	if f.Kind != FieldChoice {
		choices = nil
	}
	p.Check(f.Kind != FieldChoice || len(choices) >= 2, "choices", "Enter at least two choices, each in a line.")
	p.Check(len(choices) <= maxChoices, "choices", "Please enter at most %d choices.", maxChoices)
	for _, choice := range choices {
		p.Check(utf8.RuneCountInString(choice) <= maxName, "choices",
			"Please use at most %d characters for each choice.", maxName)
	}
	f.Choices = strings.Join(choices, "\n")
	f.Required = f.Required && (f.OnSignup || f.InProfile)
	return f
}

const fieldColumns = `id, name, kind, choices, in_profile, on_signup, required, position, created_at, updated_at
	FROM {wp}partner_center_contact_fields`

// LoadContactFields are the site's own fields, in the order in which forms have them.
func LoadContactFields(ctx context.Context, q db.Queryer) ([]ContactField, error) {
	fields := []ContactField{}
	return fields, q.Select(ctx, &fields, `/* affiliate.ContactFields */ SELECT `+fieldColumns+` ORDER BY position, id`)
}

// ContactFields are the site's own fields, in the order in which forms have them.
func (r *Registry) ContactFields(ctx context.Context) ([]ContactField, error) {
	return LoadContactFields(ctx, r.db)
}

// ContactField is the field of this id.
func (r *Registry) ContactField(ctx context.Context, id FieldID) (ContactField, error) {
	return loadContactField(ctx, r.db, id, "")
}

func loadContactField(ctx context.Context, q db.Queryer, id FieldID, lock string) (f ContactField, err error) {
	err = q.Get(ctx, &f, `/* affiliate.ContactField */ SELECT `+fieldColumns+` WHERE id = ?`+lock, id)
	if db.NoRows(err) {
		err = Missing("There is no such field.")
	}
	return f, err
}

// AddContactField adds a field behind the others. One of that name that is there
// already is refused, so that a form sent twice adds one.
//
// Errors: KindInvalid by the fields name, kind and choices; KindConflict where there
// are too many.
func (r *Registry) AddContactField(ctx context.Context, actor Actor, f ContactField) (ContactField, error) {
	problems := Problems{}
	f = f.Check(problems)
	if err := problems.Err(); err != nil {
		return f, err
	}
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		fields, err := LoadContactFields(ctx, tx)
		if err != nil {
			return err
		}
		if len(fields) >= MostContactFields {
			return Conflict("There can be at most %d own fields. Delete one you don't need.", MostContactFields)
		}
		f.Position, f.CreatedAt, f.UpdatedAt = 1, r.now(), r.now()
		if len(fields) > 0 {
			f.Position = fields[len(fields)-1].Position + 1
		}
		result, err := tx.Exec(ctx, `/* affiliate.AddContactField */
			INSERT INTO {wp}partner_center_contact_fields (name, kind, choices, in_profile, on_signup, required,
				position, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.Name, f.Kind, f.Choices,
			f.InProfile, f.OnSignup, f.Required, f.Position, f.CreatedAt, f.UpdatedAt)
		if err != nil {
			return nameTaken(err)
		}
		id, err := result.LastInsertId()
		if err != nil {
			return err
		}
		f.ID = FieldID(id)
		return Audit(ctx, tx, f.CreatedAt, AuditEntry{Actor: actor, Action: "create", Object: "contact field",
			ObjectID: id,
			After:    f})
	})
	return f, err
}

func nameTaken(err error) error {
	if db.Duplicate(err) {
		return Invalid("name", "There is a field of this name already.")
	}
	return err
}

// EditContactField changes a field; seen is the UpdatedAt that was shown. Its kind
// can be changed only while no contact has a value in it, and a choice taken away
// only while none has it.
//
// Errors: as of AddContactField; KindNotFound; KindConflict.
func (r *Registry) EditContactField(ctx context.Context, actor Actor, seen time.Time, f ContactField) error {
	problems := Problems{}
	f = f.Check(problems)
	if err := problems.Err(); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := loadContactField(ctx, tx, f.ID, " FOR UPDATE")
		if err != nil {
			return err
		}
		f.Position, f.CreatedAt, f.UpdatedAt = before.Position, before.CreatedAt, before.UpdatedAt
		if f == before {
			return nil
		}
		if !before.UpdatedAt.Equal(seen) {
			return Conflict(
				"Someone else changed this field while you were editing. Review the current values and save again.")
		}
		if err := keepsValues(ctx, tx, before, f); err != nil {
			return err
		}
		f.UpdatedAt = r.now()
		_, err = tx.Exec(ctx, `/* affiliate.EditContactField */
			UPDATE {wp}partner_center_contact_fields SET name = ?, kind = ?, choices = ?, in_profile = ?,
				on_signup = ?, required = ?, updated_at = ? WHERE id = ?`, f.Name, f.Kind, f.Choices, f.InProfile,
			f.OnSignup, f.Required, f.UpdatedAt, f.ID)
		if err != nil {
			return nameTaken(err)
		}
		return Audit(ctx, tx, f.UpdatedAt, AuditEntry{Actor: actor, Action: "edit", Object: "contact field",
			ObjectID: int64(f.ID), Before: before, After: f})
	})
}

// keepsValues refuses a change that values of contacts would not fit.
func keepsValues(ctx context.Context, q db.Queryer, before, after ContactField) error {
	if before.Kind != after.Kind {
		n, err := fieldUses(ctx, q, before.ID, "")
		if err == nil && n > 0 {
			err = Invalid("kind", "%d contacts have a value in this field, so its kind stays.", n)
		}
		return err
	}
	kept := after.ChoiceList()
	for _, choice := range before.ChoiceList() {
		if slices.Contains(kept, choice) {
			continue
		}
		if n, err := fieldUses(ctx, q, before.ID, choice); err != nil {
			return err
		} else if n > 0 {
			return Invalid("choices", "%d contacts have chosen %s, so it stays.", n, choice)
		}
	}
	return nil
}

// fieldUses is how many contacts have a value in a field, or this one.
func fieldUses(ctx context.Context, q db.Queryer, id FieldID, value string) (n int64, err error) {
	return n, q.Get(ctx, &n, `/* affiliate.fieldUses */ SELECT COUNT(*) FROM {wp}partner_center_contact_values
		WHERE field_id = ? AND (? = '' OR value = ?)`, id, value, value)
}

// FieldUses is how many contacts have a value in a field.
func (r *Registry) FieldUses(ctx context.Context, id FieldID) (int64, error) {
	return fieldUses(ctx, r.db, id, "")
}

// RaiseContactField moves a field before the one that it follows.
func (r *Registry) RaiseContactField(ctx context.Context, actor Actor, id FieldID) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		fields := []ContactField{}
		err := tx.Select(ctx, &fields, `/* affiliate.RaiseContactField */ SELECT `+fieldColumns+`
			ORDER BY position, id FOR UPDATE`)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(fields, func(f ContactField) bool { return f.ID == id })
		if at < 0 {
			return Missing("There is no such field.")
		}
		if at == 0 {
			return nil
		}
		for _, f := range []struct {
			id FieldID
			to int
		}{{fields[at].ID, fields[at-1].Position}, {fields[at-1].ID, fields[at].Position}} {
			_, err := tx.Exec(ctx, `/* affiliate.RaiseContactField */
				UPDATE {wp}partner_center_contact_fields SET position = ? WHERE id = ?`, f.to, f.id)
			if err != nil {
				return err
			}
		}
		return Audit(ctx, tx, r.now(), AuditEntry{Actor: actor, Action: "move", Object: "contact field",
			ObjectID: int64(id),
			Before:   fields[at].Position, After: fields[at-1].Position})
	})
}

// DeleteContactField deletes a field with what contacts have in it; one that is gone
// already is no fault.
func (r *Registry) DeleteContactField(ctx context.Context, actor Actor, id FieldID) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := loadContactField(ctx, tx, id, " FOR UPDATE")
		if KindOf(err) == KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		for _, query := range []string{
			`/* affiliate.DeleteContactField */ DELETE FROM {wp}partner_center_contact_values WHERE field_id = ?`,
			`/* affiliate.DeleteContactField */ DELETE FROM {wp}partner_center_contact_fields WHERE id = ?`} {
			if _, err := tx.Exec(ctx, query, id); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, r.now(), AuditEntry{Actor: actor, Action: "delete", Object: "contact field",
			ObjectID: int64(id),
			Before:   before})
	})
}
