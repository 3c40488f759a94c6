package payout

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/db"
)

// Settlement says that a payment has arrived.
type Settlement struct {
	LineID      affiliate.PayoutLineID
	CheckNumber string // of a check, may be recorded (S136)
}

// Settle marks payments of a sent batch as paid (B16): those named, or all that
// are sent when none is. It returns how many it settled; those that were
// settled already, or came back, are left as they are. A few lines are settled at a
// time, so that an interrupted call can be repeated.
func (sv *Service) Settle(ctx context.Context, actor affiliate.Actor, id PayoutID, lines ...Settlement) (int, error) {
	sent, err := LinesOf(ctx, sv.db, id, Sent)
	if err != nil {
		return 0, err
	}
	if len(sent) == 0 {
		return 0, affiliate.Conflict("No payment of this batch is on its way, so there is nothing to mark as paid.")
	}
	numbers := map[affiliate.PayoutLineID]string{}
	for _, s := range lines {
		numbers[s.LineID] = affiliate.Cut(affiliate.Line(s.CheckNumber), 40)
	}
	if len(lines) > 0 {
		sent = slices.DeleteFunc(sent, func(l PayoutLine) bool { _, named := numbers[l.ID]; return !named })
	}
	n := 0
	for part := range slices.Chunk(sent, linesAtOnce) {
		settled, err := sv.settleSome(ctx, actor, id, idsOf(part), numbers)
		if err != nil {
			return n, err
		}
		n += settled
	}
	return n, nil
}

func (sv *Service) settleSome(ctx context.Context, actor affiliate.Actor, id PayoutID,
	sent []affiliate.PayoutLineID, numbers map[affiliate.PayoutLineID]string) (settled int, err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		settled = 0
		p, err := lockPayout(ctx, tx, id)
		if err != nil {
			return err
		}
		locked, err := lockLines(ctx, tx, sent, Sent) // others may be settling this batch, too
		if err != nil || len(locked) == 0 {
			return err
		}
		for i, line := range locked {
			if number := numbers[line.ID]; number != "" {
				locked[i].CheckNumber = number
			}
		}
		lines, err := lockItemsOf(ctx, tx, locked)
		if err != nil {
			return err
		}
		at := sv.recordedBy(actor)
		if err := settleLines(ctx, tx, at, lines, at.Recorded); err != nil {
			return err
		}
		settled = len(lines)
		return endLines(ctx, tx, at, p, ending{"settle", Sent, lines})
	})
	return settled, err
}

// ending is what became of lines of a batch, and their state before.
type ending struct {
	action string
	before PayoutState
	lines  []funded
}

// endLines audits what became of lines, and ends a batch after its last one.
func endLines(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout, e ending) error {
	open, err := hasLines(ctx, q, p.ID, Draft, Filed, Sent)
	if err != nil {
		return err
	}
	if !open && p.State != Settled {
		p.State = Settled
		if err := updatePayout(ctx, q, p); err != nil {
			return err
		}
	}
	entries := []affiliate.AuditEntry{}
	for _, l := range e.lines {
		entries = append(entries, affiliate.AuditEntry{Actor: at.Actor, Action: e.action, Object: "payment",
			ObjectID: int64(l.ID), Before: e.before, After: l.PayoutLine, Reason: l.ReturnReason})
	}
	return affiliate.Audit(ctx, q, at.Recorded, entries...)
}

// ReturnPayment notes that a payment came back, after it was settled or before:
// what it paid is payable again, its commissions are approved again, and
// clawbacks posted meanwhile stay and net out (D21). Returned twice, it is a
// Conflict.
func (sv *Service) ReturnPayment(ctx context.Context, actor affiliate.Actor, id affiliate.PayoutLineID,
	reason string) (PayoutLine, error) {
	p := affiliate.Problems{}
	reason = affiliate.Line(reason)
	p.Check(reason != "" && reason == affiliate.Cut(reason, 255), "reason",
		"Please say why it came back, in at most 255 characters.")
	if err := p.Err(); err != nil {
		return PayoutLine{}, err
	}
	return sv.takeBack(ctx, actor, id, backing{settled: returned, why: reason, action: "return"})
}

// UndoPayment takes back that a payment was marked as paid, where no money went
// out: what it paid is payable again. A payment that only was sent is no such
// mistake: its batch is undone.
//
// Errors: KindInvalid by the field reason; KindConflict.
func (sv *Service) UndoPayment(ctx context.Context, actor affiliate.Actor, id affiliate.PayoutLineID,
	reason string) (PayoutLine, error) {
	reason, err := affiliate.CheckReason(reason)
	if err != nil {
		return PayoutLine{}, err
	}
	return sv.takeBack(ctx, actor, id, backing{settled: mistaken, why: reason, action: "undo payment"})
}

// backing is how a payment is taken back.
type backing struct {
	settled move // of one that is settled
	why     string
	action  string // in the audit
}

func (sv *Service) takeBack(ctx context.Context, actor affiliate.Actor, id affiliate.PayoutLineID,
	b backing) (PayoutLine, error) {
	var payoutID PayoutID
	err := sv.db.Get(ctx, &payoutID, `/* payout.ReturnPayment */
		SELECT payout_id FROM {wp}partner_center_payout_lines WHERE id = ?`, id)
	if err != nil {
		return PayoutLine{}, affiliate.MissingRow(err, "payment")
	}
	var line PayoutLine
	err = sv.db.Tx(ctx, func(tx *db.Tx) (err error) {
		line, err = sv.takeOneBack(ctx, tx, sv.recordedBy(actor), payoutID, id, b)
		return err
	})
	return line, err
}

