package messages

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes the mails to a person and those that name them, what waits to
// be told of them, and what WordPress was asked about their account (D37). What still
// has to be done goes by their address only: a namesake's mails and accounts arrive.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	theirs, args := t.Addressed("recipient", "subject", "body_text", "body_html")
	named, more := t.Mentioned("subject", "body_text", "body_html")
	jobs, asked := t.Addressed("payload", "error")
	facts, said := t.Addressed("facts")
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM {wp}partner_center_mails WHERE partner_id = ? OR ` + theirs,
			append([]any{t.Partner.ID}, args...)},
		{`DELETE FROM {wp}partner_center_mails WHERE state IN ('done', 'dead', 'dropped') AND ` + named, more},
		{`DELETE FROM {wp}partner_center_jobs WHERE ` + jobs, asked},
		{`DELETE FROM {wp}partner_center_message_events WHERE partner_id = ? OR ` + facts,
			append([]any{t.Partner.ID}, said...)},
	} {
		if _, err := q.Exec(ctx, "/* messages.ErasePerson */ "+step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}
