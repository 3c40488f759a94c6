package db

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"

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
	lock := &migrationLock{h: h}
	if err := lock.take(ctx); err != nil {
		return err
	}
	defer lock.release(ctx)
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("the tables %spartner_center_… could not be brought to this version (%d steps done): %w", h.Prefix(), len(done), err)
	}
	return h.CheckSchema(ctx)
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
