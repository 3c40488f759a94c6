package main

import (
	"context"
	"errors"
	"fmt"

	"partnercenter/db"
	"partnercenter/wpbridge"
)

// siteFlags say which site the program works for: by its wp-config.php, or by
// the single settings, which win over the file.
type siteFlags struct {
	WordPress string `name:"wordpress" env:"PARTNER_CENTER_WORDPRESS" type:"existingdir" placeholder:"DIR" help:"Directory of WordPress: database, prefix and key are taken from its wp-config.php."`
	DSN       string `name:"dsn" env:"PARTNER_CENTER_DSN" placeholder:"USER:PASSWORD@tcp(HOST:3306)/DATABASE" help:"The site's database."`
	Prefix    string `env:"PARTNER_CENTER_PREFIX" help:"The site's table prefix ($table_prefix)."`
	Key       string `env:"PARTNER_CENTER_KEY" help:"Pairing key, the same as in WordPress; at least 32 characters. Not needed when wp-config.php can be read."`
}

// open connects to the site's database.
func (f siteFlags) open(ctx context.Context) (*db.Handle, error) {
	dsn, tables := f.DSN, db.Tables{}
	if f.WordPress != "" {
		config, err := wpbridge.ReadConfig(f.WordPress)
		if err != nil {
			return nil, err
		}
		if tables, err = config.Tables(); err != nil {
			return nil, err
		}
		if dsn == "" {
			if dsn, err = config.DSN(); err != nil {
				return nil, err
			}
		}
	}
	if f.Prefix != "" {
		tables.Prefix = f.Prefix // of one site of a network, whose users stay where they are
	}
	if dsn == "" {
		return nil, errors.New("which site? Give --wordpress with the directory of WordPress, or --dsn and --prefix")
	}
	if tables.Prefix == "" {
		tables.Prefix = "wp_"
	}
	h, err := db.Open(ctx, dsn, tables)
	if err != nil {
		return nil, err
	}
	return h, f.checkPrefix(ctx, h)
}

// checkPrefix finds out early that the prefix is not the site's, before tables
// are made beside those of nobody.
func (f siteFlags) checkPrefix(ctx context.Context, h *db.Handle) error {
	var url string
	err := h.Get(ctx, &url,
		`/* siteFlags.checkPrefix */ SELECT option_value FROM {wp}options WHERE option_name = 'siteurl'`)
	if err != nil {
		h.Close()
		return fmt.Errorf(
			"the database has no WordPress under the prefix %q: check --prefix, or $table_prefix in wp-config.php: %w",
			h.Prefix(), err)
	}
	return nil
}

// pairingKey is the key given, or the one that follows from wp-config.php, for
// the site whose tables have prefix.
func (f siteFlags) pairingKey(prefix string) (wpbridge.PairingKey, error) {
	if f.Key != "" {
		return wpbridge.ParsePairingKey(f.Key, prefix)
	}
	if f.WordPress == "" {
		return wpbridge.PairingKey{},
			errors.New("no pairing key: give --key with the key shown on the plugin's settings page, or --wordpress " +
				"so that it can be derived")
	}
	config, err := wpbridge.ReadConfig(f.WordPress)
	if err != nil {
		return wpbridge.PairingKey{}, err
	}
	return config.PairingKeyOf(prefix)
}
