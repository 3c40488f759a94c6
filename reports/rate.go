package reports

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// rate is what the terms of a commission give for its level: those that its
// decision was made under, whatever the product earns by now (S30).
type rate struct {
	Terms affiliate.CommissionKind `db:"terms_kind"`
	PPM1  money.Rate               `db:"level1_ppm"`
	PPM2  money.Rate               `db:"level2_ppm"`
	Flat1 money.Amount             `db:"flat1"`
	Flat2 money.Amount             `db:"flat2"`
}

// rateColumns and rateTables add it to a commission c.
const (
	rateColumns = `COALESCE(rt.kind, '') AS terms_kind, COALESCE(rt.level1_ppm, 0) AS level1_ppm,
		COALESCE(rt.level2_ppm, 0) AS level2_ppm, COALESCE(rf.level1, 0) AS flat1, COALESCE(rf.level2, 0) AS flat2`
	rateTables = `
		LEFT JOIN {wp}partner_center_decisions rd ON rd.order_id = c.order_id
			AND rd.decision_version = c.decision_version
		LEFT JOIN {wp}partner_center_terms rt
			ON rt.id = CAST(JSON_EXTRACT(rd.locked_terms, CONCAT('$."', c.product_id, '"')) AS UNSIGNED)
		LEFT JOIN {wp}partner_center_term_flats rf ON rf.term_id = rt.id AND rf.currency = c.currency`
)

// of is the rate of a level: "12%" or a flat amount.
func (r rate) of(level int64, cur money.Currency) Cell {
	percent, flat := r.PPM1, r.Flat1
	if level == 2 {
		percent, flat = r.PPM2, r.Flat2
	}
	switch r.Terms {
	case affiliate.Percent:
		return Percent(percent)
	case affiliate.FlatAmount:
		return Sentence(locale.T("%s flat", money.Text(flat, cur)))
	}
	return Cell{}
}
