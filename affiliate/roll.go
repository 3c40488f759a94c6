package affiliate

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"partnercenter/db"
)

// PartnerDay is a day of a partner, of which reports keep sums.
type PartnerDay struct {
	Partner PartnerID `db:"partner_id"`
	Day     Day       `db:"day"`
}

// Roll is up to which day of a month (not included) the kept sums of a partner are
// right. Reports read whatever is later from the rows themselves.
type Roll struct {
	Month Day  `db:"month"` // its first day
	Until Day  `db:"until"`
	Whole bool `db:"whole"` // Until is the month's end
}

// FirstOfMonth is the first day of the month that d lies in.
func (d Day) FirstOfMonth() Day { return Day{Year: d.Year, Month: d.Month, Day: 1} }

// compare is below 0 where d is the earlier one, and above where it is the later one.
func (d Day) compare(other Day) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// NextMonth is the first day of the month after that of d.
func (d Day) NextMonth() Day { return d.FirstOfMonth().AddDays(31).FirstOfMonth() }

// DaysChanged says, as a step of the transaction that changes them, that visits,
// forms, commissions or decisions of these days are not what they were: the sums
// kept of them no longer count. It comes after the change, and its lock keeps the
// sums from being made again before the change is there to be read.
func DaysChanged(ctx context.Context, q db.Queryer, days ...PartnerDay) error {
	first := map[PartnerDay]Day{} // by partner and month
	for _, d := range days {
		month := PartnerDay{d.Partner, d.Day.FirstOfMonth()}
		if earlier, known := first[month]; d.Partner != 0 && (!known || d.Day.Before(earlier)) {
			first[month] = d.Day
		}
	}
	months := make([]PartnerDay, 0, len(first))
	for month := range first {
		months = append(months, month)
	}
	slices.SortFunc(months, func(a, b PartnerDay) int {
		return cmp.Or(cmp.Compare(a.Partner, b.Partner), a.Day.compare(b.Day))
	})
	for part := range slices.Chunk(months, db.RowsAtOnce) {
		rows, args := []string{}, []any{}
		for _, month := range part {
			rows = append(rows, "SELECT ? AS partner_id, CAST(? AS DATE) AS month, CAST(? AS DATE) AS first")
			args = append(args, month.Partner, month.Day, first[month])
		}
		_, err := q.Exec(ctx, `/* affiliate.DaysChanged */ UPDATE (`+strings.Join(rows, " UNION ALL ")+`) d
			STRAIGHT_JOIN {wp}partner_center_rolls r ON r.partner_id = d.partner_id AND r.month = d.month
			SET r.until = LEAST(r.until, d.first), r.whole = 0`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// OrdersChanged is DaysChanged for all days of the commissions of some orders:
// which of them stands for the sale depends on the others. Of hundreds of orders the
// databases guess, and would rather read all commissions there are: thus the index.
func OrdersChanged(ctx context.Context, q db.Queryer, orders ...OrderID) error {
	days := []PartnerDay{}
	err := db.SelectIn(ctx, q, &days, `/* affiliate.OrdersChanged */
		SELECT DISTINCT partner_id, day FROM {wp}partner_center_commissions
		FORCE INDEX ({wp}partner_center_commissions_order) WHERE order_id IN (?)`, orders)
	if err != nil {
		return err
	}
	return DaysChanged(ctx, q, days...)
}

// Rolls are those of a partner for the months that a range of days touches.
func Rolls(ctx context.Context, q db.Queryer, partner PartnerID, r Range) ([]Roll, error) {
	rolls := []Roll{}
	err := q.Select(ctx, &rolls, `/* affiliate.Rolls */
		SELECT month, until, whole FROM {wp}partner_center_rolls
		WHERE partner_id = ? AND month >= ? AND month < ? ORDER BY month`, partner, r.From.FirstOfMonth(), r.To)
	return rolls, err
}

// LockRoll is the roll of a month, locked; ok is false when there is none yet.
func LockRoll(ctx context.Context, q db.Queryer, partner PartnerID, month Day) (roll Roll, ok bool, err error) {
	err = q.Get(ctx, &roll, `/* affiliate.LockRoll */ SELECT month, until, whole FROM {wp}partner_center_rolls
		WHERE partner_id = ? AND month = ? FOR UPDATE`, partner, month)
	if db.NoRows(err) {
		return roll, false, nil
	}
	return roll, err == nil, err
}

// Rolled says that the kept sums of a locked month are right before a day.
func Rolled(ctx context.Context, q db.Queryer, partner PartnerID, month, until Day) error {
	_, err := q.Exec(ctx, `/* affiliate.Rolled */ UPDATE {wp}partner_center_rolls SET until = ?, whole = ?
		WHERE partner_id = ? AND month = ?`, until, until == month.NextMonth(), partner, month)
	return err
}

// UnfinishedRolls are months, at most limit, whose sums are not right up to today.
func UnfinishedRolls(ctx context.Context, q db.Queryer, today Day, limit int) ([]PartnerDay, error) {
	months := []PartnerDay{}
	err := q.Select(ctx, &months, `/* affiliate.UnfinishedRolls */
		SELECT partner_id, month AS day FROM {wp}partner_center_rolls WHERE whole = 0 AND until < ?
		ORDER BY until, partner_id LIMIT ?`, today, limit)
	return months, err
}

// BeginRolls makes rolls, of which nothing is right yet, of all months up to that
// of today of partners who have none of this month: from the first month of which
// there can be anything.
func BeginRolls(ctx context.Context, h *db.Handle, today Day) error {
	found := []struct {
		PartnerDay
		Last *Day `db:"last"`
	}{}
	err := h.Select(ctx, &found, `/* affiliate.BeginRolls */
		SELECT p.partner_id, p.last, LEAST(DATE(p.created_at), COALESCE((SELECT MIN(v.day)
				FROM {wp}partner_center_visit_days v WHERE v.partner_id = p.partner_id), DATE(p.created_at)),
			COALESCE((SELECT MIN(c.day) FROM {wp}partner_center_commissions c WHERE c.partner_id = p.partner_id),
				DATE(p.created_at))) AS day
		FROM (SELECT p.id AS partner_id, p.created_at, MAX(r.month) AS last FROM {wp}partner_center_partners p
			LEFT JOIN {wp}partner_center_rolls r ON r.partner_id = p.id
			GROUP BY p.id, p.created_at HAVING last IS NULL OR last < ? LIMIT 1000) p`, today.FirstOfMonth())
	if err != nil {
		return err
	}
	for _, f := range found {
		month := f.Day.AddDays(-1).FirstOfMonth() // whatever the zone
		if f.Last != nil {
			month = f.Last.NextMonth()
		}
		rows := [][]any{}
		for ; !today.Before(month); month = month.NextMonth() {
			rows = append(rows, []any{f.Partner, month, month})
		}
		if err := db.Insert(ctx, h, `/* affiliate.BeginRolls */
			INSERT IGNORE INTO {wp}partner_center_rolls (partner_id, month, until) VALUES `, rows, ""); err != nil {
			return err
		}
	}
	return nil
}
