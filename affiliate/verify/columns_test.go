package verify_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/verify"
	"partnercenter/db"
)

// busy is a site on which everything happened that money can stand for: flat
// commissions and percentages of every base, two levels, refunds before and
// after payment, growth, a cancellation, a re-run, entries by hand, and payments
// filed, settled and returned.
func busy(t *testing.T) *site {
	s := newSite(t)
	r := s.Partner("recruiter")
	p, other := s.ByPayPal(s.Partner("pia", r)), s.Partner("other", r)
	flat := s.Product("Flat")
	s.Terms(s.Program, flat, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "USD", Level1: shoptest.USD("1.01"), Level2: shoptest.USD("0.5")}}})
	s.Policy(func(p *affiliate.Policy) { p.Base, p.Hold = affiliate.Base{BeforeDiscount: true, WithTax: true}, 3 })
	s.Clock.Advance(time.Hour)
	order := func(email string) (sale.OrderState, sale.Result) {
		o := s.Sale(email, s.Click(p))
		o.Lines[0].Discount, o.Lines[0].Tax = shoptest.USD("10"), shoptest.USD("20")
		o.Lines = append(o.Lines, s.Line("2", flat, "60"))
		o.Lines[1].Quantity = shoptest.Quantity("2.5")
		o.Tax, o.Shipping, o.Total = shoptest.USD("20"), shoptest.USD("7"), shoptest.USD("187")
		return o, s.Place(o)
	}
	next := func() { s.Clock.Advance(time.Hour) }
	o, placed := order("bob@example.com") // paid, grown, partly refunded
	next()
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(placed.Commissions...), "in time"))(s)
	owed := shoptest.Must(s.Balances(t.Context(), p.ID))(s)[0].Payable
	line := shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", owed))(s)
	next()
	o = shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("150"),
			shoptest.USD("237")
	})
	s.Place(o)
	next()
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Refunded, o.Refund.Amount = shoptest.USD("90"), shoptest.USD("11")
	}))
	next()
	_, placed = order("cy@example.com") // canceled in part, then credited to another
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(placed.Commissions[0]), "a mistake"))(s)
	next()
	_, moved := order("dee@example.com")
	next()
	shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: moved.OrderID}},
		sale.Rerun{Choice: sale.AnyPartner, PartnerID: other.ID, Reason: "asked"}))(s)
	next()
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, line.ID, "Account closed"))(s)
	next()
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "500", "Bonus")))(s)
	shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "9", "Before"), ledger.Pending))(s)
	s.FileBatch(s.Draft())
	next()
	_, last := order("eve@example.com")
	s.ApproveAll(last.Commissions...)
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(last.Commissions...), "in time"))(s)
	for _, partner := range []affiliate.Partner{p, r} {
		owed := shoptest.Must(s.Balances(t.Context(), partner.ID))(s)[0].Payable
		shoptest.Must(s.Pay(t.Context(), shoptest.Anna, payout.HandPayment{PartnerID: partner.ID, Currency: "USD",
			Amount: owed, Exception: "leaves"}))(s)
	}
	s.WantClean()
	return s
}

const daySums = "is proven by reports.ProveSums, beside the dimensions that it is summed up by"

// harmless are the money columns whose change proves nothing, and why.
var harmless = map[string]string{
	"products.price": "is proposed when an admin logs a sale; nothing is calculated from it",

	"coupon_templates.amount":  "is what the shop is asked to take off; orders say what it did take off",
	"coupon_templates.minimum": "is for the shop alone",

	"day_sums.sales":      daySums,
	"day_sums.commission": daySums,
	"day_sums.refunded":   daySums,

	"milestones.amount":          "is what an admin wishes to congratulate on",
	"milestone_standings.amount": "is what a partner had sold when milestones were last looked at; no report reads it",
}

