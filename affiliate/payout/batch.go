package payout

import (
	"context"
	"math"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Batch is a payout with its lines.
type Batch struct {
	Payout
	Lines []PayoutLine
	// Excluded are the partners with money who are not among the lines, or fell
	// out of them at this step, and why.
	Excluded []Excluded
}

// Total is what the lines sum to.
func (b Batch) Total() (money.Amount, error) {
	amounts := make([]money.Amount, len(b.Lines))
	for i, l := range b.Lines {
		amounts[i] = l.Amount
	}
	return money.Sum(amounts...)
}

// BatchSpec says who is to be paid.
type BatchSpec struct {
	Currency money.Currency
	Partners []affiliate.PartnerID // only these; none: everybody
	CutOff   *time.Time            // only sales before it; clawbacks whenever they came
	// Exceptions are partners to be paid though they are below the threshold,
	// with the reason for each (S143).
	Exceptions map[affiliate.PartnerID]string
	Note       string // for the admins
	FormID     string // names the form it came from: sent twice, it is one batch
}

// MakeBatch makes a draft of payments: who can be paid now gets a line, the
// others are named with the reason (B16, D20). Nothing is posted, and nobody is
// kept from being paid otherwise; the lines follow the books until the file is
// made.
func (sv *Service) MakeBatch(ctx context.Context, actor affiliate.Actor, spec BatchSpec) (Batch, error) {
	if err := spec.validate(); err != nil {
		return Batch{}, err
	}
	var b Batch
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		at := sv.recordedBy(actor)
		b = Batch{Payout: spec.payout(at)}
		if err := insertPayout(ctx, tx, &b.Payout); err != nil {
			return err
		}
		partners, err := spec.candidates(ctx, tx)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(partners, draftAtOnce) {
			if err := sv.draw(ctx, tx, at, &b, part, spec.Exceptions); err != nil {
				return err
			}
		}
		return affiliate.Audit(ctx, tx, at.Recorded, affiliate.AuditEntry{Actor: actor, Action: "make",
			Object: "payout", ObjectID: int64(b.ID), After: b.Payout})
	})
	if spec.FormID != "" && db.Duplicate(err) {
		return sv.batchOfForm(ctx, spec.FormID)
	}
	return b, err
}

func (s BatchSpec) validate() error {
	p := affiliate.Problems{}
	_, err := money.ParseCurrency(string(s.Currency))
	p.Check(err == nil, "currency", "Please choose a currency.")
	p.Check(s.Note == affiliate.Cut(s.Note, 255), "note", "Please use at most 255 characters.")
	p.Check(len(s.FormID) <= 64, "form_id", "Please load the form again.")
	for _, reason := range s.Exceptions {
		_, err := exception(reason)
		p.Check(err == nil, "exceptions", "Please say for each partner why they are paid below the threshold.")
	}
	return p.Err()
}

func (s BatchSpec) payout(at ledger.Recording) Payout {
	p := Payout{Currency: s.Currency, State: Draft, CutOff: s.CutOff, CreatedAt: at.Recorded, Actor: at.Actor,
		Note: affiliate.Line(s.Note)}
	if s.FormID != "" {
		p.FormID = &s.FormID
	}
	return p
}

// draftAtOnce is how many partners are looked at together.
const draftAtOnce = 200

// candidates are the partners wanted with anything payable, either way.
func (s BatchSpec) candidates(ctx context.Context, q db.Queryer) ([]affiliate.PartnerID, error) {
	all := []affiliate.PartnerID{}
	err := q.Select(ctx, &all, `/* payout.candidates */
		SELECT partner_id FROM {wp}partner_center_balances
		WHERE currency = ? AND (payable < 0 OR payable > 0) ORDER BY partner_id`, s.Currency)
	if len(s.Partners) > 0 {
		wanted := map[affiliate.PartnerID]bool{}
		for _, id := range s.Partners {
			wanted[id] = true
		}
		all = slices.DeleteFunc(all, func(id affiliate.PartnerID) bool { return !wanted[id] })
	}
	return all, err
}

// drawing is what a partner would be paid at present, without locks.
type drawing struct {
	line  PayoutLine
	items []itemRow
}

