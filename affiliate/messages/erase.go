package messages

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes the mails to a person and those that name them, sent or not,
// what waits to be told, and what WordPress was asked about their account (D37).
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	mails, args := t.Mentioned("recipient", "subject", "body_text", "body_html")
	jobs, more := t.Mentioned("payload", "error")
	facts, said := t.Mentioned("facts")
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM {wp}partner_center_mails WHERE partner_id = ? OR ` + mails, append([]any{t.Partner.ID}, args...)},
		{`DELETE FROM {wp}partner_center_jobs WHERE ` + jobs, more},
		{`DELETE FROM {wp}partner_center_message_events WHERE partner_id = ? OR ` + facts,
			append([]any{t.Partner.ID}, said...)},
	} {
		if _, err := q.Exec(ctx, "/* messages.ErasePerson */ "+step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}
