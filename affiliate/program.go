package affiliate

import (
	"context"
	"strings"
	"time"

	"partnercenter/db"
)

// Program is a partner program (S11-S22).
type Program struct {
	ID          ProgramID  `db:"id"`
	Code        string     `db:"code"` // public name, in sign-up URLs (S4)
	Name        string     `db:"name"`
	Tiers       int        `db:"tiers"`      // 1 or 2 (S12)
	Visibility  Visibility `db:"visibility"` // what partners see of their customers (S17)
	Signup      SignupMode `db:"signup"`
	ShowPending bool       `db:"show_pending"` // partners may see pending commissions (S89)
	// partners see declined charges of the contacts they would be credited for (S18)
	ShowDeclined  bool       `db:"show_declined"`
	ShowHistory   bool       `db:"show_history"`  // partners see all purchases of the contacts they referred (S19)
	NotifyEarned  bool       `db:"notify_earned"` // partners get a mail for each commission they earn (S20)
	ConfirmFirst  bool       `db:"confirm_first"` // sign-ups wait until their mailbox has confirmed (D42)
	NoSubIDs      bool       `db:"no_subids"`     // partners have no SubIDs, unless they were granted them (S123)
	WelcomeToolID ToolID     `db:"welcome_tool_id"`
	CreatedAt     time.Time  `db:"created_at"`
	UpdatedAt     time.Time  `db:"updated_at"`
	ArchivedAt    *time.Time `db:"archived_at"` // S147: kept for history, earns no more
}

// Visibility is how much partners see of the people they referred (S17).
type Visibility string

// The levels of S17, most to least.
const (
	SeeNameAndEmail Visibility = "email"
	SeeName         Visibility = "name"
	SeeFirstName    Visibility = "first" // first name and initial
	SeeNobody       Visibility = "anonymous"
)

// SignupMode is what happens to an application (S104).
type SignupMode string

// The modes of sign-up.
const (
	SignupOpen     SignupMode = "open"     // a partner at once
	SignupApproval SignupMode = "approval" // waits for an admin
	SignupClosed   SignupMode = "closed"   // only admins add partners
)

// Archived tells whether the program is kept for history only.
func (p Program) Archived() bool { return p.ArchivedAt != nil }

func (p Program) validate() error {
	problems := Problems{}
	checkName(problems, p.Name)
	problems.Check(p.Tiers == 1 || p.Tiers == 2, "tiers", "Please choose 1 Tier or 2 Tier.")
	switch p.Visibility {
	case SeeNameAndEmail, SeeName, SeeFirstName, SeeNobody:
	default:
		problems.Add("visibility", "Please choose how much partners see of the people they referred.")
	}
	switch p.Signup {
	case SignupOpen, SignupApproval, SignupClosed:
	default:
		problems.Add("signup", "Please choose whether people can sign up.")
	}
	return problems.Err()
}

const programColumns = `id, code, name, tiers, visibility, signup, show_pending, show_declined,
	show_history, notify_earned, confirm_first, no_subids,
	welcome_tool_id, created_at, updated_at, archived_at`

// CreateProgram makes a program of the fields that an admin fills in: name,
// tiers, visibility, sign-up and the switches of what partners are shown. It is a Conflict while
// the global settings were never saved (S2).
func (r *Registry) CreateProgram(ctx context.Context, actor Actor, p Program) (Program, error) {
	p.Name = Line(p.Name)
	if err := p.validate(); err != nil {
		return Program{}, err
	}
	p.Code, p.CreatedAt, p.ArchivedAt = NewCode(), r.now(), nil
	p.UpdatedAt = p.CreatedAt
	err := r.db.Tx(ctx, func(tx *db.Tx) error { return insertProgram(ctx, tx, actor, &p) })
	return p, err
}

