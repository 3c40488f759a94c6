package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// stuck are the facts that failed, or wait for one that did, by what they are
// about, each with the time of its next attempt. A later fact about the same
// must not overtake them: an order would be credited before the form that
// brought its buyer.
type stuck struct {
	mu sync.Mutex // lanes share it
	of map[string]map[int64]time.Time
}

// readStuck reads them. There are few, unless something is wrong.
func (d *Drainer) readStuck(ctx context.Context) (*stuck, error) {
	rows, err := d.db.Query(ctx, `/* inbox.readStuck */
		SELECT id, kind, source, external_id, click, payload, retry_at
		FROM {wp}partner_center_inbox WHERE done_at IS NULL AND retry_at IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := &stuck{of: map[string]map[int64]time.Time{}}
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
func (s *stuck) add(f fact, retryAt time.Time) {
	if f.Kind == "order" || f.Kind == "product" {
		return
	}
	subjects := f.subjects()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subject := range subjects {
		if s.of[subject] == nil {
			s.of[subject] = map[int64]time.Time{}
		}
		s.of[subject][f.ID] = retryAt
	}
}

func (s *stuck) remove(f fact) {
	subjects := f.subjects()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subject := range subjects {
		delete(s.of[subject], f.ID)
	}
}

// before is the earliest of them that is about the same as f and was reported
// before it; 0 for none.
func (s *stuck) before(f fact) (first int64) {
	subjects := f.subjects()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subject := range subjects {
		for id := range s.of[subject] {
			if id < f.ID && (first == 0 || id < first) {
				first = id
			}
		}
	}
	return first
}

// subjects are what the fact is about, in whatever layout: a thing of WordPress;
// the person that the payload names, by address, account or browser; the visit
// whose cookie came with it; the subscription that a payment belongs to. Products
// are one subject, for variations belong to others; orders do not name it, or all
// of them would wait for each other.
func (f fact) subjects() []string {
	subjects := []string{fmt.Sprintf("%s %s %s", f.Source, f.Kind, f.ExternalID)}
	switch f.Kind {
	case "product":
		return append(subjects, f.Source+" products")
	case "click":
		if visit, err := strconv.ParseInt(f.ExternalID, 10, 64); err == nil {
			subjects = append(subjects, "visit "+strconv.FormatInt(visit, 36))
		}
	}
	if visit := tracking.VisitOf(f.Click); visit != "" {
		subjects = append(subjects, "visit "+visit)
	}
	type person struct {
		Email  string          `json:"email"`
		UserID json.RawMessage `json:"user_id"`
	}
	var in struct {
		person
		Buyer        person `json:"buyer"`
		Visitor      string `json:"visitor"`
		NewVisitor   string `json:"new_visitor"`
		Token        string `json:"token"`
		Subscription string `json:"subscription"`
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
	for _, cookie := range []string{in.Visitor, in.NewVisitor} {
		if browser, _, _ := strings.Cut(cookie, "."); browser != "" {
			subjects = append(subjects, "browser "+browser)
		}
	}
	if visit := tracking.VisitOf(in.Token); visit != "" {
		subjects = append(subjects, "visit "+visit)
	}
	if in.Subscription != "" {
		subjects = append(subjects, f.Source+" subscription "+in.Subscription)
	}
	return subjects
}

// waitsFor puts the fact off until an earlier one about the same is tried
// again; nil when there is none.
func (f fact) waitsFor(ctx context.Context, q db.Queryer, stuck *stuck) (until *time.Time, err error) {
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
