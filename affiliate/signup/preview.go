package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Previewed is what Add would come to; Err is what it would refuse with, for people.
type Previewed struct {
	Outcome Outcome // Joined or Already
	Program affiliate.Program
	Err     error
}

// PreviewAdd tells what Add would do with each of these by itself, and does nothing.
func (d *Service) PreviewAdd(ctx context.Context, additions []Addition) ([]Previewed, error) {
	all := []Previewed{}
	err := d.db.ReadOnly(ctx, func(tx *db.Tx) error {
		for _, a := range additions {
			p, err := d.preview(ctx, tx, a)
			if affiliate.KindOf(err) != 0 {
				p.Err, err = err, nil
			}
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	return all, err
}

func (d *Service) preview(ctx context.Context, q db.Queryer, a Addition) (Previewed, error) {
	e, person, err := d.judge(ctx, q, a)
	if err != nil {
		return Previewed{}, err
	}
	p := Previewed{Outcome: Joined, Program: e.program}
	contact, err := affiliate.LoadContactByEmail(ctx, q, person.Email)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return p, nil
	}
	if err == nil && a.NewOnly {
		err = neverLeft(ctx, q, contact.ID)
	}
	if err != nil {
		return p, err
	}
	known, is, err := existing(ctx, q, contact.ID)
	if is {
		p.Outcome, p.Program = Already, known.Program
	}
	return p, err
}
