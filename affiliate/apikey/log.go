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

// refusedFor is how far back refused calls ask for attention.
const refusedFor = 24 * time.Hour

// Refused is how many calls with one of our keys were refused in the last day: a
// sale that was reported so is not recorded. Calls of strangers are not among them.
func (k *Keys) Refused(ctx context.Context) (n int64, err error) {
	err = k.db.Get(ctx, &n, `/* apikey.Refused */ SELECT COUNT(*) FROM {wp}partner_center_api_calls
		WHERE at > ? AND status >= 400 AND key_id > 0`, k.now().Add(-refusedFor))
	return n, err
}
