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
	_, err := affiliate.KeepProduct(ctx, tx, d.now(), p)
	return err
}
