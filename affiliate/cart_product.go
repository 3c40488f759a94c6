package affiliate

import (
	"cmp"
	"context"
	"time"

	"partnercenter/db"
)

// Sold is what a cart says it sold: a product, maybe in one of its variations.
// Ids are the cart's; Variation is "" for none.
type Sold struct {
	Product, Name            string
	Variation, VariationName string
}

// SoldAs are our products for what the cart of a source sold, in the same
// order; 0 for what has no product. Those that are not known yet become
// products that programs can take in (S27), renamed ones are renamed. A
// variation counts as itself when any program had terms for it at that time, and
// as its product otherwise; in a program that has none for it, those of its
// product hold (TermsAt).
func SoldAs(ctx context.Context, q db.Queryer, source string, sold []Sold, placed, now time.Time) ([]ProductID, error) {
	keys := []string{}
	for _, s := range sold {
		for _, key := range []string{s.Product, s.Variation} {
			if key != "" {
				keys = append(keys, key)
			}
		}
	}
	known, err := ProductsOf(ctx, q, source, keys)
	if err != nil {
		return nil, err
	}
	ids := make([]ProductID, len(sold))
	for i, s := range sold {
		if ids[i], err = ensureProduct(ctx, q, known, Product{Source: source, ExternalID: s.Product, Name: s.Name},
			now); err != nil {
			return nil, err
		}
		variation := Product{Source: source, ExternalID: s.Variation, Name: s.VariationName}
		if parent := ids[i]; parent != 0 {
			variation.ParentID = &parent
		}
		if ids[i], err = soldAs(ctx, q, known, variation, placed, now); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// soldAs is the variation when it counts as itself, else its product; 0 when
// there is neither.
func soldAs(ctx context.Context, q db.Queryer, known map[string]Product, variation Product, placed,
	now time.Time) (ProductID, error) {
	id, err := ensureProduct(ctx, q, known, variation, now)
	if err != nil || variation.ParentID == nil {
		return id, err
	}
	if id != 0 {
		if own, err := hasTerms(ctx, q, id, placed); err != nil || own {
			return id, err
		}
	}
	return *variation.ParentID, nil
}

// ensureProduct is the product of a cart, made or renamed; known gains it. Most
// orders write nothing, so that those of one product do not wait for each other.
func ensureProduct(ctx context.Context, q db.Queryer, known map[string]Product, p Product, now time.Time) (ProductID,
	error) {
	if p.ExternalID == "" {
		return 0, nil
	}
	have, found := known[p.ExternalID]
	isNamed := p.Name == "" || have.Name == Cut(Line(p.Name), maxName)
	if found && isNamed && (p.ParentID == nil || have.ParentID != nil && *have.ParentID == *p.ParentID) {
		return have.ID, nil
	}
	p.Name, p.Price, p.Currency = cmp.Or(p.Name, have.Name), have.Price, have.Currency
	id, err := KeepProduct(ctx, q, now, p)
	p.ID, p.Name = id, Cut(Line(p.Name), maxName)
	known[p.ExternalID] = p
	return id, err
}

// hasTerms tells whether any program had terms for the product at that time.
func hasTerms(ctx context.Context, q db.Queryer, id ProductID, at time.Time) (has bool, err error) {
	err = q.Get(ctx, &has, `/* affiliate.hasTerms */ SELECT EXISTS (
		SELECT 1 FROM {wp}partner_center_terms WHERE product_id = ? AND valid_from <= ?
		AND (valid_to IS NULL OR valid_to > ?))`, id, at, at)
	return has, err
}
