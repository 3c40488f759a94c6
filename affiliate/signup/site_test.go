package signup_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const anna affiliate.Actor = "anna (user 1)"

const (
	base   = "https://shop.example/partner-center"
	center = "https://shop.example/partners/"
)

// site is a real database with saved settings, a 2-tier program and a link,
// and everything that takes part in a sign-up.
type site struct {
	testing.TB
	*signup.Service
	ctx      context.Context
	config   signup.Config
	db       *db.Handle
	clock    *clock.Fake
	registry *affiliate.Registry
	tracker  *tracking.Tracker
	sales    *sale.Service
	clicks   *tracking.Clicks
	outbox   *messages.Outbox
	desk     *messages.Desk
	jobs     *messages.Jobs
	program  affiliate.Program
	tool     tracking.Tool
	center   string // "" while it is switched off
	users    affiliate.UserID
	accounts map[string]affiliate.UserID // WordPress accounts there are, by address
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{TB: t, ctx: t.Context(), db: dbtest.New(t), clock: clock.NewFake(noon), center: center, users: 100,
		accounts: map[string]affiliate.UserID{}}
	log := slog.New(slog.DiscardHandler)
	s.registry = affiliate.NewRegistry(s.db, s.clock.Now)
	s.tracker = tracking.NewTracker(s.db, s.clock.Now, func() *time.Location { return time.UTC }, s.registry,
		keyring.New(s.db, s.clock.Now, [32]byte{1}, log))
	s.sales = sale.New(s.db, s.clock.Now, func() *time.Location { return time.UTC }, s.tracker)
	s.outbox, s.jobs = messages.NewOutbox(s.db, s.clock.Now), messages.NewJobs(s.db, s.clock.Now)
	mailSite := func() signup.Site {
		return signup.Site{Name: "Shop", Center: s.center, Links: tracking.Links{Base: base}}
	}
	s.desk = messages.NewDesk(messages.DeskConfig{DB: s.db, Now: s.clock.Now, Log: log, Outbox: s.outbox,
		Site: mailSite,
		Zone: func() *time.Location { return time.UTC }})
	s.config = signup.Config{DB: s.db, Now: s.clock.Now, Tracker: s.tracker, Sales: s.sales,
		Outbox: s.outbox, Desk: s.desk, Jobs: s.jobs, Site: mailSite,
		Account: func(_ context.Context, email string) (affiliate.UserID, error) { return s.accounts[email], nil }}
	s.Service = s.restarted()
	s.settings(func(*affiliate.Settings) {})
	s.program = s.newProgram(affiliate.Program{Name: "Gold"})
	s.tool = s.newTool(tracking.Tool{Kind: tracking.StandardLink, Name: "Home",
		TargetURL: "https://shop.example/order"})
	var err error
	s.clicks, err = tracking.NewClicks(s.ctx, s.tracker, func() bool { return true }, log)
	s.ok(err)
	t.Cleanup(func() { s.clicks.Close(context.WithoutCancel(s.ctx)) })
	return s
}

// restarted is the service of a process that has just started.
func (s *site) restarted() *signup.Service { return signup.New(s.config) }

func (s *site) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// settings saves the settings after change.
func (s *site) settings(change func(*affiliate.Settings)) {
	s.Helper()
	now, err := s.registry.Settings(s.ctx)
	s.ok(err)
	change(&now)
	_, err = s.registry.SaveSettings(s.ctx, anna, now)
	s.ok(err)
}

// newProgram makes an open 2-tier program where p says nothing else.
func (s *site) newProgram(p affiliate.Program) affiliate.Program {
	s.Helper()
	if p.Signup == "" {
		p.Signup = affiliate.SignupOpen
	}
	p.Tiers, p.Visibility = 2, affiliate.SeeName
	p, err := s.registry.CreateProgram(s.ctx, anna, p)
	s.ok(err)
	return p
}

