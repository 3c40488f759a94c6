// Package overview holds the first page of the admin: what needs doing today,
// with a link to where it is done. It looks into every area, so it is none of
// them.
package overview

import (
	"context"
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/webhooks"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Reports  *reports.Reader
	Mails    *messages.Outbox
	Payouts  *payout.Service
	Coupons  *coupon.Service
	Signups  *signup.Service
	Webhooks *webhooks.Outbox
	Keys     *apikey.Keys
	Tasks    *task.Service
	// Trouble names, in sentences, what waits because something does not work.
	Trouble func(context.Context) []locale.Text
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
