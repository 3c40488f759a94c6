package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"partnercenter/db"
	"partnercenter/db/dbtest"
)

const schemaPage = "docs/schema.sql"

// areas are the tables by what they are about, in the order of reading.
var areas = []struct {
	title  string
	tables string
}{
	{"Programs: what can be sold and what it earns", "settings programs policies products terms term_flats"},
	{"People: who is known, and who promotes",
		"contacts contact_fields contact_values partners partner_states memberships paypal_changes partner_mails partner_notes " +
			"applications signup_fields signup_answers signup_terms signup_accepted signup_tries " +
			"contact_browsers"},
	{"Tracking: promo tools, clicks, and who brought whom",
		"tools tool_groups visits visit_seen visit_days visit_sums visit_pages click_rejects own_clicks floods touchpoints " +
			"claims " +
			"click_tokens resets " +
			"reset_contacts"},
	{"Coupons: codes of the shop that are partners'", "coupon_templates coupons"},
	{"Sales: orders and what was decided on them",
		"orders order_states order_persons order_lines order_coupons subscriptions decisions " +
			"missing_sales"},
	{"Books: who is owed what", "commissions manuals journals entries balances"},
	{"Reports: sums that are kept of what is above", "rolls day_sums"},
	{"Payouts", "payouts payout_lines payout_items payout_files"},
	{"Log: who did what", "audit audit_values"},
	{"WordPress: what it reports and what it is asked to do",
		"inbox order_seqs mails mail_settings messages message_uses message_events " +
			"milestones milestone_passes milestone_standings jobs " +
			"tasks task_files imports import_lines heartbeats nonces"},
	{"Other programs: who may call, what they reported, what they are told",
		"api_keys api_answers api_calls pixel_calls webhooks webhook_deliveries"},
	{"Running", "secrets instances versions leases screens"},
}

// docs/schema.sql shows the schema as the migrations make it.
func TestSchemaPage(t *testing.T) {
	h := dbtest.New(t)
	comments := tableComments(t)
	var page strings.Builder
	page.WriteString("-- The tables of a site whose prefix is wp_, as the migrations make them on MariaDB.\n" +
		"-- Written by `go test ./docs -update`; the comments stand in db/migrations.\n" +
		"-- All tables: ENGINE=InnoDB, utf8mb4, COLLATE utf8mb4_unicode_ci where a column names no other.\n")
	shown := []string{"schema"} // the migration runner's own
	for _, area := range areas {
		fmt.Fprintf(&page, "\n\n-- %s\n-- %s\n", area.title, strings.Repeat("-", len(area.title)))
		for _, table := range strings.Fields(area.tables) {
			shown = append(shown, table)
			fmt.Fprintf(&page, "\n%s%s", comments[table], printTable(t, h, table))
		}
	}
	var all []string
	if err := h.Select(t.Context(), &all, `SELECT SUBSTRING(table_name, ?) FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name LIKE '{wp}partner\_center\_%'`,
		len(dbtest.Prefix+"partner_center_")+1); err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		if !slices.Contains(shown, table) {
			t.Errorf("the table %s is in no area of %s: name it in the list above this test", table, schemaPage)
		}
	}
	if *update {
		if err := os.WriteFile(schemaPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if read(t, schemaPage) != page.String() {
		t.Errorf("%s is not the schema that the migrations make: `go test ./docs -update` writes it", schemaPage)
	}
}

// tableComments are what the migrations say about the tables they make.
func tableComments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("db/migrations/*.sql")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	comments := map[string]string{
		"leases": "-- Who may do a job alone, and until when: migrating, draining the inbox.\n",
	}
	form := regexp.MustCompile(
		`(?s)^-- \+goose Up\n((?:-- [^\n]*\n)+)CREATE TABLE (?:IF NOT EXISTS )?\{wp\}partner_center_(\w+)`)
	for _, file := range files {
		if m := form.FindStringSubmatch(read(t, file)); m != nil {
			comments[m[2]] = m[1]
		}
	}
	return comments
}

var (
	displayWidth = regexp.MustCompile(`\b((?:small|tiny|big)?int)\(\d+\)`) // MariaDB's, which says nothing
	tableOptions = regexp.MustCompile(`\n\) ENGINE=.*$`)
	collation    = regexp.MustCompile(` COLLATE utf8mb4_unicode_ci`)
)

// printTable is the table's own CREATE statement, without what it shares with all.
func printTable(t *testing.T, h *db.Handle, table string) string {
	t.Helper()
	var row struct {
		Name string `db:"Table"`
		DDL  string `db:"Create Table"`
	}
	if err := h.Get(t.Context(), &row, "SHOW CREATE TABLE {wp}partner_center_"+table); err != nil {
		t.Fatal(err)
	}
	ddl := strings.ReplaceAll(strings.ReplaceAll(row.DDL, "`", ""), dbtest.Prefix, "wp_")
	ddl = displayWidth.ReplaceAllString(ddl, "$1")
	ddl = tableOptions.ReplaceAllString(ddl, "\n);\n")
	return collation.ReplaceAllString(ddl, "")
}
