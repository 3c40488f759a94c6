package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// pendingCommission is what an admin decides on.
type pendingCommission struct {
	commission
	partnerName
	Program  string `db:"program"`
	Review   string `db:"review"`
	Journals int    `db:"journals"`
	LineID   int64  `db:"line_id"`
	// Lost is what the last cancellation took, of a canceled one.
	Lost money.Amount `db:"lost"`
	// Final is why a canceled one can't be reinstated, a reason.Code, or "".
	Final reason.Code `db:"final"`
	rate
	now  time.Time
	zone *time.Location
}

// The states that commissions are listed by; "" is AllPending.
const (
	Waiting    = "waiting"   // pending, and can be approved now
	OnHold     = "on_hold"   // pending, before its day, or until a person decides
	OnReview   = "on_review" // pending, of an order that a person must look at
	AllStates  = "all"
	AllPending = "pending"
)

// pendingReport lists commissions by state, those that wait for approval unless
// another is asked for (S73, S76, S80). Those of an order stand together (S13).
var pendingReport = &Report{
	Name: "pending", Title: locale.T("Pending commissions"), For: ForAdmin,
	Help: locale.T("Commissions waiting for your approval."),
	Filters: []Filter{FilterRange, FilterStatus, FilterPartner, FilterProgram, FilterTool, FilterCurrency,
		FilterSearch},
	Statuses: []string{AllPending, Waiting, OnHold, OnReview, "approved", "in_payout", "paid", "canceled", AllStates},
	Finds:    locale.T("Start of a name, email or order; a product or tool"),
	table:    pendingTable,
}

