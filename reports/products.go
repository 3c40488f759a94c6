package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// productsReport lists all products, whether or not they earn anywhere (S152).
var productsReport = &Report{
	Name: "products", Title: locale.T("Products"), For: ForAdmin,
	Help:    locale.T("All products of your shop and your own, with the programs in which they earn."),
	Filters: []Filter{FilterStatus, FilterProgram, FilterSearch},
	Finds:   locale.T("Search name, former name or number in the shop"),
	Statuses: []string{string(affiliate.ProductSold), string(affiliate.ProductChanged), string(affiliate.ProductGone),
		string(affiliate.ProductArchived)},
	table: productsTable,
}

// listedProduct is a product as the list shows it.
type listedProduct struct {
	ID         int64           `db:"id"`
	Source     string          `db:"source"`
	ExternalID string          `db:"external_id"`
	Name       string          `db:"name"`
	Price      *money.Amount   `db:"price"`
	Currency   *money.Currency `db:"currency"`
	CreatedAt  time.Time       `db:"created_at"`
	ArchivedAt *time.Time      `db:"archived_at"`
	GoneAt     *time.Time      `db:"gone_at"`
	FormerName string          `db:"former_name"`
	RenamedAt  *time.Time      `db:"renamed_at"`
	Programs   string          `db:"programs"`
	placed
}

// productSources are what the systems that sell are called.
var productSources = map[string]locale.Text{affiliate.OwnProducts: locale.T("Made here"),
	"woocommerce": locale.T("WooCommerce"), "edd": locale.T("Easy Digital Downloads")}

// ProductSource is what the system that sells a product is called.
func ProductSource(source string) locale.Text {
	if name, known := productSources[source]; known {
		return name
	}
	return locale.Data(source)
}

func (s source) productFields() fields[listedProduct] {
	return fields[listedProduct]{
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText}, Value: s.productName,
			Sort: "p.name"},
		{Column: Column{Key: "programs", Name: locale.T("Earns in"), Kind: KindText},
			Value: func(p *listedProduct) Cell { return Text(p.Programs) }},
		{Column: Column{Key: "price", Name: locale.T("Price"), Kind: KindMoney},
			Value: func(p *listedProduct) Cell {
				if p.Price == nil || p.Currency == nil {
					return Cell{}
				}
				return Money(*p.Price, *p.Currency)
			}, Sort: "COALESCE(p.price, 0)"},
		{Column: Column{Key: "source", Name: locale.T("Sold by"), Kind: KindText},
			Value: func(p *listedProduct) Cell { return Sentence(ProductSource(p.Source)) }},
		{Column: Column{Key: "state", Name: locale.T("State"), Kind: KindStatus},
			Value: func(p *listedProduct) Cell {
				return Status(affiliate.Product{ArchivedAt: p.ArchivedAt, GoneAt: p.GoneAt}.Stand())
			}},
		{Column: Column{Key: "external", Name: locale.T("Number in the shop"), Kind: KindText, FileOnly: true},
			Value: func(p *listedProduct) Cell { return Text(p.ExternalID) }},
		{Column: Column{Key: "former", Name: locale.T("Former name"), Kind: KindText, FileOnly: true},
			Value: func(p *listedProduct) Cell { return Text(p.FormerName) }},
		{Column: Column{Key: "made", Name: locale.T("Known since"), Kind: KindDate, FileOnly: true},
			Value: func(p *listedProduct) Cell { return Date(affiliate.DayOf(p.CreatedAt, s.zone)) },
			Sort:  "p.created_at", SortKind: KindTime},
		{Column: Column{Key: "id", Name: locale.T("Product id"), Kind: KindNumber, FileOnly: true},
			Value: func(p *listedProduct) Cell { return Number(p.ID) }},
	}
}

// productName tells, below the name, what its shop has done to it.
func (s source) productName(p *listedProduct) Cell {
	cell := Text(p.Name).To(RefProduct, p.ID)
	switch {
	case p.GoneAt != nil:
		return cell.noted(locale.T("Not sold in the shop since %s.", affiliate.DayOf(*p.GoneAt, s.zone)))
	case p.RenamedAt != nil:
		return cell.noted(locale.T("Called “%s” in the shop until %s.", p.FormerName,
			affiliate.DayOf(*p.RenamedAt, s.zone)))
	}
	return cell
}

func productsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	switch affiliate.ProductStand(q.Status) {
	case affiliate.ProductSold:
		w.add("p.archived_at IS NULL AND p.gone_at IS NULL")
	case affiliate.ProductGone:
		w.add("p.archived_at IS NULL AND p.gone_at IS NOT NULL")
	case affiliate.ProductArchived:
		w.add("p.archived_at IS NOT NULL")
	case affiliate.ProductChanged:
		w.add(affiliate.ProductIsChanged)
	}
	addIf(&w, `EXISTS (SELECT 1 FROM {wp}partner_center_terms t WHERE t.product_id = p.id AND t.current = 1
		AND t.program_id = ?)`, q.Program)
	w.search(q.Search, "p.name", "p.external_id", "p.former_name")
	fs := s.productFields()
	o, err := fs.order(q, newest("", "p.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := fs.table(ctx, s, `/* reports.products */
		SELECT p.id, p.source, p.external_id, p.name, p.price, p.currency, p.created_at, p.archived_at, p.gone_at,
			p.former_name, p.renamed_at, `+o.place()+
		`, COALESCE((SELECT GROUP_CONCAT(g.name ORDER BY g.name SEPARATOR ', ')
				FROM {wp}partner_center_terms t JOIN {wp}partner_center_programs g ON g.id = t.program_id
				WHERE t.product_id = p.id AND t.current = 1), '') AS programs
		FROM {wp}partner_center_products p`+paged.sql()+tail, paged.args, nil,
		func(p *listedProduct) Row {
			return Row{Ref: Ref{Kind: RefProduct, ID: p.ID}, After: q.cursor(p.placed, p.ID)}
		})
	return s.count(ctx, t, q, `/* reports.productCount */`, ` FROM {wp}partner_center_products p`, w)
}
