package shoptest

import (
	"fmt"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Crowd is many pending commissions at once.
type Crowd struct {
	Commissions, Partners int
	First                 affiliate.PartnerID // the partners are this one and the next ones
	Program               affiliate.ProgramID
	Product               affiliate.ProductID
}

// Load fills the books with orders of one commission of $10 each, spread over the
// partners, whether or not they exist: written in bulk, but such that Verify is
// content with its journals and balances. The commissions' ids follow CrowdFrom. It
// needs MariaDB's sequences.
func (c Crowd) Load(t testing.TB, h *db.Handle) {
	t.Helper()
	seq := fmt.Sprintf("seq_1_to_%d", c.Commissions)
	id := fmt.Sprintf("%d + seq", CrowdFrom)
	earner := fmt.Sprintf("%d + seq %% %d", c.First, c.Partners)
	at := "'2026-01-01 00:00:00' + INTERVAL seq SECOND"
	for _, query := range []string{
		`{wp}partner_center_orders (id, source, external_id, number, version, status, currency,
			total, contact_id, placed_at, day, paid_at, created_at, updated_at)
			SELECT ` + id + `, 'bulk', seq, seq, 1, 'paid', 'USD', 100, ` + id + ` DIV 3, ` + at + `, DATE(` +
			at + `), ` + at + `, ` + at + `, ` + at,
		`{wp}partner_center_order_lines (id, order_id, line, product_id, name, quantity, base)
			SELECT ` + id + `, ` + id + `, '1', ` + c.Product.String() + `, 'Book', 1, 100`,
		`{wp}partner_center_decisions (order_id, decision_version, reason, via, partner_id, program_id,
			settings_version, decided_at, actor, trace)
			SELECT ` + id + `, 1, 'CREDITED', 'link', ` + earner + `, ` + c.Program.String() + `, 1, ` + at +
			`, 'system', CONCAT('{"version":1,"x":"', REPEAT('x', 600), '"}')`,
		`{wp}partner_center_order_states (order_id, version, received_at, outcome, payload)
			SELECT ` + id + `, 1, ` + at + `, 'applied', REPEAT('x', 600)`,
		`{wp}partner_center_commissions (id, order_id, line_id, level, decision_version, sequence,
			partner_id, program_id, product_id, currency, base, amount, status,
			occurred_at, day, journals, updated_at, stage, granted, pending, payable, in_payout, paid)
			SELECT ` + id + `, ` + id + `, ` + id + `, 1, 1, 1, ` + earner + `, ` + c.Program.String() +
			`, ` + c.Product.String() + `, 'USD', 100, 10, 'pending',
			` + at + `, DATE(` + at + `), 1, ` + at + `, 'pending', 10, 10, 0, 0, 0`,
		`{wp}partner_center_journals (id, partner_id, currency, commission_id, seq, kind, occurred_at,
			day, recorded_at, actor, reason)
			SELECT ` + id + `, ` + earner + `, 'USD', ` + id + `, 1, 'earn', ` + at + `, DATE(` + at + `), ` +
			at + `, 'system', 'EARNED'`,
		`{wp}partner_center_entries (journal_id, account, amount) SELECT ` + id + `, 'pending', 10`,
		`{wp}partner_center_entries (journal_id, account, amount) SELECT ` + id + `, 'expense', -10`,
	} {
		exec(t, h, `INSERT INTO `+query+` FROM `+seq)
	}
	exec(t, h, `INSERT INTO {wp}partner_center_balances (partner_id, currency, expense, pending)
		SELECT partner_id, currency, -SUM(amount), SUM(amount) FROM {wp}partner_center_commissions
		GROUP BY partner_id, currency`)
}

// CrowdFrom is the id before the first commission, and order, of a Crowd.
const CrowdFrom = 1_000_000

func exec(t testing.TB, h *db.Handle, query string) {
	t.Helper()
	if _, err := h.Exec(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}
