package reports

import (
	"context"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// partnersReport lists the partners with their figures since they began
// (S32-S41). Figures belong to a partner whichever program they are in (S98).
var partnersReport = &Report{
	Name: "partners", Title: locale.T("Partners"), For: ForAdmin,
	Help:    locale.T("All partners with their visits, leads, sales and money, since they began, refunds taken off."),
	Filters: []Filter{FilterStatus, FilterPartner, FilterProgram, FilterSearch},
	Statuses: []string{string(affiliate.Applied), string(affiliate.Active), string(affiliate.Suspended),
		string(affiliate.Rejected), string(affiliate.Removed)},
	Finds: locale.T("Start of a name, email, company or partner code"),
	table: partnersTable,
}

// listed is a partner as the list shows them.
type listed struct {
	partnerName
	State     affiliate.PartnerState `db:"state"`
	Program   string                 `db:"program"`
	Company   string                 `db:"company"`
	SignupAt  *time.Time             `db:"signup_at"`
	ContactID affiliate.ContactID    `db:"contact_id"`
	placed
	figures Figures
	held    map[money.Currency]held
	own     affiliate.FieldValues
}

// held is what a partner has in one currency.
type held struct {
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Currency  money.Currency      `db:"currency"`
	Pending   money.Amount        `db:"pending"`
	OnHold    money.Amount        `db:"on_hold"` // the part of it that waits for a date or a person
	Owed      money.Amount        `db:"owed"`
	Paid      money.Amount        `db:"paid"`
}

func partnersTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	addIf(&w, "pa.state = ?", q.Status)
	addIf(&w, "pa.id = ?", q.Partner)
	addIf(&w, "m.program_id = ?", q.Program)
	how, err := s.find(ctx, &w, partnersSearch, q)
	if err != nil {
		return nil, err
	}
	curs, err := s.partnerCurrencies(ctx)
	if err != nil {
		return nil, err
	}
	own, err := affiliate.LoadContactFields(ctx, s.q)
	if err != nil {
		return nil, err
	}
	fs := append(s.partnerFields(curs), ownFields(own)...)
	t := &Table{Columns: fs.columns()}
	o, err := fs.order(q, newest("", "pa.id"))
	if err != nil {
		return nil, err
	}
	t.Rows, err = inParts(w, o, q, func(part Query) ([]Row, error) { return s.somePartners(ctx, w, o, part, fs) })
	if err != nil {
		return nil, err
	}
	how.tell(t, s)
	return s.count(ctx, t, q, `/* reports.partnerCount */`, partnersAsked(q), w)
}

// partnerCurrencies are those of all balances: one look into the index for each, where
// SELECT DISTINCT would read it all.
func (s source) partnerCurrencies(ctx context.Context) (curs []money.Currency, err error) {
	for next := ""; ; {
		var cur *money.Currency
		err := s.q.Get(ctx, &cur, `/* reports.partnerCurrencies */ SELECT MIN(currency) FROM {wp}partner_center_balances
			WHERE currency > ?`, next)
		if err != nil || cur == nil {
			return curs, err
		}
		curs, next = append(curs, *cur), string(*cur)
	}
}

// partnersSearch is what the list is searched by.
var partnersSearch = searchable{id: "pa.id", ways: []way{
	{people: true, rows: `/* reports.partnersOf */ SELECT p.id FROM {wp}partner_center_partners p
		WHERE p.contact_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_contacts sk WHERE sk.id = pa.contact_id AND (` +
			personHas("sk") + `))`},
	{code: true, find: `/* reports.codes */ SELECT p.id FROM {wp}partner_center_partners p WHERE p.code LIKE ?`,
		newest: newestPartners,
		has:    `pa.code LIKE ?`},
}}

// partnersAsked are the tables that the conditions and the order of a query ask.
func partnersAsked(q Query) string {
	from := ` FROM {wp}partner_center_partners pa`
	if q.Program != 0 {
		from += ` LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = pa.id AND m.active = 1`
	}
	return from
}

// listNames are what the list calls figures that reports, which show clicks as
// well, call otherwise (S34-S37).
var listNames = map[string]locale.Text{"unique": locale.T("Visits"), "sales": locale.T("# Sales"),
	"total": locale.T("Total Sales")}

