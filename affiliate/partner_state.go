package affiliate

import (
	"context"
	"time"
	"unicode/utf8"

	"partnercenter/db"
)

// changeState takes a partner to another state and keeps when that was, with
// whatever else is changed of them.
func changeState(ctx context.Context, q db.Queryer, p *Partner, to PartnerState, at time.Time) error {
	from := p.State
	p.State = to
	if err := updatePartner(ctx, q, p, at); err != nil || from == to {
		return err
	}
	return insertState(ctx, q, *p, at)
}

func insertState(ctx context.Context, q db.Queryer, p Partner, at time.Time) error {
	_, err := q.Exec(ctx, `/* affiliate.insertState */
		INSERT INTO {wp}partner_center_partner_states (partner_id, state, changed_at) VALUES (?, ?, ?)`, p.ID,
		p.State, at)
	return err
}

// StateAt is the partner's state at that time, "" before they were one. A sale is
// judged by it, whenever it is processed (S141).
func StateAt(ctx context.Context, q db.Queryer, partner PartnerID, at time.Time) (PartnerState, error) {
	var s PartnerState
	err := q.Get(ctx, &s, `/* affiliate.StateAt */
		SELECT state FROM {wp}partner_center_partner_states WHERE partner_id = ? AND changed_at <= ?
		ORDER BY changed_at DESC, id DESC LIMIT 1`, partner, at)
	if db.NoRows(err) {
		return "", nil
	}
	return s, err
}

// StateChange is a state that a partner came into.
type StateChange struct {
	State PartnerState `db:"state"`
	At    time.Time    `db:"changed_at"`
}

// States are all states that a partner was in, the latest first; who changed
// them and why is in the audit.
func (r *Registry) States(ctx context.Context, partner PartnerID) ([]StateChange, error) {
	states := []StateChange{}
	err := r.db.Select(ctx, &states, `/* affiliate.States */
		SELECT state, changed_at FROM {wp}partner_center_partner_states WHERE partner_id = ? ORDER BY changed_at DESC,
		id DESC`, partner)
	return states, err
}

// SuspendPartner stops an active partner from earning until they are reactivated:
// their links still redirect, but clicks do not count and overwrite no cookie, and
// what they are owed waits (S141). The membership goes on. reason is kept in the
// audit.
func (r *Registry) SuspendPartner(ctx context.Context, actor Actor, id PartnerID, reason string) (Partner, error) {
	return r.takeTo(ctx, actor, "suspend", id, reason, func(ctx context.Context, tx *db.Tx, p *Partner,
		at time.Time) error {
		if p.State != Active {
			return Conflict("Only an active partner can be suspended: this one is %s.", p.State.word())
		}
		return changeState(ctx, tx, p, Suspended, at)
	})
}

// ReactivatePartner lets a suspended partner earn again, from now on.
func (r *Registry) ReactivatePartner(ctx context.Context, actor Actor, id PartnerID, reason string) (Partner, error) {
	return r.takeTo(ctx, actor, "reactivate", id, reason, func(ctx context.Context, tx *db.Tx, p *Partner,
		at time.Time) error {
		if p.State != Suspended {
			return Conflict("Only a suspended partner can be reactivated: this one is %s.", p.State.word())
		}
		return changeState(ctx, tx, p, Active, at)
	})
}

// RemovePartner takes a partner out of all programs: sales placed from now on
// are not credited to them; their history stays and is paid out (S101). An admin
// can add them again, and they keep their code then.
func (r *Registry) RemovePartner(ctx context.Context, actor Actor, id PartnerID, reason string) (Partner, error) {
	return r.takeTo(ctx, actor, "remove", id, reason, removePartner)
}

func removePartner(ctx context.Context, tx *db.Tx, p *Partner, at time.Time) error {
	if p.State == Applied {
		return Conflict("This partner has only applied: decline the application instead.")
	}
	if err := endMembership(ctx, tx, p.ID, at); err != nil {
		return err
	}
	return changeState(ctx, tx, p, Removed, at)
}

// takeTo changes one partner under the row's lock, audited.
func (r *Registry) takeTo(ctx context.Context, actor Actor, action string, id PartnerID, reason string,
	change func(context.Context, *db.Tx, *Partner, time.Time) error) (Partner, error) {
	reason, err := CheckReason(reason)
	if err != nil {
		return Partner{}, err
	}
	var p Partner
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := LockPartner(ctx, tx, id)
		if err != nil {
			return err
		}
		p = before
		at := r.now()
		if err := change(ctx, tx, &p, at); err != nil || p.State == before.State {
			return err
		}
		return Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: action, Object: "partner", ObjectID: int64(id),
			Before: before, After: p, Reason: reason})
	})
	return p, err
}

