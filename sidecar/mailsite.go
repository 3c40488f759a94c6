package sidecar

import (
	"cmp"
	"context"
	"net/url"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
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

// mailLanguage is how mails speak to a WordPress user: in the language chosen in
// their profile, else the site's. q is the transaction that queues the mail.
func (p *pairing) mailLanguage(ctx context.Context, q db.Queryer, user affiliate.UserID) (*locale.Language, error) {
	handover, _ := p.Handover()
	if user == 0 {
		return locale.For(handover.Locale), nil
	}
	chosen, err := wpbridge.NewUsers(q, handover.Blog()).Locale(ctx, int64(user))
	return locale.For(cmp.Or(chosen, handover.Locale)), err
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
