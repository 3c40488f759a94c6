package main

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/verify"
	"partnercenter/db"
	"partnercenter/reports"
)

type verifyCmd struct {
	siteFlags
	RecordHead string `help:"A fingerprint of the record of actions that was noted down earlier, to be found in it again."`
}

// Run proves the books, the roll-ups and the record of actions of the site.
func (c verifyCmd) Run(ctx context.Context) error {
	noted := affiliate.AuditHead{}
	if c.RecordHead != "" {
		var err error
		if noted, err = affiliate.ParseAuditHead(c.RecordHead); err != nil {
			return err
		}
	}
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	findings, err := verify.Verify(ctx, h)
	if err != nil {
		return err
	}
	sums, err := reports.ProveSums(ctx, h)
	if err != nil {
		return err
	}
	findings = append(findings, sums...)
	proof, err := proveRecord(ctx, h, noted)
	if err != nil {
		return err
	}
	for _, f := range proof.Faults {
		if f.Kind == affiliate.FaultHead { // Verify knows of no head
			findings = append(findings, verify.Finding{Code: "AUDIT", What: "the fingerprint",
				Expected: noted.String(), Found: f.Text().String()})
		}
	}
	for _, f := range findings {
		fmt.Printf("%s: %s: expected %s, found %s\n", f.Code, f.What, f.Expected, f.Found)
	}
	if len(findings) > 0 {
		return fmt.Errorf(
			"%d findings: the books do not agree with themselves; keep a copy of the database and report this",
			len(findings))
	}
	fmt.Println("Everything agrees: each journal sums to zero, and balances, commissions, payouts and the sums of " +
		"days and months are what their entries say.")
	if head := proof.Head.String(); head != "" {
		fmt.Printf("The record of actions is as it was written. Its fingerprint is %s: kept elsewhere, it proves all "+
			"of this again later (--record-head).\n", head)
	}
	return nil
}

// proveRecord proves the chain of actions, which must still have the head noted
// down; the zero one is none.
func proveRecord(ctx context.Context, h *db.Handle, noted affiliate.AuditHead) (proof affiliate.AuditProof, err error) {
	err = h.ReadOnly(ctx, func(tx *db.Tx) (err error) {
		proof, err = affiliate.ProveAudit(ctx, tx, noted)
		return err
	})
	return proof, err
}
