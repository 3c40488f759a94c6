package reports

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/verify"
)

// Whatever happened, the sums that are kept are proven; and none of them can be
// changed, taken away or added in any of their columns without being found.
//
// Spec: B1 B7
func TestKeptSumsAreProven(t *testing.T) {
	h := &history{shop: newShop(t), random: rand.New(rand.NewPCG(3, 7))}
	h.roller = NewRoller(h.DB, h.Clock.Now, func() *time.Location { return h.Zone })
	h.other = h.Partner("other", h.partner)
	for step := range 90 {
		h.act()
		if step%9 == 0 {
			h.roll()
			h.proven()
		}
	}
	h.robot()
	h.Clock.Advance(40 * 24 * time.Hour)
	h.roll()
	h.proven()
	columns := []string{}
	h.OK(h.DB.Select(t.Context(), &columns, `SELECT column_name FROM information_schema.columns WHERE
		table_schema = DATABASE() AND table_name = ? AND column_key <> 'PRI'`, h.DB.Text("{wp}partner_center_day_sums")))
	if !slices.Equal(columns, sumColumns) {
		t.Fatalf("the sums are %v", columns)
	}
	for _, column := range columns {
		for span, kinds := range map[string]int{"d": 24, "m": 20} { // not both at once: months are proven by days
			h.everySumIsProven(column, span, kinds)
		}
	}
	for _, damage := range []string{
		`DELETE FROM {wp}partner_center_day_sums WHERE clicks > 0 ORDER BY source DESC LIMIT 1`,
		`UPDATE {wp}partner_center_day_sums SET source = 'other' WHERE clicks > 0 ORDER BY source DESC LIMIT 1`,
		`UPDATE {wp}partner_center_day_sums SET currency = 'CHF' WHERE currency <> '' AND sales > 0 LIMIT 1`,
		`UPDATE {wp}partner_center_rolls SET whole = 1 - whole LIMIT 1`,
	} {
		h.damaged(damage, func(findings []verify.Finding) {
			if len(findings) == 0 {
				t.Errorf("not found: %s", damage)
			}
		})
	}
}

// robot clicks by more SubIDs and on more pages than a day keeps sums of.
func (h *history) robot() {
	h.Helper()
	h.ClickAt(h.partner, h.Clock.Now(), "last")
	h.Exec(fmt.Sprintf(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, page, visitor, day,
			is_unique)
		SELECT 1000000 + seq, v.partner_id, v.tool_id, CONCAT('robot', seq), CONCAT('shop.example/robot', seq), 'v', v.day, 0
		FROM {wp}partner_center_visits v JOIN seq_1_to_%d WHERE v.subid = 'last'`, maxMonthSources+50))
	h.Exec(`INSERT INTO {wp}partner_center_visit_days SELECT partner_id, day, 7, COUNT(*), 0
		FROM {wp}partner_center_visits WHERE subid LIKE 'robot%' GROUP BY partner_id, day`)
}

func (h *history) proven() {
	h.Helper()
	if findings := shoptest.Must(ProveSums(h.Context(), h.DB))(h); len(findings) > 0 {
		h.Fatalf("%d findings, as %+v", len(findings), findings[0])
	}
}

// everySumIsProven damages a column in one row of each kind at once, and wants each of
// them found: with and without currency and pending commissions, of each part.
func (h *history) everySumIsProven(column, span string, want int) {
	h.Helper()
	kinds := `SELECT part, shown, span, currency, MIN(CONCAT_WS('|', partner_id, start, source)) AS place
		FROM {wp}partner_center_day_sums WHERE partner_id = %d AND span = '%s' GROUP BY part, shown, span, currency`
	kinds = fmt.Sprintf(kinds, h.partner.ID, span)
	if n := h.Number(`SELECT COUNT(*) FROM (` + kinds + `) k`); n != want {
		h.Fatalf("there are sums of %d kinds of span %s, want %d", n, span, want)
	}
	query := fmt.Sprintf(`UPDATE {wp}partner_center_day_sums s JOIN (%s) k ON k.part = s.part AND k.shown = s.shown
			AND k.span = s.span AND k.currency = s.currency AND k.place = CONCAT_WS('|', s.partner_id, s.start, s.source)
		SET s.%s = s.%[2]s + 1`, kinds, column)
	h.damaged(query, func(findings []verify.Finding) {
		found := 0
		for _, f := range findings {
			if strings.HasSuffix(f.What, ", "+column) {
				found++
			}
		}
		if found < want { // a day that is wrong makes its month wrong as well
			h.Errorf("%s: %d of %d changed sums are found", column, found, want)
		}
	})
}

// damaged shows what is found of the sums when something has been done to them.
func (h *history) damaged(query string, look func([]verify.Finding)) {
	h.Helper()
	h.Exec(`CREATE TABLE kept_sums AS SELECT * FROM {wp}partner_center_day_sums`)
	h.Exec(`CREATE TABLE kept_rolls AS SELECT * FROM {wp}partner_center_rolls`)
	h.Exec(query)
	look(shoptest.Must(ProveSums(h.Context(), h.DB))(h))
	for _, table := range []string{"sums", "rolls"} {
		to := map[string]string{"sums": "day_sums", "rolls": "rolls"}[table]
		h.Exec(`DELETE FROM {wp}partner_center_` + to)
		h.Exec(`INSERT INTO {wp}partner_center_` + to + ` SELECT * FROM kept_` + table)
		h.Exec(`DROP TABLE kept_` + table)
	}
}
