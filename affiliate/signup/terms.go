package signup

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Terms are what partners of a program agree to, in one version. Only the latest
// counts.
type Terms struct {
	ID          TermsID             `db:"id"`
	ProgramID   affiliate.ProgramID `db:"program_id"`
	Version     int                 `db:"version"` // 1 and up; 0: the program never had any
	Body        string              `db:"body"`    // plain text; "" takes the terms away
	AppliesFrom affiliate.Day       `db:"applies_from"`
	PublishedAt time.Time           `db:"published_at"`
	Actor       affiliate.Actor     `db:"actor"`
}

// TermsID is the row of a version.
type TermsID = affiliate.ID[Terms]

// Any tells whether there is something to agree to.
func (t Terms) Any() bool { return t.Body != "" }

// maxTerms is how long terms may be, in characters.
const maxTerms = 100_000

const termsColumns = `t.id, t.program_id, t.version, t.body, t.applies_from, t.published_at, t.actor
	FROM {wp}partner_center_signup_terms t`

// Terms are those of a program that count.
func (d *Service) Terms(ctx context.Context, program affiliate.ProgramID) (Terms, error) {
	return loadTerms(ctx, d.db, program)
}

func loadTerms(ctx context.Context, q db.Queryer, program affiliate.ProgramID) (t Terms, err error) {
	err = q.Get(ctx, &t, `/* signup.Terms */ SELECT `+termsColumns+` WHERE t.program_id = ?
		ORDER BY t.version DESC LIMIT 1`, program)
	if db.NoRows(err) {
		return Terms{ProgramID: program}, nil
	}
	return t, err
}

// TermsVersion is one version, also one that no longer counts; Missing when there is
// none of that number.
func (d *Service) TermsVersion(ctx context.Context, program affiliate.ProgramID, version int) (t Terms, err error) {
	return oneVersion(ctx, d.db, program, version)
}

func oneVersion(ctx context.Context, q db.Queryer, program affiliate.ProgramID, version int) (t Terms, err error) {
	err = q.Get(ctx, &t, `/* signup.TermsVersion */ SELECT `+termsColumns+` WHERE t.program_id = ?
		AND t.version = ?`, program, version)
	if db.NoRows(err) || err == nil && !t.Any() {
		err = affiliate.Missing("There are no such terms.")
	}
	return t, err
}

// termsShown is how many versions an admin sees.
const termsShown = 50

// TermsVersions are the versions of a program, the latest first.
func (d *Service) TermsVersions(ctx context.Context, program affiliate.ProgramID) ([]Terms, error) {
	all := []Terms{}
	err := d.db.Select(ctx, &all, `/* signup.TermsVersions */ SELECT `+termsColumns+` WHERE t.program_id = ?
		ORDER BY t.version DESC LIMIT ?`, program, termsShown)
	return all, err
}

// Draft is the text of terms as an admin wrote it.
type Draft struct {
	Body        string
	AppliesFrom affiliate.Day // not before the day it is published
	Seen        int           // the version that it was written over
}

// PublishTerms makes a new version, and has each active partner of the program told
// of it, once (S148). It is the only door: what is not published here changes nothing. The
// text that counts already changes nothing either; none takes the terms away and
// tells nobody.
//
// Errors: KindInvalid by the fields body and applies_from; KindConflict where
// somebody else published meanwhile.
func (d *Service) PublishTerms(ctx context.Context, actor affiliate.Actor, program affiliate.ProgramID,
	draft Draft, today affiliate.Day) (t Terms, err error) {
	body := strings.TrimSpace(strings.ReplaceAll(draft.Body, "\r\n", "\n"))
	problems := affiliate.Problems{}
	problems.Check(utf8.RuneCountInString(body) <= maxTerms, "body", "Please use at most %d characters.", maxTerms)
	problems.Check(utf8.ValidString(body) && !strings.ContainsRune(body, 0), "body",
		"Please remove the characters that aren't text.")
	problems.Check(!draft.AppliesFrom.Before(today), "applies_from", "Please choose today or a later day.")
	if err := problems.Err(); err != nil {
		return t, err
	}
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := affiliate.LoadProgram(ctx, tx, program); err != nil {
			return err
		}
		now, err := loadTerms(ctx, tx, program)
		if t = now; err != nil || now.Body == body {
			return err
		}
		if now.Version != draft.Seen {
			return overtaken()
		}
		t = Terms{ProgramID: program, Version: now.Version + 1, Body: body, AppliesFrom: draft.AppliesFrom,
			PublishedAt: d.now(), Actor: actor}
		if err := insertTerms(ctx, tx, &t); err != nil || !t.Any() {
			return err
		}
		return d.desk.NewTerms(ctx, tx, program, t.Version, t.AppliesFrom)
	})
	return t, err
}

func overtaken() error {
	return affiliate.Conflict(
		"Someone else published new terms while you were editing. Review them and publish again.")
}

func insertTerms(ctx context.Context, q db.Queryer, t *Terms) error {
	res, err := q.Exec(ctx, `/* signup.insertTerms */
		INSERT INTO {wp}partner_center_signup_terms (program_id, version, body, applies_from, published_at, actor)
		VALUES (?, ?, ?, ?, ?, ?)`, t.ProgramID, t.Version, t.Body, t.AppliesFrom, t.PublishedAt, t.Actor)
	if db.Duplicate(err) {
		return overtaken()
	}
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	t.ID = TermsID(id)
	return affiliate.Audit(ctx, q, t.PublishedAt, affiliate.AuditEntry{Actor: t.Actor, Action: "publish terms",
		Object: "program", ObjectID: int64(t.ProgramID), After: map[string]any{"version": t.Version,
			"applies_from": t.AppliesFrom.String()}})
}
