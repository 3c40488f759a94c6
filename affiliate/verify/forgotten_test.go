package verify_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"partnercenter/db"
)

// kept are the columns of free text, by table, that stay when the plugin is
// deleted with "Keep the books, forget the people"; all others are emptied. A
// new column of text is emptied, or stands here for a reason.
var kept = map[string][]string{
	"what is sold, and by which rules": {"settings.data", "programs.name", "policies.data", "products.external_id",
		"products.name", "products.former_name", "tools.name", "tools.target_url",
		"tools.campaign", "tools.ad", "tools.subject",
		"tools.body_html",
		"tools.body_text", "tool_groups.name", "order_lines.line", "order_lines.name", "decisions.locked_terms"},
	"what a cart calls its orders": {"orders.external_id", "orders.number", "orders.subscription_id",
		"order_states.payload", "subscriptions.external_id", "order_seqs.external_id", "touchpoints.external_id"},
	"who of the staff did it, and why": {"settings.actor", "policies.actor", "decisions.actor", "decisions.trace",
		"commissions.reason", "manuals.reason", "manuals.actor", "journals.actor", "journals.reason", "payouts.actor",
		"payouts.note", "payouts.filed_by", "claims.actor", "claims.reason", "resets.actor", "resets.reason",
		"resets.undone_by", "audit.actor", "audit.reason", "api_keys.created_by", "webhooks.created_by",
		"tasks.actor", "tasks.place"},
	"accounts must show whom they paid": {"payout_lines.paypal_email", "payout_lines.payee", "payout_lines.address",
		"payout_lines.check_number", "payout_lines.reference", "payout_lines.exception", "payout_lines.return_reason"},
	"what a site asks of people":    {"contact_fields.name", "contact_fields.choices"},
	"what people agreed to":         {"signup_terms.body", "signup_terms.actor"},
	"what mails say":                {"messages.name", "messages.subject", "messages.body_html", "messages.body_text"},
	"what a shop calls its coupons": {"coupons.code", "coupons.error", "coupon_templates.pattern"},
	"names of programs and jobs":    {"heartbeats.version", "heartbeats.waiting", "leases.name", "leases.holder"},
}

// emptied are columns that hold a person or a cookie in another form than text.
var emptied = []string{"touchpoints.browser", "contact_browsers.browser", "inbox.click", "applications.click",
	"applications.visitor", "secrets.sealed", "task_files.bytes",
	"tasks.params"}

// Whoever keeps the books and forgets the people has no name, address or cookie
// left but those on payments, and books that still prove themselves.
//
// Spec: D37
func TestForgottenPersonsLeaveTheBooksWhole(t *testing.T) {
	statements := forget(t)
	s := busy(t)
	columns := s.personalColumns(t)
	if len(columns) < 30 {
		t.Fatalf("only these columns hold persons: %v", columns)
	}
	s.OK(s.DB.Tx(t.Context(), func(tx *db.Tx) error {
		s.fill(tx, columns)
		return nil
	}))
	for range 2 { // which may be interrupted, and done again
		for _, statement := range statements {
			statement = strings.NewReplacer("{p}", "{wp}partner_center_", "{now}",
				"2026-01-02 03:04:05").Replace(statement)
			if _, err := s.DB.Exec(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
	}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		if n := s.Number("SELECT COUNT(*) FROM {wp}partner_center_" + table + " WHERE " + column +
			" LIKE '%zaphod%'"); n != 0 {
			t.Errorf("%s still names somebody, in %d rows", c, n)
		}
	}
	for _, table := range []string{"contacts", "partners"} {
		if n := s.Number("SELECT COUNT(*) FROM {wp}partner_center_" + table + " WHERE wp_user_id IS NOT NULL"); n != 0 {
			t.Errorf("%d %s still name their account", n, table)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit
		WHERE actor LIKE '%(user %' AND actor NOT LIKE '(user %' AND object <> 'manual'`); n != 0 {
		t.Errorf("%d actions that booked nothing say who did them", n)
	}
	s.nowhere(t, "@example.")
	s.WantClean()
}

// forget are the plugin's statements.
func forget(t *testing.T) (statements []string) {
	t.Helper()
	const code = `define('ABSPATH', '/');
		require '../../wp-plugin/partner-center/includes/class-persons.php';
		echo json_encode(PartnerCenter\Persons::FORGET);`
	out, err := exec.CommandContext(t.Context(), "php", "-r", code).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &statements); err != nil {
		t.Fatal(err)
	}
	return statements
}

// personalColumns are those that must be emptied.
func (s *site) personalColumns(t *testing.T) []string {
	t.Helper()
	all := []string{}
	s.OK(s.DB.Select(t.Context(), &all, `
		SELECT CONCAT(REPLACE(table_name, '{wp}partner_center_', ''), '.', column_name) FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name LIKE '{wp}partner\_center\_%' AND character_set_name = 'utf8mb4'
		ORDER BY table_name, ordinal_position`))
	for why, columns := range kept {
		for _, c := range columns {
			if !slices.Contains(all, c) {
				t.Errorf("%s (%s) is no column of text", c, why)
			}
			all = slices.DeleteFunc(all, func(column string) bool { return column == c })
		}
	}
	return append(all, emptied...)
}

// fill puts a person into each column, and a row into each table that has none.
func (s *site) fill(tx *db.Tx, columns []string) {
	s.Helper()
	_, err := tx.Exec(s.Context(), `SET SESSION sql_mode = ''`)
	s.OK(err)
	for _, c := range columns {
		name, column, _ := strings.Cut(c, ".")
		table, rows := "{wp}partner_center_"+name, 0
		s.OK(tx.Get(s.Context(), &rows, "SELECT COUNT(*) FROM "+table))
		if rows == 0 {
			_, err := tx.Exec(s.Context(), "INSERT INTO "+table+" () VALUES ()")
			s.OK(err)
		}
		_, err := tx.Exec(s.Context(), "UPDATE "+table+" SET "+column+" = CONCAT('zaphod', SUBSTRING(UUID_SHORT(), 8))")
		s.OK(err)
	}
	_, err = tx.Exec(s.Context(), `SET SESSION sql_mode = DEFAULT`)
	s.OK(err)
}

// nowhere fails when a text stands in any column that is kept, but on payments.
func (s *site) nowhere(t *testing.T, text string) {
	t.Helper()
	for _, columns := range kept {
		for _, c := range columns {
			table, column, _ := strings.Cut(c, ".")
			if table == "payout_lines" {
				continue
			}
			n := s.Number("SELECT COUNT(*) FROM {wp}partner_center_"+table+" WHERE "+column+" LIKE ?", "%"+text+"%")
			if n != 0 {
				t.Errorf("%s says %s in %d rows", c, text, n)
			}
		}
	}
}