func (s *site) newTool(tool tracking.Tool) tracking.Tool {
	s.Helper()
	if tool.ProgramID == 0 {
		tool.ProgramID = s.program.ID
	}
	tool, err := s.tracker.CreateTool(s.ctx, anna, tool)
	s.ok(err)
	return tool
}

// ask has the form of the site's program ask a question.
func (s *site) ask(field string, ask signup.Ask) {
	s.Helper()
	s.ok(s.SaveQuestions(s.ctx, anna, s.program.ID, map[string]signup.Ask{field: ask}))
}

// form is a sign-up form for the site's program.
func (s *site) form(email string) signup.Application {
	return signup.Application{ProgramCode: s.program.Code, Email: email, FirstName: "Paul", Page: "/join/"}
}

func (s *site) apply(a signup.Application) signup.Result {
	s.Helper()
	r, err := s.Apply(s.ctx, a)
	s.ok(err)
	return r
}

// partner signs somebody up.
func (s *site) partner(email string) affiliate.Partner {
	s.Helper()
	r := s.apply(s.form(email))
	if r.Outcome != signup.Joined {
		s.Fatalf("%s: %s", email, r.Outcome)
	}
	return r.Partner
}

// click is the click cookie after a click on a link.
func (s *site) click(link string) string {
	s.Helper()
	u, err := url.Parse(link)
	s.ok(err)
	s.ok(s.clicks.Refresh(s.ctx))
	r := tracking.ClickRequest{Host: u.Host, Method: http.MethodGet, IP: "192.0.2.7",
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", At: s.clock.Now()}
	r.ParseStandard(u.Path[len("/partner-center/go/"):], u.RawQuery)
	out, err := s.clicks.Click(s.ctx, r)
	s.ok(err)
	if out.Cookie == "" || out.Target == "" {
		s.Fatalf("clicking %s: %+v", link, out)
	}
	return out.Cookie
}

// linkOf is the partner's link of the site's tool.
func (s *site) linkOf(p affiliate.Partner) string {
	return tracking.Links{Base: base}.Standard(s.tool.Code, p.Code, "")
}

// wordpress does the jobs that are due as WordPress would: each gets a new
// user, or the one it names. It returns the jobs.
func (s *site) wordpress() (asked []messages.UserJob) {
	s.Helper()
	jobs, err := s.jobs.Claim(s.ctx, 100)
	s.ok(err)
	for _, job := range jobs {
		var u messages.UserJob
		s.ok(json.Unmarshal(job.Payload, &u))
		asked = append(asked, u)
		if u.UserID == 0 {
			s.users++
			u.UserID = s.users
		}
		s.ok(s.AccountMade(s.ctx, u.PartnerID, u.UserID, u.Known))
		s.ok(s.jobs.Done(s.ctx, job))
	}
	return asked
}

// write writes the letters of what has happened.
func (s *site) write() {
	s.Helper()
	_, err := s.desk.Work(s.ctx)
	s.ok(err)
}

// mails are those waiting, by kind; a second of a kind fails the test.
func (s *site) mails() map[string]messages.Mail {
	s.Helper()
	s.write()
	mails, err := s.outbox.Mails(s.ctx, messages.Queued, affiliate.Page{Limit: 100})
	s.ok(err)
	byKind := map[string]messages.Mail{}
	for _, m := range mails {
		if _, twice := byKind[m.Kind]; twice {
			s.Errorf("two mails of kind %s", m.Kind)
		}
		byKind[m.Kind] = m
	}
	return byKind
}

// number counts the rows of a table of ours.
func (s *site) number(table string) (n int) {
	s.Helper()
	s.write()
	s.ok(s.db.Get(s.ctx, &n, `SELECT COUNT(*) FROM {wp}partner_center_`+table))
	return n
}

// problem is the sentence about a field, "" without.
func problem(err error, field string) string {
	if e, ok := err.(*affiliate.Error); ok {
		return e.Fields[field].String()
	}
	return ""
}
