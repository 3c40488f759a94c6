package ledger

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

const anna affiliate.Actor = "anna (user 1)"

// site is a real database with saved settings, a 2-tier program, a link, and
// a product that earns 10 % on level 1 and 5 % on level 2.
type site struct {
	testing.TB
	*Ledger
	db       *db.Handle
	clock    *clock.Fake
	zone     *time.Location
	registry *affiliate.Registry
	clicks   *tracking.Clicks
	program  affiliate.Program
	tool     tracking.Tool
	book     affiliate.Product
	orders   int
	progress chan struct{} // told of work that is done; nil unless connections are being killed
}

func newSite(t testing.TB) *site {
	t.Helper()
	h := dbtest.New(t)
	s := &site{TB: t, db: h, clock: clock.NewFake(noon), zone: time.UTC}
	s.registry = affiliate.NewRegistry(h, s.clock.Now)
	zone := func() *time.Location { return s.zone }
	log := slog.New(slog.DiscardHandler)
	tracker := tracking.NewTracker(h, s.clock.Now, zone, s.registry, keyring.New(h, s.clock.Now, [32]byte{1}, log))
	s.Ledger = NewLedger(h, s.clock.Now, zone, s.registry, tracker)
	s.settings(func(*affiliate.Settings) {})
	s.program = s.newProgram("Main", 2)
	s.book = s.product("Book")
	s.terms(s.program, s.book, percent("10", "5"))
	s.tool = must(tracker.CreateTool(t.Context(), anna, tracking.Tool{ProgramID: s.program.ID, Kind: tracking.StandardLink, Name: "Home", TargetURL: "https://shop.example/"}))(s)
	s.clicks = must(tracking.NewClicks(t.Context(), tracker, func() bool { return true }, log))(s)
	t.Cleanup(func() { s.clicks.Close(t.Context()) })
	s.ok(s.clicks.Refresh(t.Context()))
	return s
}

// must fails the test on an error and hands the value through.
func must[T any](v T, err error) func(*site) T {
	return func(s *site) T {
		s.Helper()
		s.ok(err)
		return v
	}
}

func (s *site) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// settings saves the settings in force after change.
func (s *site) settings(change func(*affiliate.Settings)) {
	s.Helper()
	settings := must(s.registry.Settings(s.Context()))(s)
	change(&settings)
	must(s.registry.SaveSettings(s.Context(), anna, settings))(s)
}

func (s *site) newProgram(name string, tiers int) affiliate.Program {
	s.Helper()
	return must(s.registry.CreateProgram(s.Context(), anna,
		affiliate.Program{Name: name, Tiers: tiers, Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen}))(s)
}

func (s *site) product(name string) affiliate.Product {
	s.Helper()
	return must(s.registry.CreateProduct(s.Context(), anna, affiliate.Product{Name: name}))(s)
}

func (s *site) terms(program affiliate.Program, product affiliate.Product, t affiliate.Terms) {
	s.Helper()
	must(s.registry.SetTerms(s.Context(), anna, program.ID, product.ID, t))(s)
}

// partner enrols somebody in the site's program, recruited by nobody or by one.
func (s *site) partner(name string, recruiter ...affiliate.Partner) affiliate.Partner {
	s.Helper()
	return s.partnerIn(s.program, name, recruiter...)
}

func (s *site) partnerIn(program affiliate.Program, name string, recruiter ...affiliate.Partner) (p affiliate.Partner) {
	s.Helper()
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) error {
		c, _, err := affiliate.EnsureContact(s.Context(), tx, affiliate.Person{Email: name + "@partners.example"}, affiliate.ByAdmin, s.clock.Now())
		if err != nil {
			return err
		}
		e := affiliate.Enrolment{ContactID: c.ID, ProgramID: program.ID, State: affiliate.Active, PaymentMethod: affiliate.Check, At: s.clock.Now()}
		if len(recruiter) > 0 {
			e.RecruiterID = recruiter[0].ID
		}
		p, _, _, err = affiliate.Enrol(s.Context(), tx, e)
		return err
	}))
	return p
}

