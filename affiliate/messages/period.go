package messages

import (
	"context"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// addPeriod are the figures of a month or a week, of the partner or of all.
func (w *writer) addPeriod(ctx context.Context, v values) error {
	f := w.event.Facts
	if f.From.IsZero() {
		return nil
	}
	partner := int64(w.event.PartnerID)
	v["period"] = w.in.Text(locale.Layout("%s – %s", f.From, f.To.AddDays(-1)))
	if f.From.Day == 1 && f.To.Day == 1 {
		v["period"] = w.in.Month(f.From.Noon())
	}
	var n struct {
		Visits int64 `db:"visits"`
		Leads  int64 `db:"leads"`
		Sales  int64 `db:"sales"`
	}
	err := w.q.Get(ctx, &n, `/* messages.addPeriod */ SELECT
		(SELECT COALESCE(SUM(uniques), 0) FROM {wp}partner_center_visit_days
			WHERE (? = 0 OR partner_id = ?) AND day >= ? AND day < ?) AS visits,
		(SELECT COUNT(*) FROM {wp}partner_center_touchpoints
			WHERE (? = 0 AND lead_partner_id IS NOT NULL OR lead_partner_id = ?) AND day >= ? AND day < ?) AS leads,
		(SELECT COUNT(DISTINCT c.order_id) FROM {wp}partner_center_commissions c
			WHERE (? = 0 OR c.partner_id = ?) AND c.day >= ? AND c.day < ? AND `+sells+`) AS sales`,
		partner, partner, f.From, f.To, partner, partner, f.From, f.To, partner, partner, f.From, f.To)
	if err != nil {
		return err
	}
	v["period_visits"], v["period_leads"], v["period_sales"] = w.in.Number(n.Visits), w.in.Number(n.Leads),
		w.in.Number(n.Sales)
	earned, err := w.periodSums(ctx, `/* messages.addPeriod */ SELECT currency, SUM(amount) AS amount
		FROM {wp}partner_center_commissions WHERE (? = 0 OR partner_id = ?) AND day >= ? AND day < ? AND
		status <> 'canceled' GROUP BY currency ORDER BY currency`)
	if err != nil {
		return err
	}
	paid, err := w.periodSums(ctx, `/* messages.addPeriod */ SELECT currency, SUM(amount) AS amount
		FROM {wp}partner_center_payout_lines WHERE (? = 0 OR partner_id = ?) AND day >= ? AND day < ? AND
		state = 'settled' GROUP BY currency ORDER BY currency`)
	v["period_earned"], v["period_paid"] = w.sums(earned), w.sums(paid)
	return err
}

func (w *writer) periodSums(ctx context.Context, query string) ([]Sum, error) {
	partner, sums := int64(w.event.PartnerID), []Sum{}
	rows := []struct {
		Currency money.Currency `db:"currency"`
		Amount   money.Amount   `db:"amount"`
	}{}
	err := w.q.Select(ctx, &rows, query, partner, partner, w.event.Facts.From, w.event.Facts.To)
	for _, r := range rows {
		sums = append(sums, Sum{r.Amount, r.Currency})
	}
	return sums, err
}
