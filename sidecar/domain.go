package sidecar

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/keyring"
	"partnercenter/reports"
	"partnercenter/sidecar/inbox"
	"partnercenter/sidecar/outbox"
	"partnercenter/wpbridge"
)

// domain is what the product is about; handlers and loops get from here what
// they work with.
type domain struct {
	registry *affiliate.Registry
	keys     *keyring.Ring
	sealed   wpbridge.PairingKey // what keys are encrypted with
	tracker  *tracking.Tracker
	clicks   *tracking.Clicks
	mails    *messages.Outbox
	jobs     *messages.Jobs
	desk     *signup.Service
	inbox    *inbox.Drainer
	outbox   *outbox.Worker
	ledger   *ledger.Ledger
	sales    *sale.Service
	payouts  *payout.Service
	reports  *reports.Reader
}

func newDomain(ctx context.Context, c Config, p *pairing) (*domain, error) {
	d := &domain{registry: affiliate.NewRegistry(c.DB, c.Now), sealed: p.Key()}
	d.keys = keyring.New(c.DB, c.Now, d.sealed, c.Log)
	d.tracker = tracking.NewTracker(c.DB, c.Now, p.Zone, d.registry, d.keys)
	d.ledger = ledger.New(c.DB, c.Now, p.Zone)
	d.sales = sale.New(c.DB, c.Now, p.Zone, d.tracker)
	d.payouts = payout.New(c.DB, c.Now, p.Zone)
	d.mails, d.jobs = messages.NewOutbox(c.DB, c.Now), messages.NewJobs(c.DB, c.Now)
	d.sales.OnEarned(tellEarned(d.mails, p.mailSite))
	d.desk = signup.NewDesk(c.DB, c.Now, d.tracker, d.sales, d.mails, d.jobs, p.mailSite)
	d.inbox = inbox.New(c.DB, c.Now, c.Log, d.tracker, d.sales)
	d.outbox = outbox.New(c.Now, c.Log, d.mails, d.jobs, d.desk, outbox.WordPress{Client: p.Client, User: p.User})
	mask, err := d.keys.Newest(ctx, "customers")
	if err != nil {
		return nil, err
	}
	d.reports = reports.NewReader(c.DB, c.Now, p.Zone, reports.NewMask(mask.Secret))
	d.clicks, err = tracking.NewClicks(ctx, d.tracker, p.Tracking, c.Log)
	return d, err
}

// reseal keeps our own keys readable when the pairing key has changed.
func (d *domain) reseal(ctx context.Context, key wpbridge.PairingKey) error {
	if key == d.sealed {
		return nil
	}
	err := d.keys.Reseal(ctx, key)
	if err == nil {
		d.sealed = key
	}
	return err
}
