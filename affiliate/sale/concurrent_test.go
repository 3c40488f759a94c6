package sale_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Thirty-two workers send the same 200 states of 50 orders, each in an order of
// its own, while admins approve and pay: nothing twice, no cent lost.
//
// Spec: S76 D17 D19 D39.1 B1 B3.2
func TestManyWorkersConvergeTheSameOrders(t *testing.T) {
	s := newSite(t)
	recruiter := s.Partner("recruiter")
	sellers := []affiliate.Partner{s.Partner("s1", recruiter), s.Partner("s2", recruiter), s.Partner("s3")}
	states := []sale.OrderState{}
	for i := range 50 {
		o := s.Sale(fmt.Sprintf("buyer%d@example.com", i%20), s.Click(sellers[i%3]))
		states = append(states, o, shoptest.Refunded(o, "30"), shoptest.Refunded(shoptest.Refunded(o, "30"), "0"),
			shoptest.Refunded(shoptest.Refunded(shoptest.Refunded(o, "30"), "0"), "55.55"))
	}
	desk := s.startDesk(append(sellers, recruiter))
	var workers sync.WaitGroup
	for i := range 32 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for _, at := range r.Perm(len(states)) {
				if _, err := s.Converge(t.Context(), states[at]); err != nil {
					t.Errorf("%s version %d: %v", states[at].ExternalID, states[at].Version, err)
				}
			}
		})
	}
	workers.Wait()
	desk()
	s.WantClean()
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE version = 4`); n != 50 {
		t.Errorf("%d orders stand at their last state, want 50", n)
	}
	want := shoptest.USD("4.45") // 10 % of 44.45
	for _, line := range s.sums(`level = 1`) {
		if line != want {
			t.Errorf("an order line earned %s on level 1, want %s", line, want)
		}
	}
	if got := len(s.sums(`level = 1`)); got != 50 {
		t.Errorf("%d order lines earned, want 50", got)
	}
}

// Orders grow while their commissions are approved and canceled: what an admin
// took away stays away, and the books agree.
//
// Spec: D16.2 D22 B1
func TestCancelingWhileOrdersChange(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	states := []sale.OrderState{}
	for i := range 10 {
		o := s.Sale(fmt.Sprintf("buyer%d@example.com", i), s.Click(p))
		for range 12 {
			states = append(states, o)
			o = shoptest.Next(o, func(o *sale.OrderState) {
				o.Lines[0].Base, o.Total = shoptest.Must(o.Total.Add(shoptest.USD("10")))(t),
					shoptest.Must(o.Total.Add(shoptest.USD("10")))(t)
			})
		}
	}
	var workers sync.WaitGroup
	for i := range 4 {
		workers.Go(func() {
			for at := i; at < len(states); at += 4 {
				if _, err := s.Converge(t.Context(), states[at]); err != nil {
					t.Error(err)
				}
				s.approveAll()
			}
		})
		workers.Go(func() {
			for id := range 20 {
				if _, err := s.Cancel(t.Context(), shoptest.Anna,
					[]ledger.Pick{{ID: s.lowest() + ledger.CommissionID(id*4+i)}}, "test"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	s.WantClean()
}

// lowest is the first commission there is, 0 before.
func (s *site) lowest() (id ledger.CommissionID) {
	if err := s.DB.Get(s.Context(), &id, `SELECT MIN(id) FROM {wp}partner_center_commissions`); err != nil {
		s.Error(err)
	}
	return id
}

// startDesk approves and pays all the time, until the function it returns is called.
func (s *site) startDesk(partners []affiliate.Partner) (stop func()) {
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
				s.approveAll()
				s.payAll(partners)
			}
		}
	}()
	return func() { close(done); <-stopped }
}

func (s *site) approveAll() {
	picks := []ledger.Pick{}
	rows := []ledger.CommissionID{}
	if err := s.DB.Select(s.Context(), &rows,
		`SELECT id FROM {wp}partner_center_commissions WHERE status = 'pending' LIMIT 20`); err != nil {
		s.Error(err)
	}
	for _, id := range rows {
		picks = append(picks, ledger.Pick{ID: id})
	}
	if _, err := s.Approve(s.Context(), shoptest.Anna, picks); err != nil {
		s.Error(err)
	}
}

// payAll pays what is shown; that it changed meanwhile is fine.
func (s *site) payAll(partners []affiliate.Partner) {
	for _, p := range partners {
		b, err := ledger.LoadBalance(s.Context(), s.DB, p.ID, "USD")
		if err != nil {
			s.Error(err)
		}
		if _, err := s.PayPartner(s.Context(), shoptest.Anna, p.ID, "USD", b.Payable); err != nil &&
			affiliate.KindOf(err) != affiliate.KindConflict {
			s.Error(err)
		}
	}
}

// sums are what the commissions of each order line and level come to.
func (s *site) sums(where string) []money.Amount {
	s.Helper()
	amounts := []money.Amount{}
	s.OK(s.DB.Select(s.Context(), &amounts, `SELECT SUM(amount) FROM {wp}partner_center_commissions WHERE `+where+
		` GROUP BY line_id, level ORDER BY line_id, level`))
	return amounts
}

// The same states and forms in any order of arrival, with repetitions, end at
// the same credit and the same amounts.
//
// Spec: D18.1 D39.1 B3.1
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	checks(t, 40)
	rapid.Check(t, func(rt *rapid.T) {
		s := newSite(t)
		a, b := s.Partner("a"), s.Partner("b", s.Partner("r"))
		cookies := []string{"", s.Click(a), s.Click(b)}
		states := []sale.OrderState{}
		for range rapid.IntRange(1, 3).Draw(rt, "orders") {
			o := s.Sale("bob@example.com", rapid.SampledFrom(cookies).Draw(rt, "cookie"))
			states = append(states, o)
			for range rapid.IntRange(0, 2).Draw(rt, "changes") {
				o = shoptest.Refunded(o, fmt.Sprint(rapid.Int64Range(0, 100).Draw(rt, "refund")))
				states = append(states, o)
			}
		}
		for _, o := range states {
			s.Place(o)
		}
		want := s.net()
		s.WantClean()
		s.forget()
		arrival := append(slices.Clone(states), rapid.SliceOf(rapid.SampledFrom(states)).Draw(rt, "again")...)
		for _, o := range rapid.Permutation(arrival).Draw(rt, "arrival") {
			s.Place(o)
		}
		s.WantClean()
		if got := s.net(); !slices.Equal(got, want) {
			rt.Fatalf("in another order of arrival %v, want %v", got, want)
		}
	})
}

// net is what stands in the books for each order, line, level and partner.
func (s *site) net() []string {
	s.Helper()
	net := []string{}
	s.OK(s.DB.Select(s.Context(), &net, `
		SELECT CONCAT(o.external_id, ' ', l.line, ' ', c.level, ' ', c.partner_id, ' ', SUM(c.amount))
		FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id
		JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
		GROUP BY o.external_id, l.line, c.level, c.partner_id HAVING SUM(c.amount) <> 0 ORDER BY 1`))
	return net
}

// forget takes the site back to before its orders and buyers.
func (s *site) forget() {
	for _, table := range []string{"entries", "journals", "balances", "commissions", "decisions", "order_lines",
		"order_states", "orders", "touchpoints"} {
		s.Exec(`DELETE FROM {wp}partner_center_` + table)
	}
	s.Exec(`DELETE FROM {wp}partner_center_contacts WHERE email = 'bob@example.com'`)
}

func BenchmarkConverge(b *testing.B) {
	for _, workers := range []int{1, 16} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := newSite(b)
			recruiter := s.Partner("recruiter")
			cookies := []string{}
			for i := range 50 {
				cookies = append(cookies, s.Click(s.Partner(fmt.Sprint("seller", i), recruiter)))
			}
			s.benchConverge(b, workers, cookies)
		})
	}
}
