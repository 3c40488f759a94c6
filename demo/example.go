package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
	"partnercenter/sidecar/inbox"
	"partnercenter/wpbridge"
)

// example makes a year of a small shop's partner program, through the same
// calls that visitors, carts and admins cause. Its clock runs through that
// year; its chance is fixed, so that every demo shows the same story up to the
// day it is made.
type example struct {
	demo   *Demo
	db     *db.Handle
	clock  *clock.Fake
	now    time.Time // the real one: where the story ends
	zone   *time.Location
	chance *rand.Rand

	registry *affiliate.Registry
	tracker  *tracking.Tracker
	clicks   *tracking.Clicks
	ledger   *ledger.Ledger
	sales    *sale.Service
	payouts  *payout.Service
	signups  *signup.Service
	inbox    *inbox.Drainer

	programs map[string]affiliate.Program
	products []stock
	tools    map[affiliate.ProgramID][]tracking.Tool
	partners []*promoter
	orders   []cartOrder    // that may be refunded yet
	count    int            // of forms and orders, for their ids
	facts    []inbox.Report // of forms and orders, which wait to be taken in
	told     time.Time      // when the latest of them happened
}

// admin is who did everything an admin does.
const admin affiliate.Actor = "admin"

// newExample builds the domain a second time, on the clock of the story. Only
// the click recorder runs on the real clock, since it leases its number from
// the present; each click carries its own time.
func newExample(ctx context.Context, d *Demo, key wpbridge.PairingKey, handover wpbridge.Handover) (*example, error) {
	zone, err := handover.Location()
	if err != nil {
		return nil, err
	}
	now := clock.System()
	e := &example{demo: d, db: d.DB, now: now, zone: zone, chance: rand.New(rand.NewPCG(7, 11)),
		clock: clock.NewFake(now.AddDate(-1, 0, 0)), programs: map[string]affiliate.Program{},
		tools: map[affiliate.ProgramID][]tracking.Tool{}}
	inZone := func() *time.Location { return zone }
	e.registry = affiliate.NewRegistry(d.DB, e.clock.Now)
	keys := keyring.New(d.DB, clock.System, key, slog.Default())
	e.tracker = tracking.NewTracker(d.DB, e.clock.Now, inZone, e.registry, keys)
	e.ledger = ledger.New(d.DB, e.clock.Now, inZone)
	e.sales = sale.New(d.DB, e.clock.Now, inZone, e.tracker)
	e.inbox = inbox.New(d.DB, e.clock.Now, slog.Default(), e.tracker, e.sales)
	e.payouts = payout.New(d.DB, e.clock.Now, inZone)
	e.signups = signup.New(signup.Config{DB: d.DB, Now: e.clock.Now, Tracker: e.tracker, Sales: e.sales,
		Outbox: messages.NewOutbox(d.DB, e.clock.Now), Jobs: messages.NewJobs(d.DB, e.clock.Now),
		Site: func() signup.Site {
			return signup.Site{Name: siteTitle, Center: handover.PageURL,
				Links: tracking.Links{Base: handover.PublicURL}}
		},
		Account: nobody, // who signs up in the example is logged in
	})
	present := tracking.NewTracker(d.DB, clock.System, inZone, e.registry, keys)
	e.clicks, err = tracking.NewClicks(ctx, present, func() bool { return true }, slog.Default())
	return e, err
}

func nobody(context.Context, string) (affiliate.UserID, error) { return 0, nil }

// make tells the whole story.
func (e *example) make(ctx context.Context) error {
	defer e.clicks.Close(ctx)
	for _, chapter := range []struct {
		says string
		do   func(context.Context) error
	}{
		{"Example: pages, images and accounts", e.furnishSite},
		{"Example: settings, programs, products, promo tools", e.openShop},
		{"Example: a year of partners, clicks, leads, orders, refunds and payments", e.liveAYear},
	} {
		e.demo.options.Progress(chapter.says)
		if err := chapter.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", chapter.says, err)
		}
	}
	return nil
}

// openShop sets up what an admin sets up.
func (e *example) openShop(ctx context.Context) error {
	_, err := e.registry.SaveSettings(ctx, admin, affiliate.Settings{
		PaymentMethod: affiliate.Choice, Currency: "USD", Credit: affiliate.LastReferrer, CookieDays: 60,
		Thresholds: map[money.Currency]money.Amount{"USD": money.MustParse("50")}, PayDay: payDay,
	})
	if err != nil {
		return err
	}
	if err := e.stockShelves(ctx); err != nil {
		return err
	}
	for _, plan := range programPlans {
		if err := e.openProgram(ctx, plan); err != nil {
			return err
		}
	}
	return nil
}

func (e *example) openProgram(ctx context.Context, plan programPlan) error {
	program, err := e.registry.CreateProgram(ctx, admin, affiliate.Program{Name: plan.name, Tiers: plan.tiers,
		Visibility: plan.visibility, Signup: plan.signup, ShowPending: true})
	if err != nil {
		return err
	}
	e.programs[plan.name] = program
	if plan.terms != "" {
		if err := e.publish(ctx, program, plan.terms); err != nil {
			return err
		}
	}
	for i, sold := range catalogue {
		terms := affiliate.Terms{Kind: affiliate.Percent, Level1: plan.level1, Level2: plan.level2}
		if sold.flat != "" {
			terms = affiliate.Terms{Kind: affiliate.FlatAmount, Flats: []affiliate.Flat{{Currency: "USD",
				Level1: money.MustParse(sold.flat), Level2: money.MustParse("1")}}}
		}
		if sold.unlisted {
			continue
		}
		if _, err := e.registry.SetTerms(ctx, admin, program.ID, e.products[i].ID, terms); err != nil {
			return err
		}
	}
	return e.makeTools(ctx, program)
}

// publish makes the terms of a program that has no partners yet, so that nobody is
// written about them.
func (e *example) publish(ctx context.Context, program affiliate.Program, body string) error {
	inZone := func() *time.Location { return e.zone }
	desk := messages.NewDesk(messages.DeskConfig{DB: e.db, Now: e.clock.Now, Log: slog.Default(), Zone: inZone,
		Outbox: messages.NewOutbox(e.db, e.clock.Now),
		Site:   func() messages.Site { return messages.Site{Name: siteTitle} }})
	legal := signup.New(signup.Config{DB: e.db, Now: e.clock.Now, Tracker: e.tracker, Sales: e.sales, Desk: desk})
	today := affiliate.DayOf(e.clock.Now(), e.zone)
	_, err := legal.PublishTerms(ctx, admin, program.ID, signup.Draft{Body: body, AppliesFrom: today}, today)
	return err
}

func (e *example) makeTools(ctx context.Context, program affiliate.Program) error {
	for _, plan := range toolPlans(e.demo) {
		group, err := e.tracker.EnsureGroup(ctx, admin, plan.group)
		if err != nil {
			return err
		}
		plan.tool.ProgramID, plan.tool.GroupID = program.ID, group.ID
		tool, err := e.tracker.CreateTool(ctx, admin, plan.tool)
		if err != nil {
			return err
		}
		e.tools[program.ID] = append(e.tools[program.ID], tool)
	}
	program.WelcomeToolID = e.tools[program.ID][0].ID
	_, err := e.registry.EditProgram(ctx, admin, program)
	return err
}
