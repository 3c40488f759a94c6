package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// EventID is the row of an event.
type EventID = affiliate.ID[Event]

// Event is something that people are to be written about. It holds ids and
// amounts only: the letter is written later, from what is so then.
type Event struct {
	ID        EventID
	Key       string // once ever: "earned-5-1-3"; ASCII, at most 100 characters
	Occasion  Occasion
	ProgramID affiliate.ProgramID // 0: of the whole site
	PartnerID affiliate.PartnerID // whom it is about; 0: nobody
	Facts     Facts
}

// Facts are what an event is about, beside its partner.
type Facts struct {
	OrderID   affiliate.OrderID      `json:"order,omitempty"`
	Level     int                    `json:"level,omitempty"`
	SellerID  affiliate.PartnerID    `json:"seller,omitempty"` // of level 2
	Amount    money.Amount           `json:"amount"`
	Currency  money.Currency         `json:"currency,omitempty"`
	Reason    string                 `json:"reason,omitempty"` // as the books keep it
	PaymentID affiliate.PayoutLineID `json:"payment,omitempty"`
	UserID    affiliate.UserID       `json:"user,omitempty"` // of log-in details
	MessageID MessageID              `json:"message,omitempty"`
	From      affiliate.Day          `json:"from,omitzero"`
	To        affiliate.Day          `json:"to,omitzero"`     // not included
	Count     int                    `json:"count,omitempty"` // of what it is about: commissions, partners
	Sums      []Sum                  `json:"sums,omitempty"`
	Page      string                 `json:"page,omitempty"` // of wp-admin, below the base path
	Text      string                 `json:"text,omitempty"` // of trouble, in the site's language
}

// Sum is an amount of a currency.
type Sum struct {
	Amount   money.Amount   `json:"amount"`
	Currency money.Currency `json:"currency"`
}

// Tell notes events as a step of the transaction in which they happen: one row
// for each, which cannot fail for anything that has to do with a letter. Those
// that were noted before are left as they are, and so are those that no program
// mails about. Several approvals of a partner become one event.
func (d *Desk) Tell(ctx context.Context, q db.Queryer, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	uses, err := loadUses(ctx, q)
	if err != nil {
		return err
	}
	climbs := map[affiliate.ProgramID]bool{}
	if slices.ContainsFunc(events, func(e Event) bool { return e.Occasion == Standing }) {
		if climbs, err = hasMilestones(ctx, q); err != nil {
			return err
		}
	}
	events = slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		if e.Occasion == Standing {
			return !climbs[e.ProgramID]
		}
		return e.Occasion != FromList && !uses.of(e.ProgramID, e.Occasion).On
	})
	if events, err = together(uses, events); err != nil {
		return err
	}
	for part := range slices.Chunk(events, 200) {
		if err := d.insert(ctx, q, part); err != nil {
			return err
		}
	}
	return nil
}

// together makes one event of several approvals of a partner that are told at once:
// whoever has a hundred commissions approved by one click gets one mail. Each of them
// is still in exactly one.
func together(u uses, events []Event) ([]Event, error) {
	type reader struct {
		partner affiliate.PartnerID
		program affiliate.ProgramID
	}
	of := func(e Event) (reader, bool) {
		is := e.Occasion == CommissionApproved && u.of(e.ProgramID, ApprovedTogether).On
		return reader{e.PartnerID, e.ProgramID}, is
	}
	times, at, left := map[reader]int{}, map[reader]int{}, []Event{}
	for _, e := range events {
		if who, is := of(e); is {
			times[who]++
		}
	}
	for _, e := range events {
		who, is := of(e)
		if !is || times[who] == 1 {
			left = append(left, e)
			continue
		}
		i, begun := at[who]
		if !begun {
			i, at[who] = len(left), len(left)
			left = append(left, Event{Key: "with-" + e.Key, Occasion: ApprovedTogether, ProgramID: e.ProgramID,
				PartnerID: e.PartnerID})
		}
		if err := left[i].Facts.add(e.Facts); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// add counts another one's commissions and what they come to.
func (f *Facts) add(other Facts) (err error) {
	f.Count += other.Count
	i := slices.IndexFunc(f.Sums, func(s Sum) bool { return s.Currency == other.Currency })
	if i < 0 {
		f.Sums = append(f.Sums, Sum{other.Amount, other.Currency})
		return nil
	}
	f.Sums[i].Amount, err = f.Sums[i].Amount.Add(other.Amount)
	return err
}

func (d *Desk) insert(ctx context.Context, q db.Queryer, events []Event) error {
	now, args := d.now(), []any{}
	for _, e := range events {
		facts, err := json.Marshal(e.Facts)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Key, err)
		}
		args = append(args, e.Key, e.Occasion, int64(e.ProgramID), int64(e.PartnerID), string(facts), now, now)
	}
	rows := strings.Repeat(", (?, ?, ?, ?, ?, 'queued', ?, ?)", len(events))[2:]
	_, err := q.Exec(ctx, `/* messages.Desk.Tell */
		INSERT INTO {wp}partner_center_message_events (once_key, occasion, program_id, partner_id,
		facts, state, next_at,
		created_at) VALUES `+rows+` ON DUPLICATE KEY UPDATE id = id`, args...)
	return err
}

type eventRow struct {
	ID        EventID  `db:"id"`
	Key       string   `db:"once_key"`
	Occasion  Occasion `db:"occasion"`
	ProgramID int64    `db:"program_id"`
	PartnerID int64    `db:"partner_id"`
	Facts     string   `db:"facts"`
	Attempts  int      `db:"attempts"`
}

func (r eventRow) event() (Event, error) {
	e := Event{ID: r.ID, Key: r.Key, Occasion: r.Occasion, ProgramID: affiliate.ProgramID(r.ProgramID),
		PartnerID: affiliate.PartnerID(r.PartnerID)}
	return e, json.Unmarshal([]byte(r.Facts), &e.Facts)
}

// Work writes the letters of up to 50 events that wait, and tells whether there
// may be more. One that cannot be written is tried again with growing pauses, and
// is dead in the end: then somebody has to look (Trouble).
func (d *Desk) Work(ctx context.Context) (more bool, err error) {
	ids, err := d.events.claim(ctx, 50)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	query, args, err := db.In(`/* messages.Desk.Work */
		SELECT id, once_key, occasion, program_id, partner_id, facts, attempts
		FROM {wp}partner_center_message_events WHERE id IN (?) ORDER BY id`, ids)
	if err != nil {
		return false, err
	}
	rows := []eventRow{}
	if err := d.db.Select(ctx, &rows, query, args...); err != nil {
		return false, err
	}
	for _, row := range rows {
		e, cause := row.event()
		if cause == nil {
			cause = d.write(ctx, e, row.Attempts)
		}
		if cause == nil {
			continue
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		d.log.Warn("a mail could not be written yet", "event", row.Key, "attempt", row.Attempts, "why", cause)
		if err := d.events.failed(ctx, int64(row.ID), row.Attempts, cause); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Failures is how many letters could not be written so far, and why the newest.
func (d *Desk) Failures(ctx context.Context) (stuck int, why string, err error) {
	return d.events.Failures(ctx)
}

// AgainAll tries the letters once more that could not be written.
func (d *Desk) AgainAll(ctx context.Context, actor affiliate.Actor) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		now := d.now()
		if _, err := tx.Exec(ctx, `/* messages.Desk.AgainAll */
			UPDATE {wp}partner_center_message_events SET state = 'queued', attempts = 0, next_at = ?, error = ''
			WHERE error <> '' AND state IN ('queued', 'dead')`, now); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "again", Object: "letters"})
	})
}
