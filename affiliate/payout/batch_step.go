package payout

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// MakeFile releases a draft of the total that was shown: what its lines pay goes
// from payable to in_payout, and the PayPal file is made (D19). Nothing is paid
// by it. Each line is filed at exactly the amount shown or excluded; the lines
// are filed one by one, so that orders never wait for a large batch, and a call
// that was interrupted is finished by the next one.
//
// Errors: KindConflict when the total has changed, nothing is to be paid, or
// the batch is past this step; KindForbidden when two people are required and
// the actor has made the batch himself.
func (sv *Service) MakeFile(ctx context.Context, actor affiliate.Actor, id PayoutID, expected money.Amount,
	format paypal.Format) (Batch, error) {
	if !slices.Contains([]paypal.Format{paypal.Current, paypal.LegacyCSV, paypal.LegacyTab}, format) {
		return Batch{}, affiliate.Invalid("format", "Please choose a format of the PayPal file.")
	}
	shown, err := sv.Batch(ctx, id) // saves the lines as they are now, whatever follows
	if err != nil {
		return shown, err
	}
	if err := sv.beginFiling(ctx, actor, id, expected, format); err != nil {
		return Batch{}, err
	}
	out := shown.Excluded
	for _, line := range shown.Lines {
		if line.State != Draft {
			continue
		}
		left, err := sv.fileOrDrop(ctx, actor, line)
		if err != nil {
			return Batch{}, err
		}
		if left != nil {
			out = append(out, *left)
		}
	}
	if err := sv.endFiling(ctx, actor, id); err != nil {
		return Batch{}, err
	}
	b, err := sv.Batch(ctx, id)
	b.Excluded = out
	return b, err
}

// beginFiling keeps the batch from being changed by others.
func (sv *Service) beginFiling(ctx context.Context, actor affiliate.Actor, id PayoutID, expected money.Amount,
	format paypal.Format) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.State != Draft && p.State != Filing {
			return affiliate.Conflict("The file of this batch is made already.")
		}
		settings, err := affiliate.LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if settings.TwoPeople && actor.Same(p.Actor) {
			return affiliate.Forbidden("Two people are required: somebody else has to release the batch that you have made.")
		}
		b := Batch{Payout: p}
		if b.Lines, err = LinesOf(ctx, tx, id); err != nil {
			return err
		}
		total, err := b.Total()
		if err != nil {
			return err
		}
		if total != expected && p.State == Draft {
			return affiliate.Conflict("The batch comes to %s %s by now, not to %s %s. Nothing was done: please look at it again.",
				money.Decimal(total, p.Currency), p.Currency, money.Decimal(expected, p.Currency), p.Currency)
		}
		if len(b.Lines) == 0 {
			return affiliate.Conflict("Nothing of this batch can be paid.")
		}
		if p.State == Draft {
			p.State, p.Format, p.Comma, p.FiledBy = Filing, format, settings.PayPalComma, actor
		}
		return updatePayout(ctx, tx, p)
	})
}

// fileOrDrop files one line, or takes it out of the batch and says why.
func (sv *Service) fileOrDrop(ctx context.Context, actor affiliate.Actor, shown PayoutLine) (out *Excluded, err error) {
	err = sv.settling(ctx, func(tx *db.Tx) error {
		out = nil
		p, err := lockPayout(ctx, tx, shown.PayoutID)
		if err != nil || p.State != Filing {
			return err // undone meanwhile
		}
		line, err := lockLine(ctx, tx, shown.ID)
		if affiliate.KindOf(err) == affiliate.KindNotFound || err == nil && line.State != Draft {
			return nil // somebody else is filing this batch, too
		}
		if err != nil {
			return err
		}
		items, why, err := sv.itemsFor(ctx, tx, p, line)
		if err != nil {
			return err
		}
		if out = why; out != nil {
			return dropLine(ctx, tx, line.ID)
		}
		return fileLine(ctx, tx, sv.stamp(actor), &line, items)
	})
	return out, err
}

// itemsFor locks what a draft line takes, and judges once more if it may.
func (sv *Service) itemsFor(ctx context.Context, q db.Queryer, p Payout, line PayoutLine) ([]item, *Excluded, error) {
	partner, err := affiliate.LoadPartner(ctx, q, line.PartnerID)
	if err != nil {
		return nil, nil, err
	}
	rules, err := sv.payRules(ctx, q, line.PartnerID)
	if err != nil {
		return nil, nil, err
	}
	due, _, err := lockDue(ctx, q, line.PartnerID, line.Currency)
	if err != nil {
		return nil, nil, err
	}
	items, sum, err := upTo(due, p.CutOff)
	if err != nil {
		return nil, nil, err
	}
	now := line
	now.Amount = sum
	rules.address(&now, partner)
	if why := rules.refuse(now, partner); why != nil {
		return nil, why, nil
	}
	if now != line {
		return nil, &Excluded{PartnerID: line.PartnerID, Amount: sum, Reason: reason.SkipChanged}, nil
	}
	return items, nil, nil
}

