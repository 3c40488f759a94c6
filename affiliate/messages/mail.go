package messages

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// MailID is the row of a mail.
type MailID = affiliate.ID[Mail]

// Mail is one message to one recipient. Text and HTML may hold the merge
// fields that WordPress fills in while sending, [SetPasswordURL] and [Login].
type Mail struct {
	ID        MailID              `db:"id"`
	Event     string              `db:"event"`     // what it is about, once for each recipient: "welcome-12"; ASCII
	Recipient string              `db:"recipient"` // e-mail address
	UserID    affiliate.UserID    `db:"wp_user_id"`
	PartnerID affiliate.PartnerID `db:"partner_id"` // whom it is about, 0 nobody
	Kind      string              `db:"kind"`       // which message: "welcome"
	Optional  bool                `db:"optional"`   // the partner can ask for no more of its kind
	Subject   string              `db:"subject"`
	Text      string              `db:"body_text"`
	HTML      string              `db:"body_html"`
	State     State               `db:"state"`
	Attempts  int                 `db:"attempts"`
	NextAt    time.Time           `db:"next_at"` // of the next attempt, or the end of the claim
	SentAt    *time.Time          `db:"sent_at"`
	Error     string              `db:"error"` // why it did not work, or "Possibly sent twice."
	CreatedAt time.Time           `db:"created_at"`
}

// The merge fields that WordPress fills in for UserID.
const (
	SetPasswordURL = "%set_password_url%"
	Login          = "%login%"
)

// StopURL is where the reader of an optional mail asks for no more of its kind.
// The sidecar fills it in while sending.
const StopURL = "%stop_url%"

// Outbox holds the mails.
type Outbox struct{ queue }

// NewOutbox works on the site's database.
func NewOutbox(h *db.Handle, now clock.Clock) *Outbox {
	return &Outbox{queue{table: "mails", db: h, now: now}}
}

// maxSubject is the length of the column, in characters.
const maxSubject = 255

