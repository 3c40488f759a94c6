package parts

import (
	"slices"
	"time"

	"partnercenter/affiliate/ledger"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// Deed is something that admins do with commissions: with one, with those of an
// order, with the ticked ones or with all that match.
type Deed struct {
	web.BulkAction
	In []string // the states of the list that it is offered for
}

// The deeds by name, in the order in which they are offered. What they do, the
// area of commissions says.
const (
	Approve   = "approve"
	Release   = "release"
	Unapprove = "unapprove"
	Cancel    = "cancel"
	Reinstate = "reinstate"
)

// Deeds are all of them.
var Deeds = []Deed{
	{web.BulkAction{Name: Approve, Label: locale.T("Approve")},
		[]string{"", reports.AllPending, reports.Waiting, reports.OnReview}},
	{web.BulkAction{Name: Release, Label: locale.T("Release from hold…")},
		[]string{"", reports.AllPending, reports.OnHold, reports.OnReview}},
	{web.BulkAction{Name: Unapprove, Label: locale.T("Unapprove")}, []string{"approved"}},
	{web.BulkAction{Name: Cancel, Label: locale.T("Cancel…")},
		[]string{"", reports.AllPending, reports.Waiting, reports.OnHold, reports.OnReview, "approved"}},
	{web.BulkAction{Name: Reinstate, Label: locale.T("Reinstate")}, []string{"canceled"}},
}

// DeedsIn are those that the list of a state offers.
func DeedsIn(state string) (able []web.BulkAction) {
	for _, d := range Deeds {
		if slices.Contains(d.In, state) {
			able = append(able, d.BulkAction)
		}
	}
	return able
}

// DeedsFor are those that at least one of the commissions is ready for, as they are.
func DeedsFor(now time.Time, commissions ...ledger.Commission) (able []web.BulkAction) {
	for _, d := range Deeds {
		if slices.ContainsFunc(commissions, func(c ledger.Commission) bool { return Ready(d.Name, c, now) }) {
			able = append(able, d.BulkAction)
		}
	}
	return able
}

// Ready tells whether a deed can be done with the commission as it is.
func Ready(name string, c ledger.Commission, now time.Time) bool {
	held := c.OnHold(now)
	switch name {
	case Approve:
		return c.Status == ledger.Pending && !held
	case Release:
		return c.Status == ledger.Pending && held
	case Unapprove:
		return c.Status == ledger.Approved
	case Cancel:
		return c.Status == ledger.Pending || c.Status == ledger.Approved
	}
	return c.Stage == ledger.Canceled && c.Status == ledger.Canceled
}
