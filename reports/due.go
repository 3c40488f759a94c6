package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// Due is what one partner is owed in one currency (S83).
type Due struct {
	partnerName
	State       affiliate.PartnerState  `db:"state"`
	Method      affiliate.PaymentPolicy `db:"payment_method"` // PayPal or Check
	PayPalEmail string                  `db:"paypal_email"`
	Currency    money.Currency          `db:"currency"`
	Payable     money.Amount            `db:"payable"` // approved and unpaid, clawbacks taken off; may be negative
	InPayout    money.Amount            `db:"in_payout"`
	Owed        money.Amount            `db:"owed"` // both together, whatever the threshold (D7)
	Threshold   money.Amount            `db:"threshold"`
	Missing     money.Amount            `db:"missing"` // from Payable to Threshold
	Standing    DueState                `db:"standing"`
	// how many, and entries by hand, the payable amount is made of
	Commissions int64 `db:"commissions"`
	Unconfirmed bool  `db:"unconfirmed"` // a changed PayPal address waits (S145)
	HasPayee    bool  `db:"has_payee"`   // it is known whom a check is made out to, and where it goes
	Unclaimed   bool  `db:"unclaimed"`   // the PayPal address came by a form that was not logged in (D42)
}

// DueState says whether a partner can be paid now.
type DueState string

// The states of what is due.
const (
	Ready          DueState = "ready"
	NoDetails      DueState = "no_details"  // nobody knows where the money goes
	Unconfirmed    DueState = "unconfirmed" // where it goes waits for a word of the partner (S145, D42)
	Barred         DueState = "barred"      // the partner's state: nothing is paid now
	BelowThreshold DueState = "below_threshold"
	UnderWay       DueState = "in_payout" // nothing but what is in a payout
	Negative       DueState = "negative"  // clawbacks are more than what was earned since
)

// dueReport shows what is to be paid, one row for each partner and currency;
// those below the threshold stay, with the missing amount (S83, S86).
var dueReport = &Report{
	Name: "due", Title: locale.T("Pending payments"), For: ForAdmin,
	Help:    locale.T("What each partner is owed."),
	Filters: []Filter{FilterStatus, FilterPartner, FilterCurrency, FilterSearch},
	Statuses: []string{string(Ready), string(BelowThreshold), string(NoDetails), string(Unconfirmed),
		string(Barred), string(UnderWay), string(Negative)},
	forward: true,
	Finds:   locale.T("Start of a name, email, company, partner code or PayPal address"),
	table:   dueTable,
}

var dueFields = fields[Due]{
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(d *Due) Cell { return d.cell() }},
	{Column: Column{Key: "payable", Name: locale.T("Payable"), Kind: KindMoney,
		Help: locale.T("Approved and unpaid, minus clawbacks.")},
		Value: func(d *Due) Cell { return Money(d.Payable, d.Currency) }, Sum: "SUM(payable)"},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(d *Due) Cell { return Status(d.Standing) }},
	{Column: Column{Key: "missing", Name: locale.T("Missing"), Kind: KindMoney,
		Help: locale.T("Missing until the threshold is reached.")},
		Value: (*Due).missing, Sum: "SUM(missing)"},
	{Column: Column{Key: "in_payout", Name: locale.T("In payout"), Kind: KindMoney, FileOnly: true},
		Value: func(d *Due) Cell { return Money(d.InPayout, d.Currency) }, Sum: "SUM(in_payout)"},
	{Column: Column{Key: "owed", Name: locale.T("Owed"), Kind: KindMoney,
		Help: locale.T("Payable plus in payout, regardless of the threshold.")},
		Value: func(d *Due) Cell { return Money(d.Owed, d.Currency) }, Sum: "SUM(owed)"},
	{Column: Column{Key: "commissions", Name: locale.T("Commissions"), Kind: KindNumber},
		Value: (*Due).count},
	{Column: Column{Key: "method", Name: locale.T("Method"), Kind: KindText},
		Value: func(d *Due) Cell { return Sentence(methodName(string(d.Method))) }},
	{Column: Column{Key: "paypal", Name: locale.T("PayPal address"), Kind: KindText},
		Value: func(d *Due) Cell { return Text(d.PayPalEmail) }},
	{Column: Column{Key: "email", Name: locale.T("Email"), Kind: KindText, FileOnly: true},
		Value: func(d *Due) Cell { return Text(d.Address()) }},
	{Column: Column{Key: "state", Name: locale.T("Partner state"), Kind: KindStatus, FileOnly: true},
		Value: func(d *Due) Cell { return Status(d.State) }},
	{Column: Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
		Value: func(d *Due) Cell { return Text(d.PartnerCode) }},
	{Column: Column{Key: "id", Name: locale.T("Partner id"), Kind: KindNumber, FileOnly: true},
		Value: func(d *Due) Cell { return Number(int64(d.PartnerID)) }},
}

