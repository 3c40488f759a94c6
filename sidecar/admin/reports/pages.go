// Package reports holds what admins see of all partners: money and traffic by
// period, partner, program, promo tool, campaign, ad, product and SubID.
package reports

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Reports  *reports.Reader
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
