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
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// mailSite is what mails say about the paired site, from memory: mails are
// written inside transactions. A site whose name is not known is called by its host.
func (p *pairing) mailSite() signup.Site {
	handover, _ := p.Handover()
	site := signup.Site{Links: tracking.Links{Base: handover.PublicURL}}
	if home, err := url.Parse(handover.Home); err == nil {
		site.Name, site.URL = home.Host, handover.Home
	}
	site.AdminPage = func(path string) string {
		return web.Surface{Kind: web.Admin, Base: handover.AdminURL + "admin.php?page=partner-center"}.URL(path)
	}
	if handover.Switches.Center {
		site.Center = handover.PageURL
	}
	if known := p.wordpress.Load(); known != nil {
		site.Name, site.AdminEmail = cmp.Or(known.Name, site.Name), known.AdminEmail
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

// rereadName reads the site's name and its admin's address, since nobody tells us when they change.
// While they cannot be read, the last ones stay.
func (p *pairing) rereadName(ctx context.Context) {
	handover, err := p.Handover()
	if err != nil {
		return
	}
	if site, err := wpbridge.NewOptions(p.DB, handover.Blog()).ReadSite(ctx, nil); err == nil {
		p.wordpress.Store(&site)
	}
}
