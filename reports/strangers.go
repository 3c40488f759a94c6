package reports

import (
	"context"

	"partnercenter/db"
)

// Whoever clicks chooses SubID and page: a robot can make millions of them. At most
// maxStrangers have a row of their own, and all others are one row together.
var maxStrangers = 500

// allOthers is the key of that row; stored SubIDs are escaped and hold no asterisk,
// stored pages hold a slash.
const allOthers = "*"

// strangersTable breaks down by what strangers choose; of begins Query.Of of the
// commissions behind a row.
func strangersTable(ctx context.Context, s source, q Query, by dimension, of string,
	names fields[string]) (*Table, error) {
	now, before, err := twoTallies(ctx, s, q, by, rawStrangers)
	if err == nil {
		now, err = largest(by, now, maxStrangers)
	}
	if err != nil {
		return nil, err
	}
	if before != nil && now[allOthers] != nil { // among which there may be any
		if before, err = atMost(before, now); err != nil {
			return nil, err
		}
	}
	return ownReport[string]{names: names, last: []string{"", level2Source, allOthers}, of: func(key string) string {
		if key == allOthers {
			return ""
		}
		return of + key
	}}.table(ctx, s, q, now, before)
}

// atMost are the figures before of what has a row now; all others count for the row
// of others.
func atMost(before, now map[string]*Figures) (map[string]*Figures, error) {
	kept := tallies[string]{}
	for key, f := range before {
		if now[key] == nil && key != level2Source {
			key = allOthers
		}
		if err := kept.of(key).add(f); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// rawStrangers are the figures of what brought most, and of all others together.
func rawStrangers(ctx context.Context, q db.Queryer, by dimension, of scope) (map[string]*Figures, error) {
	top, err := topStrangers(ctx, q, by, of)
	if err != nil {
		return nil, err
	}
	if len(top) > maxStrangers {
		by = by.among(append(top[:maxStrangers:maxStrangers], level2Source), allOthers)
	}
	return rawTally[string](ctx, q, by, of)
}

// topStrangers are the keys that brought most, and one more where there are more
// than maxStrangers. Those that brought a sale come first, then those with leads,
// so that clicks, which cost nothing, push out none that earned something.
func topStrangers(ctx context.Context, q db.Queryer, by dimension, of scope) (top []string, err error) {
	query, args := `SELECT `+by.lead+` AS k, 0 AS sales, COUNT(*) AS leads, 0 AS clicks, 0 AS uniques
			FROM {wp}partner_center_touchpoints f
			WHERE f.lead_partner_id IN (?) AND f.day >= ? AND f.day < ? GROUP BY k
		UNION ALL
			SELECT `+by.commission+` AS k, COUNT(*), 0, 0, 0 FROM {wp}partner_center_commissions c
			WHERE c.partner_id IN (?) AND c.day >= ? AND c.day < ? AND c.level = 1 GROUP BY k`,
		append(by.with(of), by.with(of)...)
	for _, visits := range by.visits {
		query += ` UNION ALL
			SELECT ` + by.click + ` AS k, 0, 0, ` + visits + `
			WHERE v.partner_id IN (?) AND v.day >= ? AND v.day < ? GROUP BY k`
		args = append(args, by.with(of)...)
	}
	err = selectIn(ctx, q, &top, `/* reports.topStrangers */ SELECT k FROM (`+query+`) t
		GROUP BY k ORDER BY SUM(sales) DESC, SUM(leads) DESC, SUM(uniques) DESC, SUM(clicks) DESC, k LIMIT ?`,
		append(args, maxStrangers+1)...)
	return top, err
}

// among is the dimension with all but some keys taken together.
func (d dimension) among(keys []string, others string) dimension {
	only := func(expression string) string {
		return "CASE WHEN " + expression + " IN (?) THEN " + expression + " ELSE ? END"
	}
	d.click, d.lead, d.commission = only(d.click), only(d.lead), only(d.commission)
	d.args = []any{keys, others}
	return d
}