// draw adds lines for partners to a draft.
func (sv *Service) draw(ctx context.Context, q db.Queryer, at ledger.Recording, b *Batch,
	partners []affiliate.PartnerID,
	exceptions map[affiliate.PartnerID]string) error {
	wanted, out, err := sv.drawings(ctx, q, b.Payout, partners, exceptions)
	if err != nil {
		return err
	}
	b.Excluded = append(b.Excluded, out...)
	if len(wanted) == 0 {
		return nil
	}
	lines := []PayoutLine{}
	for _, d := range wanted {
		d.line.State, d.line.UpdatedAt = Draft, at.Recorded
		lines = append(lines, d.line)
	}
	if err := insertLines(ctx, q, b.ID, lines); err != nil {
		return err
	}
	items := map[affiliate.PayoutLineID][]itemRow{}
	for i := range lines {
		items[lines[i].ID] = wanted[i].items
	}
	b.Lines = append(b.Lines, lines...)
	return saveItems(ctx, q, lines, items)
}

// drawings calculates what partners would be paid, in their order, and who is excluded.
func (sv *Service) drawings(ctx context.Context, q db.Queryer, p Payout, partners []affiliate.PartnerID,
	exceptions map[affiliate.PartnerID]string) ([]drawing, []Excluded, error) {
	who, err := sv.payees(ctx, q, partners...)
	if err != nil {
		return nil, nil, err
	}
	items, err := openItems(ctx, q, p, partners)
	if err != nil {
		return nil, nil, err
	}
	wanted, out := []drawing{}, []Excluded{}
	for _, id := range partners {
		d := drawing{line: PayoutLine{PayoutID: p.ID, PartnerID: id, Currency: p.Currency,
			Exception: affiliate.Line(exceptions[id])}, items: items[id]}
		for _, i := range d.items {
			if d.line.Amount, err = d.line.Amount.Add(i.Amount); err != nil {
				return nil, nil, err
			}
		}
		if why := who.claim(&d.line).RefuseInBatch(); why != nil {
			out = append(out, *why)
			continue
		}
		wanted = append(wanted, d)
	}
	return wanted, out, nil
}

// openItems are the open payable entries of partners up to the cut-off, by
// partner: see upTo, which decides when the file is made.
func openItems(ctx context.Context, q db.Queryer, p Payout,
	partners []affiliate.PartnerID) (map[affiliate.PartnerID][]itemRow, error) {
	before := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if p.CutOff != nil {
		before = *p.CutOff
	}
	query, args, err := db.In(`/* payout.openItems */
		SELECT partner_id, id AS commission_id, 0 AS manual_id, payable AS amount FROM {wp}partner_center_commissions
		WHERE partner_id IN (?) AND currency = ? AND (payable < 0 OR payable > 0) AND (payable < 0 OR occurred_at < ?)
		UNION ALL SELECT partner_id, 0, id, payable FROM {wp}partner_center_manuals
		WHERE partner_id IN (?) AND currency = ? AND (payable < 0 OR payable > 0) AND (payable < 0 OR occurred_at < ?)`,
		partners, p.Currency, before, partners, p.Currency, before)
	if err != nil {
		return nil, err
	}
	rows := []struct {
		PartnerID affiliate.PartnerID `db:"partner_id"`
		itemRow
	}{}
	err = q.Select(ctx, &rows, query, args...)
	items := map[affiliate.PartnerID][]itemRow{}
	for _, r := range rows {
		items[r.PartnerID] = append(items[r.PartnerID], r.itemRow)
	}
	return items, err
}

// redraw brings the lines of a locked draft up to date (D20) and says who fell
// out of it.
func (sv *Service) redraw(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout) ([]Excluded, error) {
	lines, err := LinesOf(ctx, q, p.ID, Draft)
	if err != nil {
		return nil, err
	}
	all := []Excluded{}
	for part := range slices.Chunk(lines, draftAtOnce) {
		out, err := sv.redrawSome(ctx, q, at, p, part)
		if err != nil {
			return nil, err
		}
		all = append(all, out...)
	}
	if len(all) == 0 {
		return all, nil
	}
	return all, affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: affiliate.System, Action: "redraw",
		Object: "payout", ObjectID: int64(p.ID), After: all})
}

