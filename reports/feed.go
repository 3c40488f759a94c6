package reports

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

// EventKind is what happened to a partner.
type EventKind string

// The kinds of events.
const (
	EventClicks  EventKind = "clicks" // those of a day
	EventLead    EventKind = "lead"
	EventSale    EventKind = "sale"
	EventRefund  EventKind = "refund"
	EventPayment EventKind = "payment"
)

// Event is something that happened, as its partner may see it.
type Event struct {
	Kind     EventKind
	At       time.Time // of clicks, the last one of their day
	Day      affiliate.Day
	Name     string      // product or promo tool; "" where none is known
	Method   locale.Text // of a payment
	Customer string      // "" where there is none
	SubID    string      // as people wrote it
	Through  locale.Text // of a level-2 sale
	Amount   money.Amount
	Currency money.Currency
	Status   string // of a sale: of its commission; of a refund: what it did
	Clicks   int64
	Unique   int64
	Items    int64 // commissions that a payment covers
	Ref      Ref   // the commission of a sale or refund
}

// How far back the feed looks for what no index gives in order of time, in days.
const feedDays = 90

// Feed is what happened to a partner last, the newest first: at most n events.
// It costs the same however long the partner has been there.
func (r *Reader) Feed(ctx context.Context, partner affiliate.PartnerID, n int) ([]Event, error) {
	var events []Event
	err := r.db.ReadOnly(ctx, func(tx *db.Tx) error {
		s := source{q: tx, now: r.now(), today: r.Today(), zone: r.zone(), mask: r.mask}
		var err error
		if s.view, err = viewOf(ctx, tx, partner, s.zone); err != nil {
			return err
		}
		for _, part := range []func(context.Context, int) ([]Event, error){s.lastClicks, s.lastLeads, s.lastSales,
			s.lastRefunds, s.lastPayments} {
			found, err := part(ctx, n)
			if err != nil {
				return err
			}
			events = append(events, found...)
		}
		return nil
	})
	slices.SortStableFunc(events, func(a, b Event) int { return b.At.Compare(a.At) })
	return events[:min(n, len(events))], err
}

// lastClicks are the clicks of the two latest days with any.
func (s source) lastClicks(ctx context.Context, _ int) ([]Event, error) {
	var found []struct {
		Day    affiliate.Day `db:"day"`
		Clicks int64         `db:"clicks"`
		Unique int64         `db:"uniques"`
	}
	err := s.q.Select(ctx, &found, `/* reports.lastClicks */ SELECT v.day, SUM(v.clicks) AS clicks,
			SUM(v.uniques) AS uniques FROM {wp}partner_center_visit_days v WHERE v.partner_id = ?
		GROUP BY v.day ORDER BY v.day DESC LIMIT 2`, s.view.partner)
	var events []Event
	for _, f := range found {
		at, failed := s.lastClick(ctx, f.Day)
		if failed != nil {
			return nil, failed
		}
		events = append(events, Event{Kind: EventClicks, Day: f.Day, At: at, Clicks: f.Clicks, Unique: f.Unique})
	}
	return events, err
}

// lastClick is when the day's last click came; where visits are not kept any
// more, the end of the day.
func (s source) lastClick(ctx context.Context, day affiliate.Day) (time.Time, error) {
	var id affiliate.VisitID
	err := s.q.Get(ctx, &id, `/* reports.lastClick */ SELECT v.id FROM {wp}partner_center_visits v
		WHERE v.partner_id = ? AND v.day = ? ORDER BY v.id DESC LIMIT 1`, s.view.partner, day)
	if db.NoRows(err) {
		return day.Next().Start(s.zone).Add(-time.Microsecond), nil
	}
	return tracking.VisitTime(id), err
}

// lastLeads are the latest forms but orders, which are sales.
func (s source) lastLeads(ctx context.Context, n int) ([]Event, error) {
	var found []struct {
		At    time.Time     `db:"occurred_at"`
		Day   affiliate.Day `db:"day"`
		Tool  string        `db:"tool"`
		SubID string        `db:"subid"`
	}
	err := s.q.Select(ctx, &found, `/* reports.lastLeads */
		SELECT f.occurred_at, f.day, f.lead_subid AS subid, COALESCE(t.name, '') AS tool
		FROM {wp}partner_center_touchpoints f LEFT JOIN {wp}partner_center_tools t ON t.id = f.lead_tool_id
		WHERE f.lead_partner_id = ? AND f.day >= ? AND f.kind <> 'order'
		ORDER BY f.lead_partner_id DESC, f.day DESC, f.lead_tool_id DESC, f.lead_subid DESC, f.id DESC LIMIT 100`,
		s.view.partner, s.today.AddDays(-feedDays))
	var events []Event
	for _, f := range found {
		events = append(events, Event{Kind: EventLead, At: f.At, Day: f.Day, Name: f.Tool,
			SubID: tracking.SubIDText(f.SubID)})
	}
	slices.SortStableFunc(events, func(a, b Event) int { return b.At.Compare(a.At) })
	return events[:min(n, len(events))], err
}

