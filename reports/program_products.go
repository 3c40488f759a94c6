package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// programProductsReport lists what can be earned on in a program (S25).
var programProductsReport = &Report{
	Name: "program-products", Title: locale.T("Products of a program"), For: ForAdmin,
	Help:    locale.T("What each product of a program earns."),
	Filters: []Filter{FilterProgram, FilterSearch},
	Finds:   locale.T("Search name, former name or number in the shop"),
	named:   true,
	table:   programProductsTable,
}

// earningProduct is a product with what it earns in a program.
type earningProduct struct {
	listedProduct
	TermsID affiliate.TermsID   `db:"terms_id"`
	Program affiliate.ProgramID `db:"program_id"`
	terms   affiliate.Terms
}

func (s source) earningFields() fields[earningProduct] {
	level := func(key string, name locale.Text, rate func(affiliate.Terms) money.Rate,
		flat func(affiliate.Flat) money.Amount) field[earningProduct] {
		return field[earningProduct]{Column: Column{Key: key, Name: name, Kind: KindText},
			Value: func(p *earningProduct) Cell { return levelEarns(p.terms, rate(p.terms), flat) }}
	}
	fs := fields[earningProduct]{
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
			Value: func(p *earningProduct) Cell { return s.productName(&p.listedProduct) }, Sort: "p.name"},
		{Column: Column{Key: "kind", Name: locale.T("Commission"), Kind: KindText},
			Value: func(p *earningProduct) Cell { return Sentence(commissionKinds[p.terms.Kind]) }, Sort: "t.kind"},
		level("level1", locale.T("Level 1"), func(t affiliate.Terms) money.Rate { return t.Level1 },
			func(f affiliate.Flat) money.Amount { return f.Level1 }),
		level("level2", locale.T("Level 2"), func(t affiliate.Terms) money.Rate { return t.Level2 },
			func(f affiliate.Flat) money.Amount { return f.Level2 }),
		{Column: Column{Key: "since", Name: locale.T("Since"), Kind: KindDate},
			Value: func(p *earningProduct) Cell { return Date(affiliate.DayOf(p.terms.ValidFrom, s.zone)) },
			Sort:  "t.valid_from", SortKind: KindTime},
	}
	rest := lift(s.productFields(), func(p *earningProduct) *listedProduct { return &p.listedProduct })
	for _, f := range rest {
		if f.FileOnly {
			fs = append(fs, f)
		}
	}
	return fs
}

// commissionKinds are what the kinds of S28 are called.
var commissionKinds = map[affiliate.CommissionKind]locale.Text{affiliate.Percent: locale.T("Percentage"),
	affiliate.FlatAmount: locale.T("Flat rate")}

// levelEarns is what a level earns: a percentage, or an amount in each currency.
func levelEarns(t affiliate.Terms, rate money.Rate, flat func(affiliate.Flat) money.Amount) Cell {
	if t.Kind == affiliate.Percent {
		return Sentence(locale.T("%s%%", rate))
	}
	var amounts locale.Text
	for i, f := range t.Flats {
		amount := money.Text(flat(f), f.Currency)
		if i == 0 {
			amounts = amount
			continue
		}
		amounts = locale.Layout("%s · %s", amounts, amount)
	}
	return Sentence(amounts)
}

func programProductsTable(ctx context.Context, s source, q Query) (*Table, error) {
	w := where{}
	w.add("t.current = 1")
	addIf(&w, "t.program_id = ?", q.Program)
	w.search(q.Search, "p.name", "p.external_id", "p.former_name")
	fs := s.earningFields()
	o, err := fs.order(q, order{expr: "p.name", kind: KindText, id: "t.id", up: true})
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	const from = ` FROM {wp}partner_center_terms t JOIN {wp}partner_center_products p ON p.id = t.product_id`
	var found []earningProduct
	err = s.q.Select(ctx, &found, `/* reports.programProducts */ SELECT p.id, p.source, p.external_id, p.name, p.price,
			p.currency, p.created_at, p.archived_at, p.gone_at, p.former_name, p.renamed_at, '' AS programs,
			t.id AS terms_id, t.program_id, `+o.place()+from+paged.sql()+tail, paged.args...)
	if err != nil {
		return nil, err
	}
	if err := s.addTerms(ctx, found); err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i := range found {
		p := &found[i]
		rows[i] = Row{Ref: Ref{Kind: RefProduct, ID: p.ID}, Cells: fs.cells(p),
			After: q.cursor(p.placed, int64(p.TermsID))}
	}
	t := &Table{Columns: fs.columns(), Rows: all(rows)}
	return s.count(ctx, t, q, `/* reports.programProductCount */`, from, w)
}

// addTerms reads what the products earn.
func (s source) addTerms(ctx context.Context, found []earningProduct) error {
	for i := 0; i < len(found); i += namesAtOnce {
		part := found[i:min(i+namesAtOnce, len(found))]
		ids := make([]affiliate.TermsID, len(part))
		for j, p := range part {
			ids[j] = p.TermsID
		}
		terms, err := affiliate.TermsByID(ctx, s.q, ids)
		if err != nil {
			return err
		}
		for j := range part {
			part[j].terms = terms[part[j].TermsID]
		}
	}
	return nil
}
