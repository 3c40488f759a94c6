package imports

import (
	"context"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/db"
	"partnercenter/locale"
)

// What the tasks are called.
const (
	TakeTask = "import"
	UndoTask = "undo import"
)

// Params is what a task works on.
type Params struct {
	Import ID   `json:"import"`
	Kind   Kind `json:"kind"`
}

// step is how an import comes from one state to the next: by a task, which runs while
// the import is in the state during.
type step struct {
	task                string
	before, during, end State
}

var (
	taking  = step{TakeTask, Checked, Taking, Taken}
	undoing = step{UndoTask, Taken, Undoing, Undone}
)

// Start takes an import in that was checked; one that was started is left as it is.
// Two admins at once start one.
func (s *Service) Start(ctx context.Context, actor affiliate.Actor, id ID) (Import, error) {
	return s.begin(ctx, actor, id, taking)
}

// Undo deletes the contacts that an import made, where nothing has happened to them
// since. What it completed of others stays, and so do partners: they have had mails.
func (s *Service) Undo(ctx context.Context, actor affiliate.Actor, id ID) (Import, error) {
	if i, err := s.Import(ctx, id); err != nil {
		return i, err
	} else if i.Kind != Contacts {
		return i, affiliate.Conflict(
			"Partners have their accounts and welcome emails already. Remove them on their own pages.")
	}
	return s.begin(ctx, actor, id, undoing)
}

// begin has an import take a step. Done again, it goes on where it was interrupted.
func (s *Service) begin(ctx context.Context, actor affiliate.Actor, id ID, to step) (Import, error) {
	_, err := s.db.Exec(ctx, `/* imports.begin */ UPDATE {wp}partner_center_imports
		SET state = ?, task_id = NULL, updated_at = ? WHERE id = ? AND state = ?`, to.during, s.now(), id, to.before)
	if err != nil {
		return Import{}, err
	}
	i, err := s.Import(ctx, id)
	if err != nil || i.State == to.end {
		return i, err
	}
	if i.State != to.during {
		return i, affiliate.Conflict("This import has changed since you opened it. Please reload the page.")
	}
	t, err := s.tasks.Start(ctx, actor, task.Start{Kind: to.task, Once: "import-" + id.String(),
		Params: Params{id, i.Kind}, Total: i.Lines})
	if err != nil {
		return i, err
	}
	_, err = s.db.Exec(ctx, `/* imports.begin */ UPDATE {wp}partner_center_imports SET task_id = ? WHERE id = ?
		AND state = ?`, t.ID, id, to.during)
	if err != nil {
		return i, err
	}
	return s.Import(ctx, id)
}

// How many lines a part has: what takes a second or so.
const (
	contactsAtOnce = 200
	partnersAtOnce = 50
)

// Take is the work of a TakeTask: it takes in the next lines. A part that is done
// again finds its lines marked.
func (s *Service) Take(ctx context.Context, t task.Task) (task.Part, error) {
	i, rows, err := s.next(ctx, t)
	if err != nil || len(rows) == 0 {
		return s.part(ctx, i, rows, err, taking)
	}
	if i.Kind == Contacts {
		err = s.takeContacts(ctx, t.Actor, i, rows)
	} else {
		err = s.takePartners(ctx, t.Actor, i, rows)
	}
	return s.part(ctx, i, rows, err, taking)
}

// next are the lines of the part that a task is at.
func (s *Service) next(ctx context.Context, t task.Task) (i Import, rows []row, err error) {
	var params Params
	if err := t.Read(&params); err != nil {
		return i, nil, err
	}
	if i, err = s.Import(ctx, params.Import); err != nil {
		return i, nil, err
	}
	after, limit := 0, contactsAtOnce
	if t.Place != "" {
		if after, err = strconv.Atoi(t.Place); err != nil {
			return i, nil, err
		}
	}
	if i.Kind == Partners {
		limit = partnersAtOnce
	}
	return i, rows, s.db.Select(ctx, &rows, `/* imports.next */ SELECT `+lineColumns+`
		FROM {wp}partner_center_import_lines WHERE import_id = ? AND line > ? ORDER BY line LIMIT ?`, i.ID, after,
		limit)
}

// part is what became of lines that were worked on. Behind the last one the import is
// in its new state.
func (s *Service) part(ctx context.Context, i Import, rows []row, fault error, to step) (task.Part, error) {
	if fault != nil {
		return task.Part{}, fault
	}
	if len(rows) == 0 {
		return task.Part{}, s.finish(ctx, i, to)
	}
	results := []Outcome{}
	first, last := rows[0].Line, rows[len(rows)-1].Line
	err := s.db.Select(ctx, &results, `/* imports.part */ SELECT result FROM {wp}partner_center_import_lines
		WHERE import_id = ? AND line BETWEEN ? AND ?`, i.ID, first, last)
	p := task.Part{Items: len(results), Notes: map[string]int{}, Place: strconv.Itoa(last), More: true}
	for _, r := range results {
		p.Notes[string(r)]++
		if to == taking && (r == affiliate.ImportNew || r == affiliate.ImportFilled) || to == undoing && r == gone {
			p.Changed++
		}
	}
	return p, err
}

// finish ends an import; nothing is known any more of what its lines said.
func (s *Service) finish(ctx context.Context, i Import, to step) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `/* imports.finish */ UPDATE {wp}partner_center_imports
			SET state = ?, headings = '', updated_at = ? WHERE id = ? AND state = ?`, to.end, s.now(), i.ID,
			to.during); err != nil {
			return err
		}
		return empty(ctx, tx, "import_id = ?", i.ID)
	})
}

