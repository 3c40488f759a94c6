package reports

import (
	"context"

	"partnercenter/affiliate/coupon"
	"partnercenter/locale"
)

// couponsReport lists the codes of a program's partners (B17).
var couponsReport = &Report{
	Name: "coupons", Title: locale.T("Coupons"), For: ForAdmin,
	Help:     locale.T("The coupon codes of partners, and how they were used."),
	Filters:  []Filter{FilterProgram, FilterStatus, FilterSearch},
	Statuses: []string{couponProblem, couponAssigned},
	Finds:    locale.T("Start of a code, name or email"),
	named:    true,
	table:    couponsTable,
}

// What coupons can be narrowed to.
const (
	couponProblem  = "with_problem" // the shop did not take them
	couponAssigned = "assigned"     // the shop's own, given to a partner
)

// couponShops are what the shops are called.
var couponShops = map[coupon.Shop]locale.Text{coupon.WooCommerce: locale.T("WooCommerce"),
	coupon.EDD: locale.T("Easy Digital Downloads"), coupon.AnyShop: locale.T("Any other cart (API, pixel)")}

// couponFields name coupons and how they were used.
var couponFields = fields[coupon.Listed]{
	{Column: Column{Key: "code", Name: locale.T("Code"), Kind: KindText},
		Value: func(c *coupon.Listed) Cell { return Text(c.Code) }, Sort: "c.code"},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(c *coupon.Listed) Cell {
			return partnerName{PartnerID: c.PartnerID, PartnerFirst: c.FirstName, PartnerLast: c.LastName,
				PartnerEmail: c.Email}.cell()
		}},
	{Column: Column{Key: "state", Name: locale.T("State"), Kind: KindStatus}, Value: couponState},
	{Column: Column{Key: "orders", Name: locale.T("Orders"), Kind: KindNumber,
		Help: locale.T("How many orders used the code.")},
		Value: func(c *coupon.Listed) Cell { return Number(int64(c.Uses)) }},
	{Column: Column{Key: "earned", Name: locale.T("Earned by code"), Kind: KindNumber,
		Help: locale.T("Orders that the partner got credit for because of the code.")},
		Value: func(c *coupon.Listed) Cell { return Number(int64(c.Credited)) }},
	{Column: Column{Key: "unreached", Name: locale.T("Never clicked"), Kind: KindNumber,
		Help: locale.T("Orders of buyers whom no click of this partner ever reached.")},
		Value: func(c *coupon.Listed) Cell { return Number(int64(c.Unreached)) }},
	{Column: Column{Key: "shop", Name: locale.T("Shop"), Kind: KindText, FileOnly: true},
		Value: func(c *coupon.Listed) Cell { return Sentence(couponShops[c.Shop]) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(c *coupon.Listed) Cell { return Text(c.Email) }},
	{Column: Column{Key: "id", Name: locale.T("Coupon id"), Kind: KindNumber, FileOnly: true},
		Value: func(c *coupon.Listed) Cell { return Number(int64(c.ID)) }, Sort: "c.id"},
}

// couponState is whether the code works, and what to do where it doesn't.
func couponState(c *coupon.Listed) Cell {
	cell, note := Status("off"), locale.Text{}
	switch {
	case !c.Made:
		cell = Status(couponAssigned)
	case c.Problem == coupon.Taken:
		cell, note = Status(couponProblem), locale.T("Your shop already has a coupon with this code. Assign that one "+
			"to the partner below, choose another code, or rename or delete it in the shop and try again.")
	case c.Problem == coupon.NoShop:
		cell, note = Status(couponProblem),
			locale.T("The shop is not active on your site. Activate it, or choose another shop below.")
	case c.Problem != "":
		cell, note = Status(couponProblem), locale.T("The shop did not take it: %s", c.Error)
	case c.On && c.Works():
		cell = Status("works")
	case c.On:
		cell = Status("being_set_up")
	}
	if c.Suspect() {
		note = locale.Join(note,
			locale.T("Maybe on a coupon site: most buyers never followed a link of this partner."))
	}
	return cell.noted(note)
}

// couponsSearch is what the list is searched by.
var couponsSearch = searchable{id: "c.id", ways: []way{
	{people: true, rows: `/* reports.couponsOf */ SELECT c.id FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_coupons c ON c.partner_id = p.id WHERE p.contact_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_partners sp JOIN {wp}partner_center_contacts sk
			ON sk.id = sp.contact_id WHERE sp.id = c.partner_id AND (` + personHas("sk") + `))`},
	{find: `/* reports.couponCodes */ SELECT c.id FROM {wp}partner_center_coupons c WHERE c.code LIKE UPPER(?)`,
		has: `c.code LIKE UPPER(?)`},
}}

// lastProgram is the program in which the partner of coupon c is, or was last.
const lastProgram = `(SELECT l.program_id FROM {wp}partner_center_memberships l WHERE l.partner_id = c.partner_id
	ORDER BY l.started_at DESC, l.id DESC LIMIT 1)`

func couponsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("c.active = 1")
	addIf(&w, lastProgram+" = ?", q.Program)
	switch q.Status {
	case couponProblem:
		w.add("c.problem <> ''")
	case couponAssigned:
		w.add("c.made = 0")
	}
	how, err := s.find(ctx, &w, couponsSearch, q)
	if err != nil {
		return nil, err
	}
	o, err := couponFields.order(q, order{expr: "c.code", kind: KindText, id: "c.id", up: true})
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: couponFields.columns()}
	t.Rows, err = inParts(w, o, q, func(part Query) ([]Row, error) { return s.someCoupons(ctx, w, o, part) })
	if err != nil {
		return nil, err
	}
	how.tell(t, s)
	return s.count(ctx, t, q, `/* reports.couponCount */`, couponTables, w)
}

const couponTables = ` FROM {wp}partner_center_coupons c`

// someCoupons are the rows of one part.
func (s source) someCoupons(ctx context.Context, w where, o order, q Query) ([]Row, error) {
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	var places []struct {
		ID coupon.ID `db:"id"`
		placed
	}
	err = s.q.Select(ctx, &places, `/* reports.coupons */ SELECT c.id, `+o.place()+couponTables+paged.sql()+tail,
		paged.args...)
	if err != nil {
		return nil, err
	}
	ids := make([]coupon.ID, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	listed, err := coupon.Listing(ctx, s.q, ids...)
	if err != nil {
		return nil, err
	}
	rows := []Row{}
	for _, p := range places {
		c := listed[p.ID]
		rows = append(rows, Row{Ref: Ref{Kind: RefCoupon, ID: int64(p.ID)}, Cells: couponFields.cells(&c),
			After: q.cursor(p.placed, int64(p.ID))})
	}
	return rows, nil
}
