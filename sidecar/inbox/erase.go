package inbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes facts that name a person (D37). Of those that wait, which hold
// sales of others' as well, it takes the person out: they become those of the erased
// contact, or of somebody unknown where there is none.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	facts, args := t.Mentioned("payload", "error")
	_, err := q.Exec(ctx, `/* inbox.ErasePerson */ DELETE FROM {wp}partner_center_inbox WHERE done_at IS NOT NULL
		AND `+facts, args...)
	if err != nil {
		return err
	}
	waiting := []fact{}
	facts, args = t.Addressed("payload", "error")
	err = q.Select(ctx, &waiting, `/* inbox.ErasePerson */ SELECT id, payload FROM {wp}partner_center_inbox
		WHERE done_at IS NULL AND `+facts+` ORDER BY id FOR UPDATE`, args...)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("erased-%s@contact.invalid", t.Contact.ID)
	if t.Contact.ID == 0 {
		address = "erased-" + strings.ToLower(rand.Text()) + "@contact.invalid"
	}
	for _, f := range waiting {
		payload, err := nameless(f.Payload, t, address)
		if err != nil {
			return err
		}
		if _, err := q.Exec(ctx, `/* inbox.ErasePerson */ UPDATE {wp}partner_center_inbox
			SET payload = ?, error = '' WHERE id = ?`, payload, f.ID); err != nil {
			return err
		}
	}
	return nil
}

// nameless is a payload without the person, in whatever layout it is. One that can't be
// read is emptied: nothing could ever be made of it.
func nameless(payload []byte, t affiliate.Traces, address string) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var all any
	if err := decoder.Decode(&all); err != nil {
		return []byte("{}"), nil //nolint:nilerr // said above
	}
	return json.Marshal(withoutPerson(all, t, address))
}

// namesOfPeople stand beside an address, in all layouts.
var namesOfPeople = []string{"first_name", "last_name", "name", "company", "user_id"}

func withoutPerson(v any, t affiliate.Traces, address string) any {
	switch v := v.(type) {
	case string:
		if slices.ContainsFunc(t.Addresses,
			func(of string) bool { return strings.EqualFold(of, strings.TrimSpace(v)) }) {
			return address
		}
	case []any:
		for i := range v {
			v[i] = withoutPerson(v[i], t, address)
		}
	case map[string]any:
		theirs := false
		for key, value := range v {
			v[key] = withoutPerson(value, t, address)
			theirs = theirs || v[key] == any(address)
		}
		for _, key := range namesOfPeople {
			if theirs {
				delete(v, key)
			}
		}
	}
	return v
}
