package tracking

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

// noon is when the tests' clock starts: a day like any other.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

const admin affiliate.Actor = "anna (user 1)"

// site is a real database with saved settings, one program and one standard
// link, and everything that records on it.
type site struct {
	testing.TB
	*Tracker
	db          *db.Handle
	clock       *clock.Fake
	zone        *time.Location
	program     affiliate.Program
	tool        Tool
	clicks      *Clicks
	switched    bool // the partner feature
	touchpoints int
}

func newSite(t testing.TB) *site { return newSiteOn(t, dbtest.New(t)) }

func newSiteOn(t testing.TB, h *db.Handle) *site {
	t.Helper()
	s := &site{TB: t, db: h, clock: clock.NewFake(noon), zone: time.UTC, switched: true}
	registry := affiliate.NewRegistry(h, s.clock.Now)
	ring := keyring.New(h, s.clock.Now, [32]byte{1}, slog.New(slog.DiscardHandler))
	s.Tracker = NewTracker(h, s.clock.Now, func() *time.Location { return s.zone }, registry, ring)
	s.save(affiliate.DefaultSettings())
	s.program = s.newProgram("Main")
	s.tool = s.newTool(Tool{Kind: StandardLink, Name: "Home", TargetURL: "https://shop.example/order"})
	s.clicks = s.newClicks()
	return s
}

// must fails the test on an error, and hands the value through.
func must[T any](s *site) func(T, error) T {
	return func(v T, err error) T {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
		return v
	}
}

func (s *site) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) newClicks() *Clicks {
	c := must[*Clicks](s)(NewClicks(s.Context(), s.Tracker, func() bool { return s.switched },
		slog.New(slog.DiscardHandler)))
	s.Cleanup(func() { c.Close(context.Background()) })
	s.ok(c.Refresh(s.Context()))
	return c
}

// save puts settings in force, whatever the version before.
func (s *site) save(settings affiliate.Settings) {
	s.Helper()
	settings.Version = must[affiliate.Settings](s)(s.registry.Settings(s.Context())).Version
	must[affiliate.Settings](s)(s.registry.SaveSettings(s.Context(), admin, settings))
	if s.clicks != nil {
		s.ok(s.clicks.Refresh(s.Context()))
	}
}

func (s *site) newProgram(name string) affiliate.Program {
	s.Helper()
	return must[affiliate.Program](s)(s.registry.CreateProgram(s.Context(), admin,
		affiliate.Program{Name: name, Tiers: 1, Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen}))
}

func (s *site) newTool(tool Tool) Tool {
	s.Helper()
	if tool.ProgramID == 0 {
		tool.ProgramID = s.program.ID
	}
	return must[Tool](s)(s.CreateTool(s.Context(), admin, tool))
}

// partner enrols somebody in the site's program.
func (s *site) partner(name string) affiliate.Partner {
	s.Helper()
	return s.enrol(name, affiliate.Active)
}

func (s *site) enrol(name string, state affiliate.PartnerState) (p affiliate.Partner) {
	s.Helper()
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) error {
		c, _, err := affiliate.EnsureContact(s.Context(), tx, affiliate.Person{Email: name + "@partners.example"},
			affiliate.ByAdmin, s.clock.Now())
		if err != nil {
			return err
		}
		p, _, _, err = affiliate.Enrol(s.Context(), tx, affiliate.Enrolment{ContactID: c.ID, ProgramID: s.program.ID,
			State: state, PaymentMethod: affiliate.Check, At: s.clock.Now()})
		return err
	}))
	return p
}

// setState changes a partner as an admin would.
func (s *site) setState(p affiliate.Partner, state affiliate.PartnerState) {
	s.Helper()
	must[any](s)(s.db.Exec(s.Context(), `UPDATE {wp}partner_center_partners SET state = ? WHERE id = ?`, state, p.ID))
	must[any](s)(s.db.Exec(s.Context(),
		`INSERT INTO {wp}partner_center_partner_states (partner_id, state, changed_at) VALUES (?, ?, ?)`, p.ID, state,
		s.clock.Now()))
	s.ok(affiliate.Changed(s.Context(), s.db, "partners"))
	s.ok(s.clicks.Refresh(s.Context()))
}

// request is a person's click on the partner's link of the site's tool.
func (s *site) request(p affiliate.Partner) ClickRequest {
	return ClickRequest{ToolCode: s.tool.Code, PartnerCode: p.Code, Host: "shop.example", Method: http.MethodGet,
		IP: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
		At: s.clock.Now()}
}

func (s *site) click(r ClickRequest) Outcome {
	s.Helper()
	return must[Outcome](s)(s.clicks.Click(s.Context(), r))
}

// cookieOf is the click cookie after one counted click on a partner's link.
func (s *site) cookieOf(p affiliate.Partner) string {
	s.Helper()
	out := s.click(s.request(p))
	if out.Cookie == "" {
		s.Fatalf("the click set no cookie: %+v", out)
	}
	return out.Cookie
}

// optIn is an opt-in form of now; a new fact each time.
func (s *site) optIn(email, cookie string) Touchpoint {
	s.touchpoints++
	return Touchpoint{Kind: OptIn, Source: "wordpress", ExternalID: fmt.Sprint(s.touchpoints), Email: email,
		Click: cookie, At: s.clock.Now(), Origin: affiliate.ByForm}
}

func (s *site) apply(f Touchpoint) (a Effect) {
	s.Helper()
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) (err error) {
		a, err = s.ApplyTouchpoint(s.Context(), tx, f)
		return err
	}))
	return a
}

// contact is the contact as it stands in the database.
func (s *site) contact(email string) affiliate.Contact {
	s.Helper()
	return must[affiliate.Contact](s)(affiliate.LoadContactByEmail(s.Context(), s.db, email))
}

func (s *site) number(query string, args ...any) (n int) {
	s.Helper()
	s.ok(s.db.Get(s.Context(), &n, query, args...))
	return n
}

// wantReferrers checks the stored referrers of a contact; 0 is nobody.
func (s *site) wantReferrers(email string, first, last affiliate.PartnerID) {
	s.Helper()
	c := s.contact(email)
	if c.First.PartnerID != first || c.Last.PartnerID != last {
		s.Errorf("%s: first referrer %d, last %d, want %d and %d", email, c.First.PartnerID, c.Last.PartnerID,
			first, last)
	}
}
