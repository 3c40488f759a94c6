package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// ownFigures are what a row of a partner's report shows: the figures of a range, those
// of the range before, and of which sum they are a share.
type ownFigures struct {
	now, before, sum *Figures
}

// ownRow are the figures of a key.
type ownRow[K any] struct {
	key K
	ownFigures
}

// earlier is the range that the query's is compared with; ok is false where it has
// open ends, or begins before the partner did, which is no measure.
func (s source) earlier(q Query) (r affiliate.Range, ok bool) {
	if q.Range.From.IsZero() || q.Range.To.IsZero() {
		return r, false
	}
	r = EarlierOf(q.Range, s.today).Of(q.Range)
	return r, s.known(r.From)
}

// twoTallies are the figures of the query's range, and of the one before it; those are
// nil where there is no comparison.
func twoTallies[K comparable](ctx context.Context, s source, q Query, by dimension,
	raw func(context.Context, db.Queryer, dimension, scope) (map[K]*Figures, error)) (now, before map[K]*Figures,
	err error) {
	of := s.scope(q)
	if now, err = tallyWith(ctx, s.q, by, of, raw); err != nil {
		return nil, nil, err
	}
	if r, ok := s.earlier(q); ok {
		of.days = r
		before, err = tallyWith(ctx, s.q, by, of, raw)
	}
	return now, before, err
}

// ownReport is how a partner's report breaks figures down by a key.
type ownReport[K cmp.Ordered] struct {
	names   fields[K]
	of      func(K) string // Query.Of of the commissions behind a row, "" for none
	sums    []string       // keys of the only figures without currency that it has; nil for all
	perSale bool           // a sale can stand in several rows, so that their number has no sum
	last    []K            // stand behind all others
}

// orHome are these currencies, or where nothing was earned in any the site's: a
// partner reads that it was nothing.
func (s source) orHome(ctx context.Context, curs []money.Currency) ([]money.Currency, error) {
	if len(curs) > 0 {
		return curs, nil
	}
	settings, err := affiliate.LoadSettings(ctx, s.q)
	return []money.Currency{settings.Currency}, err
}

// table is the breakdown, what earned most first.
func (o ownReport[K]) table(ctx context.Context, s source, q Query, now, before map[K]*Figures) (*Table, error) {
	sum, err := sumOfAll(now)
	if err != nil {
		return nil, err
	}
	sumBefore, err := sumOfAll(before)
	if err != nil {
		return nil, err
	}
	now = maps.Clone(now)
	for key := range before { // what brings nothing any more is told, too
		now[key] = orNothing(now[key])
	}
	maps.DeleteFunc(now, func(key K, f *Figures) bool { return f.nothing() && orNothing(before[key]).nothing() })
	curs := currencies(now)
	for _, cur := range currencies(before) {
		if !slices.Contains(curs, cur) {
			curs = append(curs, cur)
		}
	}
	slices.Sort(curs)
	if curs, err = s.orHome(ctx, curs); err != nil {
		return nil, err
	}
	numbers := slices.DeleteFunc(ownColumns(curs, before != nil), func(f field[ownFigures]) bool {
		return o.sums != nil && !slices.Contains(o.sums, f.BaseKey())
	})
	fs := append(lift(o.names, func(r *ownRow[K]) *K { return &r.key }),
		lift(numbers, func(r *ownRow[K]) *ownFigures { return &r.ownFigures })...)
	var rows []Row
	for _, key := range o.keys(now, curs) {
		r := ownRow[K]{key, ownFigures{now[key], orNothing(before[key]), sum}}
		row := Row{Cells: fs.cells(&r), After: fmt.Sprintf("=%v", key)} // of "", too
		if o.of != nil && len(now[key].Money) > 0 && o.of(key) != "" {
			row.Behind = &Query{Range: q.Range, Of: o.of(key)}
		}
		rows = append(rows, row)
	}
	t := &Table{Columns: fs.columns(), Totals: []Row{fs.total(&ownRow[K]{ownFigures: ownFigures{sum, sumBefore, sum}})},
		Count: int64(len(rows))}
	if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == "sales" }); o.perSale && i >= 0 {
		t.Totals[0].Cells[i] = Cell{}
	}
	rows, err = behind(rows, q)
	t.Rows = all(rows)
	return t, err
}

