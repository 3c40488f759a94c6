package verify_test

import (
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/verify"
)

// Each kind of damage is found, and named with what stands there.
//
// Spec: S33 B1.3
func TestVerifyFindsTampering(t *testing.T) {
	s := newSite(t)
	recruiter := s.Partner("recruiter")
	p := s.Partner("pia", recruiter)
	paid := s.Earn(p, "100")
	s.ApproveAll(paid)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("10")))(s)
	c := s.Earn(p, "100")
	bonus := shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "5", "Bonus")))(s)
	batch := s.FileBatch(s.batchOf(p, "7"))
	s.WantClean()
	for _, test := range []struct {
		name, damage, mend, code, what string
		args, mendArgs                 []any
	}{
		{"entry", `UPDATE {wp}partner_center_entries SET amount = amount + 0.01 WHERE journal_id = ?
			AND account = 'pending'`,
			`UPDATE {wp}partner_center_entries SET amount = amount - 0.01 WHERE journal_id = ? AND account = 'pending'`,
			"JOURNAL", "journal", []any{s.firstJournal(c)}, []any{s.firstJournal(c)}},
		{"balance", `UPDATE {wp}partner_center_balances SET payable = payable + 1 WHERE partner_id = ?`,
			`UPDATE {wp}partner_center_balances SET payable = payable - 1 WHERE partner_id = ?`, "BALANCE", "payable",
			[]any{p.ID}, []any{p.ID}},
		{"balance of nobody",
			`INSERT INTO {wp}partner_center_balances (partner_id, currency, paid) VALUES (999, 'EUR', 5)`,
			`DELETE FROM {wp}partner_center_balances WHERE partner_id = 999`, "BALANCE", "partner 999, EUR, paid",
			nil, nil},
		{"amount", `UPDATE {wp}partner_center_commissions SET amount = 11 WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET amount = 10 WHERE id = ?`,
			"COMMISSION", "amount", []any{c.ID}, []any{c.ID}},
		{"status", `UPDATE {wp}partner_center_commissions SET status = 'approved' WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET status = 'pending' WHERE id = ?`,
			"COMMISSION", "status", []any{c.ID}, []any{c.ID}},
		{"what was granted", `UPDATE {wp}partner_center_commissions SET granted = 99 WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET granted = 10 WHERE id = ?`,
			"COMMISSION", "granted", []any{c.ID}, []any{c.ID}},
		{"journal count", `UPDATE {wp}partner_center_commissions SET journals = 7 WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET journals = 1 WHERE id = ?`,
			"COMMISSION", "journals", []any{c.ID}, []any{c.ID}},
		{"journal's owner", `UPDATE {wp}partner_center_journals SET partner_id = ? WHERE id = ?`,
			`UPDATE {wp}partner_center_journals SET partner_id = ? WHERE id = ?`,
			"JOURNAL_OWNER", "journal", []any{recruiter.ID, s.firstJournal(c)}, []any{p.ID, s.firstJournal(c)}},
		{"payout line", `UPDATE {wp}partner_center_payout_lines SET amount = 13 WHERE id = ?`,
			`UPDATE {wp}partner_center_payout_lines SET amount = 12 WHERE id = ?`, "PAYOUT", "payout line",
			[]any{batch.Lines[0].ID}, []any{batch.Lines[0].ID}},
		{"payout item", `UPDATE {wp}partner_center_payout_items SET amount = 12 WHERE commission_id = ?`,
			`UPDATE {wp}partner_center_payout_items SET amount = 10 WHERE commission_id = ?`,
			"PAYOUT_ITEM", "commission " + paid.ID.String(), []any{paid.ID}, []any{paid.ID}},
		{"payout item of an entry", `UPDATE {wp}partner_center_payout_items SET amount = 6 WHERE manual_id = ?`,
			`UPDATE {wp}partner_center_payout_items SET amount = 5 WHERE manual_id = ?`,
			"PAYOUT_ITEM", "manual entry " + bonus.ID.String(), []any{bonus.ID}, []any{bonus.ID}},
		{"state of a line", `UPDATE {wp}partner_center_payout_lines SET state = 'settled' WHERE id = ?`,
			`UPDATE {wp}partner_center_payout_lines SET state = 'filed' WHERE id = ?`,
			"PAYOUT_STATE", "payout line " + batch.Lines[0].ID.String(), []any{batch.Lines[0].ID},
			[]any{batch.Lines[0].ID}},
		{"address of a line", `UPDATE {wp}partner_center_payout_lines SET paypal_email = 'x@pay.example' WHERE id = ?`,
			`UPDATE {wp}partner_center_payout_lines SET paypal_email = ? WHERE id = ?`,
			"PAYOUT_FILE", "payout " + batch.ID.String(), []any{batch.Lines[0].ID}, []any{batch.Lines[0].PayPalEmail,
				batch.Lines[0].ID}},
		{"payment of a journal",
			`UPDATE {wp}partner_center_journals SET payout_line_id = NULL WHERE manual_id = ? AND kind = 'payout'`,
			`UPDATE {wp}partner_center_journals SET payout_line_id = ? WHERE manual_id = ? AND kind = 'payout'`,
			"PAYOUT_JOURNAL", "journal", []any{bonus.ID}, []any{batch.Lines[0].ID, bonus.ID}},
		{"manual entry", `UPDATE {wp}partner_center_manuals SET amount = 6 WHERE id = ?`,
			`UPDATE {wp}partner_center_manuals SET amount = 5 WHERE id = ?`,
			"MANUAL", "manual entry " + bonus.ID.String() + ", amount", []any{bonus.ID}, []any{bonus.ID}},
		{"manual entry's owner", `UPDATE {wp}partner_center_manuals SET partner_id = ? WHERE id = ?`,
			`UPDATE {wp}partner_center_manuals SET partner_id = ? WHERE id = ?`,
			"JOURNAL_OWNER", "journal", []any{recruiter.ID, bonus.ID}, []any{p.ID, bonus.ID}},
		{"refunds after payment", `UPDATE {wp}partner_center_commissions SET clawback = 1 WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET clawback = 0 WHERE id = ?`,
			"COMMISSION", "clawback", []any{paid.ID}, []any{paid.ID}},
		{"order line", `UPDATE {wp}partner_center_order_lines SET base = 200 WHERE id = ?`,
			`UPDATE {wp}partner_center_order_lines SET base = 100 WHERE id = ?`,
			"ORDER_TARGET", "order " + c.OrderID.String(), []any{c.LineID}, []any{c.LineID}},
		{"order line's base", `UPDATE {wp}partner_center_order_lines SET base = 200 WHERE id = ?`,
			`UPDATE {wp}partner_center_order_lines SET base = 100 WHERE id = ?`,
			"LINE_BASE", "line " + c.LineID.String() + ", base", []any{c.LineID}, []any{c.LineID}},
		{"commission's base", `UPDATE {wp}partner_center_commissions SET base = 90 WHERE id = ?`,
			`UPDATE {wp}partner_center_commissions SET base = 100 WHERE id = ?`,
			"COMMISSION_BASE", "line " + c.LineID.String() + ", level 1", []any{c.ID}, []any{c.ID}},
		{"decision's partner", `UPDATE {wp}partner_center_decisions SET partner_id = ? WHERE order_id = ?`,
			`UPDATE {wp}partner_center_decisions SET partner_id = ? WHERE order_id = ?`,
			"ORDER_TARGET", "partner", []any{recruiter.ID, c.OrderID}, []any{p.ID, c.OrderID}},
		{"decision lost", `UPDATE {wp}partner_center_decisions SET order_id = -order_id WHERE order_id = ?`,
			`UPDATE {wp}partner_center_decisions SET order_id = -order_id WHERE order_id = -?`,
			"DECISION", "order " + c.OrderID.String(), []any{c.OrderID}, []any{int64(c.OrderID)}},
		{"visits of a day", `UPDATE {wp}partner_center_visit_days SET uniques = uniques + 1`,
			`UPDATE {wp}partner_center_visit_days SET uniques = uniques - 1`, "VISIT_DAYS", "partner", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.Exec(test.damage, test.args...)
			found := false
			for _, f := range shoptest.Must(verify.Verify(t.Context(), s.DB))(s) {
				found = found || f.Code == test.code && strings.Contains(f.What, test.what) && f.Expected != f.Found
			}
			if !found {
				t.Errorf("no finding %s of %q: %+v", test.code, test.what,
					shoptest.Must(verify.Verify(t.Context(), s.DB))(s))
			}
			s.Exec(test.mend, test.mendArgs...)
			s.WantClean()
		})
	}
}

// batchOf is a draft for a partner who gets so much more by hand.
func (s *site) batchOf(p affiliate.Partner, amount string) payout.Batch {
	s.Helper()
	shoptest.Must(s.Adjust(s.Context(), shoptest.Anna, shoptest.EntryOf(s.ByPayPal(p), amount, "More")))(s)
	return s.Draft()
}

func (s *site) firstJournal(c ledger.Commission) ledger.JournalID {
	s.Helper()
	return shoptest.Must(s.Journals(s.Context(), c.ID))(s)[0].ID
}