// click is the cookie after a click on the partner's link.
func (s *site) click(p affiliate.Partner) string {
	s.Helper()
	out := must(s.clicks.Click(s.Context(), tracking.ClickRequest{ToolCode: s.tool.Code, PartnerCode: p.Code, SubID: "mail",
		Host: "shop.example", Method: http.MethodGet, IP: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", At: s.clock.Now()}))(s)
	if out.Cookie == "" {
		s.Fatalf("the click set no cookie: %+v", out)
	}
	return out.Cookie
}

// optIn gives a contact the referrer of the cookie.
func (s *site) optIn(email, cookie string, at time.Time) (a tracking.Applied) {
	s.Helper()
	s.orders++
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) (err error) {
		a, err = s.tracker.ApplyTouchpoint(s.Context(), tx, tracking.Touchpoint{Kind: tracking.OptIn, Source: "wordpress", ExternalID: fmt.Sprint("form ", s.orders),
			Email: email, Click: cookie, At: at, Origin: affiliate.ByForm})
		return err
	}))
	return a
}

// sale is the paid state of a new order, a second after all before: one book
// for 100 USD.
func (s *site) sale(email, cookie string) OrderState {
	s.orders++
	s.clock.Advance(time.Second)
	at := s.clock.Now()
	return OrderState{Source: "shop", ExternalID: fmt.Sprint(s.orders), Version: 1, At: at, PlacedAt: at, PaidAt: &at, Status: OrderPaid,
		Currency: "USD", Total: usd("100"), Buyer: Buyer{Email: email}, Click: cookie, Lines: []LineState{s.line("1", s.book, "100")}}
}

func (s *site) line(id string, p affiliate.Product, base string) LineState {
	return LineState{Line: id, Product: ProductRef{ID: p.ID}, Name: p.Name, Quantity: quantity("1"), Base: usd(base)}
}

// next is a later state of the same order, after change.
func (s OrderState) next(change func(*OrderState)) OrderState {
	s.Lines = slices.Clone(s.Lines)
	s.Version++
	s.At = s.At.Add(time.Hour)
	change(&s)
	return s
}

func (s OrderState) refunded(amount string) OrderState {
	return s.next(func(s *OrderState) { s.Lines[0].Refunded = usd(amount) })
}

func (s *site) converge(o OrderState) Result {
	s.Helper()
	return must(s.Converge(s.Context(), o))(s)
}

// earn is a partner's new pending commission of a tenth of base.
func (s *site) earn(p affiliate.Partner, base string) Commission {
	s.Helper()
	o := s.sale(fmt.Sprintf("buyer%d@example.com", s.orders), s.click(p))
	o.Lines[0].Base, o.Total = usd(base), usd(base)
	r := s.converge(o)
	if len(r.Commissions) == 0 {
		s.Fatalf("nothing was earned: %+v", r)
	}
	return r.Commissions[0]
}

func (s *site) order(id OrderID) OrderView {
	s.Helper()
	return must(s.Order(s.Context(), id))(s)
}

// wantEarned checks an order's commissions: level:partner:status:amount.
func (s *site) wantEarned(id OrderID, wanted ...string) {
	s.Helper()
	got := []string{}
	for _, c := range s.order(id).Commissions {
		got = append(got, earned(c.Level, c.PartnerID, c.Status, c.Amount.String()))
	}
	if !slices.Equal(got, wanted) {
		s.Errorf("the order earned %v, want %v", got, wanted)
	}
}

func earned(level int, partner affiliate.PartnerID, status Status, amount string) string {
	return fmt.Sprintf("%d:%s:%s:%s", level, partner, status, amount)
}

// wantBalance checks pending, payable and paid of a partner in USD.
func (s *site) wantBalance(p affiliate.Partner, pending, payable, paid string) {
	s.Helper()
	b := must(loadBalance(s.Context(), s.db, p.ID, "USD", false))(s)
	if got, want := [3]money.Amount{b.Pending, b.Payable, b.Paid}, [3]money.Amount{usd(pending), usd(payable), usd(paid)}; got != want {
		s.Errorf("pending, payable and paid are %v, want %v", got, want)
	}
}

// wantClean proves the books.
func (s *site) wantClean() {
	s.Helper()
	for _, f := range must(Verify(s.Context(), s.db))(s) {
		s.Errorf("verify: %+v", f)
	}
}

func (s *site) number(query string, args ...any) (n int) {
	s.Helper()
	s.ok(s.db.Get(s.Context(), &n, query, args...))
	return n
}

func (s *site) exec(query string, args ...any) {
	s.Helper()
	must(s.db.Exec(s.Context(), query, args...))(s)
}

// all picks commissions as they are now.
func all(commissions ...Commission) []Pick {
	picks := []Pick{}
	for _, c := range commissions {
		picks = append(picks, Pick{ID: c.ID, Seen: c.Journals})
	}
	return picks
}
