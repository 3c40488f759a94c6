package signup

import (
	"context"
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Answer is what a sign-up form answered.
type Answer struct {
	Field  string    `db:"field"` // Website or Promotion
	Text   string    `db:"answer"`
	SentAt time.Time `db:"sent_at"`
}

// termsAnswer holds the version of the terms that was ticked.
const termsAnswer = "terms"

// Answers are what a partner answered when they signed up, the latest form first.
// Their company and what they answered to own fields are their contact's.
func (d *Service) Answers(ctx context.Context, partner affiliate.PartnerID) ([]Answer, error) {
	all := []Answer{}
	err := d.db.Select(ctx, &all, `/* signup.Answers */ SELECT field, answer, sent_at
		FROM {wp}partner_center_signup_answers WHERE partner_id = ? AND field IN ('site', 'promotion')
		ORDER BY sent_at DESC, field DESC, id`, partner)
	return all, err
}

// rows are the answers as they are stored while a form waits.
func (a answers) rows(version int) map[string]string {
	rows := map[string]string{}
	for field, text := range a.texts {
		rows[field] = text
	}
	for _, f := range a.fields {
		rows[f.FormName()] = a.own[f.ID]
	}
	if version > 0 {
		rows[termsAnswer] = strconv.Itoa(version)
	}
	return rows
}

func keepAnswers(ctx context.Context, q db.Queryer, formID string, partner affiliate.PartnerID,
	rows map[string]string, at time.Time) error {
	for field, text := range rows {
		if text == "" {
			continue
		}
		_, err := q.Exec(ctx, `/* signup.keepAnswers */
			INSERT IGNORE INTO {wp}partner_center_signup_answers (form_id, partner_id, field, answer, sent_at)
			VALUES (?, ?, ?, ?, ?)`, formID, partner, field, text, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// heldAnswers are the answers of a form that waited, and the version of the terms
// that was ticked in it, 0 for none. Own fields that were deleted meanwhile are left
// out, and so is what they no longer take.
func heldAnswers(ctx context.Context, q db.Queryer, formID string) (a answers, version int, err error) {
	rows := []Answer{}
	err = q.Select(ctx, &rows, `/* signup.heldAnswers */ SELECT field, answer, sent_at
		FROM {wp}partner_center_signup_answers WHERE form_id = ?`, formID)
	if err != nil {
		return a, 0, err
	}
	if a.fields, err = affiliate.LoadContactFields(ctx, q); err != nil {
		return a, 0, err
	}
	texts, typed := map[string]string{}, affiliate.FieldValues{}
	for _, row := range rows {
		texts[row.Field] = row.Text
	}
	for _, f := range a.fields {
		if text := texts[f.FormName()]; text != "" {
			typed[f.ID] = text
		}
	}
	problems := affiliate.Problems{}
	a.own = affiliate.CheckFieldValues(problems, a.fields, typed, false)
	for _, f := range a.fields {
		if _, wrong := problems[f.FormName()]; wrong {
			delete(a.own, f.ID)
		}
	}
	if text := texts[termsAnswer]; text != "" {
		version, err = strconv.Atoi(text)
	}
	return a, version, err
}

// giveAnswers makes the answers of a form that waited the partner's.
func giveAnswers(ctx context.Context, q db.Queryer, formID string, partner affiliate.PartnerID) error {
	_, err := q.Exec(ctx, `/* signup.giveAnswers */
		UPDATE {wp}partner_center_signup_answers SET partner_id = ? WHERE form_id = ?`, partner, formID)
	return err
}
