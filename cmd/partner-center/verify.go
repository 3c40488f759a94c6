package main

import (
	"context"
	"fmt"

	"partnercenter/affiliate/verify"
)

type verifyCmd struct{ siteFlags }

// Run proves the books and the roll-ups of the site.
func (c verifyCmd) Run(ctx context.Context) error {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	findings, err := verify.Verify(ctx, h)
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Printf("%s: %s: expected %s, found %s\n", f.Code, f.What, f.Expected, f.Found)
	}
	if len(findings) > 0 {
		return fmt.Errorf(
			"%d findings: the books do not agree with themselves; keep a copy of the database and report this",
			len(findings))
	}
	fmt.Println("Everything agrees: each journal sums to zero, and balances, commissions, payouts and daily figures " +
		"are what their entries say.")
	return nil
}