// empty takes away what lines said.
func empty(ctx context.Context, q db.Queryer, where string, args ...any) error {
	_, err := q.Exec(ctx, `/* imports.empty */ UPDATE {wp}partner_center_import_lines SET cells = ''
		WHERE cells <> '' AND `+where, args...)
	return err
}

// waiting are those of some lines that were not taken in yet, locked.
func waiting(ctx context.Context, tx *db.Tx, id ID, from, to int) (lines []Line, err error) {
	rows := []row{}
	err = tx.Select(ctx, &rows, `/* imports.waiting */ SELECT `+lineColumns+` FROM {wp}partner_center_import_lines
		WHERE import_id = ? AND line BETWEEN ? AND ? AND result = '' ORDER BY line FOR UPDATE`, id, from, to)
	for _, r := range rows {
		lines = append(lines, r.line())
	}
	return lines, err
}

// take leaves out a line of which nothing can become, and tells of the others.
func (l *Line) take() bool {
	if l.Plan != affiliate.ImportSkipped && l.Cells == nil {
		l.Problem = locale.T("What this line said was deleted before it was imported.")
	} else if l.Plan != affiliate.ImportSkipped {
		return true
	}
	l.Result = affiliate.ImportSkipped
	return false
}

// takeContacts takes some lines in, all of them or none.
func (s *Service) takeContacts(ctx context.Context, actor affiliate.Actor, i Import, rows []row) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		lines, err := waiting(ctx, tx, i.ID, rows[0].Line, rows[len(rows)-1].Line)
		if err != nil {
			return err
		}
		fields, err := affiliate.LoadContactFields(ctx, tx)
		if err != nil {
			return err
		}
		asked, at := []affiliate.ImportLine{}, map[int]*Line{}
		for n := range lines {
			if l := &lines[n]; l.take() {
				asked, at[l.Number] = append(asked, l.contact(fields)), l
			}
		}
		done, err := affiliate.ImportContacts(ctx, tx, actor, asked, s.now())
		if err != nil {
			return err
		}
		for _, d := range done {
			l := at[d.Line]
			l.Result, l.Contact = d.Outcome, d.Contact
			if d.Outcome == affiliate.ImportSkipped {
				l.Field, l.Problem = d.Field, d.Problem
			}
		}
		return save(ctx, tx, i.ID, lines)
	})
}

// takePartners takes some lines in, each in a transaction of its own.
func (s *Service) takePartners(ctx context.Context, actor affiliate.Actor, i Import, rows []row) error {
	programs, err := s.registry.Programs(ctx)
	if err != nil {
		return err
	}
	fields, err := s.registry.ContactFields(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		l := r.line()
		if l.Result != "" {
			continue
		}
		a, refusal := signup.Addition{}, error(nil)
		if l.take() {
			a, refusal = s.addition(ctx, l, i.ProgramID, programs, fields, func(string) bool { return false })
		}
		if err := s.takePartner(ctx, actor, i.ID, l, a, refusal); err != nil {
			return err
		}
	}
	return nil
}

// takePartner makes the partner of a line and marks it. What is refused, or was
// already, is only marked.
func (s *Service) takePartner(ctx context.Context, actor affiliate.Actor, id ID, l Line, a signup.Addition,
	refusal error) error {
	if refusal == nil && l.Result == "" {
		refusal = s.db.Tx(ctx, func(tx *db.Tx) error {
			still, err := waiting(ctx, tx, id, l.Number, l.Number)
			if err != nil || len(still) == 0 {
				return err
			}
			r, err := s.signups.AddWithin(ctx, tx, actor, a)
			if err != nil {
				return err
			}
			l.Result, l.Contact = affiliate.ImportNew, r.Partner.ContactID
			if r.Outcome == signup.Already {
				l.Result = affiliate.ImportSame
			}
			return save(ctx, tx, id, []Line{l})
		})
		if refusal == nil {
			return nil
		}
		l.Result, l.Contact = "", 0
	}
	if refused, err := l.refused(refusal); err != nil {
		return err
	} else if refused {
		l.Result = affiliate.ImportSkipped
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		still, err := waiting(ctx, tx, id, l.Number, l.Number)
		if err != nil || len(still) == 0 {
			return err
		}
		return save(ctx, tx, id, []Line{l})
	})
}

// TakeBack is the work of an UndoTask.
func (s *Service) TakeBack(ctx context.Context, t task.Task) (task.Part, error) {
	i, rows, err := s.next(ctx, t)
	if err != nil || len(rows) == 0 {
		return s.part(ctx, i, rows, err, undoing)
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		ids, at := []affiliate.ContactID{}, map[affiliate.ContactID]int{}
		for _, r := range rows {
			if r.Result == affiliate.ImportNew {
				ids, at[r.Contact] = append(ids, r.Contact), r.Line
			}
		}
		back, err := affiliate.TakeBackImport(ctx, tx, t.Actor, ids, s.now())
		if err != nil {
			return err
		}
		lines := []int{}
		for _, contact := range back {
			lines = append(lines, at[contact])
		}
		return markGone(ctx, tx, i.ID, lines)
	})
	return s.part(ctx, i, rows, err, undoing)
}

func markGone(ctx context.Context, q db.Queryer, id ID, lines []int) error {
	if len(lines) == 0 {
		return nil
	}
	query, args, err := db.In(`/* imports.markGone */ UPDATE {wp}partner_center_import_lines SET result = ?
		WHERE import_id = ? AND line IN (?)`, gone, id, lines)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, query, args...)
	return err
}
