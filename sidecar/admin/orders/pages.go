// Package orders holds the admin's pages about orders: the list of all, one
// order with what it earned and why, logging and correcting a sale that no cart
// reports, and crediting orders once more.
package orders

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Now      clock.Clock
	Tracker  *tracking.Tracker
	Sales    *sale.Service
	Reports  *reports.Reader
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)
