package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// statistics are all numbers of a partner, of whatever program they are.
func (s *site) statistics(p affiliate.Partner) (n [5]int) {
	s.Helper()
	for i, query := range []string{
		`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ?`,
		`SELECT COALESCE(SUM(is_unique), 0) FROM {wp}partner_center_visits WHERE partner_id = ?`,
		`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`,
		`SELECT COUNT(DISTINCT order_id) FROM {wp}partner_center_commissions WHERE partner_id = ? AND level = 1
			AND status <> 'canceled'`,
		`SELECT CAST(COALESCE(SUM(amount * 100), 0) AS SIGNED) FROM {wp}partner_center_commissions
			WHERE partner_id = ?`,
	} {
		n[i] = s.Number(query, p.ID)
	}
	return n
}

// Spec: S98.1 S98.2 S99.1 S100.1 S100.2
func TestMovingThereAndBackKeepsAllStatistics(t *testing.T) {
	s := newSite(t)
	silver := s.NewProgram("Silver", 1)
	s.Terms(silver, s.Book, shoptest.Percent("20", "0"))
	ann := s.Partner("ann", s.Partner("rob"))
	first := s.Place(s.Sale("eve@example.com", s.Click(ann)))
	booked := wanted(s.View(first.OrderID))
	before, rows := s.statistics(ann),
		s.Number(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE program_id = ?`, s.Program.ID)
	s.Clock.Advance(time.Hour)
	shoptest.Must(s.Registry.MovePartner(t.Context(), shoptest.Anna, ann.ID, silver.ID))(s)
	if now := s.statistics(ann); now != before {
		t.Errorf("moving changed %v to %v", before, now)
	}
	if now := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE program_id = ?`,
		s.Program.ID); now != rows {
		t.Errorf("moving rewrote history: %d rows of the old program, not %d", now, rows)
	}
	s.Clock.Advance(time.Second)
	second := s.Place(s.Sale("max@example.com", s.Click(ann))) // by a link of the old program, at the new terms
	s.WantEarned(second.OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "20"))
	s.WantEarned(first.OrderID, booked...)
	between := s.statistics(ann)
	s.Clock.Advance(time.Hour)
	shoptest.Must(s.Registry.MovePartner(t.Context(), shoptest.Anna, ann.ID, s.Program.ID))(s)
	if now := s.statistics(ann); now != between {
		t.Errorf("moving back changed %v to %v", between, now)
	}
	s.Clock.Advance(time.Second)
	third := s.Place(s.Sale("zoe@example.com", s.Click(ann)))
	if c := third.Commissions[0]; c.Amount != shoptest.USD("10") || len(third.Commissions) != 2 {
		t.Errorf("back in the old program: %+v", third.Commissions)
	}
	s.WantClean()
}

// wanted are the commissions as wantEarned names them.
func wanted(v sale.OrderView) []string {
	all := []string{}
	for _, c := range v.Commissions {
		all = append(all, shoptest.Earned(c.Level, c.PartnerID, c.Status, c.Amount.String()))
	}
	return all
}

// A sale is judged by where the partner stood when it was placed, not when it
// is processed.
//
// Spec: S74 S101.1 S101.2 S102.1 S102.2 S141 D15.4
func TestSalesAreJudgedByTheStateOfTheirTime(t *testing.T) {
	for name, leave := range map[string]func(*site, affiliate.Partner) error{
		"suspended": func(s *site, p affiliate.Partner) error {
			_, err := s.Registry.SuspendPartner(s.Context(), shoptest.Anna, p.ID, "x")
			return err
		},
		"removed": func(s *site, p affiliate.Partner) error {
			_, err := s.Registry.RemovePartner(s.Context(), shoptest.Anna, p.ID, "x")
			return err
		},
		"deleted": func(s *site, p affiliate.Partner) error {
			return s.Registry.DeleteContact(s.Context(), shoptest.Anna, p.ContactID, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			ann := s.Partner("ann")
			paid := s.Earn(ann, "100")
			s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
			during := s.Sale("eve@example.com", "")
			s.Clock.Advance(time.Second)
			s.OK(leave(s, ann))
			s.wantReason(s.bought("eve@example.com", ""), reason.PartnerNotActive)
			r := s.Place(during) // placed before, comes in after
			s.wantReason(r.Decision, reason.Credited)
			// what was earned stays theirs
			shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(paid)))(s)
			s.WantBalance(ann, "10", "10", "0")
			s.WantClean()
		})
	}
}

// Spec: S141
func TestReactivatedPartnersEarnAgain(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	shoptest.Must(s.Registry.SuspendPartner(t.Context(), shoptest.Anna, ann.ID, "x"))(s)
	s.Clock.Advance(time.Second)
	suspended := s.Sale("eve@example.com", "")
	s.Clock.Advance(time.Second)
	shoptest.Must(s.Registry.ReactivatePartner(t.Context(), shoptest.Anna, ann.ID, "x"))(s)
	s.wantReason(s.bought("eve@example.com", ""), reason.Credited)
	s.wantReason(s.Place(suspended).Decision, reason.PartnerNotActive) // processed now, placed then
	s.WantClean()
}

// Spec: S15.1 S30
func TestTiersAreThoseOfTheOrdersTime(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann", s.Partner("rob"))
	late := s.Sale("eve@example.com", s.Click(ann))
	s.Clock.Advance(time.Second)
	s.Program.Tiers = 1
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	if r := s.Place(s.Sale("max@example.com", s.Click(ann))); len(r.Commissions) != 1 {
		t.Errorf("a 1-tier program pays %+v", r.Commissions)
	}
	if r := s.Place(late); len(r.Commissions) != 2 {
		t.Errorf("of the time before, there are %+v", r.Commissions)
	}
	s.WantClean()
}
