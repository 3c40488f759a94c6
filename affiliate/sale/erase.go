package sale

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson takes a buyer out of their orders, and what they said of missing sales
// (D37). What was bought, earned and refunded stays.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	persons, args := t.Addressed("p.person")
	missing, more := t.Addressed("email", "note", "answer")
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE {wp}partner_center_orders SET note = '' WHERE contact_id = ?`, []any{t.Contact.ID}},
		{`DELETE p FROM {wp}partner_center_order_persons p JOIN {wp}partner_center_orders o ON o.id = p.order_id
			WHERE o.contact_id = ? OR ` + persons, append([]any{t.Contact.ID}, args...)},
		{`UPDATE {wp}partner_center_missing_sales SET email = '', note = '', answer = '' WHERE partner_id = ? OR ` +
			missing, append([]any{t.Partner.ID}, more...)},
	} {
		if _, err := q.Exec(ctx, "/* sale.ErasePerson */ "+step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}
