package pixel

import (
	"context"
	"errors"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/sale"
)

// atOnce is how many reports are read at a time.
const atOnce = 50

// Take makes orders of waiting reports, and tells whether more wait. A report
// that cannot be taken in now is tried again later. The error is the database's.
func (b *Box) Take(ctx context.Context) (more bool, err error) {
	calls := []Call{}
	err = b.db.Select(ctx, &calls, `/* pixel.Take */
		SELECT `+callColumns+
		` FROM {wp}partner_center_pixel_calls WHERE state = 'waiting' AND next_at <= ? ORDER BY id LIMIT ?`, b.now(),
		atOnce)
	if err != nil || len(calls) == 0 {
		return false, err
	}
	for _, c := range calls {
		if err := b.take(ctx, c); err != nil {
			return false, err
		}
	}
	return len(calls) == atOnce, nil
}

// take makes one report an order. Taken twice, it is the same order (B3).
func (b *Box) take(ctx context.Context, c Call) error {
	r, err := b.converge(ctx, c)
	var known *affiliate.Error
	switch {
	case err == nil:
		_, err = b.db.Exec(ctx, `/* pixel.take */
			UPDATE {wp}partner_center_pixel_calls SET state = 'done', outcome = ?, order_id = ?, error = ''
			WHERE id = ?`, r.Outcome, r.OrderID, c.ID)
	case errors.As(err, &known):
		_, err = b.db.Exec(ctx, `/* pixel.take */
			UPDATE {wp}partner_center_pixel_calls SET state = 'refused', error = ? WHERE id = ?`,
			affiliate.Cut(affiliate.Line(known.Error()), maxError), c.ID)
	case ctx.Err() == nil:
		pause := min(time.Minute<<min(c.Attempts, 8), 6*time.Hour)
		_, err = b.db.Exec(ctx, `/* pixel.take */
			UPDATE {wp}partner_center_pixel_calls SET attempts = attempts + 1, next_at = ?, error = ? WHERE id = ?`,
			b.now().Add(pause), affiliate.Cut(affiliate.Line(err.Error()), maxError), c.ID)
	}
	return err
}

func (b *Box) converge(ctx context.Context, c Call) (sale.Result, error) {
	key, err := b.keys.ByID(ctx, c.KeyID)
	if err != nil {
		return sale.Result{}, err
	}
	fields, err := read(c.Query)
	if err != nil {
		return sale.Result{}, err
	}
	s, err := c.order(key, fields)
	if err != nil {
		return sale.Result{}, err
	}
	if err := b.ownProducts(ctx, &s); err != nil {
		return sale.Result{}, err
	}
	r, err := b.sales.Converge(ctx, s)
	if err != nil || key.PartnerID == 0 {
		return r, err
	}
	return r, b.credit(ctx, key, r)
}

// ownProducts finds the products that were made here, which a report names by
// their code.
func (b *Box) ownProducts(ctx context.Context, s *sale.OrderState) error {
	codes := []string{}
	for _, l := range s.Lines {
		if l.Product.ExternalID != "" {
			codes = append(codes, l.Product.ExternalID)
		}
	}
	known, err := affiliate.ProductsOf(ctx, b.db, affiliate.OwnProducts, codes)
	for i, l := range s.Lines {
		if p, ok := known[l.Product.ExternalID]; ok {
			s.Lines[i].Product = sale.ProductRef{ID: p.ID}
		}
	}
	return err
}

// credit gives a sale of a partner's own cart to that partner (S126): no click
// leads there, and an admin has given them the key. It stays pending. Whatever was
// decided on it afterwards stays.
func (b *Box) credit(ctx context.Context, key apikey.Key, r sale.Result) error {
	v, err := b.sales.Order(ctx, r.OrderID)
	if err != nil || len(v.Decisions) != 1 || v.Decisions[0].PartnerID == key.PartnerID {
		return err
	}
	_, err = b.sales.Rerun(ctx, key.Actor(), []sale.RerunPick{{OrderID: r.OrderID}},
		sale.Rerun{Choice: sale.AnyPartner, PartnerID: key.PartnerID, Reason: "Reported by the partner's own pixel."})
	return err
}
