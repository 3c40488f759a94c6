package messages

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Use says whether mails of an occasion go out, and with which text.
type Use struct {
	On        bool
	MessageID MessageID // 0: the ready-made text, in each reader's language
}

type useRow struct {
	ProgramID int64     `db:"program_id"`
	Occasion  Occasion  `db:"occasion"`
	On        bool      `db:"is_on"`
	MessageID MessageID `db:"message_id"`
}

// uses are the choices of all programs.
type uses map[int64]map[Occasion]Use

func loadUses(ctx context.Context, q db.Queryer) (uses, error) {
	rows := []useRow{}
	err := q.Select(ctx, &rows, `/* messages.loadUses */ SELECT program_id, occasion, is_on, message_id
		FROM {wp}partner_center_message_uses`)
	all := uses{}
	for _, r := range rows {
		if all[r.ProgramID] == nil {
			all[r.ProgramID] = map[Occasion]Use{}
		}
		all[r.ProgramID][r.Occasion] = Use{r.On, r.MessageID}
	}
	return all, err
}

// of is what a program chose, or how the occasion comes. Mails to admins are
// chosen for the whole site; whether commissions are told of as they are earned is
// the program's own switch, which the sale asks (S20).
func (u uses) of(program affiliate.ProgramID, o Occasion) Use {
	about, _ := Of(o)
	if about.Admin {
		program = 0
	}
	use, chosen := u[int64(program)][o]
	if !chosen {
		use.On = about.Usual
	}
	if o == CommissionEarned {
		use.On = true
	}
	return use
}

// Choice of a program for one occasion, as its page shows it.
type Chosen struct {
	About
	Use
	Messages []Message // that can be chosen
}

// Uses are the choices of a program, of 0 those of the whole site, with the
// messages that fit each.
func (l *Library) Uses(ctx context.Context, program affiliate.ProgramID) ([]Chosen, error) {
	all, err := loadUses(ctx, l.db)
	if err != nil {
		return nil, err
	}
	stored, err := l.Messages(ctx)
	chosen := []Chosen{}
	for _, about := range Occasions {
		if about.Admin != (program == 0) {
			continue
		}
		c := Chosen{About: about, Use: all.of(program, about.Occasion)}
		for _, m := range stored {
			if m.Fits(about) {
				c.Messages = append(c.Messages, m)
			}
		}
		chosen = append(chosen, c)
	}
	return chosen, err
}

// Fits tells whether the message can be sent at an occasion: it was written for
// it, or for any time.
func (m Message) Fits(about About) bool {
	return m.Occasion == about.Occasion || m.Occasion == "" && !about.Admin
}

// Choose keeps which mails a program sends, 0 for the whole site. Occasions that
// are not named stay. It refuses messages that don't fit, by the field of the
// occasion.
func (l *Library) Choose(ctx context.Context, actor affiliate.Actor, program affiliate.ProgramID,
	chosen map[Occasion]Use) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		p := affiliate.Problems{}
		for _, about := range Occasions {
			use, named := chosen[about.Occasion]
			if !named || about.Admin != (program == 0) {
				continue
			}
			if err := l.choose(ctx, tx, program, about, use, p); err != nil {
				return err
			}
		}
		if err := p.Err(); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, l.now(), affiliate.AuditEntry{Actor: actor, Action: "choose_messages",
			Object: "program", ObjectID: int64(program), After: chosen})
	})
}

func (l *Library) choose(ctx context.Context, q db.Queryer, program affiliate.ProgramID, about About, use Use,
	p affiliate.Problems) error {
	if use.MessageID != 0 {
		m, err := oneMessage(ctx, q, use.MessageID, "")
		if affiliate.KindOf(err) == affiliate.KindNotFound || err == nil && (m.ArchivedAt != nil || !m.Fits(about)) {
			p.Add(string(about.Occasion), "Please choose one from the list.")
			return nil
		}
		if err != nil {
			return err
		}
	}
	_, err := q.Exec(ctx, `/* messages.Library.Choose */
		INSERT INTO {wp}partner_center_message_uses (program_id, occasion, is_on, message_id, updated_at)
		VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE is_on = VALUES(is_on), message_id = VALUES(message_id),
		updated_at = VALUES(updated_at)`, int64(program), about.Occasion, use.On, int64(use.MessageID), l.now())
	return err
}

// textOf is the message that goes out, and whether it does.
func textOf(ctx context.Context, q db.Queryer, e Event) (m Message, stored, on bool, err error) {
	if e.Occasion == FromList {
		m, err = oneMessage(ctx, q, e.Facts.MessageID, "")
		return m, true, err == nil, err
	}
	all, err := loadUses(ctx, q)
	if err != nil {
		return m, false, false, err
	}
	use := all.of(e.ProgramID, e.Occasion)
	if use.On && use.MessageID != 0 {
		m, err = oneMessage(ctx, q, use.MessageID, "")
		stored = err == nil && m.ArchivedAt == nil
		if affiliate.KindOf(err) == affiliate.KindNotFound {
			err = nil
		}
	}
	return m, stored, use.On, err
}
