package wpbridge

import (
	"context"
	"database/sql"
	"errors"

	"partnercenter/db"
)

// Blog says which site of the installation this is. A single site is blog 1
// with the prefix of all tables.
type Blog struct {
	ID        int64
	Prefix    string // of this blog's own tables and meta keys
	Multisite bool
}

// Options reads the site's options. WordPress is the only writer.
type Options struct {
	q    db.Queryer
	blog Blog
}

// NewOptions returns the options of a blog; q's {wp} is that blog's prefix.
func NewOptions(q db.Queryer, blog Blog) Options { return Options{q, blog} }

// Get returns an option as stored: text, or PHP-serialized.
func (o Options) Get(ctx context.Context, name string) (value string, found bool, err error) {
	err = o.q.Get(ctx, &value, `/* wpbridge.Options.Get */
		SELECT option_value FROM {wp}options WHERE option_name = ?`, name)
	return foundOrNot(value, err)
}

// GetNetwork is get_site_option: an option of the network the blog belongs
// to; on a single site, an option.
func (o Options) GetNetwork(ctx context.Context, name string) (value string, found bool, err error) {
	if !o.blog.Multisite {
		return o.Get(ctx, name)
	}
	err = o.q.Get(ctx, &value, `/* wpbridge.Options.GetNetwork */
		SELECT COALESCE(meta_value, '') FROM {base}sitemeta
		WHERE site_id = (SELECT site_id FROM {base}blogs WHERE blog_id = ?) AND meta_key = ?
		ORDER BY meta_id LIMIT 1`, o.blog.ID, name)
	return foundOrNot(value, err)
}

func foundOrNot(value string, err error) (string, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, err
}

// list returns those of the named options that exist.
func (o Options) list(ctx context.Context, names ...string) (map[string]string, error) {
	args := make([]any, len(names))
	for i, name := range names {
		args[i] = name
	}
	var rows []struct{ Name, Value string }
	err := o.q.Select(ctx, &rows, `/* wpbridge.Options.list */
		SELECT option_name AS name, option_value AS value FROM {wp}options
		WHERE option_name IN (?`+repeatMark(len(names)-1)+`)`, args...)
	values := map[string]string{}
	for _, r := range rows {
		values[r.Name] = r.Value
	}
	return values, err
}
