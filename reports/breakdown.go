package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// none stands for what came without promo tool or SubID (D31).
var none = Sentence(locale.T("(none)"))

// toolsReport shows what each promo tool brought a partner.
var toolsReport = &Report{
	Name: "tools", Title: locale.T("Promo tools"), For: ForPartner,
	Help:    locale.T("Results by promo tool."),
	Filters: []Filter{FilterRange, FilterStep},
	forward: true,
	table:   toolsTable,
}

func toolsTable(ctx context.Context, s source, q Query) (*Table, error) {
	now, before, tools, err := s.byTool(ctx, q)
	if err != nil {
		return nil, err
	}
	names := toolFields(tools)
	names[0].Value = func(id *affiliate.ToolID) Cell { // pages have no room for three names
		switch {
		case *id == level2Tool:
			return throughRecruits
		case tools[*id].Name == "":
			return none
		}
		return Text(tools[*id].Name).noted(tools[*id].labels())
	}
	names[1].FileOnly, names[2].FileOnly = true, true
	return ownReport[affiliate.ToolID]{names: names, last: []affiliate.ToolID{0, level2Tool},
		of: func(id affiliate.ToolID) string { return fmt.Sprintf("tool:%d", id) }}.table(ctx, s, q, now, before)
}

// byTool are a partner's figures by promo tool, and those tools.
func (s source) byTool(ctx context.Context, q Query) (now, before map[affiliate.ToolID]*Figures,
	tools map[affiliate.ToolID]tool, err error) {
	if now, before, err = twoTallies(ctx, s, q, byTool, rawTally[affiliate.ToolID]); err != nil {
		return nil, nil, nil, err
	}
	ids := slices.Collect(maps.Keys(now))
	tools, err = s.tools(ctx, slices.AppendSeq(ids, maps.Keys(before)))
	return now, before, tools, err
}

// The reports by what promo tools are labelled with (S53).
var (
	campaignsReport = &Report{
		Name: "campaigns", Title: locale.T("Campaigns"), For: ForPartner,
		Help: locale.T("Results of all promo tools of a campaign."), Filters: []Filter{FilterRange, FilterStep},
		forward: true,
		table:   ownByLabel("campaign", locale.T("Campaign"), func(t tool) string { return t.Campaign }),
	}
	adsReport = &Report{
		Name: "ads", Title: locale.T("Ads"), For: ForPartner,
		Help: locale.T("Results of all promo tools of an ad."), Filters: []Filter{FilterRange, FilterStep},
		forward: true,
		table:   ownByLabel("ad", locale.T("Ad"), func(t tool) string { return t.Ad }),
	}
)

// ownByLabel sums a partner's figures up by what promo tools are labelled with.
func ownByLabel(key string, name locale.Text, label func(tool) string) func(context.Context, source, Query) (*Table,
	error) {
	return func(ctx context.Context, s source, q Query) (*Table, error) {
		byTool, byToolBefore, tools, err := s.byTool(ctx, q)
		if err != nil {
			return nil, err
		}
		of := func(id affiliate.ToolID) string {
			if id == level2Tool {
				return level2Source
			}
			return label(tools[id])
		}
		now, err := regroup(byTool, of)
		if err != nil {
			return nil, err
		}
		before := tallies[string](nil)
		if byToolBefore != nil {
			if before, err = regroup(byToolBefore, of); err != nil {
				return nil, err
			}
		}
		return ownReport[string]{names: fields[string]{{Column: Column{Key: key, Name: name, Kind: KindText},
			Value: func(text *string) Cell {
				switch *text {
				case level2Source:
					return throughRecruits
				case "":
					return none
				}
				return Text(*text)
			}}}, last: []string{"", level2Source}, of: func(text string) string { return key + ":" + text }}.table(ctx,
			s, q, now, before)
	}
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

// labels are the campaign and the ad.
func (t tool) labels() locale.Text {
	switch {
	case t.Campaign == "":
		return locale.Data(t.Ad)
	case t.Ad == "":
		return locale.Data(t.Campaign)
	}
	return locale.Layout("%s · %s", t.Campaign, t.Ad)
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