func dueTable(ctx context.Context, s source, q Query) (*Table, error) {
	d, how, err := s.dueQuery(ctx, q)
	if err != nil {
		return nil, err
	}
	totals, err := s.dueTotals(ctx, q, d)
	if err != nil {
		return nil, err
	}
	paged, limit, err := duePage(d.filters, q)
	if err != nil {
		return nil, err
	}
	tail := paged.sql() + ` ORDER BY currency, payable DESC, partner_id` + limit
	if q.Limit > 0 { // whose rows they are first, then what belongs to them
		ids := []int64{}
		if err := s.q.Select(ctx, &ids, `/* reports.dueOf */ SELECT partner_id`+d.from()+tail,
			slices.Concat(d.args, d.inner.args, paged.args)...); err != nil {
			return nil, err
		}
		d.inner.add("b.partner_id IN (?)", orNone(ids))
		if err := d.inner.expand(); err != nil {
			return nil, err
		}
	}
	t := dueFields.table(ctx, s, `/* reports.due */ SELECT *`+d.from()+tail,
		slices.Concat(d.args, d.inner.args, paged.args), totals, func(d *Due) Row {
			return Row{Ref: Ref{Kind: RefPartner, ID: int64(d.PartnerID), Currency: d.Currency}, After: d.cursor(q)}
		})
	how.tell(t, s)
	t.Counted = 0
	return t, nil
}

// dueTotals sum up what is due: with very many balances, what it was a moment ago.
func (s source) dueTotals(ctx context.Context, q Query, d dueWhere) ([]Row, error) {
	var balances int64
	err := s.q.Get(ctx, &balances, fmt.Sprintf(`/* reports.dueTotals */ SELECT COUNT(*) FROM
		(SELECT 1 FROM {wp}partner_center_balances LIMIT %d) counted`, keptFrom+1))
	if err != nil {
		return nil, err
	}
	from, args := d.from()+d.filters.sql(), slices.Concat(d.args, d.inner.args, d.filters.args)
	return s.keptTotals(q, balances, keyOf(from, append(args, s.now.Truncate(time.Minute))),
		func() ([]Row, error) {
			return dueFields.totals(ctx, s.q, `/* reports.dueTotals */`, "currency", from, args)
		})
}

func (d *Due) cursor(q Query) string {
	if q.Limit == 0 {
		return ""
	}
	return fmt.Sprintf("%s.%d.%d", d.Currency, d.Payable.Units(), d.PartnerID)
}

func (d *Due) missing() Cell {
	if d.Missing.IsZero() {
		return Cell{}
	}
	return Money(d.Missing, d.Currency)
}

// count is linked to what the payable amount is made of.
func (d *Due) count() Cell {
	c := Number(d.Commissions)
	c.Ref = Ref{Kind: RefDue, ID: int64(d.PartnerID), Currency: d.Currency}
	return c
}

// dueWhere is dueSQL with the present settings, and its conditions: inside, on balances
// and partners, and around it.
type dueWhere struct {
	method, threshold string
	args              []any // of these two and of the time
	inner, filters    where
}

func (d dueWhere) from() string {
	return " FROM (" + fmt.Sprintf(dueSQL, d.method, d.threshold, d.inner.sql()) + ") d"
}

// dueSearch is what the list is searched by.
var dueSearch = searchable{id: "b.partner_id", ways: append(slices.Clone(partnersSearch.ways),
	way{find: `/* reports.payPals */ SELECT p.id FROM {wp}partner_center_partners p WHERE p.paypal_email LIKE ?`,
		newest: newestPartners, has: `pa.paypal_email LIKE ?`})}

