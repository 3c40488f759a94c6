package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// none stands for what came without promo tool or SubID (D31).
var none = Sentence(locale.T("(none)"))

// toolsReport shows what each promo tool brought a partner.
var toolsReport = &Report{
	Name: "tools", Title: locale.T("Promo tools"), For: ForPartner,
	Help:    locale.T("Results by promo tool."),
	Filters: []Filter{FilterRange},
	forward: true,
	table:   toolsTable,
}

func toolsTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := tally[affiliate.ToolID](ctx, s.q, byTool, s.scope(q))
	if err != nil {
		return nil, err
	}
	tools, err := s.tools(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	return breakdown(q, found, toolFields(tools))
}

// toolFields name promo tools.
func toolFields(tools map[affiliate.ToolID]tool) fields[affiliate.ToolID] {
	return fields[affiliate.ToolID]{
		{Column: Column{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText},
			Value: func(id *affiliate.ToolID) Cell {
				if tools[*id].Name == "" {
					return none
				}
				return Text(tools[*id].Name).To(RefTool, int64(*id))
			}},
		{Column: Column{Key: "campaign", Name: locale.T("Campaign"), Kind: KindText},
			Value: func(id *affiliate.ToolID) Cell { return Text(tools[*id].Campaign) }},
		{Column: Column{Key: "ad", Name: locale.T("Ad"), Kind: KindText},
			Value: func(id *affiliate.ToolID) Cell { return Text(tools[*id].Ad) }},
	}
}

// tool is how a promo tool is named in lists (S53).
type tool struct {
	ID       affiliate.ToolID `db:"id"`
	Name     string           `db:"name"`
	Campaign string           `db:"campaign"`
	Ad       string           `db:"ad"`
}

func (s source) tools(ctx context.Context, ids []affiliate.ToolID) (map[affiliate.ToolID]tool, error) {
	named := map[affiliate.ToolID]tool{}
	if len(ids) == 0 {
		return named, nil
	}
	var found []tool
	err := selectIn(ctx, s.q, &found, `/* reports.tools */ SELECT id, name, campaign, ad FROM {wp}partner_center_tools
		WHERE id IN (?)`, ids)
	for _, t := range found {
		named[t.ID] = t
	}
	return named, err
}

// keyed are the figures of a key.
type keyed[K any] struct {
	key     K
	figures *Figures
}

// breakdown is a table of figures by a key, most unique visits first; names are
// the fields that say which key it is. Keys in last stand behind all others.
func breakdown[K cmp.Ordered](q Query, found map[K]*Figures, names fields[K], last ...K) (*Table, error) {
	rank := func(key K) int { return slices.Index(last, key) }
	keys := slices.SortedFunc(maps.Keys(found), func(a, b K) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(found[b].Unique, found[a].Unique),
			cmp.Compare(found[b].Clicks, found[a].Clicks), cmp.Compare(a, b))
	})
	fs := append(lift(names, func(k *keyed[K]) *K { return &k.key }),
		lift(figureFields(currencies(found)), func(k *keyed[K]) *Figures { return k.figures })...)
	sum := Figures{Money: map[money.Currency]Earned{}}
	var rows []Row
	for _, key := range keys {
		if err := sum.add(found[key]); err != nil {
			return nil, err
		}
		// of "", too
		rows = append(rows, Row{Cells: fs.cells(&keyed[K]{key, found[key]}), After: fmt.Sprintf("=%v", key)})
	}
	rows, err := behind(rows, q)
	return &Table{Columns: fs.columns(), Totals: []Row{fs.total(&keyed[K]{figures: &sum})}, Rows: all(rows)}, err
}
