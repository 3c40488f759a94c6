package sidecar

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
	"partnercenter/locale"
	"partnercenter/reports"
)

// reminders are mails that no single event causes: what admins should look at, and
// summaries. Each is told once, by its key, however many sidecars look.
type reminders struct {
	troubleSince time.Time     // something has been wrong since; zero: nothing is
	summed       affiliate.Day // the month whose summaries are told
}

// Remind tells what is new since the last look.
func (s *Server) Remind(ctx context.Context) error {
	now := s.Now()
	today := affiliate.DayOf(now, s.pairing.Zone())
	return errors.Join(s.remindOfOrders(ctx, now), s.remindOfClaims(ctx, now), s.remindOfPayDay(ctx, today),
		s.remindOfTrouble(ctx, now, today), s.tellWeek(ctx, today), s.tellMonth(ctx, today))
}

func (s *Server) tellLetters(ctx context.Context, events ...messages.Event) error {
	if len(events) == 0 {
		return nil
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error { return s.domain.desk.Tell(ctx, tx, events...) })
}

// lately is how far back a look goes: an occasion that is switched on tells of no
// old things.
const lately = 24 * time.Hour

func (s *Server) remindOfOrders(ctx context.Context, now time.Time) error {
	ids, events := []affiliate.OrderID{}, []messages.Event{}
	err := s.DB.Select(ctx, &ids, `/* sidecar.remindOfOrders */ SELECT o.id FROM {wp}partner_center_orders o
		LEFT JOIN {wp}partner_center_message_events e ON e.once_key = CONCAT('review-', o.id)
		WHERE o.review > '' AND o.updated_at > ? AND e.id IS NULL ORDER BY o.id LIMIT 100`, now.Add(-lately))
	for _, id := range ids {
		events = append(events, messages.Event{Key: "review-" + id.String(), Occasion: messages.OrderOnReview,
			Facts: messages.Facts{OrderID: id, Page: "admin/commissions/orders/" + id.String()}})
	}
	return errors.Join(err, s.tellLetters(ctx, events...))
}

func (s *Server) remindOfClaims(ctx context.Context, now time.Time) error {
	claims := []struct {
		ID    int64 `db:"id"`
		Count int   `db:"n"`
	}{}
	err := s.DB.Select(ctx, &claims, `/* sidecar.remindOfClaims */ SELECT c.id, (SELECT COUNT(DISTINCT t.contact_id)
			FROM {wp}partner_center_touchpoints t WHERE t.click_claim_id = c.id OR t.network_claim_id = c.id) AS n
		FROM {wp}partner_center_claims c
		LEFT JOIN {wp}partner_center_message_events e ON e.once_key = CONCAT('claim-', c.id)
		WHERE c.verdict = '' AND c.over_at > ? AND e.id IS NULL ORDER BY c.id LIMIT 100`, now.Add(-lately))
	events := []messages.Event{}
	for _, c := range claims {
		events = append(events, messages.Event{Key: fmt.Sprintf("claim-%d", c.ID), Occasion: messages.ClaimToCheck,
			Facts: messages.Facts{Count: c.Count, Page: fmt.Sprintf("admin/contacts/checks/%d", c.ID)}})
	}
	return errors.Join(err, s.tellLetters(ctx, events...))
}

// remindOfPayDay tells of what can be paid on the pay day.
func (s *Server) remindOfPayDay(ctx context.Context, today affiliate.Day) error {
	settings, err := s.domain.registry.Settings(ctx)
	if err != nil || settings.PayDay == 0 || settings.NextPayment(today) != today {
		return err
	}
	due, err := reports.Find(reports.ForAdmin, "due")
	if err != nil {
		return err
	}
	found, err := s.domain.reports.Page(ctx, due, reports.Query{Status: string(reports.Ready)})
	if err != nil || len(found.Rows) == 0 {
		return err
	}
	facts := messages.Facts{Page: "admin/payments"}
	for _, total := range found.Table.Totals {
		cell := found.Cell(total, "payable")
		facts.Sums = append(facts.Sums, messages.Sum{Amount: cell.Amount, Currency: cell.Currency})
	}
	partners := map[int64]bool{}
	for _, row := range found.Rows {
		partners[row.Ref.ID] = true
	}
	facts.Count = len(partners)
	return s.tellLetters(ctx, messages.Event{Key: "due-" + today.String(), Occasion: messages.PaymentDue, Facts: facts})
}

