// Package commissions holds the admin's pages about what was earned: the list of
// pending commissions and what is done with it, the history, and "why", which
// explains one commission or order.
package commissions

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/task"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Reports  *reports.Reader
	Tasks    *task.Service
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
