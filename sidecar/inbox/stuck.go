package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// stuck are the facts that failed, or wait for one that did, by what they are
// about, each with the time of its next attempt. A later fact about the same
// must not overtake them: an order would be credited before the form that
// brought its buyer.
type stuck map[string]map[int64]time.Time

// readStuck reads them. There are few, unless something is wrong.
func (d *Drainer) readStuck(ctx context.Context) (stuck, error) {
	rows, err := d.db.Query(ctx, `/* inbox.readStuck */
		SELECT id, kind, source, external_id, payload, retry_at
		FROM {wp}partner_center_inbox WHERE done_at IS NULL AND retry_at IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := stuck{}
	for rows.Next() {
		var row struct {
			fact
			RetryAt time.Time `db:"retry_at"`
		}
		if err := rows.StructScan(&row); err != nil {
			return nil, err
		}
		all.add(row.fact, row.RetryAt)
	}
	return all, rows.Err()
}

// add notes a fact. Orders and products hold up nothing: each state of them is
// whole, and what comes late is re-decided.
func (s stuck) add(f fact, retryAt time.Time) {
	if f.Kind == "order" || f.Kind == "product" {
		return
	}
	for _, subject := range f.subjects() {
		if s[subject] == nil {
			s[subject] = map[int64]time.Time{}
		}
		s[subject][f.ID] = retryAt
	}
}

func (s stuck) remove(f fact) {
	for _, subject := range f.subjects() {
		delete(s[subject], f.ID)
	}
}

// before is the earliest of them that is about the same as f and was reported
// before it; 0 for none.
func (s stuck) before(f fact) (first int64) {
	for _, subject := range f.subjects() {
		for id := range s[subject] {
			if id < f.ID && (first == 0 || id < first) {
				first = id
			}
		}
	}
	return first
}

// subjects are what the fact is about: a thing of WordPress, and the person
// that the payload names, in whatever layout.
func (f fact) subjects() []string {
	subjects := []string{fmt.Sprintf("%s %s %s", f.Source, f.Kind, f.ExternalID)}
	type person struct {
		Email  string          `json:"email"`
		UserID json.RawMessage `json:"user_id"`
	}
	var in struct {
		person
		Buyer person `json:"buyer"`
	}
	if json.Unmarshal(f.Payload, &in) != nil {
		return subjects // whom it is about cannot be told
	}
	for _, p := range []person{in.person, in.Buyer} {
		if email, err := affiliate.FoldEmail(p.Email); err == nil {
			subjects = append(subjects, "email "+email)
		}
		if id := string(p.UserID); id != "" && id != "0" && id != "null" {
			subjects = append(subjects, "user "+id)
		}
	}
	return subjects
}

// waitsFor puts the fact off until an earlier one about the same is tried
// again; nil when there is none.
func (f fact) waitsFor(ctx context.Context, q db.Queryer, stuck stuck) (until *time.Time, err error) {
	first := stuck.before(f)
	if first == 0 {
		return nil, nil
	}
	err = q.Get(ctx, &until, `/* inbox.waitsFor */
		SELECT retry_at FROM {wp}partner_center_inbox WHERE id = ? AND done_at IS NULL`, first)
	if db.NoRows(err) {
		return nil, nil // another sidecar has done it meanwhile
	}
	if err != nil || until == nil {
		return nil, err
	}
	_, err = q.Exec(ctx, `/* inbox.waitsFor */ UPDATE {wp}partner_center_inbox SET retry_at = ?, error = ?
		WHERE id = ?`,
		until, fmt.Sprintf("It waits for report %d, which came earlier and is about the same person or thing.",
			first), f.ID)
	return until, err
}
