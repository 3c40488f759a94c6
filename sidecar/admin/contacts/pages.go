// Package contacts holds the admin's pages about contacts: who brought them,
// their forms and orders, and adding, editing, merging, deleting and importing
// them.
package contacts

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/persons"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Persons  *persons.Service
	Signups  *signup.Service
	Payouts  *payout.Service
	Reports  *reports.Reader
	Imports  *imports.Service
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)
