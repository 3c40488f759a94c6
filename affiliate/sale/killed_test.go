package sale_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Connections are killed at random while workers send the same states and
// admins approve, run again and pay: what is not known to be written is sent
// again, and nothing is written twice or in half.
//
// Spec: D17 D24 B1 B3.2
func TestKilledConnectionsLoseNothing(t *testing.T) {
	if err := mysql.SetLogger(&mysql.NopLogger{}); err != nil { // it would name each connection lost
		t.Fatal(err)
	}
	s := newSite(t)
	recruiter := s.Partner("recruiter")
	sellers := []affiliate.Partner{s.Partner("s1", recruiter), s.Partner("s2", recruiter), s.Partner("s3")}
	states := []sale.OrderState{}
	for i := range 20 {
		o := s.Sale(fmt.Sprintf("buyer%d@example.com", i%7), s.Click(sellers[i%3]))
		states = append(states, o, shoptest.Refunded(o, "30"), shoptest.Refunded(shoptest.Refunded(o, "30"), "55.55"))
	}
	kills, stop := s.startKilling()
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(i)))
			for _, at := range r.Perm(len(states)) {
				s.insist(func() error { _, err := s.Converge(t.Context(), states[at]); return err })
			}
		})
	}
	workers.Go(func() { s.deskUnderFire(sellers) })
	workers.Wait()
	stop()
	if *kills == 0 {
		t.Error("no connection was killed")
	}
	s.WantClean()
	for _, line := range s.sums(`level = 1`) {
		if want := shoptest.USD("4.45"); line != want { // 10 % of 44.45
			t.Errorf("an order line earned %s on level 1, want %s", line, want)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE version = 3`); n != 20 {
		t.Errorf("%d orders stand at their last state, want 20", n)
	}
}

// insist does something until it is known to be done.
func (s *site) insist(do func() error) {
	for range 1000 {
		err := do()
		if err == nil || affiliate.KindOf(err) != 0 {
			select {
			case s.Progress <- struct{}{}:
			default:
			}
			return
		}
	}
	s.Error("a thousand tries were not enough")
}

// deskUnderFire approves, runs again and pays a few times.
func (s *site) deskUnderFire(sellers []affiliate.Partner) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 15 {
		var ids []ledger.CommissionID
		s.insist(func() error {
			return s.DB.Select(s.Context(), &ids,
				`SELECT id FROM {wp}partner_center_commissions WHERE status = 'pending' ORDER BY id LIMIT 10`)
		})
		picks := []ledger.Pick{}
		for _, id := range ids {
			picks = append(picks, ledger.Pick{ID: id})
		}
		s.insist(func() error { _, err := s.Approve(s.Context(), shoptest.Anna, picks); return err })
		var orders []sale.RerunPick
		s.insist(func() error {
			return s.DB.Select(s.Context(), &orders,
				`SELECT id AS order_id, 0 AS seen FROM {wp}partner_center_orders WHERE version > 0 ORDER BY RAND()
					LIMIT 3`)
		})
		wish := sale.Rerun{Choice: sale.AnyPartner, PartnerID: sellers[r.IntN(3)].ID, Reason: "under fire"}
		s.insist(func() error { _, err := s.Rerun(s.Context(), shoptest.Anna, orders, wish); return err })
		for _, p := range sellers {
			s.insist(func() error {
				b, err := ledger.LoadBalance(s.Context(), s.DB, p.ID, "USD")
				if err == nil {
					_, err = s.PayPartner(s.Context(), shoptest.Anna, p.ID, "USD", b.Payable)
				}
				return err
			})
		}
	}
}

// startKilling kills a random connection of the site each time that something
// was done, until stop is called; kills counts them. Its pace follows that of
// the work, so that on a slow machine too there is more done than killed.
func (s *site) startKilling() (kills *int, stop func()) {
	admin, err := s.DB.SQL().Conn(s.Context())
	s.OK(err)
	s.Progress = make(chan struct{}, 1)
	done, stopped := make(chan struct{}), make(chan struct{})
	kills = new(int)
	go func() {
		defer close(stopped)
		defer admin.Close()
		for {
			select {
			case <-done:
				return
			case <-s.Progress:
				if kill(s.Context(), admin) {
					*kills++
				}
			}
		}
	}()
	return kills, func() { close(done); <-stopped }
}

func kill(ctx context.Context, admin *sql.Conn) bool {
	var id int64
	err := admin.QueryRowContext(ctx, `SELECT id FROM information_schema.processlist
		WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY RAND() LIMIT 1`).Scan(&id)
	if err != nil {
		return false
	}
	_, err = admin.ExecContext(ctx, fmt.Sprintf("KILL CONNECTION %d", id))
	return err == nil
}