// troubleAfter is how long something has to be wrong before it is worth a mail.
const troubleAfter = 10 * time.Minute

func (s *Server) remindOfTrouble(ctx context.Context, now time.Time, today affiliate.Day) error {
	sentences := (&ops{server: s}).trouble(ctx)
	if len(sentences) == 0 {
		s.reminded.troubleSince = time.Time{}
		return nil
	}
	if s.reminded.troubleSince.IsZero() {
		s.reminded.troubleSince = now
	}
	if now.Sub(s.reminded.troubleSince) < troubleAfter {
		return nil
	}
	handover, _ := s.pairing.Handover()
	in, lines := locale.For(handover.Locale), []string{}
	for _, sentence := range sentences {
		lines = append(lines, in.Text(sentence))
	}
	return s.tellLetters(ctx, messages.Event{Key: "trouble-" + today.String(), Occasion: messages.ServiceTrouble,
		Facts: messages.Facts{Text: affiliate.Cut(strings.Join(lines, " "), 2000), Page: "admin"}})
}

// tellWeek tells admins of the week before: on Monday, or in the two days after it
// when no sidecar was there.
func (s *Server) tellWeek(ctx context.Context, today affiliate.Day) error {
	since := (int(today.Noon().Weekday()) + 6) % 7
	if since > 2 {
		return nil
	}
	monday := today.AddDays(-since)
	return s.tellLetters(ctx, messages.Event{Key: "week-" + monday.String(), Occasion: messages.WeeklySummary,
		Facts: messages.Facts{From: monday.AddDays(-7), To: monday, Page: "admin"}})
}

// tellMonth tells partners of the month before, those in whose month something
// happened, in the first days of the next.
func (s *Server) tellMonth(ctx context.Context, today affiliate.Day) error {
	first := affiliate.Day{Year: today.Year, Month: today.Month, Day: 1}
	if today.Day > 5 || s.reminded.summed == first {
		return nil
	}
	last := first.AddDays(-1)
	from := affiliate.Day{Year: last.Year, Month: last.Month, Day: 1}
	partners := []struct {
		ID      affiliate.PartnerID `db:"partner_id"`
		Program affiliate.ProgramID `db:"program_id"`
	}{}
	err := s.DB.Select(ctx, &partners, `/* sidecar.tellMonth */
		SELECT m.partner_id, m.program_id FROM {wp}partner_center_memberships m
		JOIN {wp}partner_center_partners pa ON pa.id = m.partner_id AND pa.state = 'active'
		JOIN {wp}partner_center_message_uses u ON u.program_id = m.program_id AND u.occasion = 'summary' AND u.is_on = 1
		WHERE m.active = 1 AND (
			EXISTS (SELECT 1 FROM {wp}partner_center_visit_days v
				WHERE v.partner_id = m.partner_id AND v.day >= ? AND v.day < ?)
			OR EXISTS (SELECT 1 FROM {wp}partner_center_commissions c
				WHERE c.partner_id = m.partner_id AND c.day >= ? AND c.day < ?)
			OR EXISTS (SELECT 1 FROM {wp}partner_center_payout_lines y
				WHERE y.partner_id = m.partner_id AND y.day >= ? AND y.day < ?))`, from, first, from, first, from,
		first)
	if err != nil {
		return err
	}
	events := []messages.Event{}
	for _, p := range partners {
		events = append(events, messages.Event{Key: fmt.Sprintf("summary-%s-%d", from, p.ID),
			Occasion: messages.MonthlySummary, ProgramID: p.Program, PartnerID: p.ID,
			Facts: messages.Facts{From: from, To: first}})
	}
	if err := s.tellLetters(ctx, events...); err != nil {
		return err
	}
	s.reminded.summed = first
	return nil
}
