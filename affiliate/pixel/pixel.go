// Package pixel takes in the sales that carts elsewhere report by a picture on
// their confirmation page (S124-S126).
//
// What arrives is written down before the picture is answered, and made an
// order a moment later, so that the buyer's page never waits for the books. Of
// an order the first report wins; another that differs is put on review (D17).
// Unsigned reports, which anybody could make up, and those of partners' own
// carts wait for a person.
//
// Tables of this package: pixel_calls.
package pixel

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/sale"
	"partnercenter/clock"
	"partnercenter/db"
)

// Box takes reports in. It is safe for concurrent use, also by several sidecars.
type Box struct {
	db    *db.Handle
	now   clock.Clock
	keys  *apikey.Keys
	sales *sale.Service
}

// NewBox works on the site's database.
func NewBox(h *db.Handle, now clock.Clock, keys *apikey.Keys, sales *sale.Service) *Box {
	return &Box{h, now, keys, sales}
}

// State is where a call stands.
type State string

// The states.
const (
	Waiting State = "waiting" // to be made an order
	Done    State = "done"
	Refused State = "refused" // nothing came of it; Error says why
)

// Call is one report as it arrived.
type Call struct {
	ID         int64             `db:"id"`
	KeyID      apikey.KeyID      `db:"key_id"`
	At         time.Time         `db:"at"`
	Query      string            `db:"query"`
	Click      string            `db:"click"` // raw click cookie of the request
	Page       string            `db:"page"`
	Verified   bool              `db:"verified"`
	ExternalID string            `db:"external_id"`
	State      State             `db:"state"`
	Outcome    sale.Outcome      `db:"outcome"`
	Error      string            `db:"error"`
	OrderID    affiliate.OrderID `db:"order_id"`
	Attempts   int               `db:"attempts"`
	NextAt     time.Time         `db:"next_at"`
}

const callColumns = `id, key_id, at, query, click, page, verified, external_id, state,
	outcome, error, order_id, attempts, next_at`

// Bounds of what is kept of a call; MaxQuery is in bytes.
const (
	MaxQuery = 8 << 10
	maxClick = 200
	maxPage  = 255
	maxError = 300
	kept     = 30 * 24 * time.Hour
)

// Receive writes a report down. It answers what is wrong with it, for the log:
// such a report is kept as refused where its key is known.
//
// Errors: affiliate.KindNotFound for a key that is not in force, KindInvalid for
// a report that cannot be an order, *apikey.Refusal for a wrong signature.
func (b *Box) Receive(ctx context.Context, rawQuery, click, page string) (apikey.Key, error) {
	if len(rawQuery) > MaxQuery {
		return apikey.Key{}, affiliate.Invalid("query", "The report is too long: at most 8 KB.")
	}
	fields, doubled := read(rawQuery)
	key, err := b.keys.Find(ctx, fields["k"])
	if err != nil {
		return key, err
	}
	if key.Kind != apikey.Pixel {
		return key, affiliate.Missing("This key isn't for the pixel.")
	}
	now := b.now()
	c := Call{KeyID: key.ID, At: now, Query: rawQuery, Click: affiliate.Cut(click, maxClick),
		Page:       affiliate.Cut(affiliate.Line(page), maxPage),
		ExternalID: affiliate.Cut(fields["order"], 190), State: Waiting, NextAt: now}
	wrong := doubled
	if wrong == nil {
		c.Verified, wrong = b.verified(ctx, key, rawQuery, fields)
	}
	if wrong == nil {
		_, wrong = c.order(key, fields)
	}
	if wrong != nil {
		c.State, c.Error = Refused, wrong.Error()
	}
	if err := b.insert(ctx, c); err != nil {
		return key, err
	}
	return key, wrong
}

// oldest is how long a signed report may have been on its way: the page that
// holds it was rendered before it is shown.
const oldest = time.Hour

// verified tells whether a report was signed; an error when it says so wrongly.
func (b *Box) verified(ctx context.Context, key apikey.Key, rawQuery string, fields map[string]string) (bool, error) {
	if fields["sig"] == "" && fields["ts"] == "" {
		return false, nil
	}
	return true, b.keys.VerifyPixel(ctx, key, rawQuery, oldest)
}

func (b *Box) insert(ctx context.Context, c Call) error {
	_, err := b.db.Exec(ctx, `/* pixel.insert */
		INSERT INTO {wp}partner_center_pixel_calls (key_id, at, query, click, page, verified, external_id, state,
		error, next_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.KeyID, c.At, c.Query, c.Click, c.Page, c.Verified, c.ExternalID, c.State,
		affiliate.Cut(affiliate.Line(c.Error), maxError), c.NextAt)
	return err
}

// Calls are the latest reports, newest first.
func (b *Box) Calls(ctx context.Context, limit int) ([]Call, error) {
	calls := []Call{}
	err := b.db.Select(ctx, &calls, `/* pixel.Calls */ SELECT `+callColumns+
		` FROM {wp}partner_center_pixel_calls ORDER BY id DESC LIMIT ?`, limit)
	return calls, err
}

// Prune deletes reports of which nobody asks any more.
func (b *Box) Prune(ctx context.Context) error {
	_, err := b.db.Exec(ctx, `/* pixel.Prune */
		DELETE FROM {wp}partner_center_pixel_calls WHERE state <> 'waiting' AND next_at < ? LIMIT 5000`,
		b.now().Add(-kept))
	return err
}