// partnerFields are figures and money in each of the currencies. Beside the
// names, a page has room for a few.
func (s source) partnerFields(curs []money.Currency) fields[listed] {
	fs := fields[listed]{
		{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
			Value: func(p *listed) Cell { return p.cell() }, Sort: "pa.listed_as"},
		{Column: Column{Key: "email", Name: locale.T("Email"), Kind: KindText},
			Value: func(p *listed) Cell { return Text(p.Address()) }},
		{Column: Column{Key: "program", Name: locale.T("Program"), Kind: KindText},
			Value: func(p *listed) Cell { return Text(p.Program) }},
		{Column: Column{Key: "state", Name: locale.T("State"), Kind: KindStatus},
			Value: func(p *listed) Cell { return Status(p.State) }},
		{Column: Column{Key: "signup", Name: locale.T("Signup Date"), Kind: KindDate},
			Value: func(p *listed) Cell { return s.signupDay(p) },
			Sort:  "pa.listed_at", SortKind: KindTime},
	}
	for _, cur := range curs {
		owed := moneyField("owed", locale.T("Owed"), cur, func(p *listed) money.Amount { return p.held[cur].Owed })
		owed.Help = locale.T("Approved and unpaid, minus clawbacks, regardless of the threshold.")
		pending := moneyField("pending", locale.T("Pending"), cur,
			func(p *listed) money.Amount { return p.held[cur].Pending })
		paid := moneyField("paid", locale.T("Total Commission Paid"), cur,
			func(p *listed) money.Amount { return p.held[cur].Paid })
		onHold := moneyField("on_hold", locale.T("On hold"), cur,
			func(p *listed) money.Amount { return p.held[cur].OnHold })
		onHold.Help = locale.T("The part of the pending amount that can't be approved yet.")
		pending.FileOnly, onHold.FileOnly, paid.FileOnly = true, true, true
		fs = append(fs, owed, pending, onHold, paid)
	}
	for _, f := range append(figureFields(curs), refundFields(curs)...) {
		f.FileOnly = !slices.Contains([]string{"unique", "leads", "sales"}, f.Key)
		if name, has := listNames[f.BaseKey()]; has {
			f.Name = name
		}
		fs = append(fs, lift(fields[Figures]{f}, func(p *listed) *Figures { return &p.figures })...)
	}
	return append(fs,
		field[listed]{Column: Column{Key: "company", Name: locale.T("Company"), Kind: KindText, FileOnly: true},
			Value: func(p *listed) Cell { return Text(p.Company) }},
		field[listed]{Column: Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
			Value: func(p *listed) Cell { return Text(p.PartnerCode) }},
		field[listed]{Column: Column{Key: "id", Name: locale.T("Partner id"), Kind: KindNumber, FileOnly: true},
			Value: func(p *listed) Cell { return Number(int64(p.PartnerID)) }})
}

func (s source) signupDay(p *listed) Cell {
	if p.SignupAt == nil {
		return Cell{}
	}
	return Date(affiliate.DayOf(*p.SignupAt, s.zone))
}

// refundFields say what was refunded after payment.
func refundFields(curs []money.Currency) fields[Figures] {
	fs := fields[Figures]{{Column: Column{Key: "refunds", Name: locale.T("# Refunds"), Kind: KindNumber,
		Help: locale.T("Sales refunded after we paid the partner.")},
		Value: func(f *Figures) Cell { return Number(f.Refunds) }}}
	for _, cur := range curs {
		fs = append(fs, moneyField("refunded", locale.T("Total Refunds"), cur,
			func(f *Figures) money.Amount { return f.Money[cur].Refunded }))
	}
	return fs
}

const partnerTables = ` FROM {wp}partner_center_partners pa
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id
	LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = pa.id AND m.active = 1
	LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id`

// somePartners are the rows of one part.
func (s source) somePartners(ctx context.Context, w where, o order, q Query, fs fields[listed]) ([]Row, error) {
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	var found []listed
	err = s.q.Select(ctx, &found, `/* reports.partners */
		SELECT pa.id AS partner_id, pa.contact_id, pa.state, `+partnerNameColumns+`,
			COALESCE(g.name, '') AS program, m.signup_at,
			COALESCE(pk.company, '') AS company, `+o.place()+` FROM (SELECT pa.id`+partnersAsked(q)+paged.sql()+tail+
		`) page JOIN`+strings.TrimPrefix(partnerTables, " FROM")+` WHERE pa.id = page.id`+o.by(q), paged.args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]affiliate.PartnerID, len(found))
	for i, p := range found {
		ids[i] = p.PartnerID
	}
	figures, err := s.figuresOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	held, err := s.held(ctx, ids)
	if err != nil {
		return nil, err
	}
	own, err := s.ownValues(ctx, found)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i, p := range found {
		p.held, p.own = held[p.PartnerID], own[p.ContactID]
		if f := figures[p.PartnerID]; f != nil {
			p.figures = *f
		}
		rows[i] = Row{Ref: Ref{Kind: RefPartner, ID: int64(p.PartnerID)}, Cells: fs.cells(&p),
			After: q.cursor(p.placed, int64(p.PartnerID))}
	}
	return rows, nil
}

func (s source) held(ctx context.Context,
	ids []affiliate.PartnerID) (map[affiliate.PartnerID]map[money.Currency]held, error) {
	var found []held
	err := selectIn(ctx, s.q, &found, `/* reports.held */
		SELECT b.partner_id, b.currency, b.pending, b.payable + b.in_payout AS owed,
		b.paid, (SELECT COALESCE(SUM(c.pending), 0)
			FROM {wp}partner_center_commissions c WHERE c.partner_id = b.partner_id AND c.status = 'pending'
			AND c.currency = b.currency AND c.not_before > ?) AS on_hold
		FROM {wp}partner_center_balances b WHERE b.partner_id IN (?)`, s.now, ids)
	of := map[affiliate.PartnerID]map[money.Currency]held{}
	for _, h := range found {
		if of[h.PartnerID] == nil {
			of[h.PartnerID] = map[money.Currency]held{}
		}
		of[h.PartnerID][h.Currency] = h
	}
	return of, err
}
