// Package center holds the partner's pages, shown stand-alone or inside the
// site's theme. Each page's template stands beside its handler. Whatever a page
// shows is that of r.Who.Partner: no page takes a partner from its request.
package center

import (
	"context"
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/limit"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Pages are the handlers of the partner's pages.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Reports  *reports.Reader
	Payouts  *payout.Service
	Signups  *signup.Service
	Coupons  *coupon.Service
	// Letters bounds the changes that have us write to an address somebody typed.
	Letters *limit.Limiter
	// Guard is asked about sign-up forms where the site has plugins for that.
	Guard Guard
	// Arrived counts the click of whoever comes to a page by a link that names a
	// partner in its own address.
	Arrived func(*web.Request) error
	// Stop reads a link by which a partner asks for no more mails of a kind.
	Stop func(ctx context.Context, token string) (affiliate.PartnerID, messages.Choice, error)
	// Media is the site's media library, whose images banners show.
	Media func(context.Context) (*wpbridge.Media, error)
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = web.ParsePages(files)
