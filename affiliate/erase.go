package affiliate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/db"
)

// Traces are what a person who is to be erased is known by (D37): how rows that hold
// no id name them. Past addresses and names are among them.
type Traces struct {
	Contact   Contact
	Partner   Partner // ID 0: they are none
	Addresses []string
	Names     []string // full ones, which others may have as well
}

// leastTrace is the length below which a text is too common to say who is meant.
const leastTrace = 5

// Mentioned is a condition on columns of text, true where one names the person, by an
// address or their name. It is for records of what is over: a namesake's go, too.
func (t Traces) Mentioned(columns ...string) (where string, args []any) {
	return naming(slices.Concat(t.Addresses, t.Names), columns)
}

// Addressed is Mentioned by an address alone, which nobody else has: for what is
// still to be done, and for what is said of one person.
func (t Traces) Addressed(columns ...string) (where string, args []any) {
	return naming(t.Addresses, columns)
}

// Around a text that stands for itself: anna@mail.test is not named where
// joanna@mail.test is. What JSON and addresses of pages write before it, \n, \u003c
// or %3A, is no part of it, and a full stop ends it.
const (
	beforeTrace = `(^|[^[:alnum:]._+-]|%[0-9A-Fa-f]{2}|\\[nrt]|\\u[0-9A-Fa-f]{4})`
	afterTrace  = `($|[^[:alnum:].-]|[.]($|[^[:alnum:]]))`
)

// naming is a condition that is true where a column holds one of the texts. LIKE
// spares rows without it the dearer look.
func naming(texts, columns []string) (where string, args []any) {
	either := []string{}
	for _, text := range texts {
		for _, form := range slices.Compact([]string{text, url.QueryEscape(text)}) {
			for _, column := range columns {
				either = append(either, column+" LIKE ? AND "+column+" REGEXP ?")
				args = append(args, contains(form), beforeTrace+regexp.QuoteMeta(form)+afterTrace)
			}
		}
	}
	if len(either) == 0 {
		return "(1 = 0)", nil
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

// FindTraces locks a contact and gathers by what they are known. A contact whose
// record was deleted (S102) can still be erased.
func FindTraces(ctx context.Context, tx *db.Tx, id ContactID) (t Traces, err error) {
	if t.Contact, err = oneContact(ctx, tx, "id = ? FOR UPDATE", id); err != nil {
		return t, err
	}
	t.Partner, err = onePartner(ctx, tx, "contact_id = ? FOR UPDATE", id)
	if KindOf(err) == KindNotFound {
		err = nil
	}
	if err != nil {
		return t, err
	}
	past := []struct {
		Before []byte `db:"before_json"`
		After  []byte `db:"after_json"`
	}{}
	err = tx.Select(ctx, &past, `/* affiliate.FindTraces */ SELECT v.before_json, v.after_json
		FROM {wp}partner_center_audit a JOIN {wp}partner_center_audit_values v ON v.digest = a.digest
		WHERE a.object = 'contact' AND a.object_id = ?`, id)
	if err != nil {
		return t, err
	}
	t.add(t.Contact)
	for _, p := range past {
		for _, text := range [][]byte{p.Before, p.After} {
			var c Contact
			_ = json.Unmarshal(text, &c) // of another shape: it names nobody
			t.add(c)
		}
	}
	addresses := []string{}
	err = tx.Select(ctx, &addresses, `/* affiliate.FindTraces */
		SELECT old_email FROM {wp}partner_center_paypal_changes WHERE partner_id = ? UNION
		SELECT new_email FROM {wp}partner_center_paypal_changes WHERE partner_id = ?`, t.Partner.ID, t.Partner.ID)
	for _, address := range append(addresses, t.Partner.PayPalEmail) {
		t.addAddress(address)
	}
	return t, err
}

func (t *Traces) add(c Contact) {
	t.addAddress(c.Email)
	if c.FirstName != "" && c.LastName != "" {
		addTrace(&t.Names, c.FirstName+" "+c.LastName)
	}
}

// StandsForNone tells whether an address was put in the place of one that was freed or
// erased.
func StandsForNone(address string) bool { return strings.HasSuffix(address, "@contact.invalid") }

func (t *Traces) addAddress(address string) {
	if !StandsForNone(address) {
		addTrace(&t.Addresses, address)
	}
}

func addTrace(to *[]string, text string) {
	if utf8.RuneCountInString(text) >= leastTrace && !slices.Contains(*to, text) {
		*to = append(*to, text)
	}
}

// ErasePerson takes a person out of this package's tables: their names, addresses
// and payment data, what the site's own fields and notes say of them, and the values
// of the audit in which they stand; the audit itself stays whole. As a partner they
// leave all programs. It is a step of persons.Service.Erase.
func ErasePerson(ctx context.Context, tx *db.Tx, t Traces, at time.Time) error {
	if err := dismiss(ctx, tx, t.Contact.ID, at); err != nil {
		return err
	}
	// Who acted, or from where, is of theirs as well.
	user := "%(user " + t.account().String() + ")"
	mentioned, args := t.Mentioned("v.before_json", "v.after_json")
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM {wp}partner_center_contact_values WHERE contact_id = ?`, []any{t.Contact.ID}},
		{`DELETE FROM {wp}partner_center_paypal_changes WHERE partner_id = ?`, []any{t.Partner.ID}},
		{`DELETE FROM {wp}partner_center_partner_notes WHERE partner_id = ?`, []any{t.Partner.ID}},
		{`DELETE v FROM {wp}partner_center_audit_values v JOIN {wp}partner_center_audit a ON a.digest = v.digest
			WHERE a.object = 'contact' AND a.object_id = ? OR a.object = 'partner' AND a.object_id = ?
				OR a.actor LIKE ? OR ` + mentioned, append([]any{t.Contact.ID, t.Partner.ID, user}, args...)},
		{`UPDATE {wp}partner_center_audit SET actor = CONCAT('(user ', SUBSTRING_INDEX(actor, '(user ', -1))
			WHERE actor LIKE ? AND object <> 'manual'`, []any{user}},
		{`UPDATE {wp}partner_center_partners SET wp_user_id = NULL, listed_as = '', paypal_email = '', payee = '',
			address = '', updated_at = ? WHERE id = ?`, []any{at, t.Partner.ID}},
		{`UPDATE {wp}partner_center_contacts SET email = ?, wp_user_id = NULL, first_name = '', last_name = '',
			listed_as = '',
			company = '', deleted_at = COALESCE(deleted_at, ?), updated_at = ? WHERE id = ?`,
			[]any{fmt.Sprintf("erased-%d@contact.invalid", t.Contact.ID), at, at, t.Contact.ID}},
	} {
		if _, err := tx.Exec(ctx, "/* affiliate.ErasePerson */ "+step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// account is the person's WordPress user; 0, which no actor has, without one.
func (t Traces) account() UserID {
	if t.Partner.WPUserID != 0 {
		return t.Partner.WPUserID
	}
	return t.Contact.WPUserID
}
