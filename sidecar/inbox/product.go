package inbox

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// product is what a cart sells, for programs to take in (S27). Only the latest
// state of it counts, in whatever order they come to be applied.
func (d *Drainer) product(ctx context.Context, tx *db.Tx, f fact) error {
	var in struct {
		Name     string `json:"name"`
		Price    string `json:"price"` // "": none
		Currency string `json:"currency"`
		Parent   string `json:"parent"` // of which it is a variation; "": of none
		Gone     bool   `json:"gone"`   // the cart sells it no more
	}
	if err := f.read(1, &in); err != nil {
		return err
	}
	if old, err := f.superseded(ctx, tx); err != nil || old {
		return err
	}
	p := affiliate.Product{Source: f.Source, ExternalID: f.ExternalID, Name: in.Name}
	if currency, err := money.ParseCurrency(in.Currency); err == nil && in.Price != "" {
		if price, err := money.ParseRounded(in.Price); err == nil {
			p.Price, p.Currency = &price, &currency
		}
	}
	parents, err := affiliate.ProductsOf(ctx, tx, f.Source, []string{in.Parent})
	if err != nil {
		return err
	}
	if parent, known := parents[in.Parent]; known && in.Parent != "" {
		p.ParentID = &parent.ID
	}
	id, err := affiliate.KeepProduct(ctx, tx, d.now(), p)
	if err != nil {
		return err
	}
	return affiliate.SetProductGone(ctx, tx, id, in.Gone, f.OccurredAt)
}
