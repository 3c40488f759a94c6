package apikey

import (
	"context"
	"strings"
	"time"

	"partnercenter/affiliate"
)

// LoggedCall is a call of the API and what became of it.
type LoggedCall struct {
	ID      int64     `db:"id"`
	KeyID   KeyID     `db:"key_id"` // 0: the caller was not recognized
	At      time.Time `db:"at"`
	Method  string    `db:"method"`
	Path    string    `db:"path"`
	Status  int       `db:"status"`
	Outcome string    `db:"outcome"` // a sentence
	Micros  int       `db:"micros"`  // how long it took
}

// keptCalls is how long calls are listed.
const keptCalls = 14 * 24 * time.Hour

// maxLogged is the length of the columns path and outcome, in characters.
const maxLogged = 300

// Log writes down calls.
func (k *Keys) Log(ctx context.Context, calls []LoggedCall) error {
	if len(calls) == 0 {
		return nil
	}
	args := []any{}
	for _, c := range calls {
		args = append(args, c.KeyID, c.At, affiliate.Cut(c.Method, 8), affiliate.Cut(affiliate.Line(c.Path), maxLogged),
			c.Status, affiliate.Cut(affiliate.Line(c.Outcome), maxLogged), c.Micros)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?), ", len(calls)), ", ")
	_, err := k.db.Exec(ctx, `/* apikey.Log */
		INSERT INTO {wp}partner_center_api_calls (key_id, at, method, path, status, outcome, micros) VALUES `+rows,
		args...)
	return err
}

// Calls are the latest calls, newest first.
func (k *Keys) Calls(ctx context.Context, limit int) ([]LoggedCall, error) {
	calls := []LoggedCall{}
	err := k.db.Select(ctx, &calls, `/* apikey.Calls */
		SELECT id, key_id, at, method, path, status, outcome, micros FROM {wp}partner_center_api_calls ORDER BY id DESC
		LIMIT ?`, limit)
	return calls, err
}
