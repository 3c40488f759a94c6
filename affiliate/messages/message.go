package messages

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// MessageID is the row of a message.
type MessageID = affiliate.ID[Message]

// Message is a text that an admin has written, with merge fields in it.
type Message struct {
	ID         MessageID  `db:"id"`
	Name       string     `db:"name"`
	Occasion   Occasion   `db:"occasion"` // what it was written for; "": anything, such as a mail from a list
	Subject    string     `db:"subject"`
	HTML       string     `db:"body_html"` // cleaned
	Text       string     `db:"body_text"` // "": made of the HTML
	CreatedAt  time.Time  `db:"created_at"`
	UpdatedAt  time.Time  `db:"updated_at"`
	ArchivedAt *time.Time `db:"archived_at"`
}

const messageColumns = `id, name, occasion, subject, body_html, body_text, created_at, updated_at, archived_at`

// Library keeps the messages, and which of them goes out when.
type Library struct {
	db  *db.Handle
	now clock.Clock
}

// NewLibrary works on the site's database.
func NewLibrary(h *db.Handle, now clock.Clock) *Library { return &Library{h, now} }

const (
	maxName = 190
	maxBody = 1_500_000 // bytes; more than any mailbox shows
)

// clean is the message as it is kept: text without tags becomes paragraphs, and
// what no mail may hold is left out.
func (m Message) clean() Message {
	m.Name, m.Subject = affiliate.Line(m.Name), affiliate.Line(m.Subject)
	m.HTML = Sanitize(paragraphs(m.HTML))
	m.Text = strings.TrimSpace(strings.ReplaceAll(m.Text, "\r\n", "\n"))
	return m
}

// check notes what is wrong beside the fields of the form: name, subject,
// body_html, body_text, occasion.
func (m Message) check(site map[string]bool) affiliate.Problems {
	p := affiliate.Problems{}
	p.Check(m.Name != "", "name", "Please enter a name. Only you see it.")
	p.Check(utf8.RuneCountInString(m.Name) <= maxName, "name", "Please use at most %d characters.", maxName)
	p.Check(m.Subject != "", "subject", "Please enter a subject.")
	p.Check(utf8.RuneCountInString(m.Subject) <= maxSubject, "subject", "Please use at most %d characters.", maxSubject)
	p.Check(strings.TrimSpace(m.HTML) != "", "body_html", "Please enter the text.")
	var about *About
	if m.Occasion != "" {
		a, ok := Of(m.Occasion)
		p.Check(ok, "occasion", "Please choose one from the list.")
		about = &a
	} else {
		about = &About{Name: locale.T("Any time")}
	}
	for column, text := range map[string]string{"subject": m.Subject, "body_html": m.HTML, "body_text": m.Text} {
		p.Check(len(text) <= maxBody, column, "Please use at most %d characters.", maxBody)
		p.Check(utf8.ValidString(text), column, "The text holds characters that cannot be read. Please enter it again.")
		checkFields(p, column, text, about, site)
	}
	if name := badAddress(m.HTML); name != "" {
		p.Add("body_html", "{%s} is not an address, so no link can lead to it.", name)
	}
	return p
}

// Save makes a message, or changes the one that has its id. Errors are of
// KindInvalid by field: an unknown merge field stands beside the text it is in.
func (l *Library) Save(ctx context.Context, actor affiliate.Actor, m Message) (Message, error) {
	m = m.clean()
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		site, err := siteFields(ctx, tx)
		if err != nil {
			return err
		}
		if err := m.check(site).Err(); err != nil {
			return err
		}
		m.UpdatedAt = l.now()
		return saveMessage(ctx, tx, actor, &m)
	})
	return m, err
}

// siteFields are the names of the merge fields of all promo tools and of the site's own
// fields.
func siteFields(ctx context.Context, q db.Queryer) (map[string]bool, error) {
	codes, names := []string{}, map[string]bool{}
	err := q.Select(ctx, &codes, `/* messages.siteFields */ SELECT code FROM {wp}partner_center_tools`)
	for _, code := range codes {
		names[ToolField(code)] = true
	}
	if err != nil {
		return names, err
	}
	own, err := affiliate.LoadContactFields(ctx, q)
	for _, f := range own {
		names[OwnField(f).Name] = true
	}
	return names, err
}

