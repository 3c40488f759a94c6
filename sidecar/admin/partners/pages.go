// Package partners holds the admin's pages about partners: their list, adding
// one, and one partner with all that is known of them and done to them.
package partners

import (
	"context"
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/wpbridge"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Coupons  *coupon.Service
	Ledger   *ledger.Ledger
	Signups  *signup.Service
	Reports  *reports.Reader
	Imports  *imports.Service
	Jobs     *messages.Jobs
	// FindUsers are WordPress users whose login, name or address has the text in it.
	FindUsers func(ctx context.Context, text string, limit int) ([]wpbridge.Found, error)
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)