// Every amount that is stored is the result of something else that is: no column
// of money can be changed in any row without verify saying so.
//
// Spec: B1.3
func TestEveryMoneyColumnIsProven(t *testing.T) {
	s := busy(t)
	columns := []struct {
		Table  string `db:"t"`
		Column string `db:"c"`
		Key    string `db:"k"`
	}{}
	s.OK(s.DB.Select(t.Context(), &columns, `SELECT c.table_name AS t, c.column_name AS c,
			(SELECT GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position) FROM information_schema.key_column_usage k
				WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.constraint_name = 'PRIMARY') AS k
		FROM information_schema.columns c
		WHERE c.table_schema = DATABASE() AND c.data_type = 'decimal' AND c.table_name LIKE ? ORDER BY 1, 2`,
		s.DB.Text("{wp}")+`partner\_center\_%`))
	if len(columns) < 40 {
		t.Fatalf("found %d columns", len(columns))
	}
	for _, c := range columns {
		name := strings.TrimPrefix(c.Table, s.DB.Text("{wp}partner_center_")) + "." + c.Column
		if harmless[name] != "" {
			continue
		}
		rows := []string{}
		s.OK(s.DB.Select(t.Context(), &rows, fmt.Sprintf(`SELECT CONCAT_WS(',', %s) FROM %s WHERE %s IS NOT NULL`,
			c.Key, c.Table, c.Column)))
		if len(rows) == 0 {
			t.Errorf("%s holds nothing on the busy site", name)
		}
		for _, row := range rows {
			where := fmt.Sprintf("CONCAT_WS(',', %s) = ?", c.Key)
			s.Exec(fmt.Sprintf(`UPDATE %s SET %s = %s + 0.01 WHERE %s`, c.Table, c.Column, c.Column, where), row)
			if len(shoptest.Must(verify.Verify(t.Context(), s.DB))(s)) == 0 {
				t.Errorf("%s of row %s was changed unnoticed", name, row)
			}
			s.Exec(fmt.Sprintf(`UPDATE %s SET %s = %s - 0.01 WHERE %s`, c.Table, c.Column, c.Column, where), row)
		}
	}
	s.WantClean()
}