func (sv *Service) takeOneBack(ctx context.Context, q db.Queryer, at ledger.Recording, payoutID PayoutID,
	id affiliate.PayoutLineID, b backing) (PayoutLine, error) {
	p, err := lockPayout(ctx, q, payoutID)
	if err != nil {
		return PayoutLine{}, err
	}
	line, err := lockLine(ctx, q, id)
	if err != nil {
		return line, err
	}
	back := b.settled
	switch {
	case line.State == Settled:
	case line.State == Sent && back == returned:
		back = bounced
	default:
		return line, affiliate.Conflict("%s Only a payment that was sent or paid can come back.",
			paymentIs[line.State])
	}
	lines, err := lockItemsOf(ctx, q, []PayoutLine{line})
	if err != nil {
		return line, err
	}
	before, l := line.State, &lines[0].PayoutLine
	l.State, l.ReturnedAt, l.ReturnedDay, l.ReturnReason = Returned, &at.Recorded,
		affiliate.DayOf(at.Recorded, at.Zone), b.why
	if err := moveLines(ctx, q, at, lines, back); err != nil {
		return line, err
	}
	return *l, endLines(ctx, q, at, p, ending{b.action, before, lines})
}

// SetCheckNumber records the number of a check (S136), also when it is settled.
func (sv *Service) SetCheckNumber(ctx context.Context, actor affiliate.Actor, id affiliate.PayoutLineID,
	number string) error {
	p := affiliate.Problems{}
	number = affiliate.Line(number)
	p.Check(number == affiliate.Cut(number, 40), "check_number", "Please use at most 40 characters.")
	if err := p.Err(); err != nil {
		return err
	}
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		line, err := lockLine(ctx, tx, id)
		if err != nil {
			return err
		}
		if line.Method != affiliate.Check {
			return affiliate.Conflict("This payment is not made by check.")
		}
		before, at := line.CheckNumber, sv.recordedBy(actor)
		line.CheckNumber, line.UpdatedAt = number, at.Recorded
		if err := updateLines(ctx, tx, []PayoutLine{line}); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "check number",
			Object: "payment", ObjectID: int64(id), Before: before, After: number})
	})
}

// PayPalFiles writes the file of a batch from its lines, always the same.
func PayPalFiles(p Payout, lines []PayoutLine) ([]paypal.File, error) {
	payments := []paypal.Payment{}
	for _, l := range lines {
		if l.Method == affiliate.PayPal && l.State != Draft && l.State != Closed {
			payments = append(payments, payment(l))
		}
	}
	files, rejected, err := paypal.Files(paypal.Style{Format: p.Format, Comma: p.Comma}, p.Code, payments)
	if err == nil && len(rejected) > 0 {
		err = fmt.Errorf("payout %s has a line that PayPal refuses: %s", p.ID, rejected[0].Reason)
	}
	return files, err
}

// saveFiles keeps the sums of the files of a batch.
func saveFiles(ctx context.Context, q db.Queryer, p Payout, lines []PayoutLine) error {
	files, err := PayPalFiles(p, lines)
	if err != nil {
		return err
	}
	rows := [][]any{}
	for i, f := range files {
		rows = append(rows, []any{p.ID, i + 1, f.Name, f.Rows, f.Total, f.SHA256})
	}
	return db.Insert(ctx, q, `/* payout.saveFiles */ INSERT INTO {wp}partner_center_payout_files
		(payout_id, part, name, line_count, total, sha256) VALUES `, rows, "")
}

func forgetFiles(ctx context.Context, q db.Queryer, id PayoutID) error {
	_, err := q.Exec(ctx, `/* payout.forgetFiles */ DELETE FROM {wp}partner_center_payout_files WHERE payout_id = ?`,
		id)
	return err
}

// PayoutFile is what is known of a file without making it.
type PayoutFile struct {
	Name   string       `db:"name"`
	Lines  int          `db:"line_count"`
	Total  money.Amount `db:"total"`
	SHA256 string       `db:"sha256"`
}

// PayPalFiles are the PayPal files of a batch whose file was made, the same to
// the byte whenever they are asked for (S85, B16); none when it has checks only.
func (sv *Service) PayPalFiles(ctx context.Context, id PayoutID) ([]paypal.File, error) {
	var files []paypal.File
	err := sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		var p Payout
		err := tx.Get(ctx, &p, `/* payout.PayPalFiles */
			SELECT `+PayoutColumns+` FROM {wp}partner_center_payouts WHERE id = ?`, id)
		if err != nil {
			return affiliate.MissingRow(err, "payout")
		}
		if p.FiledAt == nil || p.Format == "" || p.State == Filing {
			return affiliate.Conflict("This batch has no file: make it first.")
		}
		lines, err := LinesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		kept := []PayoutFile{}
		if err := tx.Select(ctx, &kept, `/* payout.PayPalFiles */
			SELECT name, line_count, total, sha256 FROM {wp}partner_center_payout_files
			WHERE payout_id = ? ORDER BY part`, id); err != nil {
			return err
		}
		if files, err = PayPalFiles(p, lines); err != nil {
			return err
		}
		same := slices.EqualFunc(files, kept, func(f paypal.File, k PayoutFile) bool {
			return f.SHA256 == k.SHA256 && f.Name == k.Name && f.Rows == k.Lines && f.Total == k.Total
		})
		if !same {
			return fmt.Errorf("payout %s: the file made now is not the one made on %s: run verify", id, p.FiledAt)
		}
		return nil
	})
	return files, err
}
