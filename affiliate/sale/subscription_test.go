package sale_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
	"partnercenter/locale"
)

// renewed is a later payment of the order's subscription, made by the cart a
// month later.
func (s *site) renewed(o sale.OrderState, months int) sale.OrderState {
	s.Orders++
	at := o.PlacedAt.AddDate(0, months, 0)
	if s.Clock.Now().Before(at) {
		s.Clock.Set(at)
	}
	o.ExternalID, o.Number, o.Version, o.Click, o.Renewal = fmt.Sprint(s.Orders), "", 1, "", true
	o.At, o.PlacedAt, o.PaidAt = at, at, &at
	o.Lines = slices.Clone(o.Lines)
	return o
}

// subscribed is the first order of a new subscription.
func (s *site) subscribed(email, cookie string) sale.OrderState {
	o := s.Sale(email, cookie)
	o.SubscriptionID = "sub " + o.ExternalID
	return o
}

// Spec: S90.1 D14.1 D23.2
func TestRenewalsStayWithThePartnerOfTheSale(t *testing.T) {
	for _, credit := range []affiliate.Credit{affiliate.LastReferrer, affiliate.FirstReferrer} {
		s := newSite(t)
		s.Settings(func(g *affiliate.Settings) { g.Credit = credit })
		a, b := s.Partner("a", s.Partner("recruiter")), s.Partner("b")
		first := s.subscribed("bob@example.com", s.Click(a))
		s.Place(first)
		s.Clock.Advance(time.Hour)
		s.OptIn("bob@example.com", s.Click(b), s.Clock.Now())
		r := s.Place(s.renewed(first, 1))
		s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"),
			shoptest.Earned(2, r.Decision.RecruiterID, ledger.Pending, "5"))
		if r.Decision.Via != sale.Renewed || r.Decision.RecruiterID == 0 {
			t.Errorf("%s: the renewal came via %q, level 2 to %s", credit, r.Decision.Via, r.Decision.RecruiterID)
		}
		if credit == affiliate.LastReferrer { // another purchase is b's
			s.WantEarned(s.Place(s.Sale("bob@example.com", "")).OrderID, shoptest.Earned(1, b.ID, ledger.Pending, "10"))
		}
		s.WantClean()
	}
}

// Ten subscriptions are sold, five of the contacts change their last referrer:
// the original partner loses none.
//
// Spec: S91.1
func TestTenSubscriptionsFiveChangedReferrers(t *testing.T) {
	s := newSite(t)
	original, other := s.Partner("original"), s.Partner("other")
	sold := []sale.OrderState{}
	for i := range 10 {
		o := s.subscribed(fmt.Sprintf("buyer%d@example.com", i), s.Click(original))
		s.Place(o)
		sold = append(sold, o)
	}
	s.Clock.Advance(time.Hour)
	for i := range 5 {
		email := fmt.Sprintf("buyer%d@example.com", i)
		if a := s.OptIn(email, s.Click(other), s.Clock.Now()); a.Contact.Last.PartnerID != other.ID {
			t.Fatalf("the last referrer of %s is %s", email, a.Contact.Last.PartnerID)
		}
	}
	for _, o := range sold {
		s.WantEarned(s.Place(s.renewed(o, 1)).OrderID, shoptest.Earned(1, original.ID, ledger.Pending, "10"))
	}
	s.WantBalance(original, "200", "0", "0")
	s.WantBalance(other, "0", "0", "0")
	s.WantClean()
}

// Spec: S92.1 S92.2 S92.3 D6 D23.1 D23.4 B2
func TestRenewalsEarnWhileTheyAreEligible(t *testing.T) {
	s := newSite(t)
	recruiter := s.Partner("recruiter")
	p := s.Partner("pia", recruiter)
	elsewhere := s.NewProgram("Elsewhere", 1)
	first := s.subscribed("bob@example.com", s.Click(p))
	s.Place(first)
	s.Clock.Advance(time.Hour)
	s.Terms(s.Program, s.Book, shoptest.Percent("50", "25")) // later sales earn more, this subscription does not

	leave := func(p affiliate.Partner) {
		s.Exec(`UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL WHERE partner_id = ?
			AND ended_at IS NULL`, s.Clock.Now(), p.ID)
		s.Clock.Advance(time.Second)
	}
	r := s.Place(s.renewed(first, 1))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"),
		shoptest.Earned(2, recruiter.ID, ledger.Pending, "5"))
	s.WantClean() // not after what follows, which no admin can do
	leave(recruiter)
	r = s.Place(s.renewed(first, 2))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	leave(p)
	r = s.Place(s.renewed(first, 3))
	s.WantEarned(r.OrderID)
	s.wantTrace(r, "wasn't in a program when the order was placed")
	s.Exec(`INSERT INTO {wp}partner_center_memberships (partner_id, program_id, signup_at, started_at)
		VALUES (?, ?, ?, ?)`, p.ID, elsewhere.ID, s.Clock.Now(), s.Clock.Now())
	r = s.Place(s.renewed(first, 4)) // any membership will do
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	if r.Decision.ProgramID != s.Program.ID {
		t.Errorf("the renewal earns in program %s, not in the pinned one", r.Decision.ProgramID)
	}
	s.Clock.Advance(time.Hour)
	s.OK(s.Registry.RemoveTerms(t.Context(), shoptest.Anna, s.Program.ID, s.Book.ID))
	r = s.Place(s.renewed(first, 5))
	s.WantEarned(r.OrderID)
	s.wantTrace(r, "product not commissionable in the program")
}

