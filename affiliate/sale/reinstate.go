package sale

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// canceledOne is a commission that somebody wants back, with the decision of its
// order that is in force.
type canceledOne struct {
	ID        ledger.CommissionID `db:"id"`
	OrderID   affiliate.OrderID   `db:"order_id"`
	Stage     ledger.Status       `db:"stage"`
	Status    ledger.Status       `db:"status"`
	Journals  int                 `db:"journals"`
	Version   int                 `db:"decision_version"`
	InForce   int                 `db:"in_force"`
	PartnerID affiliate.PartnerID `db:"credited"`
}

// Reinstate brings back what an admin canceled, for whom it was (S82): of each
// picked commission all that was canceled of its order, pending again. What is
// approved or paid beside it stays so. Each pick is fully done or skipped.
//
// Errors: KindInvalid by the field reason.
func (sv *Service) Reinstate(ctx context.Context, actor affiliate.Actor, picks []ledger.Pick,
	why string) (report ledger.Report, err error) {
	if why, err = affiliate.CheckReason(why); err != nil {
		return report, err
	}
	found, err := sv.canceledOnes(ctx, picks)
	if err != nil {
		return report, err
	}
	outcome, seen := map[affiliate.OrderID]reason.Code{}, map[ledger.CommissionID]bool{}
	for _, pick := range picks {
		if seen[pick.ID] {
			continue
		}
		seen[pick.ID] = true
		c, there := found[pick.ID]
		code := c.refused(there, pick)
		if code == "" {
			if _, asked := outcome[c.OrderID]; !asked {
				if outcome[c.OrderID], err = sv.reinstate(ctx, actor, c, why); err != nil {
					return report, err
				}
			}
			code = outcome[c.OrderID]
		}
		if code != "" {
			report.Skipped = append(report.Skipped, ledger.Skip{ID: pick.ID, Reason: code})
			continue
		}
		report.Done = append(report.Done, pick.ID)
	}
	return report, nil
}

// reinstate credits one order once more as it is; "" when it was done.
func (sv *Service) reinstate(ctx context.Context, actor affiliate.Actor, c canceledOne, why string) (reason.Code,
	error) {
	wish := Rerun{Choice: AnyPartner, PartnerID: c.PartnerID, ThisOnly: true, Reason: why}
	plan, err := sv.Rerun(ctx, actor, []RerunPick{{OrderID: c.OrderID, Seen: c.InForce}}, wish)
	if err != nil || len(plan.Orders) > 0 || len(plan.Skipped) == 0 {
		return "", err
	}
	return plan.Skipped[0].Reason, nil
}

// refused is why the commission can't be brought back, or "".
func (c canceledOne) refused(there bool, pick ledger.Pick) reason.Code {
	switch {
	case !there:
		return reason.SkipMissing
	case c.Status != ledger.Canceled:
		return ledger.Standing(c.Status)
	case c.Version != c.InForce:
		return reason.SkipRerun
	case c.Stage != ledger.Canceled:
		return reason.SkipFollows
	case pick.Seen != 0 && pick.Seen != c.Journals:
		return reason.SkipChanged
	}
	return ""
}

func (sv *Service) canceledOnes(ctx context.Context, picks []ledger.Pick) (map[ledger.CommissionID]canceledOne,
	error) {
	found, ids := map[ledger.CommissionID]canceledOne{}, []ledger.CommissionID{}
	for _, pick := range picks {
		ids = append(ids, pick.ID)
	}
	if len(ids) == 0 {
		return found, nil
	}
	list := []canceledOne{}
	err := db.SelectIn(ctx, sv.db, &list, `/* sale.canceledOnes */
		SELECT c.id, c.order_id, c.stage, c.status, c.journals, c.decision_version, d.decision_version AS in_force,
			COALESCE(d.partner_id, 0) AS credited
		FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_decisions d ON d.order_id = c.order_id
			AND d.decision_version = (SELECT MAX(m.decision_version) FROM {wp}partner_center_decisions m
			WHERE m.order_id = c.order_id)
		WHERE c.id IN (?)`, ids)
	for _, c := range list {
		found[c.ID] = c
	}
	return found, err
}
