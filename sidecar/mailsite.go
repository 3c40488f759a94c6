package sidecar

import (
	"context"
	"net/url"

	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/wpbridge"
)

// mailSite is what mails say about the paired site, from memory: mails are
// written inside transactions. A site whose name is not known is called by its host.
func (p *pairing) mailSite() signup.Site {
	handover, _ := p.Handover()
	site := signup.Site{Links: tracking.Links{Base: handover.PublicURL}}
	if home, err := url.Parse(handover.Home); err == nil {
		site.Name = home.Host
	}
	if handover.Switches.Center {
		site.Center = handover.PageURL
	}
	if name := p.name.Load(); name != nil {
		site.Name = *name
	}
	return site
}

// rereadName reads the site's name, since nobody tells us when it changes.
// While it cannot be read, the last one stays.
func (p *pairing) rereadName(ctx context.Context) {
	handover, err := p.Handover()
	if err != nil {
		return
	}
	if site, err := wpbridge.NewOptions(p.DB, handover.Blog()).ReadSite(ctx, nil); err == nil && site.Name != "" {
		p.name.Store(&site.Name)
	}
}