// CheckReason is a reason as it is kept with what an admin does: one line, not
// blank, of at most 255 characters; KindInvalid by the field reason otherwise.
func CheckReason(reason string) (string, error) {
	reason = Line(reason)
	p := Problems{}
	p.Check(reason != "" && utf8.RuneCountInString(reason) <= maxReason, "reason",
		"Please give a reason, in at most %d characters.", maxReason)
	return reason, p.Err()
}

func endMembership(ctx context.Context, q db.Queryer, partner PartnerID, at time.Time) error {
	_, err := q.Exec(ctx, `/* affiliate.endMembership */
		UPDATE {wp}partner_center_memberships SET ended_at = GREATEST(?, started_at), active = NULL WHERE partner_id = ?
		AND active = 1`, at, partner)
	if err != nil {
		return err
	}
	return listBySignUp(ctx, q, partner)
}

// MovePartner takes a partner to another program from now on (S98-S100). All
// that they did before stays theirs, row by row; sales placed from now on earn at
// the new program's terms, also by the links of the old one. Signup date and
// recruiter stay. Moving them to where they are changes nothing.
func (r *Registry) MovePartner(ctx context.Context, actor Actor, id PartnerID, to ProgramID) (m Membership, err error) {
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := LockPartner(ctx, tx, id)
		if err != nil {
			return err
		}
		before, running, err := RunningMembership(ctx, tx, id)
		if err != nil {
			return err
		}
		if !running || p.State == Applied {
			return Conflict("Only partners in a program can be moved: this one is %s.", p.State.word())
		}
		if m = before; m.ProgramID == to {
			return nil
		}
		m, err = move(ctx, tx, before, to, r.now())
		if err != nil {
			return err
		}
		return Audit(ctx, tx, m.StartedAt, AuditEntry{Actor: actor, Action: "move", Object: "partner",
			ObjectID: int64(id), Before: before, After: m})
	})
	return m, err
}

func move(ctx context.Context, q db.Queryer, m Membership, to ProgramID, at time.Time) (Membership, error) {
	program, err := LoadProgram(ctx, q, to)
	if err == nil && program.Archived() {
		err = Conflict("%s is archived, so no one can join it.", program.Name)
	}
	if err != nil {
		return m, err
	}
	if !at.After(m.StartedAt) { // two moves within a microsecond still follow one another
		at = m.StartedAt.Add(time.Microsecond)
	}
	if err := endMembership(ctx, q, m.PartnerID, at); err != nil {
		return m, err
	}
	m, err = startMembership(ctx, q, Membership{PartnerID: m.PartnerID, ProgramID: to, RecruiterID: m.RecruiterID,
		RecruiterFrom: m.RecruiterFrom, SignupAt: m.SignupAt, StartedAt: at})
	if err != nil {
		return m, err
	}
	return m, Changed(ctx, q, "partners")
}

// ChangeRecruiter sets who earns the second tier of a partner's sales from now
// on (D5); 0 is nobody. It is a Conflict for the partner and those they recruited (D29).
func (r *Registry) ChangeRecruiter(ctx context.Context, actor Actor, id, recruiter PartnerID,
	reason string) (m Membership, err error) {
	if reason, err = CheckReason(reason); err != nil {
		return m, err
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := LockPartner(ctx, tx, id); err != nil {
			return err
		}
		before, running, err := RunningMembership(ctx, tx, id)
		if err == nil && !running {
			err = Conflict("This partner is in no program.")
		}
		if m = before; err != nil || m.RecruiterID == recruiter {
			return err
		}
		if recruiter != 0 {
			if _, err := LoadPartner(ctx, tx, recruiter); err != nil {
				return err
			}
			if fits, err := unlessCircular(ctx, tx, recruiter, id); err != nil {
				return err
			} else if fits == 0 {
				return Conflict("A partner cannot be their own recruiter, nor be recruited by someone they recruited.")
			}
		}
		at := r.now()
		m.RecruiterID, m.RecruiterFrom = recruiter, &at // an admin says so: no log-in is needed
		if m, err = move(ctx, tx, m, m.ProgramID, at); err != nil {
			return err
		}
		return Audit(ctx, tx, m.StartedAt, AuditEntry{Actor: actor, Action: "set recruiter", Object: "partner",
			ObjectID: int64(id),
			Before:   before, After: m, Reason: reason})
	})
	return m, err
}