func (sv *Service) redrawSome(ctx context.Context, q db.Queryer, at ledger.Recording, p Payout,
	lines []PayoutLine) ([]Excluded, error) {
	byPartner := map[affiliate.PartnerID]PayoutLine{}
	partners, exceptions := []affiliate.PartnerID{}, map[affiliate.PartnerID]string{}
	for _, line := range lines {
		byPartner[line.PartnerID] = line
		partners, exceptions[line.PartnerID] = append(partners, line.PartnerID), line.Exception
	}
	wanted, out, err := sv.drawings(ctx, q, p, partners, exceptions)
	if err != nil {
		return nil, err
	}
	gone := []PayoutLine{}
	for _, o := range out {
		gone = append(gone, byPartner[o.PartnerID])
	}
	if err := closeLines(ctx, q, at, gone); err != nil {
		return nil, err
	}
	kept, changed, items := []PayoutLine{}, []PayoutLine{}, map[affiliate.PayoutLineID][]itemRow{}
	for _, d := range wanted {
		line := byPartner[d.line.PartnerID]
		if now := line.drawnAs(d.line); now != line {
			now.UpdatedAt = at.Recorded
			changed = append(changed, now)
		}
		kept, items[line.ID] = append(kept, line), d.items
	}
	if len(kept) == 0 {
		return out, nil
	}
	if err := updateLines(ctx, q, changed); err != nil {
		return nil, err
	}
	return out, saveItems(ctx, q, kept, items)
}

// drawnAs is the line with amount, method and address of another one.
func (l PayoutLine) drawnAs(other PayoutLine) PayoutLine {
	l.Amount, l.Method = other.Amount, other.Method
	l.PayPalEmail, l.Payee, l.Address = other.PayPalEmail, other.Payee, other.Address
	return l
}

// closeLines takes draft lines out of their batch. With their items they stay as
// they were drawn last: they may have been filed once, and journals name them.
func closeLines(ctx context.Context, q db.Queryer, at ledger.Recording, lines []PayoutLine) error {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].State, lines[i].UpdatedAt = Closed, at.Recorded
	}
	return updateLines(ctx, q, lines)
}

// Batch is a batch as it is now. A draft is brought up to date first.
func (sv *Service) Batch(ctx context.Context, id PayoutID) (Batch, error) {
	var b Batch
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil {
			return err
		}
		b = Batch{Payout: p}
		if p.State == Draft {
			if b.Excluded, err = sv.redraw(ctx, tx, sv.recordedBy(affiliate.System), p); err != nil {
				return err
			}
		}
		b.Lines, err = LinesOf(ctx, tx, id)
		return err
	})
	return b, err
}

func (sv *Service) batchOfForm(ctx context.Context, form string) (Batch, error) {
	var id PayoutID
	err := sv.db.Get(ctx, &id, `/* payout.batchOfForm */ SELECT id FROM {wp}partner_center_payouts WHERE form_id = ?`,
		form)
	if err != nil {
		return Batch{}, affiliate.MissingRow(err, "payout")
	}
	return sv.Batch(ctx, id)
}

// Summary is a batch as lists show it.
type Summary struct {
	Payout
	Partners int          `db:"partners"` // with a payment in it
	Total    money.Amount `db:"total"`
	Back     int          `db:"back"` // how many of the payments came back
}

// Batches are the batches in some states, the latest first; in all when none is
// named. Payments marked as paid one by one are none. before is the last one of
// the page before, 0 for the first page.
func (sv *Service) Batches(ctx context.Context, before PayoutID, most int, states ...PayoutState) ([]Summary, error) {
	if len(states) == 0 {
		states = []PayoutState{Draft, Filing, Filed, Sent, Settled, Discarded}
	}
	if before == 0 {
		before = math.MaxInt64
	}
	const lines = ` FROM {wp}partner_center_payout_lines l WHERE l.payout_id = p.id AND l.state <> 'closed'`
	query, args, err := db.In(`/* payout.Batches */ SELECT `+PayoutColumns+`,
			(SELECT COUNT(*)`+lines+`) AS partners, (SELECT COALESCE(SUM(l.amount), 0)`+lines+`) AS total,
			(SELECT COUNT(*)`+lines+` AND l.state = 'returned') AS back
		FROM {wp}partner_center_payouts p
		WHERE state IN (?) AND id < ? AND NOT (state = 'settled' AND format = '')
		ORDER BY id DESC LIMIT ?`, states, int64(before), most)
	if err != nil {
		return nil, err
	}
	batches := []Summary{}
	return batches, sv.db.Select(ctx, &batches, query, args...)
}
