// Package programs holds the admin's pages about programs, what a program has
// (products with their terms, promo tools, the sign-up form), and the list of all
// products.
package programs

import (
	"context"
	"embed"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/limit"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/wpbridge"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Signups  *signup.Service
	Tracker  *tracking.Tracker
	Reports  *reports.Reader
	// Media is the media library as it is now.
	Media  func(context.Context) (*wpbridge.Media, error)
	checks limit.Limiter // of target pages, by user
	Codes  *coupon.Service
	// Library are the messages that a program can send.
	Library *messages.Library
	// InShop tells whether a shop has a working coupon of a code.
	InShop func(ctx context.Context, shop coupon.Shop, code string) (bool, error)
	// Simulate is sale.Simulate.
	Simulate func(ctx context.Context, from, to time.Time, what sale.Scenario) (sale.Simulation, error)
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)