// Damage to what is no amount is found as well: each statement changes one thing
// of the busy site behind its back.
//
// Spec: B1.3 B12
func TestVerifyFindsWhatHistoryContradicts(t *testing.T) {
	s := busy(t)
	const of = `{wp}partner_center_`
	for _, test := range []struct{ name, damage, code string }{
		{"order erased", `DELETE FROM ` + of + `orders ORDER BY id LIMIT 1`, "ORDER"},
		{"commission of no order", `UPDATE ` + of +
			`commissions SET order_id = 4711 WHERE status = 'paid' ORDER BY id LIMIT 1`, "ORDER"},
		{"order of version 0", `UPDATE ` + of + `orders SET version = 0 ORDER BY id LIMIT 1`, "ORDER_VERSION"},
		{"order's number", `UPDATE ` + of + `orders SET status = 'unpaid' ORDER BY id LIMIT 1`, "ORDER_STATE"},
		{"order's day", `UPDATE ` + of + `orders SET day = day + INTERVAL 2 DAY ORDER BY id LIMIT 1`, "ORDER_VERSION"},
		{"state lost", `DELETE FROM ` + of + `order_states ORDER BY order_id DESC LIMIT 1`, "ORDER_STATE"},
		{"commission's currency", `UPDATE ` + of + `commissions SET currency = 'EUR' ORDER BY id LIMIT 1`,
			"COMMISSION_DECISION"},
		{"commission's program", `UPDATE ` + of + `commissions SET program_id = 99 ORDER BY id LIMIT 1`,
			"COMMISSION_DECISION"},
		{"commission's SubID", `UPDATE ` + of + `commissions SET subid = 'x' ORDER BY id LIMIT 1`,
			"COMMISSION_DECISION"},
		{"commission's tool", `UPDATE ` + of + `commissions SET tool_id = 99 ORDER BY id LIMIT 1`,
			"COMMISSION_DECISION"},
		{"commission's product", `UPDATE ` + of +
			`commissions SET product_id = product_id + 1 WHERE amount > 0 ORDER BY id LIMIT 1`, "COMMISSION_PRODUCT"},
		{"commission's day", `UPDATE ` + of + `commissions SET day = day + INTERVAL 1 DAY ORDER BY id LIMIT 1`,
			"COMMISSION_TIME"},
		{"commission's time", `UPDATE ` + of +
			`commissions SET occurred_at = occurred_at + INTERVAL 1 SECOND ORDER BY id DESC LIMIT 1`,
			"COMMISSION_TIME"},
		{"end of a hold", `UPDATE ` + of + `commissions SET not_before = NULL ORDER BY id LIMIT 1`, "COMMISSION_TIME"},
		{"approval by itself", `UPDATE ` + of + `commissions SET approve_at = occurred_at ORDER BY id LIMIT 1`,
			"COMMISSION_TIME"},
		{"journal's day", `UPDATE ` + of + `journals SET day = day + INTERVAL 1 DAY ORDER BY id LIMIT 1`,
			"JOURNAL_SEAL"},
		{"journal's time", `UPDATE ` + of +
			`journals SET occurred_at = occurred_at + INTERVAL 1 SECOND ORDER BY id DESC LIMIT 1`, "JOURNAL_SEAL"},
		{"journal's actor", `UPDATE ` + of + `journals SET actor = 'eve' ORDER BY id LIMIT 1`, "JOURNAL_SEAL"},
		{"journal's link", `UPDATE ` + of + `journals SET related_id = NULL WHERE related_id > 0 ORDER BY id LIMIT 1`,
			"JOURNAL_SEAL"},
		{"journal's seal", `UPDATE ` + of + `journals SET seal = NULL ORDER BY id LIMIT 1`, "JOURNAL_SEAL"},
		{"payment's partner", `UPDATE ` + of +
			`payout_lines SET partner_id = 2 WHERE partner_id <> 2 ORDER BY id LIMIT 1`, "PAYOUT_LINE"},
		{"payment's settled day", `UPDATE ` + of +
			`payout_lines SET day = day - INTERVAL 1 YEAR WHERE day > 0 ORDER BY id LIMIT 1`, "PAYOUT_LINE"},
		{"payment's settled time", `UPDATE ` + of +
			`payout_lines SET settled_at = NULL, day = NULL WHERE state = 'returned' LIMIT 1`, "PAYOUT_LINE"},
		{"payment's returned day", `UPDATE ` + of +
			`payout_lines SET returned_day = returned_day - INTERVAL 1 YEAR WHERE state = 'returned' LIMIT 1`,
			"PAYOUT_LINE"},
		{"decision's program", `UPDATE ` + of + `decisions SET program_id = 99 ORDER BY id LIMIT 1`,
			"DECISION_MEMBERSHIP"},
		{"decision's calculation", `UPDATE ` + of +
			`decisions SET trace = REPLACE(trace, '"refunded":"0"', '"refunded":"1"') ORDER BY id DESC LIMIT 1`,
			"TRACE"},
		{"decision's steps", `UPDATE ` + of +
			`decisions SET trace = REPLACE(trace, '"steps"', '"stops"') ORDER BY id DESC LIMIT 1`, "TRACE"},
		{"entry by hand's reason", `UPDATE ` + of + `manuals SET reason = 'x' ORDER BY id LIMIT 1`, "MANUAL_AUDIT"},
		{"entry by hand's day", `UPDATE ` + of + `manuals SET day = day - INTERVAL 1 DAY ORDER BY id LIMIT 1`,
			"MANUAL_AUDIT"},
		{"entry by hand's actor", `UPDATE ` + of + `manuals SET actor = 'eve' ORDER BY id LIMIT 1`, "MANUAL_AUDIT"},
		{"commission's line", `UPDATE ` + of + `commissions SET line_id = 4711 ORDER BY id LIMIT 1`, "COMMISSION_LINE"},
		{"what a cancellation left", `UPDATE ` + of +
			`commissions SET granted = granted + 1 WHERE stage = 'canceled' ORDER BY id LIMIT 1`, "COMMISSION"},
		{"item of no payment", `INSERT INTO ` + of +
			`payout_items (line_id, commission_id, manual_id, amount) VALUES (4711, 0, 0, 1)`, "PAYOUT_ITEM"},
		{"counter entry of nothing", `UPDATE ` + of + `manuals SET kind = 'counter' ORDER BY id LIMIT 1`,
			"MANUAL_UNDO"},
		{"audit of an entry lost", `DELETE FROM ` + of + `audit WHERE object = 'manual' LIMIT 1`, "MANUAL_AUDIT"},
		{"lead", `UPDATE ` + of + `touchpoints SET lead_partner_id = NULL ORDER BY id LIMIT 1`, "REFERRER"},
		{"first referrer", `UPDATE ` + of + `contacts SET first_partner_id = 1 WHERE first_partner_id > 1 LIMIT 1`,
			"REFERRER"},
		{"last referrer", `UPDATE ` + of + `contacts SET last_subid = 'x' WHERE last_partner_id > 1 LIMIT 1`,
			"REFERRER"},
		{"membership's program", `UPDATE ` + of + `memberships SET program_id = 99 ORDER BY id LIMIT 1`, "MEMBERSHIP"},
		{"membership's recruiter", `UPDATE ` + of +
			`memberships SET recruiter_id = NULL WHERE recruiter_id > 0 ORDER BY id LIMIT 1`, "DECISION_MEMBERSHIP"},
		{"membership's beginning", `UPDATE ` + of +
			`memberships SET started_at = started_at + INTERVAL 1 DAY, signup_at = started_at ORDER BY id LIMIT 1`,
			"MEMBERSHIP"},
		{"membership's end", `UPDATE ` + of +
			`memberships SET ended_at = started_at + INTERVAL 1 DAY, active = NULL ORDER BY id LIMIT 1`, "MEMBERSHIP"},
		{"partner's state", `UPDATE ` + of + `partners SET state = 'removed' ORDER BY id LIMIT 1`, "PARTNER_STATE"},
		{"partner deleted", `DELETE FROM ` + of + `partners ORDER BY id LIMIT 1`, "PARTNER"},
		{"contact deleted", `DELETE FROM ` + of + `contacts ORDER BY id LIMIT 1`, "CONTACT"},
		{"line and all after it doubled", `UPDATE ` + of +
			`order_lines SET net = net * 2, base = net + discount + tax ORDER BY id DESC LIMIT 1`, "ORDER_STATE"},
	} {
		s.damaged(test.name, test.damage, test.code)
	}
	s.WantClean()
}