func insertProgram(ctx context.Context, q db.Queryer, actor Actor, p *Program) error {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return err
	}
	if settings.Version == 0 {
		return Conflict("Please save the settings first: they apply to every program.")
	}
	res, err := q.Exec(ctx, `/* affiliate.CreateProgram */
		INSERT INTO {wp}partner_center_programs (code, name, tiers, visibility, signup, show_pending, show_declined,
		show_history, notify_earned,
			confirm_first, no_subids, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.Code, p.Name, p.Tiers, p.Visibility, p.Signup, p.ShowPending, p.ShowDeclined, p.ShowHistory, p.NotifyEarned,
		p.ConfirmFirst, p.NoSubIDs, p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	p.ID, p.WelcomeToolID = ProgramID(id), 0 // a new program has no tools yet
	if err != nil {
		return err
	}
	if err := firstPolicy(ctx, q, actor, *p); err != nil {
		return err
	}
	return programChanged(ctx, q, actor, "create", nil, *p)
}

// EditProgram changes the fields that an admin fills in; code, times and the
// archive stay. Past commissions do not move (S30).
func (r *Registry) EditProgram(ctx context.Context, actor Actor, p Program) (Program, error) {
	p.Name = Line(p.Name)
	if err := p.validate(); err != nil {
		return Program{}, err
	}
	return r.changeProgram(ctx, actor, "edit", p.ID, func(tx *db.Tx, now *Program) error {
		now.Name, now.Tiers, now.Visibility, now.Signup = p.Name, p.Tiers, p.Visibility, p.Signup
		now.ShowPending, now.ShowDeclined, now.ShowHistory, now.NotifyEarned = p.ShowPending, p.ShowDeclined,
			p.ShowHistory, p.NotifyEarned
		now.ConfirmFirst, now.NoSubIDs, now.WelcomeToolID = p.ConfirmFirst, p.NoSubIDs, p.WelcomeToolID
		if err := tiersChanged(ctx, tx, actor, *now, r.now()); err != nil {
			return err
		}
		return checkWelcomeTool(ctx, tx, *now)
	})
}

func checkWelcomeTool(ctx context.Context, q db.Queryer, p Program) error {
	if p.WelcomeToolID == 0 {
		return nil
	}
	var tools int
	err := q.Get(ctx, &tools, `/* affiliate.EditProgram */
		SELECT COUNT(*) FROM {wp}partner_center_tools WHERE id = ? AND program_id = ?`, p.WelcomeToolID, p.ID)
	if err == nil && tools == 0 {
		err = Invalid("welcome_tool_id", "Please choose one of this program's promo tools.")
	}
	return err
}

// ArchiveProgram keeps the program for history only: its partners earn no more
// and nobody can join (S147). Archiving twice changes nothing.
func (r *Registry) ArchiveProgram(ctx context.Context, actor Actor, id ProgramID) (Program, error) {
	return r.changeProgram(ctx, actor, "archive", id, func(_ *db.Tx, p *Program) error {
		if p.ArchivedAt == nil {
			at := r.now()
			p.ArchivedAt = &at
		}
		return nil
	})
}

// UnarchiveProgram brings an archived program back.
func (r *Registry) UnarchiveProgram(ctx context.Context, actor Actor, id ProgramID) (Program, error) {
	return r.changeProgram(ctx, actor, "unarchive", id, func(_ *db.Tx, p *Program) error {
		p.ArchivedAt = nil
		return nil
	})
}

// changeProgram edits one program under its row's lock.
func (r *Registry) changeProgram(ctx context.Context, actor Actor, action string, id ProgramID,
	edit func(*db.Tx, *Program) error) (Program, error) {
	var p Program
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockProgram(ctx, tx, id)
		if err != nil {
			return err
		}
		p = before
		if err := edit(tx, &p); err != nil || p == before {
			return err
		}
		p.UpdatedAt = r.now()
		_, err = tx.Exec(ctx, `/* affiliate.changeProgram */
			UPDATE {wp}partner_center_programs SET name = ?, tiers = ?, visibility = ?, signup = ?, show_pending = ?,
				show_declined = ?, show_history = ?, notify_earned = ?, confirm_first = ?, no_subids = ?,
				welcome_tool_id = ?,
				updated_at = ?, archived_at = ? WHERE id = ?`,
			p.Name, p.Tiers, p.Visibility, p.Signup, p.ShowPending, p.ShowDeclined, p.ShowHistory, p.NotifyEarned,
			p.ConfirmFirst, p.NoSubIDs, p.WelcomeToolID, p.UpdatedAt, p.ArchivedAt, id)
		if err != nil {
			return err
		}
		return programChanged(ctx, tx, actor, action, before, p)
	})
	return p, err
}

func programChanged(ctx context.Context, q db.Queryer, actor Actor, action string, before any, p Program) error {
	err := Audit(ctx, q, p.UpdatedAt, AuditEntry{Actor: actor, Action: action, Object: "program", ObjectID: int64(p.ID),
		Before: before, After: p})
	if err != nil {
		return err
	}
	return Changed(ctx, q, "programs")
}

// lockProgram makes changes to a program and its terms wait for one another.
func lockProgram(ctx context.Context, q db.Queryer, id ProgramID) (Program, error) {
	return oneProgram(ctx, q, "id = ? FOR UPDATE", id)
}

// LoadProgram is the program of this id, as a step of a transaction.
func LoadProgram(ctx context.Context, q db.Queryer, id ProgramID) (Program, error) {
	return oneProgram(ctx, q, "id = ?", id)
}

// LoadProgramByCode is the program that a sign-up form names.
func LoadProgramByCode(ctx context.Context, q db.Queryer, code string) (Program, error) {
	if !plainCode(code) {
		return Program{}, Missing("There is no such partner program.")
	}
	return oneProgram(ctx, q, "code = ?", strings.ToLower(code))
}

func oneProgram(ctx context.Context, q db.Queryer, where string, arg any) (Program, error) {
	var p Program
	err := q.Get(ctx, &p, `/* affiliate.LoadProgram */ SELECT `+programColumns+
		` FROM {wp}partner_center_programs WHERE `+where, arg)
	if db.NoRows(err) {
		err = Missing("There is no such partner program.")
	}
	return p, err
}

// Program is the program of this id.
func (r *Registry) Program(ctx context.Context, id ProgramID) (Program, error) {
	return LoadProgram(ctx, r.db, id)
}

// ProgramByCode is the program that a sign-up URL names.
func (r *Registry) ProgramByCode(ctx context.Context, code string) (Program, error) {
	return LoadProgramByCode(ctx, r.db, code)
}

// Programs are all programs by name, archived ones last.
func (r *Registry) Programs(ctx context.Context) ([]Program, error) {
	programs := []Program{}
	err := r.db.Select(ctx, &programs, `/* affiliate.Programs */
		SELECT `+programColumns+` FROM {wp}partner_center_programs ORDER BY archived_at IS NOT NULL, name, id`)
	return programs, err
}
