// Package imports takes in files of partners and contacts (S142, S151). A file is read
// and checked once; its lines are kept here, each with what would become of it: the
// dry run. Taking them in is long work of package task. Each line is taken in and
// marked in one transaction, so that a process may die at any moment and whoever
// takes over goes on behind it. At the end what the lines said of people is emptied;
// their numbers, and what became of them, stay for a year.
//
// Tables of this package: imports, import_lines.
package imports

import (
	"context"
	"encoding/json"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// ID names an import.
type ID = affiliate.ID[Import]

// Kind is whom a file is about.
type Kind string

// The kinds.
const (
	Partners Kind = "partners"
	Contacts Kind = "contacts"
)

// MostLines is what one file may have. Whoever becomes a partner gets an account and a
// letter, so that fewer of them are taken in at once.
var MostLines = map[Kind]int{Partners: 5000, Contacts: 50000}

// State is where an import stands.
type State string

// The states.
const (
	Checked State = "checked" // a dry run, nothing else has happened
	Taking  State = "taking"  // its task goes on, or was stopped
	Taken   State = "taken"
	Undoing State = "undoing"
	Undone  State = "undone"
)

// Import is one file.
type Import struct {
	ID           ID                  `db:"id"`
	Kind         Kind                `db:"kind"`
	State        State               `db:"state"`
	ProgramID    affiliate.ProgramID `db:"program_id"` // of partners whose line names none; 0 without
	HeadingsJSON string              `db:"headings"`   // see Headings
	Lines        int64               `db:"line_count"`
	TaskID       task.ID             `db:"task_id"` // 0 before there is one; the latest
	Actor        affiliate.Actor     `db:"actor"`
	CreatedAt    time.Time           `db:"created_at"`
	UpdatedAt    time.Time           `db:"updated_at"`
}

const importColumns = `id, kind, state, program_id, headings, line_count, task_id, actor, created_at, updated_at`

// Heading is a column of the file and the field that it fills; "" is not read.
type Heading struct {
	Name  string `json:"name"`
	Field string `json:"field,omitempty"`
}

// Headings are the file's columns, until it is taken in.
func (i Import) Headings() (all []Heading) {
	_ = json.Unmarshal([]byte(i.HeadingsJSON), &all) // written by Check
	return all
}

// Outcome is what becomes of a line. For partners, new is one more and same is one
// who is a partner already.
type Outcome = affiliate.ImportOutcome

// gone is what became of a contact that was made and taken back.
const gone Outcome = "undone"

// Line is a line of a file.
type Line struct {
	Number  int // in the file
	Cells   map[string]string
	Plan    Outcome // what would become of it
	Result  Outcome // what became of it; "" before
	Field   string  // that Problem is about
	Problem locale.Text
	Contact affiliate.ContactID // 0 while there is none
}

// row is how a Line is stored.
type row struct {
	Line    int                 `db:"line"`
	Cells   string              `db:"cells"`
	Plan    Outcome             `db:"plan"`
	Result  Outcome             `db:"result"`
	Field   string              `db:"field"`
	Problem string              `db:"problem"`
	Contact affiliate.ContactID `db:"contact_id"`
}

const lineColumns = `line, cells, plan, result, field, problem, contact_id`

func (r row) line() Line {
	l := Line{Number: r.Line, Plan: r.Plan, Result: r.Result, Field: r.Field,
		Problem: locale.Unpack([]byte(r.Problem)), Contact: r.Contact}
	_ = json.Unmarshal([]byte(r.Cells), &l.Cells) // "" once it is emptied
	return l
}

func (l Line) row() (r []any, err error) {
	cells := []byte{}
	if l.Cells != nil {
		if cells, err = json.Marshal(l.Cells); err != nil {
			return nil, err
		}
	}
	problem, err := locale.Pack(l.Problem)
	if len(problem) > 2000 {
		problem, err = locale.Pack(locale.T("Something is wrong with this line."))
	}
	return []any{l.Number, string(cells), l.Plan, l.Result, l.Field, string(problem), l.Contact}, err
}

// save writes lines of an import, which are there or not.
func save(ctx context.Context, q db.Queryer, id ID, lines []Line) error {
	for len(lines) > 0 {
		n, rows := min(len(lines), db.RowsAtOnce), [][]any{}
		for _, l := range lines[:n] {
			r, err := l.row()
			if err != nil {
				return err
			}
			rows = append(rows, append([]any{id}, r...))
		}
		lines = lines[n:]
		err := db.Insert(ctx, q, `/* imports.save */ INSERT INTO {wp}partner_center_import_lines
			(import_id, `+lineColumns+`) VALUES `, rows, ` ON DUPLICATE KEY UPDATE result = VALUES(result),
			field = VALUES(field), problem = VALUES(problem), contact_id = VALUES(contact_id)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// Service imports files.
type Service struct {
	db       *db.Handle
	now      clock.Clock
	registry *affiliate.Registry
	signups  *signup.Service
	tasks    *task.Service
}

// New keeps files in h.
func New(h *db.Handle, now clock.Clock, registry *affiliate.Registry, signups *signup.Service,
	tasks *task.Service) *Service {
	return &Service{db: h, now: now, registry: registry, signups: signups, tasks: tasks}
}

// Import is one of them; KindNotFound without.
func (s *Service) Import(ctx context.Context, id ID) (Import, error) { return load(ctx, s.db, id, "") }

func load(ctx context.Context, q db.Queryer, id ID, lock string) (i Import, err error) {
	err = q.Get(ctx, &i, `/* imports.load */ SELECT `+importColumns+` FROM {wp}partner_center_imports WHERE id = ?`+
		lock, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such import. Those that were only checked are kept for two days.")
	}
	return i, err
}

// latestShown is how many imports of a kind are offered for a look.
const latestShown = 10

// Latest are the newest imports of a kind.
func (s *Service) Latest(ctx context.Context, kind Kind) ([]Import, error) {
	all := []Import{}
	return all, s.db.Select(ctx, &all, `/* imports.Latest */ SELECT `+importColumns+`
		FROM {wp}partner_center_imports WHERE kind = ? ORDER BY id DESC LIMIT ?`, kind, latestShown)
}

// Counts are numbers of lines by what would become, or became, of them.
type Counts map[Outcome]int64

// Counts of an import's lines: planned of all, done of those that were taken in.
func (s *Service) Counts(ctx context.Context, id ID) (planned, done Counts, err error) {
	rows := []struct {
		Plan   Outcome `db:"plan"`
		Result Outcome `db:"result"`
		N      int64   `db:"n"`
	}{}
	err = s.db.Select(ctx, &rows, `/* imports.Counts */ SELECT plan, result, COUNT(*) AS n
		FROM {wp}partner_center_import_lines WHERE import_id = ? GROUP BY plan, result`, id)
	planned, done = Counts{}, Counts{}
	for _, r := range rows {
		planned[r.Plan] += r.N
		if r.Result != "" {
			done[r.Result] += r.N
		}
	}
	return planned, done, err
}

// Noted are the first lines of which something is to be said, and how many there are.
func (s *Service) Noted(ctx context.Context, id ID, most int) (lines []Line, all int64, err error) {
	const noted = ` FROM {wp}partner_center_import_lines WHERE import_id = ? AND problem <> ''`
	if err := s.db.Get(ctx, &all, `/* imports.Noted */ SELECT COUNT(*)`+noted, id); err != nil || all == 0 {
		return nil, 0, err
	}
	rows := []row{}
	err = s.db.Select(ctx, &rows, `/* imports.Noted */ SELECT `+lineColumns+noted+` ORDER BY line LIMIT ?`, id, most)
	for _, r := range rows {
		lines = append(lines, r.line())
	}
	return lines, all, err
}

// Done are lines that were taken in with an outcome, in the order of the file, behind
// one of them.
func (s *Service) Done(ctx context.Context, id ID, outcome Outcome, after, most int) (lines []Line, err error) {
	rows := []row{}
	err = s.db.Select(ctx, &rows, `/* imports.Done */ SELECT `+lineColumns+` FROM {wp}partner_center_import_lines
		WHERE import_id = ? AND line > ? AND result = ? ORDER BY line LIMIT ?`, id, after, outcome, most)
	for _, r := range rows {
		lines = append(lines, r.line())
	}
	return lines, err
}
