package imports

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/db"
	"partnercenter/locale"
)

// File is what somebody wants imported.
type File struct {
	Kind      Kind
	Text      string
	ProgramID affiliate.ProgramID // of partners whose line names none; 0 for none
}

// Check reads a file and keeps it with what would become of each line. Nothing else
// happens before Start.
//
// Errors: KindInvalid by the field file.
func (s *Service) Check(ctx context.Context, actor affiliate.Actor, f File) (Import, error) {
	fields, err := s.registry.ContactFields(ctx)
	if err != nil {
		return Import{}, err
	}
	heads, lines, err := readFile(f.Kind, f.Text, fields)
	if err != nil {
		return Import{}, err
	}
	if f.Kind == Partners {
		err = s.planPartners(ctx, lines, f.ProgramID, fields)
	} else {
		err = s.planContacts(ctx, lines, fields)
	}
	if err != nil {
		return Import{}, err
	}
	names, err := json.Marshal(heads)
	if err != nil {
		return Import{}, err
	}
	i := Import{Kind: f.Kind, State: Checked, ProgramID: f.ProgramID, HeadingsJSON: string(names),
		Lines: int64(len(lines)), Actor: actor, CreatedAt: s.now(), UpdatedAt: s.now()}
	return i, s.db.Tx(ctx, func(tx *db.Tx) error { return keep(ctx, tx, &i, lines) })
}

func keep(ctx context.Context, tx *db.Tx, i *Import, lines []Line) error {
	result, err := tx.Exec(ctx, `/* imports.Check */ INSERT INTO {wp}partner_center_imports
		(kind, state, program_id, headings, line_count, actor, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, i.Kind, i.State, i.ProgramID, i.HeadingsJSON, i.Lines, i.Actor, i.CreatedAt,
		i.UpdatedAt)
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	i.ID = ID(id)
	return save(ctx, tx, i.ID, lines)
}

// planContacts fills in what would become of each line. Of two lines about one
// address the later is joined with the earlier.
func (s *Service) planContacts(ctx context.Context, lines []Line, fields []affiliate.ContactField) error {
	asked := []affiliate.ImportLine{}
	for _, l := range lines {
		asked = append(asked, l.contact(fields))
	}
	planned, err := s.registry.PreviewImport(ctx, asked)
	if err != nil {
		return err
	}
	first := map[string]int{}
	for i := range lines {
		l, p := &lines[i], planned[i]
		l.Plan, l.Field, l.Problem, l.Contact = p.Outcome, p.Field, p.Problem, p.Contact
		if p.Outcome == affiliate.ImportSkipped {
			continue
		}
		if at := first[p.Email]; at != 0 {
			l.Plan, l.Field, l.Problem = affiliate.ImportJoined, "email", locale.T("Same address as line %d.", at)
		} else {
			first[p.Email] = l.Number
		}
	}
	return nil
}

func (l Line) contact(fields []affiliate.ContactField) affiliate.ImportLine {
	return affiliate.ImportLine{Line: l.Number, Person: l.person(), Own: l.own(fields)}
}

// planPartners fills in what would become of each line. Of two lines about one
// address the later is left out.
func (s *Service) planPartners(ctx context.Context, lines []Line, program affiliate.ProgramID,
	fields []affiliate.ContactField) error {
	programs, err := s.registry.Programs(ctx)
	if err != nil {
		return err
	}
	asked, of, first := []signup.Addition{}, []int{}, map[string]int{}
	for i := range lines {
		l := &lines[i]
		email := l.fold()
		if at := first[email]; email != "" && at != 0 {
			l.skip("email", locale.T("Line %d has this address already.", at))
			continue
		}
		first[email] = l.Number
		a, err := s.addition(ctx, *l, program, programs, fields, func(folded string) bool { return first[folded] != 0 })
		if again, err := l.refused(err); err != nil {
			return err
		} else if !again {
			asked, of = append(asked, a), append(of, i)
		}
	}
	planned, err := s.signups.PreviewAdd(ctx, asked)
	if err != nil {
		return err
	}
	for i, p := range planned {
		l := &lines[of[i]]
		l.Plan = affiliate.ImportNew
		if p.Outcome == signup.Already {
			l.Plan = affiliate.ImportSame
		}
		if _, err := l.refused(p.Err); err != nil {
			return err
		}
	}
	return nil
}

// refused notes what an error says to people; others are returned.
func (l *Line) refused(err error) (bool, error) {
	var e *affiliate.Error
	if err == nil || !errors.As(err, &e) {
		return false, err
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		l.skip(field, e.Fields[field])
		return true, nil
	}
	l.skip("", e.Message)
	return true, nil
}

// addition is what a line of partners asks for: program is that of lines that name
// none. above tells of an address whether a line above this one makes them a partner.
func (s *Service) addition(ctx context.Context, l Line, program affiliate.ProgramID, programs []affiliate.Program,
	fields []affiliate.ContactField, above func(email string) bool) (a signup.Addition, err error) {
	problems := affiliate.Problems{}
	a = signup.Addition{ProgramID: program, Person: l.person(), PayPalEmail: l.Cells["paypal_email"], NewOnly: true,
		Method: affiliate.PaymentPolicy(strings.ToLower(l.Cells["payment_method"])),
		Own:    affiliate.CheckFieldValues(problems, fields, l.own(fields), false)}
	if name := l.Cells["program"]; name != "" {
		a.ProgramID = 0
		for _, p := range programs {
			if strings.EqualFold(p.Name, name) || p.Code == name {
				a.ProgramID = p.ID
			}
		}
		problems.Check(a.ProgramID != 0, "program", "There is no program “%s”.", affiliate.Cut(name, 100))
	}
	if l.Cells["program"] == "" {
		problems.Check(a.ProgramID != 0, "program", "The line names no program, and none is chosen above.")
	}
	for _, name := range []struct{ field, text string }{{"first_name", a.Person.FirstName},
		{"last_name", a.Person.LastName}} {
		problems.Check(!affiliate.HasAddress(name.text), name.field, "A name can't hold a web address.")
	}
	if named := l.Cells["recruiter"]; named != "" {
		p, err := s.recruiter(ctx, named)
		if err != nil {
			return a, err
		}
		email, _ := affiliate.FoldEmail(named)
		a.RecruiterID = p
		problems.Check(p != 0 || email != "" && above(email), "recruiter", "There is no partner “%s”.",
			affiliate.Cut(named, 100))
	}
	return a, problems.Err()
}

// recruiter is the partner of a code or an address; 0 for none.
func (s *Service) recruiter(ctx context.Context, named string) (affiliate.PartnerID, error) {
	find := s.registry.PartnerByCode
	if strings.Contains(named, "@") {
		find = s.registry.PartnerByEmail
	}
	p, err := find(ctx, named)
	if affiliate.KindOf(err) != 0 {
		return 0, nil
	}
	return p.ID, err
}
