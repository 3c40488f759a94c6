package reports

import (
	"context"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// purchase is an order of a customer whom the partner referred.
type purchase struct {
	ID         int64               `db:"id"`
	Partner    int64               `db:"partner"`
	Day        affiliate.Day       `db:"day"`
	Status     string              `db:"status"`
	Currency   money.Currency      `db:"currency"`
	Commission *money.Amount       `db:"commission"` // nil: it earned nothing that the partner may see
	Amount     money.Amount        `db:"amount"`
	Products   string              `db:"products"`
	Number     string              `db:"number"`
	ContactID  affiliate.ContactID `db:"contact_id"`
	Email      string              `db:"email"`
	FirstName  string              `db:"first_name"`
	LastName   string              `db:"last_name"`
	placed
}

// The statuses of purchases.
const (
	purchasePaid     = "customer_paid" // which says nothing of whether the partner was paid
	purchaseDeclined = "declined"
	purchaseCanceled = "canceled" // it had been paid
)

// purchasesReport lists what the partner's customers bought, as far as their
// program allows (S18, S19, S121).
//
// Purchases by their own links that earn them a commission are always there.
// ShowHistory adds the others of all customers whose crediting referrer they are
// at present, ShowDeclined their failed payments. An order that is credited to
// another partner is never there, whoever referred its buyer: so sales of
// partners whom they recruited stand among their commissions only.
var purchasesReport = &Report{
	Name: "purchases", Title: locale.T("Purchases"), For: ForPartner,
	Help:     locale.T("What your referred customers bought."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterCurrency, FilterSearch},
	Finds:    locale.T("Search customer, product or order"),
	Statuses: []string{purchasePaid, purchaseDeclined, purchaseCanceled},
	table:    purchasesTable,
}

func (s source) purchaseFields() fields[purchase] {
	return fields[purchase]{
		{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
			Value: func(p *purchase) Cell { return Date(p.Day) }, Sort: "o.day"},
		{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
			Value: func(p *purchase) Cell { return s.customer(p.customer()) }},
		{Column: Column{Key: "product", Name: locale.T("Products"), Kind: KindText}, Value: s.productsOf},
		{Column: Column{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney,
			Help: locale.T("Without tax and shipping, after refunds.")},
			Value: func(p *purchase) Cell { return Money(p.Amount, p.Currency) }, Sort: purchaseAmount},
		{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus,
			Help: locale.T("Declined: the payment failed, so it earns no commission.")},
			Value: func(p *purchase) Cell { return Status(p.Status) }},
		{Column: Column{Key: "commission", Name: locale.T("Commission"), Kind: KindMoney,
			Help: locale.T("What you currently earn from it; empty if nothing.")},
			Value: (*purchase).earned, Sum: "COALESCE(SUM(t.commission), 0)"},
		{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
			Value: func(p *purchase) Cell { return s.orderNumber(p.Number) }},
	}
}

// purchaseAmount is what an order o comes to, without tax and shipping, after refunds.
const purchaseAmount = `COALESCE((SELECT SUM(l.base - l.refunded) FROM {wp}partner_center_order_lines l
	WHERE l.order_id = o.id), 0)`

// boughtProducts are the products of an order o.
const boughtProducts = `COALESCE((SELECT GROUP_CONCAT(l.name ORDER BY l.id SEPARATOR ', ')
	FROM {wp}partner_center_order_lines l WHERE l.order_id = o.id), '')`

