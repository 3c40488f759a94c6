package payout

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// KeptIdentity is what payments keep of a person when they are erased: payee and
// address, as accounting rules ask (D37).
type KeptIdentity struct {
	Payments int       `db:"payments"`
	Latest   time.Time `db:"latest"` // zero without payments
}

// IdentityKept is what payments to a partner keep, drafts included.
func IdentityKept(ctx context.Context, q db.Queryer, partner affiliate.PartnerID) (k KeptIdentity, err error) {
	row := struct {
		Payments int        `db:"payments"`
		Latest   *time.Time `db:"latest"`
	}{}
	err = q.Get(ctx, &row, `/* payout.IdentityKept */ SELECT COUNT(*) AS payments, MAX(p.created_at) AS latest
		FROM {wp}partner_center_payout_lines l JOIN {wp}partner_center_payouts p ON p.id = l.payout_id
		WHERE l.partner_id = ?`, partner)
	if row.Latest != nil {
		k.Latest = *row.Latest
	}
	k.Payments = row.Payments
	return k, err
}

// PaymentsTo are what a partner was paid, the latest first, at most limit.
func (sv *Service) PaymentsTo(ctx context.Context, partner affiliate.PartnerID, limit int) ([]PayoutLine, error) {
	lines := []PayoutLine{}
	return lines, sv.db.Select(ctx, &lines, `/* payout.PaymentsTo */ SELECT `+lineColumns+`
		FROM {wp}partner_center_payout_lines WHERE partner_id = ? AND state NOT IN ('draft', 'closed')
		ORDER BY id DESC LIMIT ?`, partner, limit)
}
