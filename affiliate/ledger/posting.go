package ledger

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// String names what the posting is about.
func (p Posting) String() string {
	if p.Manual != nil {
		return "manual entry " + p.Manual.ID.String()
	}
	return "commission " + p.Commission.ID.String()
}

// apply takes the commission or manual entry to its new state.
func (p Posting) apply(at Stamp) (Journal, error) {
	j := Journal{Kind: p.Kind, PayoutLineID: p.PayoutLineID, RelatedID: p.related, OccurredAt: p.Occurred,
		Day:        affiliate.DayOf(p.Occurred, at.Zone),
		RecordedAt: at.Recorded, Actor: at.Actor, Reason: p.Reason}
	if m := p.Manual; m != nil {
		err := m.Apply(p.Kind, p.From, p.To, p.Amount)
		m.Status, m.UpdatedAt = m.Stage, at.Recorded
		m.Journals++
		j.PartnerID, j.Currency, j.Seq = m.PartnerID, m.Currency, m.Journals
		return j, err
	}
	c := p.Commission
	before := c.Stage
	if err := c.Apply(p.Kind, p.From, p.To, p.Amount); err != nil {
		return j, err
	}
	switch p.Kind {
	case Cancel:
		c.Granted = p.Rest
	case Approve:
		c.GrantedBase = c.Base
	case PayOut:
		if before == Approved {
			c.fixBase()
		}
	case Unapprove:
		c.ApproveAt = nil // a person took it back: no rule approves it again
	}
	total, err := c.Total()
	c.Amount, c.Status, c.Reason = total, c.StatusWith(total), p.Reason
	c.Journals++
	c.UpdatedAt = at.Recorded
	j.PartnerID, j.Currency, j.Seq = c.PartnerID, c.Currency, c.Journals
	return j, err
}

// Posting is one journal to be written: amount from one account to another, of
// a commission or of a manual entry.
type Posting struct {
	Commission   *Commission // one with ID 0 is made
	Manual       *Manual     // likewise, instead of a commission
	Kind         Kind
	From, To     Account
	Amount       money.Amount
	Rest         money.Amount // of Cancel: what the others of the line and level have
	Reason       string
	Follows      *Commission // of a new one: what it comes in the place of, its journals are linked (D24)
	related      JournalID   // the journal by which it was taken from there
	Occurred     time.Time   // when its cause happened, not when it is processed (D15)
	PayoutLineID affiliate.PayoutLineID
}
