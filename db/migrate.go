package db

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"partnercenter/db/migrations"
)

// Migrate brings the schema to this program's version. It only ever adds:
// a program one version older keeps running on the result, so that several
// sidecars can be upgraded one after the other. Two migrating at once wait
// for each other. What is missing afterwards, because somebody took it away, is
// a *MissingError.
func (h *Handle) Migrate(ctx context.Context) error {
	p, err := h.migrations()
	if err != nil {
		return err
	}
	// A user who may not create tables can start on those that are there.
	if h.upToDate(ctx, p) {
		return h.CheckSchema(ctx)
	}
	lock := &migrationLock{h: h}
	if err := lock.take(ctx); err != nil {
		return err
	}
	defer lock.release(ctx)
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("the tables %spartner_center_… could not be brought to this version (%d steps done): %w",
			h.Prefix(), len(done), err)
	}
	return h.CheckSchema(ctx)
}

// upToDate tells whether nothing is to be done. Whatever it cannot find out is
// for the migration to complain about.
func (h *Handle) upToDate(ctx context.Context, p *goose.Provider) bool {
	var applied []int64
	err := h.Select(ctx, &applied,
		`/* db.upToDate */ SELECT version_id FROM {wp}partner_center_schema WHERE is_applied = 1`)
	for _, source := range p.ListSources() {
		if err != nil || !slices.Contains(applied, source.Version) {
			return false
		}
	}
	return true
}

// HasTables tells whether the program's tables were ever made here.
func (h *Handle) HasTables(ctx context.Context) (bool, error) {
	var n int
	err := h.Get(ctx, &n, `/* db.HasTables */ SELECT COUNT(*) FROM {wp}partner_center_schema`)
	if NoTable(err) {
		return false, nil
	}
	return err == nil, err
}

// SchemaVersion tells the version the database has and the one this program wants.
func (h *Handle) SchemaVersion(ctx context.Context) (has, wants int64, err error) {
	p, err := h.migrations()
	if err != nil {
		return 0, 0, err
	}
	sources := p.ListSources()
	wants = sources[len(sources)-1].Version
	has, err = p.GetDBVersion(ctx)
	return has, wants, err
}

// migrations has no locker of goose's: goose makes its version table before it
// asks for the lock.
func (h *Handle) migrations() (*goose.Provider, error) {
	return goose.NewProvider(database.DialectMySQL, h.SQL(), prefixFS{migrations.Files, h.names},
		goose.WithTableName(h.names.in("{wp}partner_center_schema")),
		goose.WithAllowOutofOrder(true), // numbers come in ranges, one for each part of the program
		goose.WithLogger(goose.NopLogger()))
}

// prefixFS shows the embedded migrations with the site's table names filled in.
type prefixFS struct {
	fs.FS
	names *names
}

func (p prefixFS) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return prefixed{File: f, r: bytes.NewReader([]byte(p.names.replacer.Replace(string(text))))}, nil
}

type prefixed struct {
	fs.File
	r *bytes.Reader
}

func (p prefixed) Read(b []byte) (int, error) { return p.r.Read(b) }
