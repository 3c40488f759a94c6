package payout

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// HandPayment is a payment that an admin makes elsewhere and marks as paid.
type HandPayment struct {
	PartnerID   affiliate.PartnerID
	Currency    money.Currency
	Amount      money.Amount  // that was shown: all that is payable
	PaidOn      affiliate.Day // when the money went out; zero: today
	Reference   string        // what the bank or PayPal calls it, at most 100 characters
	CheckNumber string        // of a check, at most 40 characters (S136)
	Exception   string        // why it is paid below the threshold, "" for not at all (S143)
}

// PayPartner is Pay, today and without any reference.
func (sv *Service) PayPartner(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	cur money.Currency, expected money.Amount) (PayoutLine, error) {
	return sv.Pay(ctx, actor, HandPayment{PartnerID: partner, Currency: cur, Amount: expected})
}

// Pay marks all that a partner is owed in a currency as paid: a payout of one
// line, in and out of the account in_payout at once (S84, D19). No money moves.
// When the amount is another by now, or below the threshold without an exception
// (S6), nothing is paid and the error, a Conflict, says so.
//
// Errors: KindInvalid by the fields paid_on, reference, check_number and
// exception; KindConflict; KindNotFound.
func (sv *Service) Pay(ctx context.Context, actor affiliate.Actor, h HandPayment) (PayoutLine, error) {
	if err := h.check(sv.recordedBy(actor)); err != nil {
		return PayoutLine{}, err
	}
	var paid PayoutLine
	err := sv.untilStill(ctx, func(tx *db.Tx) error {
		paid = PayoutLine{PartnerID: h.PartnerID, Currency: h.Currency, Amount: h.Amount, Reference: h.Reference,
			CheckNumber: h.CheckNumber, Exception: h.Exception}
		return sv.payNow(ctx, tx, sv.recordedBy(actor), &paid, h.PaidOn)
	})
	return paid, err
}

func (h *HandPayment) check(at ledger.Recording) error {
	p := affiliate.Problems{}
	for field, text := range map[string]struct {
		of   *string
		most int
	}{"reference": {&h.Reference, 100}, "check_number": {&h.CheckNumber, 40}, "exception": {&h.Exception, 255}} {
		*text.of = affiliate.Line(*text.of)
		p.Check(*text.of == affiliate.Cut(*text.of, text.most), field, "Please use at most %d characters.", text.most)
	}
	today := affiliate.DayOf(at.Recorded, at.Zone)
	if h.PaidOn.IsZero() {
		h.PaidOn = today
	}
	p.Check(!today.Before(h.PaidOn), "paid_on", "This day is still to come.")
	return p.Err()
}

// exception checks the reason for paying below the threshold.
func exception(reason string) (string, error) {
	p := affiliate.Problems{}
	reason = affiliate.Line(reason)
	p.Check(reason != "" && reason == affiliate.Cut(reason, 255), "reason",
		"Please say why it is paid below the threshold, in at most 255 characters.")
	return reason, p.Err()
}

// moment is when on that day the money went out: now, or at noon of a day that is over.
func moment(at ledger.Recording, day affiliate.Day) time.Time {
	if day == affiliate.DayOf(at.Recorded, at.Zone) {
		return at.Recorded
	}
	return day.Start(at.Zone).Add(12 * time.Hour)
}

// afterSales refuses a day before that of a sale which the payment pays.
func afterSales(items []item, zone *time.Location, paidOn affiliate.Day) error {
	latest := affiliate.Day{}
	for _, i := range items {
		if day := affiliate.DayOf(i.occurred(), zone); latest.Before(day) {
			latest = day
		}
	}
	p := affiliate.Problems{}
	p.Check(!paidOn.Before(latest), "paid_on", "It pays for a sale on %s, so it can't have been made before.", latest)
	return p.Err()
}

// payNow takes a line through all states of a payout.
func (sv *Service) payNow(ctx context.Context, q db.Queryer, at ledger.Recording, line *PayoutLine,
	paidOn affiliate.Day) error {
	who, err := sv.payees(ctx, q, line.PartnerID)
	if err != nil {
		return err
	}
	if _, known := who.partners[line.PartnerID]; !known {
		return affiliate.Missing("There is no such partner.")
	}
	due, err := lockDue(ctx, q, line.Currency, line.PartnerID)
	if err != nil {
		return err
	}
	owed, err := sumItems(due[line.PartnerID])
	if err != nil {
		return err
	}
	if owed != line.Amount {
		return affiliate.Conflict(
			"The amount changed from %s to %s in the meantime. Nothing was paid. Please look at it again.",
			money.Text(line.Amount, line.Currency), money.Text(owed, line.Currency))
	}
	if why := who.claim(line).RefuseByHand(who.settings.TwoPeople); why != nil {
		return affiliate.Conflict("%s Nothing was paid.", why.Sentence())
	}
	if err := afterSales(due[line.PartnerID], at.Zone, paidOn); err != nil {
		return err
	}
	if line.Method != affiliate.Check {
		line.CheckNumber = ""
	}
	if *line, err = settleAlone(ctx, q, at, funded{*line, due[line.PartnerID]}, moment(at, paidOn)); err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: "pay", Object: "partner",
		ObjectID: int64(line.PartnerID), After: line, Reason: line.Exception})
}

// settleAlone makes a payout of one line and takes it through all of its states.
func settleAlone(ctx context.Context, q db.Queryer, at ledger.Recording, f funded, on time.Time) (PayoutLine, error) {
	p := Payout{Currency: f.Currency, State: Settled, Actor: at.Actor, CreatedAt: at.Recorded,
		FiledBy: at.Actor, FiledAt: &at.Recorded, SentAt: &at.Recorded}
	if err := insertPayout(ctx, q, &p); err != nil {
		return f.PayoutLine, err
	}
	f.State, f.UpdatedAt = Draft, at.Recorded
	lines := []PayoutLine{f.PayoutLine}
	if err := insertLines(ctx, q, p.ID, lines); err != nil {
		return f.PayoutLine, err
	}
	paid := []funded{{lines[0], f.items}}
	if err := fileLines(ctx, q, at, paid, on); err != nil {
		return f.PayoutLine, err
	}
	err := settleLines(ctx, q, at, paid, on)
	return paid[0].PayoutLine, err
}