func saveMessage(ctx context.Context, q db.Queryer, actor affiliate.Actor, m *Message) error {
	entry := affiliate.AuditEntry{Actor: actor, Action: "create", Object: "message"}
	if m.ID == 0 {
		m.CreatedAt = m.UpdatedAt
		res, err := q.Exec(ctx, `/* messages.Library.Save */
			INSERT INTO {wp}partner_center_messages (name, occasion, subject, body_html, body_text, created_at,
			updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, m.Name, m.Occasion, m.Subject, m.HTML, m.Text, m.CreatedAt, m.UpdatedAt)
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		m.ID = MessageID(id)
	} else {
		before, err := oneMessage(ctx, q, m.ID, " FOR UPDATE")
		if err != nil {
			return err
		}
		entry.Action, entry.Before, m.CreatedAt = "edit", before.Subject, before.CreatedAt
		_, err = q.Exec(ctx, `/* messages.Library.Save */
			UPDATE {wp}partner_center_messages SET name = ?, occasion = ?, subject = ?, body_html = ?, body_text = ?,
			updated_at = ? WHERE id = ?`, m.Name, m.Occasion, m.Subject, m.HTML, m.Text, m.UpdatedAt, m.ID)
		if err != nil {
			return err
		}
	}
	entry.ObjectID, entry.After = int64(m.ID), m.Subject
	return affiliate.Audit(ctx, q, m.UpdatedAt, entry)
}

func oneMessage(ctx context.Context, q db.Queryer, id MessageID, lock string) (m Message, err error) {
	err = q.Get(ctx, &m, `/* messages.oneMessage */ SELECT `+messageColumns+`
		FROM {wp}partner_center_messages WHERE id = ?`+lock, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such message.")
	}
	return m, err
}

// Message is the message of this id.
func (l *Library) Message(ctx context.Context, id MessageID) (Message, error) {
	return oneMessage(ctx, l.db, id, "")
}

// Messages are those in use, by name.
func (l *Library) Messages(ctx context.Context) ([]Message, error) {
	all := []Message{}
	err := l.db.Select(ctx, &all, `/* messages.Library.Messages */ SELECT `+messageColumns+`
		FROM {wp}partner_center_messages WHERE archived_at IS NULL ORDER BY name, id`)
	return all, err
}

// Archive takes a message out of the lists. Where it was chosen, the ready-made
// text goes out from then on.
func (l *Library) Archive(ctx context.Context, actor affiliate.Actor, id MessageID) error {
	return l.setArchived(ctx, actor, "archive", id, true)
}

// Unarchive brings a message back.
func (l *Library) Unarchive(ctx context.Context, actor affiliate.Actor, id MessageID) error {
	return l.setArchived(ctx, actor, "unarchive", id, false)
}

func (l *Library) setArchived(ctx context.Context, actor affiliate.Actor, action string, id MessageID,
	archived bool) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		now := l.now()
		var at *time.Time
		if archived {
			at = &now
		}
		if _, err := oneMessage(ctx, tx, id, " FOR UPDATE"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `/* messages.Library.Archive */
			UPDATE {wp}partner_center_messages SET archived_at = ? WHERE id = ?`, at, id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: action, Object: "message",
			ObjectID: int64(id)})
	})
}

// Install makes messages of the ready-made texts, in a language, for those
// occasions that have no message yet (S104). It returns how many it made; a
// second call makes none.
func (l *Library) Install(ctx context.Context, actor affiliate.Actor, in *locale.Language) (made int, err error) {
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		made = 0
		var there []Occasion
		if err := tx.Select(ctx, &there, `/* messages.Library.Install */
			SELECT occasion FROM {wp}partner_center_messages WHERE archived_at IS NULL FOR UPDATE`); err != nil {
			return err
		}
		has := map[Occasion]bool{}
		for _, o := range there {
			has[o] = true
		}
		for _, about := range Occasions {
			if has[about.Occasion] {
				continue
			}
			m := readyMade[about.Occasion].message(in)
			m.Name, m.Occasion, m.UpdatedAt = in.Text(about.Name), about.Occasion, l.now()
			if err := saveMessage(ctx, tx, actor, &m); err != nil {
				return err
			}
			made++
		}
		return nil
	})
	return made, err
}
