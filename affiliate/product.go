package affiliate

import (
	"context"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Product is something that can be sold, whichever system sells it.
type Product struct {
	ID         ProductID       `db:"id"`
	Source     string          `db:"source"`      // OwnProducts, or the cart: "woocommerce"
	ExternalID string          `db:"external_id"` // its id there; a code of ours for own products
	ParentID   *ProductID      `db:"parent_id"`   // what it is a variation of
	Name       string          `db:"name"`
	Price      *money.Amount   `db:"price"` // what the form suggests; orders carry their own amounts
	Currency   *money.Currency `db:"currency"`
	CreatedAt  time.Time       `db:"created_at"`
	ArchivedAt *time.Time      `db:"archived_at"`
	GoneAt     *time.Time      `db:"gone_at"`     // the cart sells it no more
	FormerName string          `db:"former_name"` // in the cart, until RenamedAt
	RenamedAt  *time.Time      `db:"renamed_at"`
}

// OwnProducts is the source of products that were made here (S27).
const OwnProducts = "own"

const productColumns = `p.id, p.source, p.external_id, p.parent_id, p.name, p.price, p.currency, p.created_at,
	p.archived_at, p.gone_at, p.former_name, p.renamed_at`

func (p Product) validate() error {
	problems := Problems{}
	checkName(problems, p.Name)
	checkPrice(problems, p.Price, p.Currency)
	return problems.Err()
}

// CreateProduct makes an own product of name, price and currency (S27).
func (r *Registry) CreateProduct(ctx context.Context, actor Actor, p Product) (Product, error) {
	p, err := newProduct(p, r.now())
	if err != nil {
		return Product{}, err
	}
	made := p
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		made, err = createProduct(ctx, tx, actor, p)
		return err
	})
	return made, err
}

// newProduct takes name, price and currency of p.
func newProduct(p Product, now time.Time) (Product, error) {
	p = Product{Source: OwnProducts, ExternalID: NewCode(), Name: Line(p.Name), Price: p.Price, Currency: p.Currency,
		CreatedAt: now}
	return p, p.validate()
}

func createProduct(ctx context.Context, q db.Queryer, actor Actor, p Product) (Product, error) {
	id, err := putProduct(ctx, q, p)
	if err != nil {
		return p, err
	}
	p.ID = id
	return p, Audit(ctx, q, p.CreatedAt, AuditEntry{Actor: actor, Action: "create", Object: "product",
		ObjectID: int64(id), After: p})
}

// putProduct makes the product of this key, or updates name and price of the one
// there is. Of what a cart renames the former name is kept; MySQL assigns from
// left to right.
func putProduct(ctx context.Context, q db.Queryer, p Product) (ProductID, error) {
	res, err := q.Exec(ctx, `/* affiliate.putProduct */
		INSERT INTO {wp}partner_center_products (source, external_id, parent_id, name, price, currency, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id),
			former_name = IF(source <> 'own' AND name <> VALUES(name), name, former_name),
			renamed_at = IF(source <> 'own' AND name <> VALUES(name), VALUES(created_at), renamed_at),
			name = VALUES(name), price = VALUES(price), currency = VALUES(currency),
			parent_id = COALESCE(VALUES(parent_id), parent_id)`,
		p.Source, p.ExternalID, p.ParentID, p.Name, p.Price, p.Currency, p.CreatedAt)
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	return ProductID(id), err
}

// KeepProduct makes or updates a product as its cart tells of it: key, name,
// price, currency and what it is a variation of. What is too long is cut, a price that makes no sense is
// excluded: the catalogue of another system is never refused.
func KeepProduct(ctx context.Context, q db.Queryer, at time.Time, p Product) (ProductID, error) {
	p.Name, p.CreatedAt = Cut(Line(p.Name), maxName), at
	if p.Name == "" {
		p.Name = p.Source + " " + p.ExternalID
	}
	if p.validate() != nil {
		p.Price, p.Currency = nil, nil
	}
	return putProduct(ctx, q, p)
}

// SetProductGone notes whether a cart still sells a product. What was sold of it
// keeps earning what it earned; it is no longer offered to programs.
func SetProductGone(ctx context.Context, q db.Queryer, id ProductID, gone bool, at time.Time) error {
	_, err := q.Exec(ctx, `/* affiliate.SetProductGone */
		UPDATE {wp}partner_center_products SET gone_at = IF(?, COALESCE(gone_at, ?), NULL) WHERE id = ?`, gone, at, id)
	return err
}

