package affiliate

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/db"
	"partnercenter/locale"
)

// FieldValues are what a contact has in the site's own fields, as it is stored:
// numbers like 12.5, dates like 2026-01-31, "yes" or "no". A blank is not in it, or "".
type FieldValues map[FieldID]string

// The values of the kind FieldYesNo.
const (
	FieldYes = "yes"
	FieldNo  = "no"
)

// CheckFieldValues brings what people entered into the fields into its stored form,
// and notes what is wrong under their FormName. demand refuses blanks of required
// fields: partners can't leave them, admins can. Values of other fields are dropped.
func CheckFieldValues(p Problems, fields []ContactField, typed FieldValues, demand bool) FieldValues {
	values := FieldValues{}
	for _, f := range fields {
		text, sent := typed[f.ID]
		if text = Line(text); text == "" {
			p.Check(!demand || !f.Required, f.FormName(), "Please fill in this field.")
			if sent {
				values[f.ID] = ""
			}
			continue
		}
		values[f.ID] = f.checkValue(p, text)
	}
	return values
}

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,6})?$`)

func (f ContactField) checkValue(p Problems, text string) string {
	name := f.FormName()
	p.Check(utf8.RuneCountInString(text) <= maxFieldValue, name, "Please use at most %d characters.", maxFieldValue)
	switch f.Kind {
	case FieldNumber:
		p.Check(plainNumber.MatchString(text), name, "Please enter a number.")
		if strings.Contains(text, ".") {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
	case FieldDate:
		_, err := ParseDay(text)
		p.Check(err == nil, name, "Please enter a date, such as 2026-01-31.")
	case FieldChoice:
		choices := f.ChoiceList()
		i := slices.IndexFunc(choices, func(choice string) bool { return strings.EqualFold(choice, text) })
		if i < 0 {
			p.Add(name, "Please choose from the list.")
			break
		}
		text = choices[i]
	case FieldYesNo:
		folded := strings.ToLower(text)
		switch {
		case slices.Contains([]string{FieldYes, "y", "1", "true"}, folded):
			return FieldYes
		case slices.Contains([]string{FieldNo, "n", "0", "false"}, folded):
			return FieldNo
		}
		p.Add(name, "Please choose yes or no.")
	}
	return text
}

// Shown is a stored value of the field as people read it in a language, "" for a blank.
func (f ContactField) Shown(in *locale.Language, value string) string {
	switch f.Kind {
	case FieldNumber:
		return in.Typed(value)
	case FieldDate:
		if day, err := ParseDay(value); err == nil {
			return in.Date(day.Noon())
		}
	case FieldYesNo:
		switch value {
		case FieldYes:
			return in.T("Yes")
		case FieldNo:
			return in.T("No")
		}
	}
	return value
}

// LoadFieldValues are what contacts have in the site's own fields; those who have
// nothing there are not in the map.
func LoadFieldValues(ctx context.Context, q db.Queryer, ids ...ContactID) (map[ContactID]FieldValues, error) {
	rows := []struct {
		ContactID ContactID `db:"contact_id"`
		FieldID   FieldID   `db:"field_id"`
		Value     string    `db:"value"`
	}{}
	of := map[ContactID]FieldValues{}
	if len(ids) == 0 {
		return of, nil
	}
	err := db.SelectIn(ctx, q, &rows, `/* affiliate.FieldValues */ SELECT contact_id, field_id, value
		FROM {wp}partner_center_contact_values WHERE contact_id IN (?)`, ids)
	for _, row := range rows {
		if of[row.ContactID] == nil {
			of[row.ContactID] = FieldValues{}
		}
		of[row.ContactID][row.FieldID] = row.Value
	}
	return of, err
}

// FieldValues are what a contact has in the site's own fields.
func (r *Registry) FieldValues(ctx context.Context, id ContactID) (FieldValues, error) {
	of, err := LoadFieldValues(ctx, r.db, id)
	if of[id] == nil {
		return FieldValues{}, err
	}
	return of[id], err
}

// SetContactFields sets what a contact has in the site's own fields; values are as
// CheckFieldValues returned them: "" empties a field, one that isn't named stays.
// It is a step of a transaction that has locked the contact, and writes down what it
// changed.
func SetContactFields(ctx context.Context, q db.Queryer, actor Actor, id ContactID, values FieldValues,
	at time.Time) error {
	return setContactFields(ctx, q, actor, id, values, at, false)
}

// FillContactFields is SetContactFields for forms that anybody can send in the name
// of somebody else: only blank fields are filled in.
func FillContactFields(ctx context.Context, q db.Queryer, actor Actor, id ContactID, values FieldValues,
	at time.Time) error {
	return setContactFields(ctx, q, actor, id, values, at, true)
}

func setContactFields(ctx context.Context, q db.Queryer, actor Actor, id ContactID, values FieldValues, at time.Time,
	blanksOnly bool) error {
	if len(values) == 0 {
		return nil
	}
	fields, err := LoadContactFields(ctx, q)
	if err != nil {
		return err
	}
	of, err := LoadFieldValues(ctx, q, id)
	if err != nil {
		return err
	}
	before, after := map[string]string{}, map[string]string{}
	for _, f := range fields {
		is, named := values[f.ID]
		was := of[id][f.ID]
		if !named || is == was || blanksOnly && (was != "" || is == "") {
			continue
		}
		if err := setFieldValue(ctx, q, id, f.ID, is); err != nil {
			return err
		}
		before[f.Name], after[f.Name] = was, is
	}
	if len(after) == 0 {
		return nil
	}
	_, err = q.Exec(ctx, `/* affiliate.SetContactFields */
		UPDATE {wp}partner_center_contacts SET updated_at = ? WHERE id = ?`, at, id)
	if err != nil {
		return err
	}
	return Audit(ctx, q, at, AuditEntry{Actor: actor, Action: "edit", Object: "contact", ObjectID: int64(id),
		Before: before, After: after})
}

// hasFields tells whether a contact has these values already.
func hasFields(ctx context.Context, q db.Queryer, id ContactID, values FieldValues) (bool, error) {
	if len(values) == 0 {
		return true, nil
	}
	of, err := LoadFieldValues(ctx, q, id)
	for field, value := range values {
		if of[id][field] != value {
			return false, err
		}
	}
	return true, err
}

func setFieldValue(ctx context.Context, q db.Queryer, id ContactID, field FieldID, value string) error {
	if value == "" {
		_, err := q.Exec(ctx, `/* affiliate.SetContactFields */
			DELETE FROM {wp}partner_center_contact_values WHERE contact_id = ? AND field_id = ?`, id, field)
		return err
	}
	_, err := q.Exec(ctx, `/* affiliate.SetContactFields */
		INSERT INTO {wp}partner_center_contact_values (contact_id, field_id, value) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE value = VALUES(value)`, id, field, value)
	return err
}

// UpdateFields is SetContactFields in a transaction of its own, for the person
// themselves or an admin. demand: blanks of required fields are refused.
//
// Errors: KindInvalid by the fields' FormName; KindNotFound; KindConflict for a
// contact whose record was deleted.
func (r *Registry) UpdateFields(ctx context.Context, actor Actor, id ContactID, fields []ContactField,
	typed FieldValues, demand bool) error {
	problems := Problems{}
	values := CheckFieldValues(problems, fields, typed, demand)
	if err := problems.Err(); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := lockLiving(ctx, tx, id); err != nil {
			return err
		}
		return SetContactFields(ctx, tx, actor, id, values, r.now())
	})
}

// mergeFieldValues gives one contact what another has in fields that are blank there.
func mergeFieldValues(ctx context.Context, q db.Queryer, keep, gone ContactID) error {
	_, err := q.Exec(ctx, `/* affiliate.mergeFieldValues */
		INSERT IGNORE INTO {wp}partner_center_contact_values (contact_id, field_id, value)
		SELECT ?, v.field_id, v.value FROM {wp}partner_center_contact_values v WHERE v.contact_id = ?`, keep, gone)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* affiliate.mergeFieldValues */
		DELETE FROM {wp}partner_center_contact_values WHERE contact_id = ?`, gone)
	return err
}
