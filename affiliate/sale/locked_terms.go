package sale

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// LockedTerms are the terms by which the products of an order earn; 0 when a product
// was not in the program. They are chosen when a line of the product is first
// seen, by the time of the order, and never change within a decision: what the
// program says afterwards, whatever the cart's clock, is for other orders (S30).
type LockedTerms map[affiliate.ProductID]affiliate.TermsID

// Value writes the terms as JSON.
func (p LockedTerms) Value() (driver.Value, error) {
	if p == nil {
		return nil, nil
	}
	data, err := json.Marshal(p)
	return string(data), err
}

// Scan reads the JSON of Value.
func (p *LockedTerms) Scan(src any) error {
	switch text := src.(type) {
	case nil:
		*p = nil
		return nil
	case []byte:
		return json.Unmarshal(text, p)
	}
	return fmt.Errorf("locked_terms: cannot be read from %T", src)
}

// TermsFor are the terms by which the order's products earn. Products that are
// new to the decision are locked to those of the order's time.
func TermsFor(ctx context.Context, q db.Queryer, o Order, lines []Line,
	d *Decision) (map[affiliate.ProductID]affiliate.Terms, error) {
	terms := map[affiliate.ProductID]affiliate.Terms{}
	if d.PartnerID == 0 {
		return terms, nil
	}
	ids, fresh := map[affiliate.ProductID]affiliate.TermsID{}, []affiliate.ProductID{}
	for _, product := range ProductsOf(lines) {
		if id, locked := d.LockedTerms[product]; !locked {
			fresh = append(fresh, product)
		} else if id != 0 {
			ids[product] = id
		}
	}
	known, err := affiliate.TermsByID(ctx, q, slices.Collect(maps.Values(ids)))
	if err != nil {
		return nil, err
	}
	for product, id := range ids { // those of a variation may be its product's
		terms[product] = known[id]
	}
	chosen, err := followedTerms(ctx, q, o, d, fresh)
	if err != nil {
		return nil, err
	}
	lockedTerms := LockedTerms{} // not d's own map: a transaction that runs again begins from the start
	for product, id := range d.LockedTerms {
		lockedTerms[product] = id
	}
	for _, product := range fresh {
		lockedTerms[product] = chosen[product].ID
		if t, found := chosen[product]; found {
			terms[product] = t
		}
	}
	d.LockedTerms = lockedTerms
	return terms, nil
}