// sameOffer tells whether both have the same name, price and currency.
func (p Product) sameOffer(other Product) bool {
	equal := p.Name == other.Name && (p.Price == nil) == (other.Price == nil)
	if !equal || p.Price == nil {
		return equal
	}
	return *p.Price == *other.Price && p.Currency != nil && other.Currency != nil && *p.Currency == *other.Currency
}

// EditProduct changes name, price and currency of an own product. seen is how it
// was when the change was made up: a Conflict when somebody has changed it since.
func (r *Registry) EditProduct(ctx context.Context, actor Actor, seen, p Product) (Product, error) {
	p.Name = Line(p.Name)
	if err := p.validate(); err != nil {
		return Product{}, err
	}
	edited := p
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := oneProduct(ctx, tx, "p.id = ? FOR UPDATE", p.ID)
		if err != nil {
			return err
		}
		if before.Source != OwnProducts {
			return Conflict("This product belongs to %s: please change it there.", before.Source)
		}
		if !before.sameOffer(seen) && !before.sameOffer(p) {
			return Conflict("Someone else changed this product while you were editing. Review it and save again.")
		}
		if edited = before; before.sameOffer(p) {
			return nil
		}
		edited.Name, edited.Price, edited.Currency = p.Name, p.Price, p.Currency
		if _, err := putProduct(ctx, tx, edited); err != nil {
			return err
		}
		return Audit(ctx, tx, r.now(), AuditEntry{Actor: actor, Action: "edit", Object: "product",
			ObjectID: int64(p.ID), Before: before, After: edited})
	})
	return edited, err
}

// ArchiveProduct keeps a product for history only (S147): it is no longer
// offered, and taken out of all programs, so that sales placed from now on earn
// nothing on it; what it earned keeps its name. Archiving twice changes nothing.
func (r *Registry) ArchiveProduct(ctx context.Context, actor Actor, id ProductID) (Product, error) {
	return r.setProductArchived(ctx, actor, "archive", id, func(tx *db.Tx, at time.Time) (*time.Time, error) {
		programs := []ProgramID{}
		err := tx.Select(ctx, &programs, `/* affiliate.ArchiveProduct */
			SELECT program_id FROM {wp}partner_center_terms WHERE product_id = ? AND current = 1 ORDER BY program_id`,
			id)
		for _, program := range programs {
			if err == nil {
				err = removeTerms(ctx, tx, actor, program, id, at)
			}
		}
		return &at, err
	})
}

// UnarchiveProduct offers an archived product again, for programs to take in.
func (r *Registry) UnarchiveProduct(ctx context.Context, actor Actor, id ProductID) (Product, error) {
	return r.setProductArchived(ctx, actor, "unarchive", id, func(*db.Tx, time.Time) (*time.Time, error) {
		return nil,
			nil
	})
}

func (r *Registry) setProductArchived(ctx context.Context, actor Actor, action string, id ProductID,
	set func(*db.Tx, time.Time) (*time.Time, error)) (Product, error) {
	var p Product
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		// Without a lock: the programs come first, as for SetTerms.
		before, err := LoadProduct(ctx, tx, id)
		if err != nil {
			return err
		}
		p = before
		at := r.now()
		if p.ArchivedAt, err = set(tx, at); err != nil {
			return err
		}
		if (before.ArchivedAt == nil) == (p.ArchivedAt == nil) {
			p = before
			return nil
		}
		if _, err := tx.Exec(ctx,
			`/* affiliate.setProductArchived */ UPDATE {wp}partner_center_products SET archived_at = ? WHERE id = ?`,
			p.ArchivedAt, id); err != nil {
			return err
		}
		return Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: action, Object: "product", ObjectID: int64(id),
			Before: before, After: p})
	})
	return p, err
}

// LoadProduct is the product of this id.
func LoadProduct(ctx context.Context, q db.Queryer, id ProductID) (Product, error) {
	return oneProduct(ctx, q, "p.id = ?", id)
}

func oneProduct(ctx context.Context, q db.Queryer, where string, arg any) (Product, error) {
	var p Product
	err := q.Get(ctx, &p, `/* affiliate.LoadProduct */ SELECT `+productColumns+
		` FROM {wp}partner_center_products p WHERE `+where, arg)
	if db.NoRows(err) {
		err = Missing("There is no such product.")
	}
	return p, err
}

