package sidecar

import (
	"context"
	"errors"
	"sync/atomic"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/pixel"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/webhooks"
	"partnercenter/db"
	"partnercenter/keyring"
	"partnercenter/reports"
	"partnercenter/sidecar/api"
	"partnercenter/sidecar/inbox"
	"partnercenter/sidecar/outbox"
	"partnercenter/wpbridge"
)

// domain is what the product is about; handlers and loops get from here what
// they work with.
type domain struct {
	registry *affiliate.Registry
	keys     *keyring.Ring
	sealed   atomic.Pointer[wpbridge.PairingKey] // what keys are encrypted with
	tracker  *tracking.Tracker
	clicks   *tracking.Clicks
	mails    *messages.Outbox
	desk     *messages.Desk
	library  *messages.Library
	mailer   *messages.Mailer
	stops    stops
	jobs     *messages.Jobs
	signups  *signup.Service
	inbox    *inbox.Drainer
	outbox   *outbox.Worker
	coupons  *coupon.Service
	ledger   *ledger.Ledger
	sales    *sale.Service
	payouts  *payout.Service
	reports  *reports.Reader
	roller   *reports.Roller
	apiKeys  *apikey.Keys
	pixel    *pixel.Box
	api      *api.API
	webhooks *webhooks.Outbox
	tasks    *task.Service
	imports  *imports.Service
}

func newDomain(ctx context.Context, c Config, p *pairing) (*domain, error) {
	d, key := &domain{registry: affiliate.NewRegistry(c.DB, c.Now)}, p.Key()
	d.sealed.Store(&key)
	d.keys = keyring.New(c.DB, c.Now, key, c.Log)
	d.tracker = tracking.NewTracker(c.DB, c.Now, p.Zone, d.registry, d.keys)
	d.tasks = task.New(c.DB, c.Now)
	d.ledger = ledger.New(c.DB, c.Now, p.Zone)
	d.sales = sale.New(c.DB, c.Now, p.Zone, d.tracker)
	d.payouts = payout.New(c.DB, c.Now, p.Zone)
	d.mails, d.jobs = messages.NewOutbox(c.DB, c.Now), messages.NewJobs(c.DB, c.Now)
	site := func() signup.Site {
		s := p.mailSite()
		s.Links.Domain = d.clicks.LinkDomain()
		return s
	}
	d.desk = messages.NewDesk(messages.DeskConfig{DB: c.DB, Now: c.Now, Log: c.Log, Outbox: d.mails, Site: site,
		Zone: p.Zone, Language: p.mailLanguage})
	d.library, d.mailer = messages.NewLibrary(c.DB, c.Now), messages.NewMailer(c.DB, c.Now, d.keys)
	letters := letters{d.desk}
	d.stops = stops{d.keys, site}
	d.sales.OnEarned(letters.earned)
	d.signups = signup.New(signup.Config{DB: c.DB, Now: c.Now, Tracker: d.tracker, Sales: d.sales, Outbox: d.mails,
		Desk: d.desk,
		Jobs: d.jobs, Site: site, Account: p.AccountOf, Language: p.mailLanguage})
	d.imports = imports.New(c.DB, c.Now, d.registry, d.signups, d.tasks)
	d.inbox = inbox.New(c.DB, c.Now, c.Log, d.tracker, d.sales)
	d.coupons = coupon.New(c.DB, c.Now)
	d.outbox = outbox.New(c.Now, c.Log, outbox.Waiting{Mails: d.mails, Jobs: d.jobs, Signups: d.signups,
		Coupons: d.coupons, Mailer: d.mailer, StopURL: d.stops.url}, outbox.WordPress{Client: p.Client, User: p.User})
	d.apiKeys = apikey.NewKeys(c.DB, c.Now, d.keys, nonces{c.DB, c.Now}.seen)
	d.pixel = pixel.NewBox(c.DB, c.Now, d.apiKeys, d.sales)
	d.webhooks = webhooks.NewOutbox(c.DB, c.Now, d.keys, webhooks.PublicClient())
	told := told{d.webhooks}
	posted := both(told.posted, letters.posted)
	d.ledger.OnPosted(posted)
	d.sales.OnPosted(posted)
	d.payouts.OnPosted(posted)
	d.payouts.OnSent(func(ctx context.Context, q db.Queryer, id payout.PayoutID) error {
		return errors.Join(told.sent(ctx, q, id), letters.sent(ctx, q, id))
	})
	d.signups.OnPartner(told.partner)
	mask, err := d.keys.Newest(ctx, "customers")
	if err != nil {
		return nil, err
	}
	d.reports = reports.NewReader(c.DB, c.Now, p.Zone, reports.NewMask(mask.Secret))
	d.roller = reports.NewRoller(c.DB, c.Now, p.Zone)
	d.api = (&api.API{Coupons: d.coupons, DB: c.DB, Now: c.Now, Keys: d.apiKeys, Registry: d.registry,
		Tracker: d.tracker, Ledger: d.ledger,
		Sales:   d.sales,
		Reports: d.reports, Signups: d.signups, Account: p.Account}).Start()
	d.clicks, err = tracking.NewClicks(ctx, d.tracker, p.Tracking, c.Log)
	return d, err
}

// reseal keeps our own keys readable when the pairing key has changed.
func (d *domain) reseal(ctx context.Context, key wpbridge.PairingKey) error {
	if key == *d.sealed.Load() {
		return nil
	}
	err := d.keys.Reseal(ctx, key)
	if err == nil {
		d.sealed.Store(&key)
	}
	return err
}