// damaged expects a finding of that code after a statement, which is taken back:
// the tables are copied before.
func (s *site) damaged(name, damage, code string) {
	s.Helper()
	table := regexp.MustCompile(`\{wp\}partner_center_\w+`).FindString(damage)
	s.Exec(`CREATE TABLE kept LIKE ` + table)
	s.Exec(`INSERT INTO kept SELECT * FROM ` + table)
	if n, err := shoptest.Must(s.DB.Exec(s.Context(), damage))(s).RowsAffected(); n != 1 || err != nil {
		s.Errorf("%s: %d rows were changed, %v", name, n, err)
	}
	findings := shoptest.Must(verify.Verify(s.Context(), s.DB))(s)
	if !slices.ContainsFunc(findings, func(f verify.Finding) bool { return f.Code == code }) {
		s.Errorf("%s: no finding %s: %+v", name, code, findings)
	}
	s.OK(s.DB.Tx(s.Context(), func(tx *db.Tx) error { // entries name their journals
		for _, query := range []string{`SET FOREIGN_KEY_CHECKS = 0`, `DELETE FROM ` + table,
			`INSERT INTO ` + table + ` SELECT * FROM kept`, `SET FOREIGN_KEY_CHECKS = 1`} {
			if _, err := tx.Exec(s.Context(), query); err != nil {
				return err
			}
		}
		return nil
	}))
	s.Exec(`DROP TABLE kept`)
}