// ProductsOf are the known ones among the products of a source that an order
// names, by their external id.
func ProductsOf(ctx context.Context, q db.Queryer, source string, externalIDs []string) (map[string]Product, error) {
	known := map[string]Product{}
	if len(externalIDs) == 0 {
		return known, nil
	}
	query, args, err := db.In(`/* affiliate.ProductsOf */
		SELECT `+productColumns+` FROM {wp}partner_center_products p WHERE p.source = ? AND p.external_id IN (?)`,
		source, externalIDs)
	if err != nil {
		return nil, err
	}
	products := []Product{}
	err = q.Select(ctx, &products, query, args...)
	for _, p := range products {
		known[p.ExternalID] = p
	}
	return known, err
}

// parentsOf are the products of which some of these are variations.
func parentsOf(ctx context.Context, q db.Queryer, products []ProductID) (map[ProductID]ProductID, error) {
	if len(products) == 0 {
		return nil, nil
	}
	query, args, err := db.In(`/* affiliate.parentsOf */
		SELECT id, parent_id FROM {wp}partner_center_products WHERE id IN (?) AND parent_id IS NOT NULL`, products)
	if err != nil {
		return nil, err
	}
	rows := []struct {
		ID       ProductID `db:"id"`
		ParentID ProductID `db:"parent_id"`
	}{}
	err = q.Select(ctx, &rows, query, args...)
	parents := map[ProductID]ProductID{}
	for _, row := range rows {
		parents[row.ID] = row.ParentID
	}
	return parents, err
}

// Products lists the products whose name contains search, or whose number in the shop
// it is, by name, for the dropdown of S27; those already in the program are excluded (0: none are).
func (r *Registry) Products(ctx context.Context, search string, without ProgramID, page Page) ([]Product, error) {
	products := []Product{}
	err := r.db.Select(ctx, &products, `/* affiliate.Products */
		SELECT `+productColumns+` FROM {wp}partner_center_products p
		LEFT JOIN {wp}partner_center_terms t ON t.program_id = ? AND t.product_id = p.id AND t.current = 1
		WHERE p.archived_at IS NULL AND p.gone_at IS NULL AND (p.name LIKE ? OR p.external_id = ?) AND t.id IS NULL
		ORDER BY p.name, p.id LIMIT ? OFFSET ?`, without, contains(search), search, page.Limit, page.Offset)
	return products, err
}

// ProductStand is where a product stands.
type ProductStand string

// Where products stand. One that was archived counts as archived only.
const (
	ProductSold     ProductStand = "for_sale"
	ProductGone     ProductStand = "gone"     // its shop sells it no more
	ProductArchived ProductStand = "archived" // S147
	// ProductChanged are those for sale or gone that earn in a program and were
	// renamed, or are gone, since they were taken in: to be looked at.
	ProductChanged ProductStand = "changed"
)

// Stand is where the product stands: for sale, gone or archived.
func (p Product) Stand() ProductStand {
	switch {
	case p.ArchivedAt != nil:
		return ProductArchived
	case p.GoneAt != nil:
		return ProductGone
	}
	return ProductSold
}

// ProductIsChanged is the SQL condition of ProductChanged on products p.
const ProductIsChanged = `p.archived_at IS NULL AND (p.gone_at IS NOT NULL OR p.renamed_at IS NOT NULL) AND EXISTS (
	SELECT 1 FROM {wp}partner_center_terms t WHERE t.product_id = p.id AND t.current = 1
	AND (p.gone_at IS NOT NULL OR t.valid_from < p.renamed_at))`

// ProductCounts are the numbers of products by where they stand.
func (r *Registry) ProductCounts(ctx context.Context) (map[ProductStand]int64, error) {
	var n struct {
		Sold     int64 `db:"sold"`
		Gone     int64 `db:"gone"`
		Archived int64 `db:"archived"`
		Changed  int64 `db:"changed"`
	}
	err := r.db.Get(ctx, &n, `/* affiliate.ProductCounts */
		SELECT COALESCE(SUM(p.archived_at IS NULL AND p.gone_at IS NULL), 0) AS sold,
			COALESCE(SUM(p.archived_at IS NULL AND p.gone_at IS NOT NULL), 0) AS gone,
			COALESCE(SUM(p.archived_at IS NOT NULL), 0) AS archived,
			(SELECT COUNT(*) FROM {wp}partner_center_products p WHERE `+ProductIsChanged+`) AS changed
		FROM {wp}partner_center_products p`)
	return map[ProductStand]int64{ProductSold: n.Sold, ProductGone: n.Gone, ProductArchived: n.Archived,
		ProductChanged: n.Changed}, err
}

// Product is the product of this id.
func (r *Registry) Product(ctx context.Context, id ProductID) (Product, error) {
	return LoadProduct(ctx, r.db, id)
}
