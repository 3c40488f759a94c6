package reports

import (
	"context"

	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

// subidsReport shows what each SubID brought a partner (S122).
var subidsReport = &Report{
	Name: "subids", Title: locale.T("SubIDs"), For: ForPartner,
	Help:    locale.T("Results by SubID. SubIDs of people who share your link count here, too."),
	Filters: []Filter{FilterRange, FilterStep},
	forward: true,
	table:   subidsTable,
}

// Whoever clicks chooses the SubID: a robot can make millions of them. At most
// maxSubIDs have a row of their own, and all others are one row together.
var maxSubIDs = 500

// otherSubIDs is the key of that row; stored SubIDs are escaped and hold no
// asterisk.
const otherSubIDs = "*"

func subidsTable(ctx context.Context, s source, q Query) (*Table, error) {
	now, before, err := twoTallies(ctx, s, q, bySubID, rawSubIDs)
	if err == nil {
		now, err = largest(bySubID, now, maxSubIDs)
	}
	if err != nil {
		return nil, err
	}
	if before != nil && now[otherSubIDs] != nil { // among which there may be any
		if before, err = atMost(before, now); err != nil {
			return nil, err
		}
	}
	return ownReport[string]{names: fields[string]{
		{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText},
			Value: func(subid *string) Cell { return subidCell(*subid).noted(cutNote(*subid)) }},
		{Column: Column{Key: "cut", Name: locale.T("Length"), Kind: KindText, FileOnly: true},
			Value: func(subid *string) Cell { return Sentence(cutNote(*subid)) }}}, last: []string{"", otherSubIDs},
		of: func(subid string) string {
			if subid == otherSubIDs {
				return ""
			}
			return "subid:" + subid
		}}.table(q, now, before)
}

// atMost are the figures before of the SubIDs that have a row now; all others count
// for the row of others.
func atMost(before, now map[string]*Figures) (map[string]*Figures, error) {
	kept := tallies[string]{}
	for subid, f := range before {
		if now[subid] == nil {
			subid = otherSubIDs
		}
		if err := kept.of(subid).add(f); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// cutNote flags a SubID as long as one can be (S122): whether anything was cut off is
// not known any more.
func cutNote(subid string) locale.Text {
	if !tracking.SubIDFull(subid) {
		return locale.Text{}
	}
	return locale.T("maximum length: the rest is cut off")
}

func subidCell(subid string) Cell {
	switch text := tracking.SubIDText(subid); {
	case subid == otherSubIDs:
		return Sentence(locale.T("(all others)"))
	case text == "":
		return none
	default:
		return Text(text)
	}
}

// rawSubIDs are the figures of the SubIDs that brought most, and of all others
// together.
func rawSubIDs(ctx context.Context, q db.Queryer, by dimension, of scope) (map[string]*Figures, error) {
	top, err := topSubIDs(ctx, q, of)
	if err != nil {
		return nil, err
	}
	if len(top) > maxSubIDs {
		by = by.among(top[:maxSubIDs], otherSubIDs)
	}
	return rawTally[string](ctx, q, by, of)
}

// topSubIDs are the SubIDs that brought most, and one more where there are more
// than maxSubIDs. Those that brought a sale come first, then those with leads,
// so that clicks, which cost nothing, push out none that earned something.
func topSubIDs(ctx context.Context, q db.Queryer, of scope) (top []string, err error) {
	args := []any{}
	for range 4 {
		args = append(args, of.partners, of.days.From, of.days.To)
	}
	err = selectIn(ctx, q, &top, `/* reports.topSubIDs */ SELECT k FROM (
			SELECT v.subid AS k, 0 AS sales, 0 AS leads, SUM(v.is_unique) AS uniques, COUNT(*) AS clicks
			FROM {wp}partner_center_visits v
			WHERE v.partner_id IN (?) AND v.day >= ? AND v.day < ? GROUP BY v.subid
			UNION ALL
			SELECT v.subid, 0, 0, SUM(v.uniques), SUM(v.clicks) FROM {wp}partner_center_visit_sums v
			WHERE v.partner_id IN (?) AND v.day >= ? AND v.day < ? GROUP BY v.subid
			UNION ALL
			SELECT f.lead_subid, 0, COUNT(*), 0, 0 FROM {wp}partner_center_touchpoints f
			WHERE f.lead_partner_id IN (?) AND f.day >= ? AND f.day < ? GROUP BY f.lead_subid
			UNION ALL
			SELECT c.subid, COUNT(*), 0, 0, 0 FROM {wp}partner_center_commissions c
			WHERE c.partner_id IN (?) AND c.day >= ? AND c.day < ? AND c.level = 1 GROUP BY c.subid) t
		GROUP BY k ORDER BY SUM(sales) DESC, SUM(leads) DESC, SUM(uniques) DESC, SUM(clicks) DESC, k LIMIT ?`,
		append(args,
			maxSubIDs+1)...)
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
