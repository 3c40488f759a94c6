package verify

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// verifyContacts folds the forms of each contact once more: its referrers and
// its leads follow from them.
func verifyContacts(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := affiliate.ContactID(0); len(findings) < mostFindings; {
		found, next, err := tracking.Misfolds(ctx, q, last, verifyAtOnce)
		if err != nil || next == 0 {
			return findings, err
		}
		last = next
		for _, m := range found {
			findings = append(findings, Finding{"REFERRER", fmt.Sprintf("contact %s, %s", m.Contact, m.What),
				referrer(m.Expected), referrer(m.Found)})
		}
	}
	return findings, nil
}

func referrer(r affiliate.Referrer) string {
	return fmt.Sprintf("partner %s, tool %s, SubID %q, page %q, visit %s, %s", r.PartnerID, r.ToolID,
		r.SubID, r.Page, r.VisitID,
		instant(r.At))
}