const pendingTables = commissionTables + `
	LEFT JOIN {wp}partner_center_programs g ON g.id = c.program_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = c.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

var pendingFields = fields[pendingCommission]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(c *pendingCommission) Cell { return Date(c.Day) }, Sort: "c.day"},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return c.cell() }},
	{Column: Column{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney},
		Value: (*pendingCommission).earned, Sort: "c.amount"},
	{Column: Column{Key: "base", Name: locale.T("Sale"), Kind: KindMoney,
		Help: locale.T("What the commission is calculated on.")},
		Value: (*pendingCommission).sold, Sort: "c.base"},
	{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Product) }},
	{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return c.buyer() }},
	{Column: Column{Key: "level", Name: locale.T("Level"), Kind: KindNumber},
		Value: func(c *pendingCommission) Cell { return Number(c.Level) }},
	{Column: Column{Key: "rate", Name: locale.T("Rate"), Kind: KindText,
		Help: locale.T("By the terms that the sale was credited under.")},
		Value: func(c *pendingCommission) Cell { return c.rate.of(c.Level, c.Currency) }},
	{Column: Column{Key: "status", Name: locale.T("State"), Kind: KindStatus},
		Value: (*pendingCommission).state},
	{Column: Column{Key: "review", Name: locale.T("Review"), Kind: KindText,
		Help: locale.T("Why this order needs a review.")},
		Value: func(c *pendingCommission) Cell { return Sentence(reason.AdminWords(c.Review)) }},
	{Column: Column{Key: "not_before", Name: locale.T("On hold until"), Kind: KindTime, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Time(c.NotBefore) },
		Sort:  "COALESCE(c.not_before, c.occurred_at)"},
	{Column: Column{Key: "program", Name: locale.T("Program"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Program) }},
	{Column: Column{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(c.Tool).To(RefTool, int64(c.ToolID)) }},
	{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(tracking.SubIDText(c.SubID)) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(c.Address()) }},
	{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Time(&c.OccurredAt) }},
	{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Number).To(RefOrder, c.OrderID) }},
	{Column: Column{Key: "id", Name: locale.T("Commission id"), Kind: KindNumber, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Number(c.ID) }},
}

// buyer is the customer as admins see them.
func (c *pendingCommission) buyer() Cell {
	return customerCell(affiliate.Line(c.FirstName+" "+c.LastName), c.Email, int64(c.ContactID))
}

// mostOfOrder is how many more rows a page may have, so that it ends with an order;
// one with more of them goes on on the next page.
const mostOfOrder = 200

// lostOf is what the last cancellation of a canceled commission c took; of one that refunds
// took, what it was at first.
const lostOf = `IF(c.status = 'canceled', COALESCE((SELECT e.amount FROM {wp}partner_center_journals cj
	JOIN {wp}partner_center_entries e ON e.journal_id = cj.id AND e.account = 'expense'
	WHERE cj.commission_id = c.id AND cj.kind = 'cancel' ORDER BY cj.id DESC LIMIT 1), ` + firstOf + `), 0)`

// finalOf is why a canceled commission c can't be reinstated, as sale.Reinstate says it.
const finalOf = `CASE WHEN c.status <> 'canceled' THEN ''
	WHEN c.decision_version < (SELECT MAX(d.decision_version) FROM {wp}partner_center_decisions d
		WHERE d.order_id = c.order_id) THEN '` + string(reason.SkipRerun) + `'
	WHEN c.stage <> 'canceled' THEN '` + string(reason.SkipFollows) + `' ELSE '' END`

// inState narrows to the commissions of a state.
func (s source) inState(w *where, state string) {
	switch state {
	case AllStates:
		return
	case "", AllPending, Waiting, OnHold, OnReview:
		w.add("c.status = 'pending'")
	default:
		w.add("c.status = ?", state)
	}
	minute := s.now.Truncate(time.Minute) // so that the figures of a minute can be kept
	const onReview = "IN (SELECT ro.id FROM {wp}partner_center_orders ro WHERE ro.review > '')"
	switch state {
	case Waiting:
		w.add("(c.not_before IS NULL OR c.not_before <= ?) AND c.order_id NOT "+onReview, minute)
	case OnHold:
		w.add("c.not_before > ?", minute)
	case OnReview:
		w.add("c.order_id " + onReview)
	}
}

// state is where a commission stands; of a pending one, whether it can be approved
// and since or until when; of a canceled one, why it can't be reinstated.
func (c *pendingCommission) state() Cell {
	switch {
	case c.Final == reason.SkipRerun:
		return Status(c.Status).noted(locale.T("its order was decided again since"))
	case c.Final == reason.SkipFollows:
		return Status(c.Status).noted(locale.T("its order was refunded or declined"))
	case c.Status != "pending":
		return Status(c.Status)
	case c.Review != "":
		return Status(OnReview).noted(reason.AdminWords(c.Review))
	case c.NotBefore != nil && c.NotBefore.Year() == 9999:
		return Status(OnHold).noted(locale.T("until a person decides"))
	case c.NotBefore != nil && c.NotBefore.After(c.now):
		return Status(OnHold).noted(locale.T("until %s", affiliate.DayOf(*c.NotBefore, c.zone)))
	case c.NotBefore != nil:
		return Status(Waiting).noted(locale.T("off hold since %s", affiliate.DayOf(*c.NotBefore, c.zone)))
	}
	return Status(Waiting)
}

// sold is what it is earned on, of its line.
func (c *pendingCommission) sold() Cell { return Money(c.Base, c.Currency).To(RefLine, c.LineID) }

// earned is the amount; of a canceled one, with what was lost.
func (c *pendingCommission) earned() Cell {
	cell := Money(c.Amount, c.Currency)
	if !c.Lost.IsZero() {
		cell = cell.noted(locale.T("was %s", money.Text(c.Lost, c.Currency)))
	}
	return cell
}

// CommissionCounts are how many commissions stand in the states that wait for an
// admin.
func (r *Reader) CommissionCounts(ctx context.Context) (map[string]int64, error) {
	const key = "commissionCounts"
	s := source{q: r.db, now: r.now(), kept: r.kept}
	return keep(s.kept, key, s.now, false, func() (map[string]int64, int64, error) {
		counts := map[string]int64{}
		for _, state := range []string{AllPending, Waiting, OnHold, OnReview} {
			var w where
			s.inState(&w, state)
			t, _, err := s.pendingTotals(ctx, w, Query{Limit: 1}, false)
			if err != nil {
				return nil, 0, err
			}
			counts[state] = t.Count
		}
		return counts, counts[AllPending], nil // of few of them it takes as long to be sure
	})
}

// pendingSearch is what the list is searched by: all of it on columns of its own
// table c, so that nothing needs to be joined to count and add up.
var pendingSearch = searchable{id: "c.id", ways: append(ofPartner("commissions", "c"), []way{
	{people: true, rows: `/* reports.pendingOfCustomers */ SELECT c.id FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_orders o ON o.id = c.order_id WHERE o.contact_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_orders so JOIN {wp}partner_center_contacts sk
			ON sk.id = so.contact_id WHERE so.id = c.order_id AND (` + personHas("sk") + `))`},
	commissionNumbers,
	{part: true, find: `/* reports.toolNames */ SELECT t.id FROM {wp}partner_center_tools t WHERE t.name LIKE ?`,
		rows: `/* reports.pendingOfTools */ SELECT c.id FROM {wp}partner_center_commissions c WHERE c.tool_id IN (?)`,
		has:  `c.tool_id IN (SELECT st.id FROM {wp}partner_center_tools st WHERE st.name LIKE ?)`},
	commissionProducts, commissionLines,
}...)}

// What commissions c are searched by in more than one list.
var (
	commissionNumbers = way{
		find:   `/* reports.numbers */ SELECT o.id FROM {wp}partner_center_orders o WHERE o.number LIKE ?`,
		newest: newestOrders,
		rows:   `/* reports.pendingOfNumbers */ SELECT c.id FROM {wp}partner_center_commissions c WHERE c.order_id IN (?)`,
		has:    `(SELECT COUNT(*) FROM {wp}partner_center_orders so WHERE so.id = c.order_id AND so.number LIKE ?)`}
	commissionProducts = way{part: true,
		find: `/* reports.productNames */ SELECT l.id FROM {wp}partner_center_products l WHERE l.name LIKE ?
			OR l.former_name LIKE ?`,
		rows: `/* reports.pendingOfProducts */ SELECT c.id FROM {wp}partner_center_commissions c
			JOIN {wp}partner_center_order_lines l ON l.id = c.line_id WHERE l.product_id IN (?)`,
		has: `c.product_id IN (SELECT sl.id FROM {wp}partner_center_products sl WHERE sl.name LIKE ?
			OR sl.former_name LIKE ?)`}
	commissionLines = way{last: true,
		find:   `/* reports.lineNames */ SELECT l.id FROM {wp}partner_center_order_lines l WHERE l.name LIKE ?`,
		newest: newestLines,
		rows:   `/* reports.pendingOfLines */ SELECT c.id FROM {wp}partner_center_commissions c WHERE c.line_id IN (?)`,
		has:    `(SELECT COUNT(*) FROM {wp}partner_center_order_lines sl WHERE sl.id = c.line_id AND sl.name LIKE ?)`}
)

func pendingTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	s.inState(&w, q.Status)
	w.days("c.day", q.Range)
	addIf(&w, "c.partner_id = ?", q.Partner)
	addIf(&w, "c.program_id = ?", q.Program)
	addIf(&w, "c.tool_id = ?", q.Tool)
	addIf(&w, "c.currency = ?", q.Currency)
	how, err := s.find(ctx, &w, pendingSearch, q)
	if err != nil {
		return nil, err
	}
	counted, totals, err := s.pendingTotals(ctx, w, q, how.asked)
	if err != nil {
		return nil, err
	}
	o, err := pendingFields.order(q, order{expr: "c.order_id", kind: KindNumber, id: "c.id"})
	if err != nil {
		return nil, err
	}
	whole := q // pages end with an order, however many commissions it has
	if whole.Limit += mostOfOrder; q.Limit == 0 {
		whole.Limit = 0
	}
	paged, tail, err := w.page(whole, o)
	if err != nil {
		return nil, err
	}
	if q.Refs {
		return s.pendingRefs(ctx, q, o, paged.sql()+tail, paged.args), nil
	}
	tables := pendingTables + rateTables + paged.sql() + tail
	if q.Limit > 0 { // the page first, then what belongs to its rows
		tables = ` FROM (SELECT c.id` + s.walked(q, counted.Count) + paged.sql() + tail + `) page
			JOIN` + strings.TrimPrefix(pendingTables, " FROM") + rateTables + " WHERE c.id = page.id" + o.by(whole)
	}
	t := pendingFields.table(ctx, s, `/* reports.pending */
		SELECT `+commissionColumns+`, `+o.place()+`, c.journals, c.line_id, c.partner_id, `+partnerNameColumns+`, `+lostOf+
		` AS lost, `+finalOf+` AS final, `+rateColumns+`,
			COALESCE(g.name, '') AS program, COALESCE(o.review, '') AS review`+tables, paged.args, totals,
		func(c *pendingCommission) Row {
			c.now, c.zone = s.now, s.zone
			row := Row{Ref: Ref{Kind: RefCommission, ID: c.ID}, Version: c.Journals, After: q.cursor(c.placed, c.ID)}
			if q.Sort == "" {
				row.Group = c.OrderID
			}
			return row
		})
	how.tell(t, s)
	if !slices.Contains([]string{"", AllPending, Waiting, OnHold, OnReview}, q.Status) {
		t.Title = locale.T("Commissions")
	}
	t.Count, t.Counted = counted.Count, counted.Counted
	return t, nil
}

// walkedFrom is of how many rows a page is read along the index of what they are sorted
// by: it is full after a few hundred of them, where sorting them all takes much longer.
const walkedFrom = 50_000

// walked is the table with that index. What is canceled comes to nothing, and stands at
// one end of it.
func (s source) walked(q Query, matching int64) string {
	index := strings.TrimPrefix(q.Sort, "-")
	if matching < s.walk || q.Status == "canceled" || index != "amount" && index != "base" {
		return ` FROM {wp}partner_center_commissions c`
	}
	return fmt.Sprintf(` FROM {wp}partner_center_commissions c FORCE INDEX ({wp}partner_center_commissions_%s)`, index)
}

// pendingRefs are the rows for work on all that match, of the commissions' table alone.
func (s source) pendingRefs(ctx context.Context, q Query, o order, narrowed string, args []any) *Table {
	type ref struct {
		ID       int64 `db:"id"`
		OrderID  int64 `db:"order_id"`
		Journals int   `db:"journals"`
		placed
	}
	return &Table{Rows: stream(ctx, s.q, `/* reports.pendingRefs */ SELECT c.id, c.order_id, c.journals, `+o.place()+`
		FROM {wp}partner_center_commissions c`+narrowed, args, func(r *ref) Row {
		row := Row{Ref: Ref{Kind: RefCommission, ID: r.ID}, Version: r.Journals, After: q.cursor(r.placed, r.ID)}
		if q.Sort == "" {
			row.Group = r.OrderID
		}
		return row
	})}
}

// pendingTotals are how many rows match, and their sums: of very many as they were a
// moment ago, and where each row has to be asked and more match than are counted, none.
func (s source) pendingTotals(ctx context.Context, w where, q Query, asked bool) (*Table, []Row, error) {
	const from = " FROM {wp}partner_center_commissions c"
	t := &Table{Counted: MostCounted}
	if q.Bare {
		return t, nil, nil
	}
	if asked && q.Limit > 0 && !q.Exact {
		t.Counted = mostAsked
		if t, err := s.count(ctx, t, q, `/* reports.pendingCount */`, from, w); err != nil || t.Count > t.Counted {
			return t, nil, err
		}
	}
	key := keyOf("totals"+w.sql(), w.args)
	sums, err := keep(s.kept, key, s.now, q.fresh(), func() (sums []amountOf, rows int64, err error) {
		err = s.q.Select(ctx, &sums, `/* reports.pendingTotals */ SELECT c.currency, COUNT(*) AS n,
			SUM(c.amount) AS amount`+from+w.sql()+` GROUP BY c.currency ORDER BY c.currency`, w.args...)
		for _, sum := range sums {
			rows += sum.N
		}
		return sums, rows, err
	})
	if err != nil {
		return nil, nil, err
	}
	totals := []Row{}
	t.Count = 0
	for _, sum := range sums {
		row := Row{Cells: make([]Cell, len(pendingFields))}
		for i, f := range pendingFields {
			if f.Key == "amount" {
				row.Cells[i] = Money(sum.Amount, sum.Currency)
			}
		}
		totals, t.Count = append(totals, row), t.Count+sum.N
	}
	return t, totals, nil
}

// amountOf is how many rows of a currency there are, and what they come to.
type amountOf struct {
	Currency money.Currency `db:"currency"`
	N        int64          `db:"n"`
	Amount   money.Amount   `db:"amount"`
}
