package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"partnercenter/affiliate/tracking"
	"partnercenter/wpbridge"
)

// stateFile says that the demo was made to the end, and for which address.
const stateFile = "made-for"

// removeHalfMade forgets a demo whose making was interrupted: half an example
// is none. One that is running is left alone, since its directory is locked.
func removeHalfMade(o Options) error {
	if o.Bare {
		return nil
	}
	if _, err := os.Stat(filepath.Join(o.Dir, stateFile)); err == nil {
		return nil
	}
	return Reset(o.Dir)
}

// Reset removes a demo that is not running.
func Reset(dir string) error {
	if dir == "" || dir == "/" {
		return errors.New("no demo directory given")
	}
	if _, err := os.Stat(filepath.Join(dir, "mariadb")); err != nil {
		return nil // nothing there that is ours
	}
	return os.RemoveAll(dir)
}

// makeExample makes the example once; later starts only lead its promo tools to
// the address of today.
func (d *Demo) makeExample(ctx context.Context) error {
	if d.options.Bare {
		return nil
	}
	d.Partner = Login{cast[0].login, "partner"}
	handover, err := wpbridge.ReadHandover(ctx, d.DB, d.key)
	if err != nil {
		return err
	}
	example, err := newExample(ctx, d, d.key, handover)
	if err != nil {
		return err
	}
	file := filepath.Join(d.options.Dir, stateFile)
	made, err := os.ReadFile(file)
	if err == nil {
		defer example.clicks.Close(ctx)
		err = example.moveTo(ctx, string(made))
	} else {
		err = example.make(ctx)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(d.URL()), 0o644)
}

// moveTo follows a change of the demo's address.
func (e *example) moveTo(ctx context.Context, before string) error {
	if before == e.demo.URL() {
		return nil
	}
	tools, err := e.tracker.Tools(ctx, tracking.ToolFilter{})
	if err != nil {
		return err
	}
	e.clock.Set(e.now)
	for _, tool := range tools {
		if path, ours := strings.CutPrefix(tool.TargetURL, before); ours {
			tool.TargetURL = e.demo.URL() + path
			if _, _, err := e.tracker.EditTool(ctx, admin, tool); err != nil {
				return err
			}
		}
	}
	return nil
}
