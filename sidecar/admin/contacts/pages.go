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
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
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
	Tasks    *task.Service
	// AskRerun asks who gets the credit of orders, of which cut tells that there are more.
	AskRerun func(r *web.Request, orders []affiliate.OrderID, cut bool) error
}

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)