// Queue puts a mail into the outbox as a step of the event's transaction. When
// the event already has a mail for the recipient, nothing happens.
func (o *Outbox) Queue(ctx context.Context, q db.Queryer, m Mail) error {
	recipient, err := affiliate.FoldEmail(m.Recipient)
	if err != nil {
		return fmt.Errorf("mail %s to %q: %w", m.Event, m.Recipient, err)
	}
	now := o.now()
	_, err = q.Exec(ctx, `/* messages.Outbox.Queue */
		INSERT INTO {wp}partner_center_mails (event, recipient, wp_user_id, partner_id, kind, optional, subject,
		body_text,
		body_html, state, next_at, error, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.Event, recipient, m.UserID, m.PartnerID, m.Kind, m.Optional,
		affiliate.Cut(affiliate.Line(m.Subject), maxSubject), m.Text, m.HTML, cmp.Or(m.State, Queued), now,
		m.Error, now)
	if db.Duplicate(err) {
		return nil
	}
	return err
}

// Claim takes up to limit due mails for this sidecar. Each is then to be
// handed over and reported by Sent or Failed; what is not is taken up again
// when the claim has run out.
func (o *Outbox) Claim(ctx context.Context, limit int) ([]Mail, error) {
	ids, err := o.claim(ctx, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	query, args, err := db.In(`/* messages.Outbox.Claim */ SELECT `+mailColumns+
		` FROM {wp}partner_center_mails WHERE id IN (?) ORDER BY id`, ids)
	if err != nil {
		return nil, err
	}
	mails := []Mail{}
	return mails, o.db.Select(ctx, &mails, query, args...)
}

const mailColumns = `id, event, recipient, wp_user_id, partner_id, kind, optional, subject, body_text, body_html,
	state, attempts, next_at, sent_at, error, created_at`

// HandOver tells that a claimed mail goes to WordPress now. False: the claim
// has run out and another sidecar has the mail; it must not be sent.
func (o *Outbox) HandOver(ctx context.Context, m Mail) (bool, error) {
	res, err := o.db.Exec(ctx, `/* messages.Outbox.HandOver */
		UPDATE {wp}partner_center_mails SET state = 'sending', next_at = ? WHERE id = ? AND attempts = ?
		AND state = 'claimed'`,
		o.now().Add(lease), m.ID, m.Attempts)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Sent tells that WordPress has taken the mail. It holds even when another
// sidecar has claimed the mail since: it was sent.
func (o *Outbox) Sent(ctx context.Context, m Mail) error {
	_, err := o.db.Exec(ctx, `/* messages.Outbox.Sent */
		UPDATE {wp}partner_center_mails SET state = 'done', sent_at = ?, error = IF(error LIKE ?, ?, '') WHERE id = ?`,
		o.now(), perhapsTwice+"%", perhapsTwice, m.ID)
	return err
}

// Failed tells why a mail was not sent. It is tried again after a pause that
// grows, and is dead after eight attempts.
func (o *Outbox) Failed(ctx context.Context, m Mail, cause error) error {
	return o.failed(ctx, int64(m.ID), m.Attempts, cause)
}

// Postpone gives a claimed mail back until a time, as though it had not been
// claimed: its mailbox got many lately.
func (o *Outbox) Postpone(ctx context.Context, m Mail, until time.Time) error {
	_, err := o.db.Exec(ctx, `/* messages.Outbox.Postpone */
		UPDATE {wp}partner_center_mails SET state = 'queued', next_at = ?, attempts = attempts - 1
		WHERE id = ? AND attempts = ? AND state = 'claimed'`, until, m.ID, m.Attempts)
	return err
}

// Drop gives up a claimed mail whose partner has asked for no more of its kind since
// it was written, and tells whether it did. The stop counts for what waits, too: a
// mail that comes after "no more" is the worst of them.
func (o *Outbox) Drop(ctx context.Context, m Mail) (bool, error) {
	about, _ := Of(Occasion(m.Kind))
	if !m.Optional || m.PartnerID == 0 {
		return false, nil
	}
	wants, err := wants(ctx, o.db, m.PartnerID, about.Choice)
	if err != nil || wants {
		return false, err
	}
	_, err = o.db.Exec(ctx, `/* messages.Outbox.Drop */
		UPDATE {wp}partner_center_mails SET state = 'dropped', next_at = ?, error = '' WHERE id = ? AND attempts = ?
		AND state = 'claimed'`, o.now(), m.ID, m.Attempts)
	return true, err
}

// Dismiss takes a mail that could not be sent out of what an admin has to look at.
// Why it was not sent stays with it.
func (o *Outbox) Dismiss(ctx context.Context, actor affiliate.Actor, id MailID) error {
	return o.db.Tx(ctx, func(tx *db.Tx) error {
		now := o.now()
		res, err := tx.Exec(ctx, `/* messages.Outbox.Dismiss */
			UPDATE {wp}partner_center_mails SET state = 'dropped', next_at = ? WHERE id = ? AND state IN ('dead', 'held')`,
			now, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "dismiss", Object: "mail",
			ObjectID: int64(id), After: Dropped})
	})
}

// Unwanted tells whether the mail was dropped because its partner stopped its kind.
func (m Mail) Unwanted() bool { return m.State == Dropped && m.Error == "" }

// Failures is how many mails have failed and are tried again, and the reason of the
// newest of them. Those that were given up are Dead, and listed.
func (o *Outbox) Failures(ctx context.Context) (stuck int, why string, err error) {
	return o.failures(ctx, `state IN ('queued', 'claimed', 'sending')`)
}

// Due is how many mails wait though their time has come.
func (o *Outbox) Due(ctx context.Context) (n int, err error) {
	err = o.db.Get(ctx, &n, `/* messages.Outbox.Due */ SELECT COUNT(*) FROM {wp}partner_center_mails
		WHERE state = 'queued' AND (next_at <= ? OR error <> '')`, o.now())
	return n, err
}

// SentSince is how many mails a mailbox was sent since a time.
func (o *Outbox) SentSince(ctx context.Context, recipient string, since time.Time) (n int, err error) {
	err = o.db.Get(ctx, &n, `/* messages.Outbox.SentSince */
		SELECT COUNT(*) FROM {wp}partner_center_mails WHERE recipient = ? AND sent_at > ?`, recipient, since)
	return n, err
}

// Again sends a mail that is dead, or was sent, once more. One that was held back
// is written again: it goes out when what held it is mended, else it is held again.
func (o *Outbox) Again(ctx context.Context, actor affiliate.Actor, id MailID) error {
	m, err := o.Mail(ctx, id)
	if err != nil {
		return err
	}
	if m.State != Held {
		return o.again(ctx, actor, "mail", int64(id))
	}
	return o.db.Tx(ctx, func(tx *db.Tx) error {
		now := o.now()
		if _, err := tx.Exec(ctx, `/* messages.Outbox.Again */
			UPDATE {wp}partner_center_message_events SET state = 'queued', attempts = 0, next_at = ?, error = ''
			WHERE once_key = ?`, now, m.Event); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `/* messages.Outbox.Again */
			DELETE FROM {wp}partner_center_mails WHERE id = ? AND state = 'held'`, id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "again", Object: "mail",
			ObjectID: int64(id), Before: Held, After: Queued})
	})
}

// Mail is one mail; Missing when there is none.
func (o *Outbox) Mail(ctx context.Context, id MailID) (m Mail, err error) {
	err = o.db.Get(ctx, &m, `/* messages.Outbox.Mail */ SELECT `+mailColumns+`
		FROM {wp}partner_center_mails WHERE id = ?`, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such email or task.")
	}
	return m, err
}

// Counts are the numbers of mails by state.
func (o *Outbox) Counts(ctx context.Context) (map[State]int, error) { return o.counts(ctx) }

// Mails lists the mails of a state, newest first.
func (o *Outbox) Mails(ctx context.Context, state State, page affiliate.Page) ([]Mail, error) {
	mails := []Mail{}
	err := o.db.Select(ctx, &mails, `/* messages.Outbox.Mails */
		SELECT `+mailColumns+` FROM {wp}partner_center_mails WHERE state = ? ORDER BY id DESC LIMIT ? OFFSET ?`, state,
		page.Limit, page.Offset)
	return mails, err
}
