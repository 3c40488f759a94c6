package reports

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// none stands for what came without promo tool or SubID (D31).
const none = "(none)"

// toolsReport shows what each promo tool brought a partner.
var toolsReport = &Report{
	Name: "tools", Title: locale.T("Promo tools"), For: ForPartner,
	Help:    locale.T("Results by promo tool."),
	Filters: []Filter{FilterRange},
	table:   toolsTable,
}

// subidsReport shows what each SubID brought a partner (S122).
var subidsReport = &Report{
	Name: "subids", Title: locale.T("SubIDs"), For: ForPartner,
	Help:    locale.T("Results by SubID. To use one, add &sid= and your own word to a link."),
	Filters: []Filter{FilterRange},
	table:   subidsTable,
}

func subidsTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := tally[string](ctx, s.q, bySubID, []affiliate.PartnerID{s.view.partner}, q.days(), s.view.ShowPending)
	if err != nil {
		return nil, err
	}
	return breakdown(q, found, []Column{{Key: "subid", Name: locale.T("SubID"), Kind: KindText}}, func(subid string) []Cell {
		return []Cell{Text(cmp.Or(tracking.SubIDText(subid), none))}
	})
}

func toolsTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := tally[affiliate.ToolID](ctx, s.q, byTool, []affiliate.PartnerID{s.view.partner}, q.days(), s.view.ShowPending)
	if err != nil {
		return nil, err
	}
	tools, err := s.tools(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	columns := []Column{{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText}, {Key: "campaign", Name: locale.T("Campaign"), Kind: KindText}, {Key: "ad", Name: locale.T("Ad"), Kind: KindText}}
	return breakdown(q, found, columns, func(id affiliate.ToolID) []Cell {
		t := tools[id]
		return []Cell{Text(cmp.Or(t.Name, none)).To(RefTool, int64(id)), Text(t.Campaign), Text(t.Ad)}
	})
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
	err := selectIn(ctx, s.q, &found, `/* reports.tools */ SELECT id, name, campaign, ad FROM {wp}partner_center_tools WHERE id IN (?)`, ids)
	for _, t := range found {
		named[t.ID] = t
	}
	return named, err
}

// breakdown is a table of figures by a key, most unique visits first; name
// makes the first cells of a key's row.
func breakdown[K cmp.Ordered](q Query, found map[K]*Figures, columns []Column, name func(K) []Cell) (*Table, error) {
	keys := slices.SortedFunc(maps.Keys(found), func(a, b K) int {
		return cmp.Or(cmp.Compare(found[b].Unique, found[a].Unique), cmp.Compare(found[b].Clicks, found[a].Clicks), cmp.Compare(a, b))
	})
	curs := currencies(found)
	sum := Figures{Money: map[money.Currency]Earned{}}
	var rows []Row
	for i, key := range keys {
		if err := sum.add(found[key]); err != nil {
			return nil, err
		}
		rows = append(rows, Row{Cells: append(name(key), found[key].cells(curs)...), After: strconv.Itoa(i)})
	}
	rows, err := behind(rows, q)
	return &Table{
		Columns: append(slices.Clip(columns), tallyColumns(curs)...),
		Totals:  []Row{{Cells: append(make([]Cell, len(columns)), sum.cells(curs)...)}},
		Rows:    all(rows),
	}, err
}
