// Package payments holds the admin's pages about paying: what is due to whom, batches
// of payments with PayPal's files, marking one as paid, and what was paid.
package payments

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Ledger   *ledger.Ledger
	Payouts  *payout.Service
	Reports  *reports.Reader
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