func (s source) lastSales(ctx context.Context, n int) ([]Event, error) {
	var w where
	s.view.commissions(&w)
	var found []commission
	err := s.q.Select(ctx, &found, `/* reports.lastSales */ SELECT `+commissionColumns+`, c.payable, '' AS payouts, `+
		throughColumns+commissionTables+throughTables+w.sql()+` ORDER BY c.day DESC, c.id DESC LIMIT ?`,
		append(w.args, n)...)
	var events []Event
	for _, c := range found {
		e := Event{Kind: EventSale, At: c.OccurredAt, Day: c.Day, Name: c.Product, Amount: c.Amount,
			Currency: c.Currency,
			Status:   c.Status, Customer: s.soldBy(c.Level, c.sold).customer(c.customer()).Text,
			Through: through(c.Level, c.Seller), Ref: Ref{Kind: RefCommission, ID: c.ID}}
		if c.Level == 1 {
			e.SubID = tracking.SubIDText(c.SubID)
		}
		events = append(events, e)
	}
	return events, err
}

// lastRefunds finds the latest journals by their index before it looks at what
// they are about.
func (s source) lastRefunds(ctx context.Context, n int) ([]Event, error) {
	var w where
	w.add("(j.kind IN ('refund', 'restore') OR " + afterPaid + ")")
	if !s.view.ShowPending {
		w.add(everApproved)
	}
	var found []refund
	err := s.q.Select(ctx, &found, `/* reports.lastRefunds */
		SELECT j.id AS journal_id, j.commission_id, j.day AS journal_day, j.occurred_at AS at, -e.amount AS effect,
			j.currency, `+afterPaid+` AS after_paid, j.reason, COALESCE(l.name, '') AS product,
			COALESCE(o.number, '') AS number, o.contact_id, COALESCE(k.email, '') AS email,
			COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name, '') AS last_name, c.level, `+
		throughColumns+` FROM (SELECT x.id FROM {wp}partner_center_journals x
			WHERE x.partner_id = ? AND x.kind IN ('refund', 'restore', 'reverse', 'cancel') AND x.day >= ?
			ORDER BY x.day DESC, x.id DESC LIMIT 50) last
		JOIN {wp}partner_center_journals j ON j.id = last.id`+
		refundTables[len(` FROM {wp}partner_center_journals j`):]+throughTables+w.sql()+
		` ORDER BY j.day DESC, j.id DESC LIMIT ?`,
		append([]any{s.view.partner, s.today.AddDays(-feedDays)}, append(w.args, n)...)...)
	var events []Event
	for _, r := range found {
		events = append(events, Event{Kind: EventRefund, At: r.At, Day: r.Day, Name: r.Product, Amount: r.Effect,
			Currency: r.Currency, Status: r.status(), Through: through(r.Level, r.Seller),
			Customer: s.soldBy(r.Level, r.sold).customer(r.customer()).Text,
			Ref:      Ref{Kind: RefCommission, ID: r.Commission}})
	}
	return events, err
}

func (s source) lastPayments(ctx context.Context, n int) ([]Event, error) {
	var found []payment
	err := s.q.Select(ctx, &found, `/* reports.lastPayments */
		SELECT y.id, y.payout_id, '' AS code, y.day, y.settled_at, y.amount, y.currency, y.method, '' AS paypal_email,
			y.state, (SELECT COUNT(*) FROM {wp}partner_center_payout_items i WHERE i.line_id = y.id) AS items
		FROM {wp}partner_center_payout_lines y
		WHERE y.partner_id = ? AND y.state = 'settled' ORDER BY y.settled_at DESC LIMIT ?`, s.view.partner, n)
	var events []Event
	for _, p := range found {
		events = append(events, Event{Kind: EventPayment, At: *p.At, Day: p.Day, Method: methodName(p.Method),
			Amount: p.Amount, Currency: p.Currency, Items: p.Items, Ref: Ref{Kind: RefPayout, ID: p.PayoutID}})
	}
	return events, err
}

// LastPayments are the latest payment of a partner in each currency.
func (r *Reader) LastPayments(ctx context.Context, partner affiliate.PartnerID) (map[money.Currency]Event, error) {
	var found []payment
	err := r.db.Select(ctx, &found, `/* reports.LastPayments */
		SELECT y.id, y.payout_id, y.day, y.settled_at, y.amount, y.currency, y.method, y.state
		FROM {wp}partner_center_payout_lines y WHERE y.partner_id = ? AND y.state = 'settled'
			AND y.settled_at = (SELECT MAX(z.settled_at) FROM {wp}partner_center_payout_lines z
				WHERE z.partner_id = y.partner_id AND z.state = 'settled' AND z.currency = y.currency)`, partner)
	last := map[money.Currency]Event{}
	for _, p := range found {
		last[p.Currency] = Event{Kind: EventPayment, At: *p.At, Day: p.Day, Method: methodName(p.Method),
			Amount: p.Amount, Currency: p.Currency, Ref: Ref{Kind: RefPayout, ID: p.PayoutID}}
	}
	return last, err
}

// FirstClick is when the partner's first counted click came; false while there
// was none. Where visits are not kept any more it is the first one that is.
func (r *Reader) FirstClick(ctx context.Context, partner affiliate.PartnerID) (at time.Time, found bool, err error) {
	var id affiliate.VisitID
	err = r.db.Get(ctx, &id, `/* reports.FirstClick */ SELECT v.id FROM {wp}partner_center_visits v
		WHERE v.partner_id = ? ORDER BY v.day, v.id LIMIT 1`, partner)
	if db.NoRows(err) {
		var days int
		err = r.db.Get(ctx, &days, `/* reports.FirstClick */ SELECT COUNT(*) FROM (SELECT 1 FROM
			{wp}partner_center_visit_days v WHERE v.partner_id = ? LIMIT 1) any_day`, partner)
		return time.Time{}, days > 0, err
	}
	return tracking.VisitTime(id), err == nil, err
}
