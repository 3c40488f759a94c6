package sidecar

import (
	"context"
	"net/url"
	"time"

	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/wpbridge"
)

// mailSite is what mails say about the paired site. Its name is read anew for
// each mail, since nobody tells us when it changes; a site that cannot be asked
// is called by its host.
func (p *pairing) mailSite() signup.Site {
	handover, _ := p.Handover()
	site := signup.Site{Links: tracking.Links{Base: handover.PublicURL}}
	if home, err := url.Parse(handover.Home); err == nil {
		site.Name = home.Host
	}
	if handover.Switches.Center {
		site.Center = handover.PageURL
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	known, err := wpbridge.NewOptions(p.DB, handover.Blog()).ReadSite(ctx, nil)
	if err == nil && known.Name != "" {
		site.Name = known.Name
	}
	return site
}
