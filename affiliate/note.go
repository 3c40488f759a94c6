package affiliate

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/db"
)

// Note is what an admin noted about a partner, for admins alone.
type Note struct {
	ID        NoteID    `db:"id"`
	PartnerID PartnerID `db:"partner_id"`
	WrittenAt time.Time `db:"written_at"`
	Actor     Actor     `db:"actor"`
	Text      string    `db:"note"`
}

// NoteID is the row of a note.
type NoteID = ID[Note]

// maxNote is how long a note may be, in characters.
const maxNote = 5000

// Notes are those about a partner, the latest first, at most limit.
func (r *Registry) Notes(ctx context.Context, partner PartnerID, limit int) ([]Note, error) {
	notes := []Note{}
	err := r.db.Select(ctx, &notes, `/* affiliate.Notes */
		SELECT id, partner_id, written_at, actor, note FROM {wp}partner_center_partner_notes
		WHERE partner_id = ? ORDER BY id DESC LIMIT ?`, partner, limit)
	return notes, err
}

// AddNote notes something about a partner. formID names the form it came by: sent
// twice, it is noted once.
//
// Errors: KindInvalid by the field note.
func (r *Registry) AddNote(ctx context.Context, actor Actor, partner PartnerID, text, formID string) error {
	text = strings.TrimSpace(text)
	p := Problems{}
	p.Check(text != "", "note", "Please write something.")
	p.Check(utf8.RuneCountInString(text) <= maxNote, "note", "Please use at most %d characters.", maxNote)
	p.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), "note",
		"Please remove the characters that aren't text.")
	p.Check(formID != "" && len(formID) <= 64, "", "Please load the form again.")
	if err := p.Err(); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := LoadPartner(ctx, tx, partner); err != nil {
			return err
		}
		at := r.now()
		_, err := tx.Exec(ctx, `/* affiliate.AddNote */
			INSERT INTO {wp}partner_center_partner_notes (partner_id, form_id, written_at, actor, note)
			VALUES (?, ?, ?, ?, ?)`, partner, formID, at, actor, text)
		if db.Duplicate(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: "note", Object: "partner", ObjectID: int64(partner),
			After: text})
	})
}

// DeleteNote takes a note away; one that is gone already is no fault.
func (r *Registry) DeleteNote(ctx context.Context, actor Actor, partner PartnerID, id NoteID) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		var before Note
		err := tx.Get(ctx, &before, `/* affiliate.DeleteNote */
			SELECT id, partner_id, written_at, actor, note FROM {wp}partner_center_partner_notes
			WHERE id = ? AND partner_id = ? FOR UPDATE`, id, partner)
		if db.NoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx,
			`/* affiliate.DeleteNote */ DELETE FROM {wp}partner_center_partner_notes WHERE id = ?`, id)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, r.now(), AuditEntry{Actor: actor, Action: "delete note", Object: "partner",
			ObjectID: int64(partner), Before: before})
	})
}