// dueSQL says of what is due what payout.Claim.RefuseInBatch judges, so that
// nobody is "ready" whom a batch would leave out. It yields a Due for each partner
// and currency where anything is owed, either way. Its %s are the method of payment, the threshold, and WHERE.
const dueSQL = `SELECT b.*, GREATEST(b.threshold - b.payable, 0) AS missing,
		CASE WHEN b.payable < 0 THEN 'negative' WHEN b.payable = 0 THEN 'in_payout'
			WHEN b.payable < b.threshold THEN 'below_threshold' WHEN b.state NOT IN ('active', 'removed') THEN 'barred'
			WHEN b.payment_method = 'check' AND b.has_payee = 0 OR b.payment_method = 'paypal' AND b.paypal_email = ''
				THEN 'no_details'
			WHEN b.payment_method = 'paypal' AND (b.unclaimed = 1 OR b.unconfirmed = 1) THEN 'unconfirmed'
			ELSE 'ready' END AS standing
	FROM (SELECT b.partner_id, b.currency, b.payable, b.in_payout, b.payable + b.in_payout AS owed, pa.state,
		pa.paypal_email, pa.payment_unconfirmed AS unclaimed, pa.payee <> '' AND pa.address <> '' AS has_payee,
			%s AS payment_method, %s AS threshold, ` + partnerNameColumns + `,
			(SELECT COUNT(*) FROM {wp}partner_center_commissions c
				WHERE c.partner_id = b.partner_id AND c.currency = b.currency AND c.payable <> 0)
			+ (SELECT COUNT(*) FROM {wp}partner_center_manuals m
				WHERE m.partner_id = b.partner_id AND m.currency = b.currency AND m.payable <> 0) AS commissions,
			EXISTS (SELECT 1 FROM {wp}partner_center_paypal_changes g WHERE g.partner_id = b.partner_id
			AND g.waiting = 1
				AND g.expires_at > ?) AS unconfirmed
		FROM {wp}partner_center_balances b
		JOIN {wp}partner_center_partners pa ON pa.id = b.partner_id
		LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id%s) b`

// dueQuery is dueSQL with threshold and method by the present settings (S5, S6).
func (s source) dueQuery(ctx context.Context, q Query) (d dueWhere, how searched, err error) {
	settings, err := affiliate.LoadSettings(ctx, s.q)
	if err != nil {
		return d, how, err
	}
	d.method = "pa.payment_method"
	d.threshold, d.args = thresholds(settings)
	if settings.PaymentMethod != affiliate.Choice {
		d.method, d.args = "CAST(? AS CHAR)", append([]any{settings.PaymentMethod}, d.args...)
	}
	d.args = append(d.args, s.now)
	d.inner.add("(b.payable <> 0 OR b.in_payout <> 0)")
	addIf(&d.inner, "b.partner_id = ?", q.Partner)
	addIf(&d.inner, "b.currency = ?", q.Currency)
	addIf(&d.filters, "standing = ?", q.Status)
	how, err = s.find(ctx, &d.inner, dueSearch, q)
	return d, how, err
}

// thresholds is an expression for the threshold of b.currency.
func thresholds(s affiliate.Settings) (string, []any) {
	if len(s.Thresholds) == 0 {
		return "CAST(0 AS DECIMAL(19,4))", nil
	}
	var text strings.Builder
	var args []any
	for _, cur := range slices.Sorted(maps.Keys(s.Thresholds)) {
		text.WriteString(" WHEN ? THEN CAST(? AS DECIMAL(19,4))")
		args = append(args, cur, s.Thresholds[cur])
	}
	return "CASE b.currency" + text.String() + " ELSE 0 END", args
}

// duePage is where.page for the order of this report.
func duePage(w where, q Query) (where, string, error) {
	limit := ""
	if q.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", q.Limit+1)
	}
	if q.After == "" {
		return w, limit, nil
	}
	var cur string
	var units, partner int64
	if n, err := fmt.Sscanf(strings.ReplaceAll(q.After, ".", " "), "%3s %d %d", &cur, &units, &partner); n != 3 ||
		err != nil {
		return w, "", errCursor
	}
	return w.with(`(currency > ? OR currency = ? AND (payable * 10000 < ? OR payable * 10000 = ? AND partner_id > ?))`,
		cur, cur, units, units, partner), limit, nil
}

// DueSum is what is owed in a state and currency, to how many partners.
type DueSum struct {
	Standing DueState       `db:"standing"`
	Currency money.Currency `db:"currency"`
	Partners int64          `db:"partners"`
	Payable  money.Amount   `db:"payable"`
}

// DueSums sums up who is owed what now, by state and currency.
func (rd *Reader) DueSums(ctx context.Context) ([]DueSum, error) {
	sums := []DueSum{}
	err := rd.db.ReadOnly(ctx, func(tx *db.Tx) error {
		d, _, err := source{q: tx, now: rd.now()}.dueQuery(ctx, Query{})
		if err != nil {
			return err
		}
		return tx.Select(ctx, &sums, `/* reports.DueSums */ SELECT standing, currency, COUNT(*) AS partners,
			SUM(payable) AS payable`+d.from()+` GROUP BY standing, currency ORDER BY currency`,
			slices.Concat(d.args, d.inner.args)...)
	})
	return sums, err
}
