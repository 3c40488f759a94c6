package payout

import (
	"context"
	"errors"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// linesAtOnce is how many lines one transaction files, settles or takes back: few
// enough that orders wait for milliseconds only, whatever the size of the batch.
const linesAtOnce = 25

// MakeFile releases a draft of the total that was shown: what its lines pay goes
// from payable to in_payout, and the PayPal file is made (D19). Nothing is paid
// by it. Each line is filed at exactly the amount shown or excluded; a few lines
// are filed at a time, and a call that was interrupted is finished by the next
// one, as is an Undo.
//
// Errors: KindConflict when the total has changed, nothing is to be paid, or
// the batch is past this step; KindForbidden when two people are required and
// the actor has made the batch.
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
	drafts := slices.DeleteFunc(shown.Lines, func(l PayoutLine) bool { return l.State != Draft })
	for part := range slices.Chunk(drafts, linesAtOnce) {
		left, err := sv.fileOrClose(ctx, actor, id, part)
		if err != nil {
			return Batch{}, err
		}
		out = append(out, left...)
	}
	if err := sv.endFiling(ctx, actor, id); err != nil {
		return Batch{}, err
	}
	b, err := sv.Batch(ctx, id)
	b.Excluded = out
	return b, err
}

// beginFiling keeps the batch from being changed by others. The total is that of
// all its lines, also of those that an interrupted call has filed.
func (sv *Service) beginFiling(ctx context.Context, actor affiliate.Actor, id PayoutID, expected money.Amount,
	format paypal.Format) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.State != Draft && p.State != Filing {
			return affiliate.Conflict("This batch already has its file.")
		}
		settings, err := affiliate.LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if settings.TwoPeople && actor.Same(p.Actor) {
			return affiliate.Forbidden("Two people are required: someone else has to release the batch that you made.")
		}
		b := Batch{Payout: p}
		if b.Lines, err = LinesOf(ctx, tx, id); err != nil {
			return err
		}
		total, err := b.Total()
		if err != nil {
			return err
		}
		if total != expected {
			return affiliate.Conflict(
				"The batch is now %s, not %s. Nothing was done. Please look at it again.",
				money.Text(total, p.Currency), money.Text(expected, p.Currency))
		}
		if len(b.Lines) == 0 {
			return affiliate.Conflict("Nothing of this batch can be paid.")
		}
		p.State, p.Format, p.Comma, p.FiledBy = Filing, format, settings.PayPalComma, actor
		return updatePayout(ctx, tx, p)
	})
}

// fileOrClose files lines, or takes them out of the batch and says why. Where
// orders keep changing one of them, it is tried by itself.
func (sv *Service) fileOrClose(ctx context.Context, actor affiliate.Actor, id PayoutID,
	shown []PayoutLine) (out []Excluded, err error) {
	err = sv.untilStill(ctx, func(tx *db.Tx) (err error) {
		out, err = sv.fileSome(ctx, tx, actor, id, shown)
		return err
	})
	if !errors.Is(err, errMoving) || len(shown) == 1 {
		return out, err
	}
	out = nil
	for part := range slices.Chunk(shown, (len(shown)+1)/2) {
		left, err := sv.fileOrClose(ctx, actor, id, part)
		if err != nil {
			return nil, err
		}
		out = append(out, left...)
	}
	return out, nil
}

// fileSome is the one transaction of fileOrClose.
func (sv *Service) fileSome(ctx context.Context, q db.Queryer, actor affiliate.Actor, id PayoutID,
	shown []PayoutLine) ([]Excluded, error) {
	p, err := lockPayout(ctx, q, id)
	if err != nil || p.State != Filing {
		return nil, err // undone meanwhile
	}
	lines, err := lockLines(ctx, q, idsOf(shown), Draft) // others may be filing this batch, too
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	fit, gone, out, err := sv.judge(ctx, q, p, lines)
	if err != nil {
		return nil, err
	}
	at := sv.recordedBy(actor)
	if err := closeLines(ctx, q, at, gone); err != nil {
		return nil, err
	}
	return out, fileLines(ctx, q, at, fit, at.Recorded)
}

// judge locks what draft lines take, and looks once more at who may be paid:
// gone are the lines of those who may not be, or not so much, and out says why.
func (sv *Service) judge(ctx context.Context, q db.Queryer, p Payout,
	lines []PayoutLine) (fit []funded, gone []PayoutLine, out []Excluded, err error) {
	partners := []affiliate.PartnerID{}
	for _, l := range lines {
		partners = append(partners, l.PartnerID)
	}
	who, err := sv.payees(ctx, q, partners...)
	if err != nil {
		return nil, nil, nil, err
	}
	due, err := lockDue(ctx, q, p.Currency, partners...)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, line := range lines {
		items, sum, err := upTo(due[line.PartnerID], p.CutOff)
		if err != nil {
			return nil, nil, nil, err
		}
		now := line
		now.Amount = sum
		why := who.claim(&now).RefuseInBatch()
		if why == nil && now != line {
			why = &Excluded{PartnerID: line.PartnerID, Amount: sum, Reason: reason.SkipChanged}
		}
		if why != nil {
			gone, out = append(gone, line), append(out, *why)
			continue
		}
		fit = append(fit, funded{line, items})
	}
	return fit, gone, out, nil
}

