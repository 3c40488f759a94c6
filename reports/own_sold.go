package reports

import (
	"context"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// soldProductsReport shows what a partner earned by each product, on both levels.
var soldProductsReport = &Report{
	Name: "sold", Title: locale.T("Products"), For: ForPartner,
	Help: locale.T("What you earned by each product, level 2 included. An order with several products is a sale of " +
		"each."),
	Filters: []Filter{FilterRange, FilterStep}, forward: true, table: soldProductsTable,
}

func soldProductsTable(ctx context.Context, s source, q Query) (*Table, error) {
	now, before, err := twoTallies(ctx, s, q, byProduct, rawTally[affiliate.ProductID])
	if err != nil {
		return nil, err
	}
	names, err := s.productNames(ctx, slices.AppendSeq(slices.Collect(maps.Keys(now)), maps.Keys(before)))
	if err != nil {
		return nil, err
	}
	return ownReport[affiliate.ProductID]{names: fields[affiliate.ProductID]{
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
			Value: func(id *affiliate.ProductID) Cell { return Text(names[*id]) }}},
		of:   func(id affiliate.ProductID) string { return "product:" + id.String() },
		sums: salesOnly, perSale: true}.table(ctx, s, q, now, before)
}

// salesOnly are the figures of what no click has.
var salesOnly = []string{"commission", "share", "before", "change", "sales", "total"}

// productNames are those of products.
func (s source) productNames(ctx context.Context, ids []affiliate.ProductID) (map[affiliate.ProductID]string, error) {
	names := map[affiliate.ProductID]string{}
	for part := range slices.Chunk(ids, namesAtOnce) {
		var found []struct {
			ID   affiliate.ProductID `db:"id"`
			Name string              `db:"name"`
		}
		if err := selectIn(ctx, s.q, &found, `/* reports.productNames */ SELECT id, name FROM
			{wp}partner_center_products WHERE id IN (?)`, part); err != nil {
			return nil, err
		}
		for _, p := range found {
			names[p.ID] = p.Name
		}
	}
	return names, nil
}

// level2Report shows what the sales of recruited partners earned a partner (S14). Of
// what those sold, and to whom, it tells nothing but how much (D44).
var level2Report = &Report{
	Name: "level-2", Title: locale.T("Level 2"), For: ForPartner,
	Help:    locale.T("What you earn by the sales of partners you recruited."),
	Filters: []Filter{FilterRange, FilterStep}, forward: true, table: level2Table,
}

func level2Table(ctx context.Context, s source, q Query) (*Table, error) {
	now, before, err := twoTallies(ctx, s, q, bySeller, rawTally[affiliate.PartnerID])
	if err != nil {
		return nil, err
	}
	names, err := s.sellerNames(ctx, slices.AppendSeq(slices.Collect(maps.Keys(now)), maps.Keys(before)))
	if err != nil {
		return nil, err
	}
	return ownReport[affiliate.PartnerID]{names: fields[affiliate.PartnerID]{
		{Column: Column{Key: "seller", Name: locale.T("Partner"), Kind: KindText},
			Value: func(id *affiliate.PartnerID) Cell {
				if names[*id] == "" {
					return Sentence(locale.T("(a partner)"))
				}
				return Text(names[*id])
			}}},
		of:   func(id affiliate.PartnerID) string { return "seller:" + id.String() },
		sums: salesOnly}.table(ctx, s, q, now, before)
}

// sellerNames are those of partners as whoever recruited them sees them: by their
// names, never by an address or code.
func (s source) sellerNames(ctx context.Context, ids []affiliate.PartnerID) (map[affiliate.PartnerID]string, error) {
	names := map[affiliate.PartnerID]string{}
	for part := range slices.Chunk(ids, namesAtOnce) {
		var found []struct {
			ID   affiliate.PartnerID `db:"id"`
			Name string              `db:"name"`
		}
		if err := selectIn(ctx, s.q, &found, `/* reports.sellerNames */ SELECT p.id,
				TRIM(CONCAT(k.first_name, ' ', k.last_name)) AS name
			FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
			WHERE p.id IN (?)`, part); err != nil {
			return nil, err
		}
		for _, p := range found {
			names[p.ID] = affiliate.Line(p.Name)
		}
	}
	return names, nil
}
