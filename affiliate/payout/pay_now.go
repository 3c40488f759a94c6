package payout

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// PayPartner marks all that a partner is owed in a currency as paid: a payout
// of one line, in and out of the account in_payout at once (S84, D19). No money
// moves. expected is the amount that was shown; when it is another by now, or
// below the threshold (S6), nothing is paid and the error, a Conflict, says so.
func (sv *Service) PayPartner(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	cur money.Currency, expected money.Amount) (PayoutLine, error) {
	return sv.payPartner(ctx, actor, PayoutLine{PartnerID: partner, Currency: cur, Amount: expected})
}

// PayException is PayPartner for an amount below the threshold, by exception
// and with the reason for it (S143).
func (sv *Service) PayException(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	cur money.Currency, expected money.Amount, reason string) (PayoutLine, error) {
	reason, err := exception(reason)
	if err != nil {
		return PayoutLine{}, err
	}
	return sv.payPartner(ctx, actor, PayoutLine{PartnerID: partner, Currency: cur, Amount: expected, Exception: reason})
}

// exception checks the reason for paying below the threshold.
func exception(reason string) (string, error) {
	p := affiliate.Problems{}
	reason = affiliate.Line(reason)
	p.Check(reason != "" && reason == affiliate.Cut(reason, 255), "reason",
		"Please say why it is paid below the threshold, in at most 255 characters.")
	return reason, p.Err()
}

func (sv *Service) payPartner(ctx context.Context, actor affiliate.Actor, line PayoutLine) (PayoutLine, error) {
	var paid PayoutLine
	err := sv.untilStill(ctx, func(tx *db.Tx) error {
		paid = line
		return sv.payNow(ctx, tx, sv.recordedBy(actor), &paid)
	})
	return paid, err
}

// payNow takes a line through all states of a payout.
func (sv *Service) payNow(ctx context.Context, q db.Queryer, at ledger.Recording, line *PayoutLine) error {
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
	p := Payout{Currency: line.Currency, State: Settled, Actor: at.Actor, CreatedAt: at.Recorded,
		FiledBy: at.Actor, FiledAt: &at.Recorded, SentAt: &at.Recorded}
	if err := insertPayout(ctx, q, &p); err != nil {
		return err
	}
	line.State, line.UpdatedAt = Draft, at.Recorded
	lines := []PayoutLine{*line}
	if err := insertLines(ctx, q, p.ID, lines); err != nil {
		return err
	}
	paid := []funded{{lines[0], due[line.PartnerID]}}
	if err := fileLines(ctx, q, at, paid); err != nil {
		return err
	}
	if err := settleLines(ctx, q, at, paid); err != nil {
		return err
	}
	*line = paid[0].PayoutLine
	return affiliate.Audit(ctx, q, at.Recorded, affiliate.AuditEntry{Actor: at.Actor, Action: "pay", Object: "partner",
		ObjectID: int64(line.PartnerID), After: line, Reason: line.Exception})
}
