package ledger

import (
	"context"

	"partnercenter/affiliate/paypal"
	"partnercenter/db"
)

// verifyManuals replays the journals of each manual entry.
func verifyManuals(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := ManualID(0); len(findings) < mostFindings; {
		manuals := []Manual{}
		err := q.Select(ctx, &manuals, `/* ledger.verifyManuals */
			SELECT `+manualColumns+` FROM {wp}pc_manuals WHERE id > ? ORDER BY id LIMIT ?`, int64(last), verifyAtOnce)
		if err != nil || len(manuals) == 0 {
			return findings, err
		}
		first := last
		last = manuals[len(manuals)-1].ID
		replayed, err := replay(ctx, q, "manual_id", int64(first), int64(last))
		if err != nil {
			return findings, err
		}
		for _, m := range manuals {
			found, err := m.differences(replayed[int64(m.ID)])
			if err != nil {
				return findings, err
			}
			findings = append(findings, found...)
		}
	}
	return findings, nil
}

// differences are the fields in which an entry is not what its journals say.
func (m Manual) differences(p past) ([]Finding, error) {
	total, err := p.book.total()
	what := "manual entry " + m.ID.String()
	return append(compare("MANUAL", what, []field{{"amount", total, m.Amount}, {"status", p.book.Stage, m.Status}, {"journals", p.journals, m.Journals}}),
		p.book.differences("MANUAL", what, m.Book)...), err
}

// verifyFiles makes the PayPal file of each batch anew.
func verifyFiles(ctx context.Context, q db.Queryer) ([]Finding, error) {
	payouts := []Payout{}
	err := q.Select(ctx, &payouts, `/* ledger.verifyFiles */
		SELECT `+payoutColumns+` FROM {wp}pc_payouts WHERE format > '' AND state IN ('filed', 'sent', 'settled') ORDER BY id`)
	if err != nil {
		return nil, err
	}
	findings := []Finding{}
	for _, p := range payouts {
		lines, err := linesOf(ctx, q, p.ID)
		if err != nil {
			return nil, err
		}
		sums := []string{}
		if err := q.Select(ctx, &sums, `/* ledger.verifyFiles */ SELECT sha256 FROM {wp}pc_payout_files WHERE payout_id = ? ORDER BY part`, p.ID); err != nil {
			return nil, err
		}
		what := "payout " + p.ID.String() + ", PayPal file"
		files, err := payPalFiles(p, lines)
		if err != nil {
			findings = append(findings, Finding{"PAYOUT_FILE", what, "lines that can be written", err.Error()})
			continue
		}
		findings = append(findings, compareFiles(what, files, sums)...)
	}
	return findings, nil
}

func compareFiles(what string, files []paypal.File, sums []string) []Finding {
	findings := compare("PAYOUT_FILE", what, []field{{"parts", len(files), len(sums)}})
	for i := range min(len(files), len(sums)) {
		findings = append(findings, compare("PAYOUT_FILE", what, []field{{"SHA-256", sums[i], files[i].SHA256}})...)
	}
	return findings
}
