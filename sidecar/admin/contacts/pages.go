// Package contacts holds the admin's pages about contacts: who brought them,
// their forms and orders, and logging a sale.
package contacts

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
