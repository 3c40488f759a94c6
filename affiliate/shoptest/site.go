// Package shoptest is a site for tests: a real database with a program, a link
// and a product, the services that work on it, and what tests do with them.
package shoptest

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/verify"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

// Anna and Bob are admins.
const (
	Anna affiliate.Actor = "anna (user 1)"
	Bob  affiliate.Actor = "bob (user 2)"
)

// Noon is when tests begin.
var Noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// The services by the names that tests know them by.
type (
	Sales   = sale.Service
	Payouts = payout.Service
)

// Site is a real database with saved settings, a 2-tier program, a link, and
// a product that earns 10 % on level 1 and 5 % on level 2.
type Site struct {
	testing.TB
	*ledger.Ledger
	*Sales
	*Payouts
	DB       *db.Handle
	Clock    *clock.Fake
	Zone     *time.Location
	Registry *affiliate.Registry
	clicks   *tracking.Clicks
	Program  affiliate.Program
	Tool     tracking.Tool
	Book     affiliate.Product
	Tracker  *tracking.Tracker
	Coupons  *coupon.Service
	Orders   int
	Progress chan struct{} // told of work that is done; nil unless connections are being killed
}

// New makes the site.
func New(t testing.TB) *Site {
	t.Helper()
	h := dbtest.New(t)
	WatchLocks(t, h)
	s := &Site{TB: t, DB: h, Clock: clock.NewFake(Noon), Zone: time.UTC}
	s.Registry = affiliate.NewRegistry(h, s.Clock.Now)
	zone := func() *time.Location { return s.Zone }
	log := slog.New(slog.DiscardHandler)
	s.Tracker = tracking.NewTracker(h, s.Clock.Now, zone, s.Registry, keyring.New(h, s.Clock.Now, [32]byte{1}, log))
	s.Coupons = coupon.New(h, s.Clock.Now)
	s.Ledger = ledger.New(h, s.Clock.Now, zone)
	s.Sales, s.Payouts = sale.New(h, s.Clock.Now, zone, s.Tracker), payout.New(h, s.Clock.Now, zone)
	s.Settings(func(*affiliate.Settings) {})
	s.Program = s.NewProgram("Main", 2)
	s.Book = s.Product("Book")
	s.Terms(s.Program, s.Book, Percent("10", "5"))
	s.Tool = Must(s.Tracker.CreateTool(t.Context(), Anna, tracking.Tool{ProgramID: s.Program.ID,
		Kind: tracking.StandardLink, Name: "Home", TargetURL: "https://shop.example/"}))(s)
	s.clicks = Must(tracking.NewClicks(t.Context(), s.Tracker, func() bool { return true }, log))(s)
	t.Cleanup(func() { s.clicks.Close(t.Context()) })
	s.OK(s.clicks.Refresh(t.Context()))
	return s
}

