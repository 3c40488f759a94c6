package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

// statistics are all numbers of a partner, of whatever program they are.
func (s *site) statistics(p affiliate.Partner) (n [5]int) {
	s.Helper()
	for i, query := range []string{
		`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ?`,
		`SELECT COALESCE(SUM(is_unique), 0) FROM {wp}partner_center_visits WHERE partner_id = ?`,
		`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`,
		`SELECT COUNT(DISTINCT order_id) FROM {wp}partner_center_commissions WHERE partner_id = ? AND level = 1 AND status <> 'canceled'`,
		`SELECT CAST(COALESCE(SUM(amount * 100), 0) AS SIGNED) FROM {wp}partner_center_commissions WHERE partner_id = ?`,
	} {
		n[i] = s.number(query, p.ID)
	}
	return n
}

// Spec: S98, S99, S100
func TestMovingThereAndBackKeepsAllStatistics(t *testing.T) {
	s := newSite(t)
	silver := s.newProgram("Silver", 1)
	s.terms(silver, s.book, percent("20", "0"))
	ann := s.partner("ann", s.partner("rob"))
	first := s.converge(s.sale("eve@example.com", s.click(ann)))
	booked := s.order(first.OrderID).wanted()
	before, rows := s.statistics(ann), s.number(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE program_id = ?`, s.program.ID)
	s.clock.Advance(time.Hour)
	must(s.registry.MovePartner(t.Context(), anna, ann.ID, silver.ID))(s)
	if now := s.statistics(ann); now != before {
		t.Errorf("moving changed %v to %v", before, now)
	}
	if now := s.number(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE program_id = ?`, s.program.ID); now != rows {
		t.Errorf("moving rewrote history: %d rows of the old program, not %d", now, rows)
	}
	s.clock.Advance(time.Second)
	second := s.converge(s.sale("max@example.com", s.click(ann))) // by a link of the old program, at the new terms
	s.wantEarned(second.OrderID, earned(1, ann.ID, Pending, "20"))
	s.wantEarned(first.OrderID, booked...)
	between := s.statistics(ann)
	s.clock.Advance(time.Hour)
	must(s.registry.MovePartner(t.Context(), anna, ann.ID, s.program.ID))(s)
	if now := s.statistics(ann); now != between {
		t.Errorf("moving back changed %v to %v", between, now)
	}
	s.clock.Advance(time.Second)
	third := s.converge(s.sale("zoe@example.com", s.click(ann)))
	if c := third.Commissions[0]; c.Amount != usd("10") || len(third.Commissions) != 2 {
		t.Errorf("back in the old program: %+v", third.Commissions)
	}
	s.wantClean()
}

// wanted are the commissions as wantEarned names them.
func (v OrderView) wanted() []string {
	all := []string{}
	for _, c := range v.Commissions {
		all = append(all, earned(c.Level, c.PartnerID, c.Status, c.Amount.String()))
	}
	return all
}

// A sale is judged by where the partner stood when it was placed, not when it
// is processed.
//
// Spec: S74, S101, S102, S141, D15
func TestSalesAreJudgedByTheStateOfTheirTime(t *testing.T) {
	for name, leave := range map[string]func(*site, affiliate.Partner) error{
		"suspended": func(s *site, p affiliate.Partner) error {
			_, err := s.registry.SuspendPartner(s.Context(), anna, p.ID, "x")
			return err
		},
		"removed": func(s *site, p affiliate.Partner) error {
			_, err := s.registry.RemovePartner(s.Context(), anna, p.ID, "x")
			return err
		},
		"deleted": func(s *site, p affiliate.Partner) error {
			return s.registry.DeleteContact(s.Context(), anna, p.ContactID, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			ann := s.partner("ann")
			paid := s.earn(ann, "100")
			s.optIn("eve@example.com", s.click(ann), s.clock.Now())
			during := s.sale("eve@example.com", "")
			s.clock.Advance(time.Second)
			s.ok(leave(s, ann))
			s.wantReason(s.bought("eve@example.com", ""), PartnerNotActive)
			r := s.converge(during) // placed before, comes in after
			s.wantReason(r.Decision, Credited)
			must(s.Approve(t.Context(), anna, all(paid)))(s) // what was earned stays his
			s.wantBalance(ann, "10", "10", "0")
			s.wantClean()
		})
	}
}

// Spec: S141
func TestReactivatedPartnersEarnAgain(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	must(s.registry.SuspendPartner(t.Context(), anna, ann.ID, "x"))(s)
	s.clock.Advance(time.Second)
	suspended := s.sale("eve@example.com", "")
	s.clock.Advance(time.Second)
	must(s.registry.ReactivatePartner(t.Context(), anna, ann.ID, "x"))(s)
	s.wantReason(s.bought("eve@example.com", ""), Credited)
	s.wantReason(s.converge(suspended).Decision, PartnerNotActive) // processed now, placed then
	s.wantClean()
}

// Spec: S15, S30
func TestTiersAreThoseOfTheOrdersTime(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann", s.partner("rob"))
	late := s.sale("eve@example.com", s.click(ann))
	s.clock.Advance(time.Second)
	s.program.Tiers = 1
	must(s.registry.EditProgram(t.Context(), anna, s.program))(s)
	if r := s.converge(s.sale("max@example.com", s.click(ann))); len(r.Commissions) != 1 {
		t.Errorf("a 1-tier program pays %+v", r.Commissions)
	}
	if r := s.converge(late); len(r.Commissions) != 2 {
		t.Errorf("of the time before, there are %+v", r.Commissions)
	}
	s.wantClean()
}
