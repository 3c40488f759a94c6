package verify

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/db"
)

// verifyManuals replays the journals of each manual entry.
func verifyManuals(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := ledger.ManualID(0); len(findings) < mostFindings; {
		manuals := []ledger.Manual{}
		err := q.Select(ctx, &manuals, `/* verify.verifyManuals */
			SELECT `+ledger.ManualColumns+` FROM {wp}partner_center_manuals WHERE id > ? ORDER BY id LIMIT ?`,
			int64(last), verifyAtOnce)
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
			found, err := manualDifferences(m, replayed[int64(m.ID)])
			if err != nil {
				return findings, err
			}
			findings = append(findings, found...)
		}
	}
	return findings, nil
}

// manualDifferences are the fields in which an entry is not what its journals say.
func manualDifferences(m ledger.Manual, p past) ([]Finding, error) {
	total, err := p.book.Total()
	what := "manual entry " + m.ID.String()
	return append(compare("MANUAL", what, []field{{"amount", total, m.Amount}, {"status", p.book.Stage, m.Status},
		{"journals", p.journals, m.Journals}}),
		bookDifferences(p.book, "MANUAL", what, m.Book)...), err
}

// linesAtOnce is how many payments are looked at together; each may have
// thousands of items.
const linesAtOnce = 200

// verifyItems proves that what the journals of a payment brought to in_payout
// and to paid is what its items say, by its state.
func verifyItems(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := affiliate.PayoutLineID(0); len(findings) < mostFindings; {
		ids := []affiliate.PayoutLineID{}
		err := q.Select(ctx, &ids,
			`/* verify.verifyItems */ SELECT id FROM {wp}partner_center_payout_lines WHERE id > ? ORDER BY id LIMIT ?`,
			int64(last), linesAtOnce)
		if err != nil || len(ids) == 0 {
			return findings, err
		}
		first := int64(last)
		last = ids[len(ids)-1]
		found := []Finding{}
		if err := q.Select(ctx, &found, verifyItemsSQL, first, last, first, last); err != nil {
			return findings, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

const verifyItemsSQL = `/* verify.verifyItems */
SELECT 'PAYOUT_ITEM' AS code,
	CONCAT('payout line ',
	line_id, IF(manual_id > 0, CONCAT(', manual entry ', manual_id), CONCAT(', commission ', commission_id))) AS what,
	CONCAT(SUM(filed), ' in payout, ', SUM(settled), ' paid') AS expected, CONCAT(SUM(listed_filed),
	' in payout, ', SUM(listed_settled), ' paid') AS found
FROM (
	SELECT j.payout_line_id AS line_id, COALESCE(j.commission_id, 0) AS commission_id,
	COALESCE(j.manual_id, 0) AS manual_id,
		IF(e.account = 'in_payout', e.amount, 0) AS filed, IF(e.account = 'paid', e.amount, 0) AS settled,
		0 AS listed_filed, 0 AS listed_settled
	FROM {wp}partner_center_journals j JOIN {wp}partner_center_entries e ON e.journal_id = j.id
	AND e.account IN ('in_payout', 'paid')
	WHERE j.payout_line_id > ? AND j.payout_line_id <= ?
	UNION ALL
	SELECT i.line_id, i.commission_id, i.manual_id, 0, 0,
		IF(l.state IN ('filed', 'sent'), i.amount, 0), IF(l.state = 'settled', i.amount, 0)
	FROM {wp}partner_center_payout_items i JOIN {wp}partner_center_payout_lines l ON l.id = i.line_id
	WHERE i.line_id > ? AND i.line_id <= ?
) AS items
GROUP BY line_id, commission_id, manual_id
HAVING SUM(filed) <> SUM(listed_filed) OR SUM(settled) <> SUM(listed_settled)`

// verifyFiles makes the PayPal file of each batch once more.
func verifyFiles(ctx context.Context, q db.Queryer) ([]Finding, error) {
	payouts := []payout.Payout{}
	err := q.Select(ctx, &payouts, `/* verify.verifyFiles */
		SELECT `+payout.PayoutColumns+
		` FROM {wp}partner_center_payouts WHERE format > '' AND state IN ('filed', 'sent', 'settled') ORDER BY id`)
	if err != nil {
		return nil, err
	}
	findings := []Finding{}
	for _, p := range payouts {
		lines, err := payout.LinesOf(ctx, q, p.ID)
		if err != nil {
			return nil, err
		}
		kept := []payout.PayoutFile{}
		if err := q.Select(ctx, &kept, `/* verify.verifyFiles */ SELECT name, line_count, total, sha256
			FROM {wp}partner_center_payout_files WHERE payout_id = ? ORDER BY part`, p.ID); err != nil {
			return nil, err
		}
		what := "payout " + p.ID.String() + ", PayPal file"
		files, err := payout.PayPalFiles(p, lines)
		if err != nil {
			findings = append(findings, Finding{"PAYOUT_FILE", what, "lines that can be written", err.Error()})
			continue
		}
		findings = append(findings, compareFiles(what, files, kept)...)
	}
	return findings, nil
}

func compareFiles(what string, files []paypal.File, kept []payout.PayoutFile) []Finding {
	findings := compare("PAYOUT_FILE", what, []field{{"parts", len(files), len(kept)}})
	for i := range min(len(files), len(kept)) {
		findings = append(findings, compare("PAYOUT_FILE", what, []field{{"SHA-256", kept[i].SHA256, files[i].SHA256},
			{"name", kept[i].Name, files[i].Name}, {"lines", kept[i].Lines, files[i].Rows},
			{"total", kept[i].Total, files[i].Total}})...)
	}
	return findings
}
