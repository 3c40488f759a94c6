// Package admin holds the pages of the site's admins, shown inside wp-admin.
// Each page's template stands beside its handler.
package admin

import (
	"context"
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Pages are the handlers of the admin pages.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Payouts  *payout.Service
	Service  *signup.Service
	Reports  *reports.Reader
	Mails    *messages.Outbox
	Jobs     *messages.Jobs
	// Media is the media library as it is now.
	Media func(context.Context) (*wpbridge.Media, error)
	// Trouble names, in sentences, what waits because something does not work.
	Trouble func(context.Context) []string
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = web.ParsePages(files)
