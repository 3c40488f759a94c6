package files

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// Kind is the long work of this package. A file is made whole: its rows and totals
// are one state of the database, as those of a file that is sent at once. One whose
// sidecar dies is begun again by another.
func (p *Pages) Kind() task.Kind {
	return task.Kind{Name: task.FileKind, May: web.CanSettings, Whole: true, Work: p.work,
		Title: func(t task.Task) locale.Text {
			var a asked
			_ = t.Read(&a) // what was forgotten names no report
			return title(a)
		},
		Outcome: func(t task.Task) locale.Text { return locale.N("%d row", "%d rows", t.Done) }}
}

// work writes the file into a temporary one, then hands it over to the database,
// where every sidecar finds it.
func (p *Pages) work(ctx context.Context, t task.Task) (part task.Part, err error) {
	var a asked
	if err := t.Read(&a); err != nil {
		return part, err
	}
	report, q, err := a.query(p.Reports.Today())
	if err != nil {
		return part, err
	}
	out, err := os.CreateTemp("", "partner-center-file-")
	if err != nil {
		return part, fmt.Errorf("a place for a file of %s: %w", a.Report, err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	err = p.Reports.Read(ctx, report, q, func(table *reports.Table) error {
		table.Keep(a.Columns)
		table.Language = locale.For(a.Language)
		table.Rows = counted(table.Rows, func(n int) { part.Items = n; t.Count(int64(n)) })
		return web.WriteFile(out, table, a.Format)
	})
	if err != nil {
		return part, err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return part, fmt.Errorf("reading a file of %s: %w", a.Report, err)
	}
	part.Changed = part.Items
	return part, p.Tasks.KeepFile(ctx, t, out)
}

// counted are the rows, of which it tells how many were read.
func counted(rows iter.Seq2[reports.Row, error], tell func(n int)) iter.Seq2[reports.Row, error] {
	return func(yield func(reports.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if !yield(row, err) {
				return
			}
			n++
			tell(n)
		}
	}
}