// endFiling fixes the file. Where every line was excluded the batch is a draft again.
func (sv *Service) endFiling(ctx context.Context, actor affiliate.Actor, id PayoutID) error {
	var empty bool
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err == nil && (p.State == Draft || p.State == Discarded) {
			err = affiliate.Conflict("Somebody else has undone the batch in the meantime.")
		}
		if err != nil || p.State != Filing { // filed: somebody else did so, too
			return err
		}
		lines, err := LinesOf(ctx, tx, id, Filed)
		if err != nil {
			return err
		}
		at := sv.stamp(actor)
		if empty = len(lines) == 0; empty {
			p.State, p.FiledBy = Draft, ""
			return updatePayout(ctx, tx, p)
		}
		p.State, p.FiledAt = Filed, &at.Recorded
		if err := updatePayout(ctx, tx, p); err != nil {
			return err
		}
		if err := saveFiles(ctx, tx, p, lines); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "make file",
			Object: "payout", ObjectID: int64(id), Before: Draft, After: p})
	})
	if err == nil && empty {
		err = affiliate.Conflict("All of this batch has changed. Nothing was done: please look at it again.")
	}
	return err
}

// Send notes that the file was handed to PayPal and the checks are in the post.
func (sv *Service) Send(ctx context.Context, actor affiliate.Actor, id PayoutID) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.State != Filed {
			return affiliate.Conflict("This batch is %s: only one whose file is made can be sent.", p.State)
		}
		at := sv.stamp(actor)
		p.SentAt = &at.Recorded
		if err := stepLines(ctx, tx, at, p, Filed, Sent, "send"); err != nil || sv.sent == nil {
			return err
		}
		return sv.sent(ctx, tx, id)
	})
}

// stepLines takes a batch and its lines on or back without moving money.
func stepLines(ctx context.Context, q db.Queryer, at ledger.Stamp, p Payout, from, to PayoutState,
	action string) error {
	p.State = to
	if err := updatePayout(ctx, q, p); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `/* payout.stepLines */
		UPDATE {wp}partner_center_payout_lines SET state = ?, updated_at = ? WHERE payout_id = ? AND state = ?`, to, at.Recorded, p.ID, from)
	if err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: action, Object: "payout",
		ObjectID: int64(p.ID), Before: from, After: to})
}

// Undo takes a batch one step back: sent to filed, filed to a draft, a draft
// away (B16, D19). Once a line is settled, or came back, that is a Conflict.
func (sv *Service) Undo(ctx context.Context, actor affiliate.Actor, id PayoutID) error {
	again := true
	for again {
		err := sv.db.Tx(ctx, func(tx *db.Tx) (err error) {
			again, err = sv.undo(ctx, tx, actor, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// undo does one transaction of the step and tells whether there is more to do.
func (sv *Service) undo(ctx context.Context, q db.Queryer, actor affiliate.Actor, id PayoutID) (again bool, err error) {
	p, err := lockPayout(ctx, q, id)
	if err != nil {
		return false, err
	}
	done, err := hasLines(ctx, q, id, Settled, Returned)
	if err != nil {
		return false, err
	}
	at := sv.stamp(actor)
	switch {
	case done || p.State == Settled || p.State == Discarded:
		return false, affiliate.Conflict("This batch is %s: it cannot be undone. Payments that came back are returned one by one.", p.State)
	case p.State == Sent:
		p.SentAt = nil
		return false, stepLines(ctx, q, at, p, Sent, Filed, "undo")
	case p.State == Draft:
		return false, sv.discard(ctx, q, at, p)
	}
	return sv.unfile(ctx, q, at, p)
}

// unfile takes one line back to the draft; after the last one, the batch.
func (sv *Service) unfile(ctx context.Context, q db.Queryer, at ledger.Stamp, p Payout) (again bool, err error) {
	filed, err := someLines(ctx, q, p.ID, 1, Filed)
	if err != nil {
		return false, err
	}
	if len(filed) == 0 {
		p.FiledAt, p.FiledBy, p.Format = nil, "", ""
		if err := forgetFiles(ctx, q, p.ID); err != nil {
			return false, err
		}
		return false, stepLines(ctx, q, at, p, Filed, Draft, "undo")
	}
	p.State = Filing // no file any more, from the first line on
	if err := updatePayout(ctx, q, p); err != nil {
		return false, err
	}
	line := filed[0]
	items, err := lockItemsOf(ctx, q, line.ID)
	if err != nil {
		return false, err
	}
	line.State = Draft
	return true, moveLine(ctx, q, at, &line, items, ledger.Release, ledger.AccountInPayout, ledger.AccountPayable,
		reason.PayoutUndone)
}

func (sv *Service) discard(ctx context.Context, q db.Queryer, at ledger.Stamp, p Payout) error {
	for _, query := range []string{`/* payout.discard */ DELETE FROM {wp}partner_center_payout_items WHERE line_id IN (
			SELECT id FROM {wp}partner_center_payout_lines WHERE payout_id = ? AND state = 'draft')`,
		`/* payout.discard */ DELETE FROM {wp}partner_center_payout_lines WHERE payout_id = ? AND state = 'draft'`} {
		if _, err := q.Exec(ctx, query, p.ID); err != nil {
			return err
		}
	}
	return stepLines(ctx, q, at, p, Draft, Discarded, "discard")
}
