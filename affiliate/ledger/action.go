package ledger

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Pick is a commission that an admin acts on. Seen is its number of journals
// when the list was shown: one that changed since is skipped (S77). 0 takes the
// commission as it is now.
type Pick struct {
	ID   CommissionID `db:"id"`
	Seen int          `db:"seen"`
}

// Skip is a commission that an action left as it was, and why.
type Skip struct {
	ID     CommissionID
	Reason reason.Code
}

// Report tells what became of a list: each commission is fully done or skipped.
type Report struct {
	Done    []CommissionID
	Skipped []Skip
}

// pickAtOnce is how many commissions one transaction takes: few enough that orders
// coming in wait for a tenth of a second at most, enough that what a transaction costs
// by itself is shared by many.
const pickAtOnce = db.RowsAtOnce

// Approve makes pending commissions payable (S78), but for those on hold, which
// ApproveEarly approves (S76).
func (l *Ledger) Approve(ctx context.Context, actor affiliate.Actor, picks []Pick) (Report, error) {
	return l.act(ctx, actor, picks, approval(l.now(), reason.ApprovedByAdmin))
}

// Unapprove makes approved commissions that are in no payout pending again (S76).
func (l *Ledger) Unapprove(ctx context.Context, actor affiliate.Actor, picks []Pick) (Report, error) {
	return l.act(ctx, actor, picks, action{name: "unapprove", reason: string(reason.UnapprovedByHand), kind: Unapprove,
		from: AccountPayable, to: AccountPending,
		refuse: func(c Commission) reason.Code {
			if why := refuseUnless(c, Approved); why != "" || c.Payable == c.Amount {
				return why
			}
			return reason.SkipNetted // pending, what is left of it in payouts would be paid all the same
		}})
}

// Cancel takes pending or approved commissions back for good (S81); why is
// what the partner is told. Converging never brings them back (D16).
func (l *Ledger) Cancel(ctx context.Context, actor affiliate.Actor, picks []Pick, why string) (Report, error) {
	p := affiliate.Problems{}
	why = affiliate.Line(why)
	p.Check(why != "" && why == affiliate.Cut(why, 255), "reason", "Please give a reason, in at most 255 characters.")
	if err := p.Err(); err != nil {
		return Report{}, err
	}
	return l.act(ctx, actor, picks, action{name: "cancel", reason: why, kind: Cancel, to: AccountExpense,
		refuse: func(c Commission) reason.Code { return refuseUnless(c, Pending, Approved) }})
}

// action is a change of stage that an admin asks for.
type action struct {
	name     string
	reason   string
	kind     Kind
	from, to Account // of Cancel from is where the commission's money is
	refuse   func(Commission) reason.Code
}

// refuseUnless is why a commission is not in one of the statuses, or "".
func refuseUnless(c Commission, allowed ...Status) reason.Code {
	if slices.Contains(allowed, c.Status) {
		return ""
	}
	return Standing(c.Status)
}

// Standing says where a commission stands that an action can do nothing with.
func Standing(s Status) reason.Code {
	return map[Status]reason.Code{Pending: reason.SkipPending, Approved: reason.SkipApproved,
		InPayout: reason.SkipInPayout, Paid: reason.SkipPaid, Canceled: reason.SkipCanceled}[s]
}

// act does the action in transactions of a few commissions each, so that it can
// be interrupted anywhere: what the report does not name was not touched.
func (l *Ledger) act(ctx context.Context, actor affiliate.Actor, picks []Pick, a action) (Report, error) {
	var all Report
	for part := range slices.Chunk(picks, pickAtOnce) {
		var r Report
		err := l.db.Tx(ctx, func(tx *db.Tx) error {
			var err error
			r, err = l.actOn(ctx, tx, actor, part, a)
			return err
		})
		if err != nil {
			return all, err
		}
		all.Done = append(all.Done, r.Done...)
		all.Skipped = append(all.Skipped, r.Skipped...)
	}
	return all, nil
}

func (l *Ledger) actOn(ctx context.Context, q db.Queryer, actor affiliate.Actor, picks []Pick,
	a action) (Report, error) {
	found, err := lockPicks(ctx, q, picks, a.kind == Cancel)
	if err != nil {
		return Report{}, err
	}
	at := l.recordedBy(actor)
	r, postings, err := a.plan(picks, found, at.Recorded)
	if err != nil {
		return Report{}, err
	}
	before := statuses(postings)
	if err := Post(ctx, q, at, postings); err != nil {
		return Report{}, err
	}
	return r, auditAll(ctx, q, at, a, postings, before)
}

