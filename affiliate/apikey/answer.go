package apikey

import (
	"context"
	"crypto/sha256"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Answer is what a call was answered.
type Answer struct {
	Status int    `db:"status"`
	Body   string `db:"body"`
}

// answering is how long a call may take; one that has not ended by then died
// with its sidecar, and its repeat is carried out.
const answering = time.Minute

// keptAnswers is how long a repeat is recognized.
const keptAnswers = 48 * time.Hour

// Begin claims an idempotency key for a call. It returns the stored answer of
// an earlier one, else nil: the call is to be carried out, and Finish or Forget
// called.
//
// Errors: KindConflict while the same call is being carried out, KindInvalid
// where the key came with another call.
func (k *Keys) Begin(ctx context.Context, key KeyID, idempotency string, c Call) (*Answer, error) {
	request := c.digest()
	_, err := k.db.Exec(ctx, `/* apikey.Begin */
		INSERT INTO {wp}partner_center_api_answers (key_id, idempotency_key, request, status, body, started_at)
		VALUES (?, ?, ?, 0, '', ?)`,
		key, idempotency, request[:], k.now())
	if !db.Duplicate(err) {
		return nil, err
	}
	var known struct {
		Answer
		Request []byte    `db:"request"`
		Started time.Time `db:"started_at"`
	}
	err = k.db.Get(ctx, &known, `/* apikey.Begin */
		SELECT request, status, body, started_at FROM {wp}partner_center_api_answers WHERE key_id = ?
		AND idempotency_key = ?`, key, idempotency)
	switch {
	case db.NoRows(err): // it has just failed
		return nil, affiliate.Conflict("The same call is being carried out. Repeat it in a moment.")
	case err != nil:
		return nil, err
	case [32]byte(known.Request) != request:
		return nil, affiliate.Invalid("Idempotency-Key", "This key was used for another call.")
	case known.Status != 0:
		return &known.Answer, nil
	}
	return nil, k.takeOver(ctx, key, idempotency, known.Started)
}

// takeOver claims a call whose sidecar has died.
func (k *Keys) takeOver(ctx context.Context, key KeyID, idempotency string, started time.Time) error {
	busy := affiliate.Conflict("The same call is being carried out. Repeat it in a moment.")
	if k.now().Sub(started) < answering {
		return busy
	}
	res, err := k.db.Exec(ctx, `/* apikey.takeOver */
		UPDATE {wp}partner_center_api_answers SET started_at = ? WHERE key_id = ? AND idempotency_key = ? AND status = 0
		AND started_at = ?`,
		k.now(), key, idempotency, started)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return busy
}

func (c Call) digest() [32]byte {
	return sha256.Sum256([]byte(c.Method + "\n" + c.Target + "\n" + string(c.Body)))
}

// Finish stores the answer for repeats.
func (k *Keys) Finish(ctx context.Context, key KeyID, idempotency string, a Answer) error {
	_, err := k.db.Exec(ctx, `/* apikey.Finish */
		UPDATE {wp}partner_center_api_answers SET status = ?, body = ? WHERE key_id = ? AND idempotency_key = ?`,
		a.Status, a.Body, key, idempotency)
	return err
}

// Forget gives the key back after a call that has done nothing, so that it can
// be corrected and repeated under the same key.
func (k *Keys) Forget(ctx context.Context, key KeyID, idempotency string) error {
	_, err := k.db.Exec(ctx, `/* apikey.Forget */
		DELETE FROM {wp}partner_center_api_answers WHERE key_id = ? AND idempotency_key = ? AND status = 0`, key,
		idempotency)
	return err
}

// Prune deletes answers and calls of which nobody asks any more, in steps that
// lock little.
func (k *Keys) Prune(ctx context.Context) error {
	_, err := k.db.Exec(ctx,
		`/* apikey.Prune */ DELETE FROM {wp}partner_center_api_answers WHERE started_at < ? LIMIT 5000`,
		k.now().Add(-keptAnswers))
	if err != nil {
		return err
	}
	_, err = k.db.Exec(ctx, `/* apikey.Prune */ DELETE FROM {wp}partner_center_api_calls WHERE at < ? LIMIT 5000`,
		k.now().Add(-keptCalls))
	return err
}
