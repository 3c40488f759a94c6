package sidecar

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/keyring"
)

// domain is everything the pages work with, built on one database, one clock
// and the site's time zone.
type domain struct {
	registry *affiliate.Registry
	keys     *keyring.Ring
	tracker  *tracking.Tracker
}

func newDomain(c Config, p *pairing) *domain {
	d := &domain{
		registry: affiliate.NewRegistry(c.DB, c.Now),
		keys:     keyring.New(c.DB, c.Now, p.Key(), c.Log),
	}
	d.tracker = tracking.NewTracker(c.DB, c.Now, p.Zone, d.registry, d.keys)
	return d
}