// plan sorts what is picked into journals and skips.
func (a action) plan(picks []Pick, found map[CommissionID]*Commission,
	now time.Time) (r Report, postings []Posting, err error) {
	rest := sharedSlots(found)
	for _, p := range picks {
		c := found[p.ID]
		if why := a.skip(c, p); why != "" {
			r.Skipped = append(r.Skipped, Skip{p.ID, why})
			continue
		}
		delete(found, p.ID) // picked twice: the second is skipped as missing
		change := Posting{Commission: c, Kind: a.kind, From: a.from, To: a.to, Amount: c.Amount, Reason: a.reason,
			Occurred: now}
		if a.kind == Cancel {
			change.From = c.Account()
			if change.Rest, err = rest.without(c); err != nil {
				return r, nil, err
			}
		}
		postings = append(postings, change)
		r.Done = append(r.Done, p.ID)
	}
	return r, postings, nil
}

// lockPicks locks the commissions picked, by id; with their orders and all
// commissions of these when what is left of a line and level matters.
func lockPicks(ctx context.Context, q db.Queryer, picks []Pick, whole bool) (map[CommissionID]*Commission, error) {
	ids := []CommissionID{}
	for _, p := range picks {
		ids = append(ids, p.ID)
	}
	lock := LockCommissions
	if whole {
		lock = lockWithOrders
	}
	locked, err := lock(ctx, q, ids)
	found := map[CommissionID]*Commission{}
	for _, c := range locked {
		found[c.ID] = c
	}
	return found, err
}

func LockCommissions(ctx context.Context, q db.Queryer, ids []CommissionID) ([]*Commission, error) {
	return lockCommissionsWhere(ctx, q, `id IN (?)`, ids)
}

// lockWithOrders finds without locks and locks by id, first the orders, so that
// no supplement comes in between.
func lockWithOrders(ctx context.Context, q db.Queryer, ids []CommissionID) ([]*Commission, error) {
	orders := []affiliate.OrderID{}
	err := db.SelectIn(ctx, q, &orders, `/* ledger.lockWithOrders */
		SELECT DISTINCT order_id FROM {wp}partner_center_commissions WHERE id IN (?)`, ids)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	locked := []affiliate.OrderID{}
	if err := db.SelectIn(ctx, q, &locked, `/* ledger.lockWithOrders */
		SELECT id FROM {wp}partner_center_orders WHERE id IN (?) ORDER BY id FOR UPDATE`, orders); err != nil {
		return nil, err
	}
	return LockCommissionsOf(ctx, q, orders)
}

// LockCommissionsOf locks the commissions of locked orders.
func LockCommissionsOf(ctx context.Context, q db.Queryer, orders []affiliate.OrderID) ([]*Commission, error) {
	ids := []CommissionID{}
	err := db.SelectIn(ctx, q, &ids,
		`/* ledger.lockOfOrders */ SELECT id FROM {wp}partner_center_commissions WHERE order_id IN (?)`, orders)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return LockCommissions(ctx, q, ids)
}

// slots are commissions of the decision in force by what they have in common;
// those of others have nothing left.
type slots map[Slot][]*Commission

func sharedSlots(found map[CommissionID]*Commission) slots {
	s := slots{}
	for _, c := range found {
		key := c.Slot()
		s[key] = append(s[key], c)
	}
	return s
}

// without takes c away and is what the others of its line and level have.
func (s slots) without(c *Commission) (money.Amount, error) {
	key := c.Slot()
	s[key] = slices.DeleteFunc(s[key], func(other *Commission) bool { return other == c })
	return SumOf(s[key])
}

// skip is why the action leaves the commission alone, or "".
func (a action) skip(c *Commission, p Pick) reason.Code {
	if c == nil {
		return reason.SkipMissing
	}
	if why := a.refuse(*c); why != "" {
		return why
	}
	if p.Seen != 0 && p.Seen != c.Journals {
		return reason.SkipChanged
	}
	return ""
}

func statuses(postings []Posting) []Status {
	all := []Status{}
	for _, p := range postings {
		all = append(all, p.Commission.Status)
	}
	return all
}

// auditAll writes one entry for each commission, as part of the action.
func auditAll(ctx context.Context, q db.Queryer, at Recording, a action, postings []Posting, before []Status) error {
	entries := []affiliate.AuditEntry{}
	for i, p := range postings {
		entries = append(entries, affiliate.AuditEntry{Actor: at.Actor, Action: a.name, Object: "commission",
			ObjectID: int64(p.Commission.ID), Before: before[i], After: p.Commission.Status, Reason: a.reason})
	}
	return affiliate.Audit(ctx, q, at.Recorded, entries...)
}
