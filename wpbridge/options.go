package wpbridge

import (
	"context"
	"database/sql"
	"errors"

	"partnercenter/db"
)

// Options reads the site's options. WordPress is the only writer.
type Options struct{ q db.Queryer }

// NewOptions returns the options of the site behind q.
func NewOptions(q db.Queryer) Options { return Options{q} }

// Get returns an option as stored: text, or PHP-serialized.
func (o Options) Get(ctx context.Context, name string) (value string, found bool, err error) {
	err = o.q.Get(ctx, &value, `/* wpbridge.Options.Get */
		SELECT option_value FROM {wp}options WHERE option_name = ?`, name)
	return foundOrNot(value, err)
}

// GetNetwork returns an option of a multisite network (network 1 is the
// first, and mostly the only, one).
func (o Options) GetNetwork(ctx context.Context, network int64, name string) (value string, found bool, err error) {
	err = o.q.Get(ctx, &value, `/* wpbridge.Options.GetNetwork */
		SELECT COALESCE(meta_value, '') FROM {base}sitemeta WHERE site_id = ? AND meta_key = ? ORDER BY meta_id LIMIT 1`, network, name)
	return foundOrNot(value, err)
}

func foundOrNot(value string, err error) (string, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, err
}