func purchasesTable(ctx context.Context, s source, q Query) (*Table, error) {
	fs := s.purchaseFields()
	many, err := s.manySales(ctx, q)
	if err != nil {
		return nil, err
	}
	var totals []Row
	var days affiliate.Range
	if many {
		days, err = s.purchaseWindow(ctx, q)
	} else {
		totals, err = s.purchaseTotals(ctx, fs, q)
	}
	if err != nil {
		return nil, err
	}
	tables, w, err := s.purchases(ctx, q, days)
	if err != nil {
		return nil, err
	}
	o, err := fs.order(q, newest("o.day", "o.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	direction := order{expr: "p.place", id: "p.id", up: o.up}
	if o.kind == KindMoney {
		direction.expr = "CAST(p.place AS DECIMAL(19,4))"
	}
	// The orders of the page are found first: only of them the rest is read.
	t := fs.table(ctx, s, `/* reports.purchases */
		SELECT p.*, `+s.view.commissionOfPurchase()+` AS commission,
			`+strings.ReplaceAll(purchaseAmount, "o.id", "p.id")+` AS amount,
			`+strings.ReplaceAll(boughtProducts, "o.id", "p.id")+` AS products,
			COALESCE(k.email, '') AS email, COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name,
			'') AS last_name
		FROM (SELECT o.id, o.day, o.currency, o.number, o.contact_id, f.partner, `+o.place()+`,
			`+purchaseStatus+` AS status`+
		tables+paged.sql()+tail+`) p
		LEFT JOIN {wp}partner_center_contacts k ON k.id = p.contact_id`+direction.by(q),
		paged.args, totals, func(p *purchase) Row { return Row{After: q.cursor(p.placed, p.ID)} })
	if many {
		return t, nil // counting them would take longer than the page
	}
	return s.count(ctx, t, q, `/* reports.purchaseCount */`, tables, w)
}

// purchaseTotals sums up what the purchases earn.
func (s source) purchaseTotals(ctx context.Context, fs fields[purchase], q Query) ([]Row, error) {
	tables, w, err := s.purchases(ctx, q, affiliate.Range{})
	if err != nil {
		return nil, err
	}
	found := ` FROM (SELECT p.currency, ` + s.view.commissionOfPurchase() + ` AS commission
		FROM (SELECT o.id, o.currency, f.partner, ` + purchaseStatus + ` AS status` + tables + w.sql() + `) p) t`
	return fs.totals(ctx, s.q, `/* reports.purchaseTotals */`, "t.currency", found, w.args)
}

// With more sales than mostSummed a page has no total: it would take seconds, and the
// files have it.
var mostSummed = 5000

// manySales tells whether the partner has so many sales that a page can't read all.
func (s source) manySales(ctx context.Context, q Query) (bool, error) {
	if q.Limit == 0 {
		return false, nil
	}
	var n int
	err := s.q.Get(ctx, &n, `/* reports.manySales */ SELECT COUNT(*) FROM (
		SELECT 1 FROM {wp}partner_center_commissions c WHERE c.partner_id = ? LIMIT ?) t`, s.view.partner, mostSummed+1)
	return n > mostSummed, err
}

// purchaseWindow are days in which there are enough purchases for the page that is asked
// for, so that only they are read; no days where there are none such. They are found by
// the days of commissions, which are those of the orders or later ones.
func (s source) purchaseWindow(ctx context.Context, q Query) (affiliate.Range, error) {
	days, none := q.days(), affiliate.Range{}
	if q.Sort != "" || q.Status != "" || q.Search != "" {
		return none, nil
	}
	older, cursor := true, q.After
	if q.Before != "" {
		older, cursor = false, q.Before
	}
	if cursor != "" {
		value, _, err := newest("o.day", "o.id").parse(cursor)
		if err != nil {
			return none, err
		}
		day, err := affiliate.ParseDay(value)
		if err != nil {
			return none, errCursor
		}
		if older {
			days.To = earlier(days.To, day.Next())
		} else {
			days.From = later(days.From, day)
		}
	}
	// Of the cursor's day some stand before it: so more and more are looked at.
	for _, times := range []int{4, 16, 64} {
		part, err := s.daysOfCommissions(ctx, days, times*q.Limit, older)
		if err != nil || part == none {
			return none, err
		}
		if enough, err := s.fillsPage(ctx, q, part); err != nil || enough {
			return part, err
		}
	}
	return none, nil
}

// daysOfCommissions are the last or first of some days, as many as hold n of the
// partner's commissions; no days where there are fewer.
func (s source) daysOfCommissions(ctx context.Context, days affiliate.Range, n int, last bool) (affiliate.Range,
	error) {
	direction := "ASC"
	if last {
		direction = "DESC"
	}
	var end affiliate.Day
	err := s.q.Get(ctx, &end, `/* reports.daysOfCommissions */
		SELECT c.day FROM {wp}partner_center_commissions c WHERE c.partner_id = ? AND c.day >= ? AND c.day < ?
		ORDER BY c.day `+direction+`, c.id `+direction+` LIMIT 1 OFFSET ?`, s.view.partner, days.From, days.To, n)
	switch {
	case db.NoRows(err):
		return affiliate.Range{}, nil
	case last:
		days.From = end
	default:
		days.To = earlier(days.To, end.Next())
	}
	return days, err
}

// fillsPage tells whether there are enough purchases in some days for the page that is
// asked for, and to know that there is another one.
func (s source) fillsPage(ctx context.Context, q Query, days affiliate.Range) (bool, error) {
	tables, w, err := s.purchases(ctx, q, days)
	if err != nil {
		return false, err
	}
	paged, tail, err := w.page(q, newest("o.day", "o.id"))
	if err != nil {
		return false, err
	}
	var n int
	err = s.q.Get(ctx, &n, `/* reports.fillsPage */ SELECT COUNT(*) FROM (SELECT 1`+tables+paged.sql()+tail+`) t`,
		paged.args...)
	return n > q.Limit, err
}

const purchaseStatus = `CASE o.status WHEN 'failed' THEN '` + purchaseDeclined + `'
	WHEN 'void' THEN '` + purchaseCanceled + `' ELSE '` + purchasePaid + `' END`

// creditedElsewhere finds orders o that are not f.partner's: by the last
// decision on them, or because another partner has been paid for them since
// before an admin re-decided.
const creditedElsewhere = `(EXISTS (SELECT 1 FROM {wp}partner_center_decisions d WHERE d.order_id = o.id AND
	d.partner_id <> f.partner
		AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_decisions n WHERE n.order_id = d.order_id
		AND n.decision_version
			> d.decision_version))
	OR EXISTS (SELECT 1 FROM {wp}partner_center_commissions e WHERE e.order_id = o.id AND e.level = 1 AND e.partner_id
		<> f.partner AND e.amount <> 0))`

// purchases are the tables that the orders o which the partner may see are
// found in, with their partner f, and the conditions on them: those placed on some days,
// or with the zero Range all.
func (s source) purchases(ctx context.Context, q Query, days affiliate.Range) (string, where, error) {
	w := where{args: []any{s.view.partner}}
	// DISTINCT: an order earns one commission for each of its lines.
	found := `SELECT DISTINCT c.partner_id AS partner, c.order_id AS id FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_orders x ON x.id = c.order_id AND x.status IN ('paid', 'void') WHERE c.partner_id = ?
		AND ` + s.view.earned()
	if days != (affiliate.Range{}) {
		found = `SELECT CAST(? AS SIGNED) AS partner, x.id FROM {wp}partner_center_orders x
			WHERE x.day >= ? AND x.day < ? AND x.status IN ('paid', 'void') AND EXISTS (SELECT 1
				FROM {wp}partner_center_commissions c WHERE c.order_id = x.id AND c.partner_id = ? AND ` +
			s.view.earned() + `)`
		w.args = append(w.args, days.From, days.To, s.view.partner)
	}
	if statuses := s.view.referredOrders(); statuses != "" {
		settings, err := affiliate.LoadSettings(ctx, s.q)
		if err != nil {
			return "", w, err
		}
		found += ` UNION ` + referred(settings.Credit) + ` AND x.status IN (` + statuses + `)`
		w.args = append(w.args, s.view.partner, s.view.partner, s.now, s.now)
	}
	tables := ` FROM (` + found + `) f JOIN {wp}partner_center_orders o ON o.id = f.id`
	w.add("(o.status <> 'void' OR o.paid_at IS NOT NULL)") // else nobody ever bought
	w.add("NOT " + creditedElsewhere)
	w.days("o.day", q.Range)
	w.days("o.day", days)
	addIf(&w, purchaseStatus+" = ?", q.Status)
	addIf(&w, "o.currency = ?", q.Currency)
	if q.Search != "" {
		tables += ` LEFT JOIN {wp}partner_center_contacts k ON k.id = o.contact_id`
		w.search(q.Search, s.searchablePurchases()...)
	}
	return tables, w, nil
}

// searchablePurchases are what the partner sees of a purchase anyway: of anonymous
// customers only the products of what earned them something.
func (s source) searchablePurchases() []string {
	if s.view.Visibility == affiliate.SeeNobody {
		return []string{`IF(EXISTS (SELECT 1 FROM {wp}partner_center_commissions c WHERE c.order_id = o.id
			AND c.partner_id = f.partner AND ` + s.view.earned() + `), ` + boughtProducts + `, '')`}
	}
	columns := []string{boughtProducts, "o.number", "COALESCE(k.first_name, '')"}
	switch s.view.Visibility {
	case affiliate.SeeFirstName:
		columns = append(columns, "COALESCE(CONCAT(LEFT(k.last_name, 1), '.'), '')")
	case affiliate.SeeNameAndEmail:
		columns = append(columns, "COALESCE(k.last_name, '')", "COALESCE(k.email, '')")
	case affiliate.SeeName:
		columns = append(columns, "COALESCE(k.last_name, '')")
	}
	return columns
}

// referred finds the orders x of the contacts whose crediting referrer a
// partner is (S7), unless an admin reset their right since (S132).
func referred(rule affiliate.Credit) string {
	column := "k.last_partner_id"
	if rule == affiliate.FirstReferrer {
		column = "k.first_partner_id"
	}
	return `SELECT ` + column + `, x.id FROM {wp}partner_center_contacts k JOIN {wp}partner_center_orders x ON
		x.contact_id = k.id
		WHERE ` + column + ` = ? AND k.deleted_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM {wp}partner_center_reset_contacts rc JOIN {wp}partner_center_resets r ON r.id = rc.reset_id
			WHERE rc.contact_id = k.id AND r.made_at >= IF(k.last_partner_id = ?, k.last_at, k.first_at)
			AND r.made_at <= ? AND (r.undone_at IS NULL OR r.undone_at > ?))`
}

// referredOrders are the statuses of orders that the partner sees of their
// customers beyond what they earned them; "" for none.
func (v view) referredOrders() string {
	var statuses []string
	if v.ShowHistory {
		statuses = append(statuses, "'paid', 'void'")
	}
	if v.ShowDeclined {
		statuses = append(statuses, "'failed'")
	}
	return strings.Join(statuses, ", ")
}

// earned are the conditions on commissions c of sales of the partner's own that
// earn, as far as they may see them (S89).
func (v view) earned() string {
	text := "c.level = 1 AND c.status <> 'canceled'"
	if !v.ShowPending {
		text += " AND c.status <> 'pending' AND " + everApproved
	}
	return text
}

// commissionOfPurchase is what a purchase p earns at present, NULL for nothing.
func (v view) commissionOfPurchase() string {
	return `IF(p.status = 'declined', NULL,
		(SELECT SUM(c.amount) FROM {wp}partner_center_commissions c WHERE c.order_id = p.id AND c.partner_id = p.partner
			AND ` + v.earned() + `))`
}

func (p *purchase) customer() affiliate.Contact {
	return affiliate.Contact{ID: p.ContactID, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName}
}

// productsOf a purchase are not shown of anonymous customers where it earns the
// partner nothing: a product may have been made for one person, and the whole
// list of them tells who somebody is.
func (s source) productsOf(p *purchase) Cell {
	if s.view.Visibility == affiliate.SeeNobody && p.Commission == nil {
		return Cell{}
	}
	return Text(p.Products)
}

func (p *purchase) earned() Cell {
	if p.Commission == nil {
		return Cell{}
	}
	return Money(*p.Commission, p.Currency)
}