// endFiling fixes the file. Where every line was excluded the batch is a draft again.
func (sv *Service) endFiling(ctx context.Context, actor affiliate.Actor, id PayoutID) error {
	var empty bool
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err == nil && (p.State == Draft || p.State == Discarded) {
			err = affiliate.Conflict("Someone else has undone the batch in the meantime.")
		}
		if err != nil || p.State != Filing { // filed: someone else did so, too
			return err
		}
		lines, err := LinesOf(ctx, tx, id, Filed)
		if err != nil {
			return err
		}
		at := sv.recordedBy(actor)
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
			return affiliate.Conflict("%s Only a batch whose file is ready can be marked as sent.", batchIs[p.State])
		}
		at := sv.recordedBy(actor)
		p.SentAt = &at.Recorded
		if err := stepLines(ctx, tx, at, p, step{"send", Filed, Sent}); err != nil || sv.sent == nil {
			return err
		}
		return sv.sent(ctx, tx, id)
	})
}

// step is a batch's way from one state to the next or back.
type step struct {
	action   string
	from, to PayoutState
}

// stepLines takes a batch and its lines along a step that moves no money.
func stepLines(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout, s step) error {
	p.State = s.to
	if err := updatePayout(ctx, q, p); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `/* payout.stepLines */
		UPDATE {wp}partner_center_payout_lines SET state = ?, updated_at = ? WHERE payout_id = ? AND state = ?`,
		s.to, at.Recorded, p.ID, s.from)
	if err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: s.action,
		Object:   "payout",
		ObjectID: int64(p.ID), Before: s.from, After: s.to})
}

// Undo takes a batch one step back: sent to filed, filed to a draft, a draft
// away (B16, D19). seen is the state that was shown, so that pressing twice does
// not take back two steps; "" is any. Once a line is settled, or came back, or
// the batch is in another state, that is a Conflict.
func (sv *Service) Undo(ctx context.Context, actor affiliate.Actor, id PayoutID, seen PayoutState) error {
	again := true
	for again {
		err := sv.db.Tx(ctx, func(tx *db.Tx) (err error) {
			again, err = sv.undo(ctx, tx, actor, id, seen)
			return err
		})
		if err != nil {
			return err
		}
		seen = "" // the next transactions finish what the first began
	}
	return nil
}

// undo does one transaction of the step and tells whether there is more to do.
func (sv *Service) undo(ctx context.Context, q db.Queryer, actor affiliate.Actor, id PayoutID,
	seen PayoutState) (again bool, err error) {
	p, err := lockPayout(ctx, q, id)
	if err != nil {
		return false, err
	}
	if seen != "" && seen != p.State {
		return false, affiliate.Conflict(
			"The batch is at another step now: someone was faster. Nothing was changed. Please look at it again.")
	}
	done, err := hasLines(ctx, q, id, Settled, Returned)
	if err != nil {
		return false, err
	}
	at := sv.recordedBy(actor)
	switch {
	case done || p.State == Settled || p.State == Discarded:
		return false, affiliate.Conflict(
			"%s It can't be undone any further. Payments that came back are returned one by one.",
			batchIs[p.State])
	case p.State == Sent:
		p.SentAt = nil
		return false, stepLines(ctx, q, at, p, step{"undo", Sent, Filed})
	case p.State == Draft:
		return false, sv.discard(ctx, q, at, p)
	}
	return release(ctx, q, at, p)
}

// release takes a few lines back to the draft; after the last ones, the batch.
// There is no file any more from the first line on, so that an Undo that was
// interrupted can be finished or the file be made again.
func release(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout) (again bool, err error) {
	filed, err := someLines(ctx, q, p.ID, linesAtOnce, Filed)
	if err != nil {
		return false, err
	}
	if len(filed) == 0 {
		p.FiledBy, p.Format = "", ""
		return false, stepLines(ctx, q, at, p, step{"undo", Filed, Draft})
	}
	if p.State == Filed {
		p.State, p.FiledAt = Filing, nil
		if err := forgetFiles(ctx, q, p.ID); err != nil {
			return false, err
		}
		if err := updatePayout(ctx, q, p); err != nil {
			return false, err
		}
	}
	locked, err := lockLines(ctx, q, filed, Filed)
	if err != nil {
		return false, err
	}
	lines, err := lockItemsOf(ctx, q, locked)
	if err != nil {
		return false, err
	}
	for i := range lines {
		lines[i].State = Draft
	}
	return true, moveLines(ctx, q, at, lines, outOfIt)
}

func (sv *Service) discard(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout) error {
	_, err := q.Exec(ctx, `/* payout.discard */ UPDATE {wp}partner_center_payout_lines
		SET state = 'closed', updated_at = ? WHERE payout_id = ? AND state = 'draft'`, at.Recorded, p.ID)
	if err != nil {
		return err
	}
	return stepLines(ctx, q, at, p, step{"discard", Draft, Discarded})
}
