package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// StatementDays is what a partner's statement can be asked for.
type StatementDays struct {
	Months []affiliate.Day // their first days, the latest first: those in which something was booked
	Owed   []Owed          // at the end of the range that was asked for
}

// Owed is what a partner is owed in a currency.
type Owed struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"`
}

// StatementDays reads the months in which what the partner is owed changed, and what
// it came to at the end of the days before to; a zero to is the end of today (B11).
func (r *Reader) StatementDays(ctx context.Context, partner affiliate.PartnerID, to affiliate.Day) (d StatementDays,
	err error) {
	if to.IsZero() {
		to = r.Today().Next()
	}
	zone := r.zone()
	changes := []struct {
		First time.Time `db:"first"`
		Last  time.Time `db:"last"`
	}{}
	// Days are those of UTC here: of each, the first and the last change lie in the
	// only two months of the site's zone that it can touch.
	err = r.db.Select(ctx, &changes, `/* reports.StatementDays */
		SELECT MIN(t.recorded_at) AS first, MAX(t.recorded_at) AS last FROM (SELECT j.recorded_at
			FROM {wp}partner_center_journals j
			JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account IN ('payable', 'in_payout')
			WHERE j.partner_id = ? GROUP BY j.id, j.recorded_at HAVING SUM(e.amount) <> 0) t
		GROUP BY DATE(t.recorded_at) ORDER BY last DESC`, partner)
	if err != nil {
		return d, err
	}
	for _, c := range changes {
		for _, at := range []time.Time{c.Last, c.First} {
			month := ByMonth.start(affiliate.DayOf(at, zone))
			if n := len(d.Months); n == 0 || d.Months[n-1] != month {
				d.Months = append(d.Months, month)
			}
		}
	}
	err = r.db.Select(ctx, &d.Owed, `/* reports.StatementDays */ SELECT j.currency, SUM(e.amount) AS amount
		FROM {wp}partner_center_journals j
		JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account IN ('payable', 'in_payout')
		WHERE j.partner_id = ? AND j.recorded_at < ? GROUP BY j.currency ORDER BY j.currency`, partner, to.Start(zone))
	return d, err
}
