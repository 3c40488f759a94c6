package sidecar

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate/persons"
	"partnercenter/affiliate/sale"
	"partnercenter/limit"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/activity"
	"partnercenter/sidecar/admin/commissions"
	"partnercenter/sidecar/admin/contacts"
	"partnercenter/sidecar/admin/imports"
	"partnercenter/sidecar/admin/messages"
	"partnercenter/sidecar/admin/orders"
	"partnercenter/sidecar/admin/overview"
	"partnercenter/sidecar/admin/partners"
	"partnercenter/sidecar/admin/payments"
	"partnercenter/sidecar/admin/programs"
	siteReports "partnercenter/sidecar/admin/reports"
	"partnercenter/sidecar/admin/settings"
	"partnercenter/sidecar/admin/simulator"
	"partnercenter/sidecar/admin/tasks"
	"partnercenter/sidecar/api"
	"partnercenter/sidecar/center"
	"partnercenter/sidecar/files"
	"partnercenter/sidecar/inbox"
	"partnercenter/sidecar/track"
	"partnercenter/sidecar/web"
)

// areas are the handlers of the product. An area knows only the services that
// its pages use.
type areas struct {
	ops    *ops
	track  *track.Pages
	api    *api.API
	center *center.Pages
	files  *web.ReportFiles
	made   *files.Pages // files made in the background, for partners

	adminMade *files.Pages

	overview    *overview.Pages
	activity    *activity.Pages
	reports     *siteReports.Pages
	settings    *settings.Pages
	programs    *programs.Pages
	partners    *partners.Pages
	contacts    *contacts.Pages
	imports     *imports.Pages
	orders      *orders.Pages
	commissions *commissions.Pages
	payments    *payments.Pages
	simulator   *simulator.Pages
	messages    *messages.Pages
	tasks       *tasks.Pages
}

// simulate is what pages may ask of simulations: they have no database (B8).
func (s *Server) simulate(ctx context.Context, from, to time.Time, what sale.Scenario) (sale.Simulation, error) {
	return sale.Simulate(ctx, s.DB, from, to, what)
}

func (s *Server) areas() areas {
	d, ops := s.domain, &ops{server: s}
	visitors := track.NewPages(s.DB, s.Now, d.clicks, d.tracker, d.sales, d.pixel)
	a := areas{
		ops:   ops,
		api:   d.api,
		track: visitors,
		center: &center.Pages{Registry: d.registry, Tracker: d.tracker, Ledger: d.ledger, Sales: d.sales,
			Reports: d.reports, Signups: d.signups, Coupons: d.coupons, Letters: &limit.Limiter{},
			Media: s.pairing.Media, Arrived: visitors.Arrived, Payouts: d.payouts, Stop: s.stopOf,
			Guard: s.pairing.GuardSignup},
		files:     &web.ReportFiles{Reports: d.reports},
		made:      &files.Pages{For: reports.ForPartner, Tasks: d.tasks, Reports: d.reports},
		adminMade: &files.Pages{For: reports.ForAdmin, Tasks: d.tasks, Reports: d.reports},
		overview: &overview.Pages{Registry: d.registry, Tracker: d.tracker, Ledger: d.ledger, Sales: d.sales,
			Reports: d.reports, Mails: d.mails, Payouts: d.payouts, Signups: d.signups, Webhooks: d.webhooks,
			Coupons: d.coupons, Keys: d.apiKeys, Tasks: d.tasks, Trouble: ops.trouble},
		activity: &activity.Pages{Registry: d.registry, Sales: d.sales},
		reports:  &siteReports.Pages{Registry: d.registry, Tracker: d.tracker, Reports: d.reports},
		settings: &settings.Pages{Registry: d.registry, Keys: d.apiKeys, Sales: d.pixel, Webhooks: d.webhooks},
		programs: &programs.Pages{Registry: d.registry, Signups: d.signups, Tracker: d.tracker, Media: s.pairing.Media,
			Codes:  d.coupons,
			InShop: d.outbox.HasCoupon, Simulate: s.simulate, Reports: d.reports, Library: d.library},
		partners: &partners.Pages{Registry: d.registry, Tracker: d.tracker, Ledger: d.ledger, Signups: d.signups,
			Reports: d.reports, Jobs: d.jobs, FindUsers: s.pairing.FindUsers,
			Coupons: d.coupons, Imports: d.imports},
		imports: &imports.Pages{Registry: d.registry, Imports: d.imports, Tasks: d.tasks},
		contacts: &contacts.Pages{Registry: d.registry, Tracker: d.tracker, Ledger: d.ledger, Sales: d.sales,
			Persons: &persons.Service{DB: s.DB, Now: s.Now, Facts: inbox.ErasePerson}, Payouts: d.payouts,
			Signups: d.signups, Reports: d.reports, Imports: d.imports, Tasks: d.tasks},
		orders: &orders.Pages{Registry: d.registry, Now: s.Now, Tracker: d.tracker, Sales: d.sales,
			Reports: d.reports},
		commissions: &commissions.Pages{Registry: d.registry, Ledger: d.ledger, Sales: d.sales, Reports: d.reports,
			Tasks: d.tasks, Tracker: d.tracker},
		payments:  &payments.Pages{Registry: d.registry, Ledger: d.ledger, Payouts: d.payouts, Reports: d.reports},
		simulator: &simulator.Pages{Registry: d.registry, Simulate: s.simulate},
		tasks:     &tasks.Pages{Tasks: d.tasks},
		messages: &messages.Pages{Registry: d.registry, Tracker: d.tracker, Reports: d.reports, Library: d.library,
			Desk: d.desk, Mails: d.mails, Mailer: d.mailer, Tasks: d.tasks},
	}
	a.contacts.AskRerun = a.orders.AskRerunOf
	d.tasks.Register(a.made.Kind())
	for _, kind := range a.messages.Kinds() {
		d.tasks.Register(kind)
	}
	for _, kind := range slices.Concat(a.commissions.Kinds(), a.imports.Kinds(), a.contacts.Kinds()) {
		d.tasks.Register(kind)
	}
	return a
}
