package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/keyring"
)

// fact is a row of the inbox, as the plugin wrote it.
type fact struct {
	ID         int64     `db:"id"`
	Kind       string    `db:"kind"`
	Source     string    `db:"source"`
	ExternalID string    `db:"external_id"`
	Seq        int64     `db:"seq"` // of the states of one thing, the highest is the present one
	Layout     int       `db:"v"`   // of the payload
	OccurredAt time.Time `db:"occurred_at"`
	Click      string    `db:"click"` // raw cookie of the request
	Payload    []byte    `db:"payload"`
}

// lock reads a fact that waits, and keeps other sidecars from it until the end
// of the transaction; sql.ErrNoRows when it does not wait any more.
func lock(ctx context.Context, q db.Queryer, id int64) (f fact, err error) {
	err = q.Get(ctx, &f, `/* inbox.lock */
		SELECT id, kind, source, external_id, seq, v, occurred_at, click, payload
		FROM {wp}partner_center_inbox WHERE id = ? AND done_at IS NULL FOR UPDATE`, id)
	return f, err
}

// done marks the fact as applied; errDone when another sidecar has done so since
// it was read, which engines that lock no rows allow.
func (f fact) done(ctx context.Context, q db.Queryer, at time.Time) error {
	res, err := q.Exec(ctx, `/* inbox.done */
		UPDATE {wp}partner_center_inbox SET done_at = ?, error = '' WHERE id = ? AND done_at IS NULL`, at, f.ID)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = errDone
	}
	return err
}

var errDone = errors.New("another sidecar has applied this fact")

// read decodes the payload, whose layout is told by kind and v.
func (f fact) read(layout int, into any) error {
	if f.Layout != layout {
		return fmt.Errorf(
			"the plugin reports %q in layout %d, known is %d: bring plugin and sidecar to the same release", f.Kind,
			f.Layout, layout)
	}
	if err := json.Unmarshal(f.Payload, into); err != nil {
		return fmt.Errorf("the payload of %q cannot be read: %w", f.Kind, err)
	}
	return nil
}

// take makes a fact of WordPress one of the domain.
func (d *Drainer) take(ctx context.Context, tx *db.Tx, f fact, key keyring.Key) error {
	switch f.Kind {
	case "form":
		return d.form(ctx, tx, f)
	case "user":
		return d.user(ctx, tx, f)
	case "product":
		return d.product(ctx, tx, f)
	case "order":
		return d.order(ctx, tx, f)
	case "coupon":
		return d.coupon(ctx, tx, f)
	case "click":
		return d.click(ctx, tx, f, key)
	}
	return fmt.Errorf("the plugin reports %q, which this sidecar does not know: update the sidecar", f.Kind)
}

// form is an opt-in form that PHP received. The script reports the same form
// under the same id where it runs; applied twice, it counts once (S35).
func (d *Drainer) form(ctx context.Context, tx *db.Tx, f fact) error {
	var in struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Page      string `json:"page"`
		Client    string `json:"client"`    // keyed hash of the visitor's network
		Visitor   string `json:"visitor"`   // raw cookie
		LoggedIn  bool   `json:"logged_in"` // with this address
		Token     string `json:"token"`     // of a page elsewhere, in the cookie's place (D35)
	}
	if err := f.read(1, &in); err != nil {
		return err
	}
	if _, err := affiliate.FoldEmail(in.Email); err != nil {
		d.log.Info("a form without a usable e-mail address is excluded", "fact", f.ID)
		return nil // visitors can send any number of them, and no later release can take them in
	}
	_, err := d.sales.TakeTouchpoint(ctx, tx, tracking.Touchpoint{
		Kind: tracking.OptIn, Source: f.Source, ExternalID: f.ExternalID, Origin: affiliate.ByForm,
		Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, Page: in.Page,
		Click: f.Click, Token: in.Token, At: f.OccurredAt,
		Visitor: in.Visitor, Network: in.Client, LoggedIn: in.LoggedIn,
	})
	return err
}

// user is a partner's WordPress account that was changed or deleted. Only the
// latest state of it counts, in whatever order they come to be applied.
func (d *Drainer) user(ctx context.Context, tx *db.Tx, f fact) error {
	var in struct {
		UserID    affiliate.UserID `json:"user_id"`
		Email     string           `json:"email"`
		FirstName string           `json:"first_name"`
		LastName  string           `json:"last_name"`
		Deleted   bool             `json:"deleted"`
	}
	if err := f.read(1, &in); err != nil {
		return err
	}
	if old, err := f.superseded(ctx, tx); err != nil || old {
		return err
	}
	if in.Deleted {
		return affiliate.AccountDeleted(ctx, tx, in.UserID, f.OccurredAt)
	}
	person := affiliate.Person{UserID: in.UserID, Email: in.Email, FirstName: in.FirstName, LastName: in.LastName}
	return affiliate.AccountChanged(ctx, tx, person, f.OccurredAt)
}

// superseded tells whether a later state of the same thing was reported.
func (f fact) superseded(ctx context.Context, q db.Queryer) (later bool, err error) {
	err = q.Get(ctx, &later, `/* inbox.superseded */ SELECT EXISTS (
		SELECT 1 FROM {wp}partner_center_inbox WHERE source = ? AND kind = ? AND external_id = ? AND seq > ?)`,
		f.Source, f.Kind, f.ExternalID, f.Seq)
	return later, err
}
