package reports

import (
	"context"
	"iter"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// partnersReport lists the partners with their figures since they began
// (S32-S41). Figures belong to a partner whichever program he is in (S98).
var partnersReport = &Report{
	Name: "partners", Title: locale.T("Partners"), For: ForAdmin,
	Help:    locale.T("All partners with their visits, leads, sales and money, since they began."),
	Filters: []Filter{FilterStatus, FilterProgram, FilterSearch},
	Statuses: []string{string(affiliate.Applied), string(affiliate.Active), string(affiliate.Suspended),
		string(affiliate.Rejected), string(affiliate.Removed)},
	table: partnersTable,
}

// listed is a partner as the list shows him.
type listed struct {
	partnerName
	State    affiliate.PartnerState `db:"state"`
	Program  string                 `db:"program"`
	SignupAt *time.Time             `db:"signup_at"`
}

// held is what a partner has in one currency.
type held struct {
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Currency  money.Currency      `db:"currency"`
	Pending   money.Amount        `db:"pending"`
	Owed      money.Amount        `db:"owed"`
	Paid      money.Amount        `db:"paid"`
}

func partnersTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	addIf(&w, "pa.state = ?", q.Status)
	addIf(&w, "m.program_id = ?", q.Program)
	w.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pk.company", "pa.code")
	curs := []money.Currency{}
	err := s.q.Select(ctx, &curs, `/* reports.partnerCurrencies */ SELECT DISTINCT currency FROM {wp}partner_center_balances ORDER BY currency`)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: partnerColumns(curs)}
	t.Rows, err = s.partnerRows(ctx, w, q, curs)
	return t, err
}

func partnerColumns(curs []money.Currency) []Column {
	columns := []Column{
		{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		{Key: "email", Name: locale.T("E-mail"), Kind: KindText},
		{Key: "program", Name: locale.T("Program"), Kind: KindText},
		{Key: "state", Name: locale.T("State"), Kind: KindStatus},
		{Key: "signup", Name: locale.T("Signup date"), Kind: KindDate},
	}
	for _, cur := range curs {
		columns = append(columns,
			Column{Key: "owed_" + string(cur), Name: locale.T("Owed"), Kind: KindMoney, Currency: cur, Help: locale.T("Approved and unpaid, minus clawbacks, regardless of the threshold.")},
			Column{Key: "pending_" + string(cur), Name: locale.T("Pending"), Kind: KindMoney, FileOnly: true, Currency: cur},
			Column{Key: "paid_" + string(cur), Name: locale.T("Total commission paid"), Kind: KindMoney, FileOnly: true, Currency: cur})
	}
	for _, c := range append(tallyColumns(curs), refundColumns(curs)...) {
		c.FileOnly = !slices.Contains([]string{"unique", "leads", "sales"}, c.Key)
		columns = append(columns, c)
	}
	return append(columns, Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
		Column{Key: "id", Name: locale.T("Partner id"), Kind: KindNumber, FileOnly: true})
}

// partnersAtOnce is how many partners' figures are read together: a page, or a
// part of a file.
const partnersAtOnce = 100

// partnerRows reads partners and their figures part by part, since one query
// over all of them would take as long as the whole file before its first row.
func (s source) partnerRows(ctx context.Context, w where, q Query, curs []money.Currency) (iter.Seq2[Row, error], error) {
	part := q
	part.Limit = partnersAtOnce - 1 // where.page reads one more
	if q.Limit > 0 {
		part.Limit = min(q.Limit, part.Limit)
	}
	if _, _, err := w.page(part, "", "pa.id"); err != nil {
		return nil, err
	}
	return func(yield func(Row, error) bool) {
		for {
			rows, err := s.somePartners(ctx, w, part, curs)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) <= part.Limit {
				return
			}
			part.After = rows[len(rows)-1].After
		}
	}, nil
}

// somePartners are the rows of one part, newest partners first.
func (s source) somePartners(ctx context.Context, w where, q Query, curs []money.Currency) ([]Row, error) {
	paged, limit, err := w.page(q, "", "pa.id")
	if err != nil {
		return nil, err
	}
	var found []listed
	err = s.q.Select(ctx, &found, `/* reports.partners */
		SELECT pa.id AS partner_id, pa.state, `+partnerNameColumns+`, COALESCE(g.name, '') AS program, m.signup_at
		FROM {wp}partner_center_partners pa
		LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id
		LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = pa.id AND m.active = 1
		LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id`+paged.sql()+` ORDER BY pa.id DESC`+limit, paged.args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]affiliate.PartnerID, len(found))
	for i, p := range found {
		ids[i] = p.PartnerID
	}
	figures, err := tally[affiliate.PartnerID](ctx, s.q, byPartner, ids, Query{}.days(), true)
	if err != nil {
		return nil, err
	}
	money, err := s.held(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i, p := range found {
		rows[i] = s.partnerRow(p, figures[p.PartnerID], money[p.PartnerID], curs)
		rows[i].After = p.PartnerID.String()
	}
	return rows, nil
}

func (s source) held(ctx context.Context, ids []affiliate.PartnerID) (map[affiliate.PartnerID][]held, error) {
	var found []held
	err := selectIn(ctx, s.q, &found, `/* reports.held */
		SELECT partner_id, currency, pending, payable + in_payout AS owed, paid FROM {wp}partner_center_balances WHERE partner_id IN (?)`, ids)
	of := map[affiliate.PartnerID][]held{}
	for _, h := range found {
		of[h.PartnerID] = append(of[h.PartnerID], h)
	}
	return of, err
}

func (s source) partnerRow(p listed, figures *Figures, money []held, curs []money.Currency) Row {
	signup := Cell{}
	if p.SignupAt != nil {
		signup = Date(affiliate.DayOf(*p.SignupAt, s.zone))
	}
	cells := []Cell{p.cell(), Text(p.PartnerEmail), Text(p.Program), Status(p.State), signup}
	for _, cur := range curs {
		h := held{}
		if i := slices.IndexFunc(money, func(h held) bool { return h.Currency == cur }); i >= 0 {
			h = money[i]
		}
		cells = append(cells, Money(h.Owed, cur), Money(h.Pending, cur), Money(h.Paid, cur))
	}
	if figures == nil {
		figures = &Figures{}
	}
	cells = append(append(cells, figures.cells(curs)...), figures.refundCells(curs)...)
	cells = append(cells, Text(p.PartnerCode), Number(int64(p.PartnerID)))
	return Row{Ref: Ref{Kind: RefPartner, ID: int64(p.PartnerID)}, Cells: cells}
}

// refundColumns are the headings of what was refunded after payment.
func refundColumns(curs []money.Currency) []Column {
	columns := []Column{{Key: "refunds", Name: locale.T("Refunds"), Kind: KindNumber, Help: locale.T("Sales refunded after we paid the partner.")}}
	for _, cur := range curs {
		columns = append(columns, Column{Key: "refunded_" + string(cur), Name: locale.T("Total refunds"), Kind: KindMoney, Currency: cur})
	}
	return columns
}

// refundCells stand under refundColumns.
func (t *Figures) refundCells(curs []money.Currency) []Cell {
	cells := []Cell{Number(t.Refunds)}
	for _, cur := range curs {
		cells = append(cells, Money(t.Money[cur].Refunded, cur))
	}
	return cells
}