// Must fails the test on an error and hands the value through.
func Must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// OK fails the test on an error.
func (s *Site) OK(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// Settings saves the settings in force after change.
func (s *Site) Settings(change func(*affiliate.Settings)) {
	s.Helper()
	settings := Must(s.Registry.Settings(s.Context()))(s)
	change(&settings)
	Must(s.Registry.SaveSettings(s.Context(), Anna, settings))(s)
}

// NewProgram makes a program that anybody may join.
func (s *Site) NewProgram(name string, tiers int) affiliate.Program {
	s.Helper()
	return Must(s.Registry.CreateProgram(s.Context(), Anna,
		affiliate.Program{Name: name, Tiers: tiers, Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen}))(s)
}

// Product makes a product.
func (s *Site) Product(name string) affiliate.Product {
	s.Helper()
	return Must(s.Registry.CreateProduct(s.Context(), Anna, affiliate.Product{Name: name}))(s)
}

// Terms makes these the terms of a product in a program.
func (s *Site) Terms(program affiliate.Program, product affiliate.Product, t affiliate.Terms) {
	s.Helper()
	Must(s.Registry.SetTerms(s.Context(), Anna, program.ID, product.ID, t))(s)
}

// Partner enrols somebody in the site's program, recruited by nobody or by one.
func (s *Site) Partner(name string, recruiter ...affiliate.Partner) affiliate.Partner {
	s.Helper()
	return s.PartnerIn(s.Program, name, recruiter...)
}

// PartnerIn is Partner for any program.
func (s *Site) PartnerIn(program affiliate.Program, name string, recruiter ...affiliate.Partner) (p affiliate.Partner) {
	s.Helper()
	s.OK(s.DB.Tx(s.Context(), func(tx *db.Tx) error {
		c, _, err := affiliate.EnsureContact(s.Context(), tx, affiliate.Person{Email: name + "@partners.example"},
			affiliate.ByAdmin, s.Clock.Now())
		if err != nil {
			return err
		}
		e := affiliate.Enrolment{ContactID: c.ID, ProgramID: program.ID, State: affiliate.Active,
			PaymentMethod: affiliate.Check, At: s.Clock.Now()}
		if len(recruiter) > 0 {
			e.RecruiterID = recruiter[0].ID
		}
		p, _, _, err = affiliate.Enrol(s.Context(), tx, e)
		return err
	}))
	return p
}

// Click is the cookie after a click on the partner's link.
func (s *Site) Click(p affiliate.Partner) string {
	s.Helper()
	return s.ClickAt(p, s.Clock.Now(), "mail")
}

// ClickAt is Click at a time, which may have been long ago, with a SubID, to a page of
// that name.
func (s *Site) ClickAt(p affiliate.Partner, at time.Time, subID string) string {
	s.Helper()
	out := Must(s.clicks.Click(s.Context(), tracking.ClickRequest{ToolCode: s.Tool.Code, PartnerCode: p.Code,
		SubID: subID, To: "/" + subID,
		Host: "shop.example", Method: http.MethodGet, IP: "192.0.2.7",
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", At: at}))(s)
	if out.Cookie == "" {
		s.Fatalf("the click set no cookie: %+v", out)
	}
	return out.Cookie
}

// OptIn gives a contact the referrer of the cookie.
func (s *Site) OptIn(email, cookie string, at time.Time) (a tracking.Effect) {
	s.Helper()
	s.Orders++
	s.OK(s.DB.Tx(s.Context(), func(tx *db.Tx) (err error) {
		a, err = s.TakeTouchpoint(s.Context(), tx, tracking.Touchpoint{Kind: tracking.OptIn, Source: "wordpress",
			ExternalID: fmt.Sprint("form ", s.Orders),
			Email:      email, Click: cookie, At: at, Origin: affiliate.ByForm})
		return err
	}))
	return a
}

// Sale is the paid state of a new order, a second after all before: one book
// for 100 USD.
func (s *Site) Sale(email, cookie string) sale.OrderState {
	s.Orders++
	s.Clock.Advance(time.Second)
	at := s.Clock.Now()
	return sale.OrderState{Source: "shop", ExternalID: fmt.Sprint(s.Orders), Version: 1, At: at, PlacedAt: at,
		PaidAt: &at, Status: sale.OrderPaid,
		Currency: "USD", Total: USD("100"), Buyer: sale.Buyer{Email: email}, Click: cookie,
		Lines: []sale.LineState{s.Line("1", s.Book, "100")}}
}

// Line is a line of one product.
func (s *Site) Line(id string, p affiliate.Product, base string) sale.LineState {
	return sale.LineState{Line: id, Product: sale.ProductRef{ID: p.ID}, Name: p.Name, Quantity: Quantity("1"),
		Base: USD(base)}
}

// Next is a later state of the same order, after change.
func Next(s sale.OrderState, change func(*sale.OrderState)) sale.OrderState {
	s.Lines = slices.Clone(s.Lines)
	s.Version++
	s.At = s.At.Add(time.Hour)
	change(&s)
	return s
}

// Refunded is a later state with so much given back of its first line.
func Refunded(s sale.OrderState, amount string) sale.OrderState {
	return Next(s, func(s *sale.OrderState) { s.Lines[0].Refunded = USD(amount) })
}

// Place takes an order state in.
func (s *Site) Place(o sale.OrderState) sale.Result {
	s.Helper()
	return Must(s.Converge(s.Context(), o))(s)
}

// Earn is a partner's new pending commission of a tenth of base.
func (s *Site) Earn(p affiliate.Partner, base string) ledger.Commission {
	s.Helper()
	o := s.Sale(fmt.Sprintf("buyer%d@example.com", s.Orders), s.Click(p))
	o.Lines[0].Base, o.Total = USD(base), USD(base)
	r := s.Place(o)
	if len(r.Commissions) == 0 {
		s.Fatalf("nothing was earned: %+v", r)
	}
	return r.Commissions[0]
}

// View is an order with all that hangs on it.
func (s *Site) View(id affiliate.OrderID) sale.OrderView {
	s.Helper()
	return Must(s.Order(s.Context(), id))(s)
}

// WantEarned checks an order's commissions: level:partner:status:amount.
func (s *Site) WantEarned(id affiliate.OrderID, wanted ...string) {
	s.Helper()
	got := []string{}
	for _, c := range s.View(id).Commissions {
		got = append(got, Earned(c.Level, c.PartnerID, c.Status, c.Amount.String()))
	}
	if !slices.Equal(got, wanted) {
		s.Errorf("the order earned %v, want %v", got, wanted)
	}
}

// Earned names a commission as WantEarned does.
func Earned(level int, partner affiliate.PartnerID, status ledger.Status, amount string) string {
	return fmt.Sprintf("%d:%s:%s:%s", level, partner, status, amount)
}

// WantBalance checks pending, payable and paid of a partner in USD.
func (s *Site) WantBalance(p affiliate.Partner, pending, payable, paid string) {
	s.Helper()
	b := Must(ledger.LoadBalance(s.Context(), s.DB, p.ID, "USD"))(s)
	if got, want := [3]money.Amount{b.Pending, b.Payable, b.Paid}, [3]money.Amount{USD(pending), USD(payable),
		USD(paid)}; got != want {
		s.Errorf("pending, payable and paid are %v, want %v", got, want)
	}
}

// WantClean proves the books.
func (s *Site) WantClean() {
	s.Helper()
	for _, f := range Must(verify.Verify(s.Context(), s.DB))(s) {
		s.Errorf("verify: %+v", f)
	}
}

// Number asks the database for one.
func (s *Site) Number(query string, args ...any) (n int) {
	s.Helper()
	s.OK(s.DB.Get(s.Context(), &n, query, args...))
	return n
}

// Exec changes the database behind the back of all services.
func (s *Site) Exec(query string, args ...any) {
	s.Helper()
	Must(s.DB.Exec(s.Context(), query, args...))(s)
}

// Picks picks commissions as they are now.
func Picks(commissions ...ledger.Commission) []ledger.Pick {
	picks := []ledger.Pick{}
	for _, c := range commissions {
		picks = append(picks, ledger.Pick{ID: c.ID, Seen: c.Journals})
	}
	return picks
}