// keys are the keys in the order of their rows.
func (o ownReport[K]) keys(found map[K]*Figures, curs []money.Currency) []K {
	rank := func(key K) int { return slices.Index(o.last, key) }
	return slices.SortedFunc(maps.Keys(found), func(a, b K) int {
		order := cmp.Compare(rank(a), rank(b))
		for _, cur := range curs {
			order = cmp.Or(order, found[b].Money[cur].Commission.Cmp(found[a].Money[cur].Commission))
		}
		return cmp.Or(order, cmp.Compare(found[b].Sales, found[a].Sales),
			cmp.Compare(found[b].Unique, found[a].Unique), cmp.Compare(found[b].Clicks, found[a].Clicks),
			cmp.Compare(a, b))
	})
}

// nothing tells whether there is nothing to tell: canceled commissions, which a partner
// may not have seen (S89), leave such figures.
func (t *Figures) nothing() bool {
	for _, e := range t.Money {
		if e != (Earned{}) {
			return false
		}
	}
	return t.Clicks == 0 && t.Leads == 0 && t.Sales == 0 && t.Refunds == 0
}

func orNothing(f *Figures) *Figures {
	if f == nil {
		return &Figures{}
	}
	return f
}

func sumOfAll[K comparable](found map[K]*Figures) (*Figures, error) {
	sum := &Figures{Money: map[money.Currency]Earned{}}
	for _, f := range found {
		if err := sum.add(f); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// ownColumns are the columns of a partner's figures, the money first. Of several
// currencies pages show the shares of the first one only.
func ownColumns(curs []money.Currency, compared bool) fields[ownFigures] {
	figures := figureFields(curs)
	take := func(key string) (taken fields[ownFigures]) {
		for _, f := range figures {
			if f.BaseKey() == key {
				taken = append(taken, lift(fields[Figures]{f}, func(o *ownFigures) *Figures { return o.now })...)
			}
		}
		return taken
	}
	fs := take("commission")
	for i, cur := range curs {
		fs = append(fs, comparedFields(cur, len(curs) > 1, i > 0, compared)...)
	}
	for _, key := range []string{"sales", "leads", "unique", "clicks", "conversion"} {
		fs = append(fs, take(key)...)
	}
	for i, cur := range curs {
		perClick := field[ownFigures]{Column: Column{Key: "epc_" + string(cur), Name: locale.T("Per click"),
			Kind: KindMoney, Currency: cur, Ratio: true, FileOnly: i > 0,
			Help: locale.T("Your commission divided by the clicks.")}, Summed: true,
			Value: func(o *ownFigures) Cell { return perClick(o.now.Money[cur].Commission, o.now.Clicks, cur) }}
		fs = append(fs, perClick)
	}
	return append(fs, take("total")...)
}

// comparedFields are what the commission of a row is of that of all, and of what it was.
func comparedFields(cur money.Currency, named, fileOnly, compared bool) fields[ownFigures] {
	share, than := locale.C("part", "Share"), locale.T("Compared")
	if named {
		share, than = locale.T("Share in %s", string(cur)), locale.T("Compared in %s", string(cur))
	}
	fs := fields[ownFigures]{{Column: Column{Key: "share_" + string(cur), Name: share, Kind: KindPercent, Currency: cur,
		FileOnly: fileOnly, Help: locale.T("Of your commission in these days.")},
		Value: func(o *ownFigures) Cell {
			return shareOf(o.now.Money[cur].Commission.Units(), o.sum.Money[cur].Commission.Units())
		}}}
	if !compared {
		return fs
	}
	before := moneyField("before", locale.T("Commission before"), cur,
		func(o *ownFigures) money.Amount { return o.before.Money[cur].Commission })
	before.FileOnly, before.Summed, before.Help = true, true, locale.T("In the days that the range is compared with.")
	return append(fs, before, field[ownFigures]{Column: Column{Key: "change_" + string(cur), Name: than,
		Kind: KindChange, Currency: cur, FileOnly: fileOnly, Help: locale.T("With the days before.")}, Summed: true,
		Value: func(o *ownFigures) Cell {
			return change(o.now.Money[cur].Commission, o.before.Money[cur].Commission)
		}})
}

// shareOf is part of whole as a percentage with one decimal; of nothing, and of parts
// that say nothing, it is empty.
func shareOf(part, whole int64) Cell {
	const most = 1 << 52 // so that nothing overflows
	if part < 0 || whole > most {
		return Cell{}
	}
	return share(part, whole)
}
