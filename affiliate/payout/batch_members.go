package payout

import (
	"cmp"
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// LeftOut are partners with anything payable in the currency of a draft who are
// not in it, and why, in the order of their ids; at most so many, and how many
// more there are.
func (sv *Service) LeftOut(ctx context.Context, id PayoutID, most int) (out []Excluded, more int, err error) {
	err = sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		var p Payout
		err := tx.Get(ctx, &p, `/* payout.LeftOut */
			SELECT `+PayoutColumns+` FROM {wp}partner_center_payouts WHERE id = ?`, id)
		if err != nil {
			return affiliate.MissingRow(err, "payout")
		}
		lines, err := LinesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		in := map[affiliate.PartnerID]bool{}
		for _, l := range lines {
			in[l.PartnerID] = true
		}
		others, err := BatchSpec{Currency: p.Currency}.candidates(ctx, tx)
		if err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(id affiliate.PartnerID) bool { return in[id] })
		more = max(len(others)-most, 0)
		out, err = sv.whyNot(ctx, tx, p, others[:len(others)-more])
		return err
	})
	return out, more, err
}

// whyNot says of partners outside a draft why they are not in it.
func (sv *Service) whyNot(ctx context.Context, q db.Queryer, p Payout,
	partners []affiliate.PartnerID) ([]Excluded, error) {
	all := []Excluded{}
	for part := range slices.Chunk(partners, draftAtOnce) {
		fit, out, err := sv.drawings(ctx, q, p, part, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, out...)
		for _, d := range fit {
			all = append(all, Excluded{PartnerID: d.line.PartnerID, Amount: d.line.Amount, Reason: reason.NotInBatch})
		}
	}
	slices.SortFunc(all, func(a, b Excluded) int { return cmp.Compare(a.PartnerID, b.PartnerID) })
	return all, nil
}

// Join adds a partner to a draft, with what they can be paid now; why is the
// reason for paying below the threshold, "" for not at all (S143). Who is in it
// already stays as they are.
//
// Errors: KindInvalid by the field reason; KindConflict when they cannot be
// paid or the batch is no draft any more; KindForbidden when two people are
// required and someone else made the batch: else they could release what they
// put in themselves.
func (sv *Service) Join(ctx context.Context, actor affiliate.Actor, id PayoutID, partner affiliate.PartnerID,
	why string) error {
	if why = affiliate.Line(why); why != "" {
		if _, err := exception(why); err != nil {
			return err
		}
	}
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockDraft(ctx, tx, id)
		if err != nil {
			return err
		}
		settings, err := affiliate.LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if settings.TwoPeople && !actor.Same(p.Actor) {
			return affiliate.Forbidden("Two people are required: only who made this batch can add to it.")
		}
		return sv.join(ctx, tx, actor, p, partner, why)
	})
}

// join is Join once the batch is locked. A line that left the batch is the
// partner's again: there is one for each.
func (sv *Service) join(ctx context.Context, q db.Queryer, actor affiliate.Actor, p Payout,
	partner affiliate.PartnerID, why string) error {
	lines := []PayoutLine{}
	err := q.Select(ctx, &lines, `/* payout.join */ SELECT `+lineColumns+`
		FROM {wp}partner_center_payout_lines WHERE payout_id = ? AND partner_id = ? FOR UPDATE`, p.ID, partner)
	if err != nil || len(lines) == 1 && lines[0].State == Draft {
		return err
	}
	fit, out, err := sv.drawings(ctx, q, p, []affiliate.PartnerID{partner}, map[affiliate.PartnerID]string{partner: why})
	if err != nil {
		return err
	}
	if len(out) > 0 {
		if out[0].Reason == reason.BelowThreshold {
			_, err := exception("")
			return err
		}
		return affiliate.Conflict("%s Nothing was changed.", out[0].Sentence())
	}
	at, line := sv.recordedBy(actor), fit[0].line
	line.State, line.UpdatedAt = Draft, at.Recorded
	if len(lines) == 1 {
		line.ID = lines[0].ID
		lines[0] = line
		err = updateLines(ctx, q, lines)
	} else {
		lines = append(lines, line)
		err = insertLines(ctx, q, p.ID, lines)
	}
	if err != nil {
		return err
	}
	err = saveItems(ctx, q, lines, map[affiliate.PayoutLineID][]itemRow{lines[0].ID: fit[0].items})
	if err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "add partner",
		Object: "payout", ObjectID: int64(p.ID), After: lines[0], Reason: why})
}

// TakeOut takes one payment out of a draft. It stays owed; taken out twice, it
// is out.
//
// Errors: KindConflict when the batch is no draft any more; KindNotFound.
func (sv *Service) TakeOut(ctx context.Context, actor affiliate.Actor, id PayoutID, line affiliate.PayoutLineID) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := lockDraft(ctx, tx, id); err != nil {
			return err
		}
		l, err := lockLine(ctx, tx, line)
		if err != nil || l.PayoutID == id && l.State == Closed {
			return err
		}
		if l.PayoutID != id {
			return affiliate.Missing("This payment isn't in the batch.")
		}
		at := sv.recordedBy(actor)
		if err := closeLines(ctx, tx, at, []PayoutLine{l}); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "take out",
			Object: "payout", ObjectID: int64(id), Before: l})
	})
}

// lockDraft is lockPayout of one that is a draft still.
func lockDraft(ctx context.Context, q db.Queryer, id PayoutID) (Payout, error) {
	p, err := lockPayout(ctx, q, id)
	if err == nil && p.State != Draft {
		err = affiliate.Conflict("Only a draft takes or loses partners, and this batch is past that. Nothing was changed.")
	}
	return p, err
}