// wantTrace checks that the order's trace says something to admins.
func (s *site) wantTrace(r sale.Result, says string) {
	s.Helper()
	decisions := s.View(r.OrderID).Decisions
	lines := decisions[len(decisions)-1].Trace.AdminLines(func(id affiliate.PartnerID) string { return id.String() })
	if !strings.Contains(locale.Join(lines...).String(), says) {
		s.Errorf("the trace does not say %q:\n%s", says, locale.Join(lines...).String())
	}
}

// A free first order, and one that nobody is credited with, pin too; so does
// one whose payment was canceled.
//
// Spec: S90 D23.1 D23.3
func TestFirstOrdersPinWhateverTheyEarn(t *testing.T) {
	s := newSite(t)
	p, other := s.Partner("pia"), s.Partner("other")
	free := s.subscribed("free@example.com", s.Click(p))
	free.Lines[0].Base, free.Total = shoptest.USD("0"), shoptest.USD("0")
	nobody := s.subscribed("nobody@example.com", "")
	canceled := s.subscribed("canceled@example.com", s.Click(p))
	s.WantEarned(s.Place(free).OrderID)
	s.WantEarned(s.Place(nobody).OrderID)
	r := s.Place(canceled)
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(r.Commissions...), "a test"))(s)
	s.Clock.Advance(time.Hour)
	for _, email := range []string{"free@example.com", "nobody@example.com", "canceled@example.com"} {
		s.OptIn(email, s.Click(other), s.Clock.Now())
	}
	paid := s.renewed(free, 1)
	paid.Lines[0].Base, paid.Total = shoptest.USD("100"), shoptest.USD("100")
	s.WantEarned(s.Place(paid).OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	r = s.Place(s.renewed(nobody, 1))
	s.WantEarned(r.OrderID)
	if r.Decision.Reason != reason.FirstOrderUncredited {
		t.Errorf("decided %s", r.Decision.Reason)
	}
	s.WantEarned(s.Place(s.renewed(canceled, 1)).OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.WantEarned(r.OrderID)
	s.WantClean()
}

// Spec: S148.4
func TestOnlySoManyRenewalsEarn(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	policy := shoptest.Must(s.Registry.Policy(t.Context(), s.Program.ID))(s)
	policy.RenewalLimit = 2
	shoptest.Must(s.Registry.SavePolicy(t.Context(), shoptest.Anna, policy))(s)
	s.Clock.Advance(time.Second)
	first := s.subscribed("bob@example.com", s.Click(p))
	s.WantEarned(s.Place(first).OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	for month := 1; month <= 3; month++ {
		r := s.Place(s.renewed(first, month))
		if month <= 2 {
			s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
		} else if s.WantEarned(r.OrderID); r.Decision.Reason != reason.RenewalLimit {
			t.Errorf("renewal %d is decided %s", month, r.Decision.Reason)
		}
	}
	s.WantClean()
}

// Renewals that arrive before the first order, and orders that learn later of
// which subscription they are, end as if all had come in order.
//
// Spec: D18 D23.2 D39
func TestRenewalsMayArriveBeforeTheFirstOrder(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	s.OptIn("bob@example.com", s.Click(b), s.Clock.Now())
	first := s.subscribed("bob@example.com", s.Click(a))
	second, third := s.renewed(first, 1), s.renewed(first, 2)
	third.Renewal, third.Click = false, s.Click(b) // the cart does not say, and a cookie came along
	third.Buyer.Email = "changed@example.com"

	r3 := s.Place(third)
	s.WantEarned(r3.OrderID, shoptest.Earned(1, b.ID, ledger.Pending, "10"))
	r2 := s.Place(second)
	s.WantEarned(r2.OrderID)
	if r2.Decision.Reason != reason.FirstOrderUnknown {
		t.Errorf("a renewal of an unknown subscription is decided %s", r2.Decision.Reason)
	}
	unnamed := first
	unnamed.SubscriptionID = ""
	r1 := s.Place(unnamed)
	s.WantEarned(r1.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.Place(shoptest.Next(unnamed, func(o *sale.OrderState) { o.SubscriptionID = first.SubscriptionID }))
	s.WantEarned(r1.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.WantEarned(r2.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.WantEarned(r3.OrderID, shoptest.Earned(1, b.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, a.ID, ledger.Pending, "10"))
	s.WantClean()
}

// A late form has the first order decided once more while somebody else pays a
// renewal: that waits, and follows what is decided then.
//
// Spec: D18, D23, S90
func TestARenewalWaitsForALateForm(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	cookie, clicked := s.Click(p), s.Clock.Now()
	s.Clock.Advance(time.Hour)
	first := s.subscribed("bob@example.com", "")
	s.Place(first)
	renewed := s.renewed(first, 1)
	renewed.Buyer.Email = "carol@example.com"
	var met atomic.Bool
	done := make(chan sale.Result, 1)
	s.DB.Watch(func(tx *db.Tx, query string) {
		if !strings.Contains(query, "/* sale.lockOrders */") || !met.CompareAndSwap(false, true) {
			return
		}
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			r, err := s.Converge(s.Context(), renewed)
			if err != nil {
				t.Error(err)
			}
			done <- r
		}()
		s.untilWaiting(tx, finished)
	})
	s.OptIn("bob@example.com", cookie, clicked.Add(time.Minute))
	r := <-done
	s.DB.Watch(nil)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.WantClean()
}

// untilWaiting returns when somebody waits for a lock that tx holds, or is done.
// The server renews what it tells of that only when it was not asked for a tenth
// of a second.
func (s *site) untilWaiting(tx *db.Tx, done <-chan struct{}) {
	for n := 0; n == 0; {
		select {
		case <-done:
			return
		case <-time.After(150 * time.Millisecond):
		}
		if err := tx.Get(s.Context(), &n, `SELECT COUNT(*) FROM information_schema.innodb_trx t
			JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
			WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`); err != nil {
			s.Error(err)
			return
		}
	}
}
