package reports

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Audience is whom a report is for.
type Audience string

// The audiences.
const (
	ForPartner Audience = "partner" // the rows of the partner who asks
	ForAdmin   Audience = "admin"   // the rows of all partners
)

// Filter is a field of Query that a report can be narrowed by.
type Filter string

// The filters; each report names those it knows.
const (
	FilterRange    Filter = "range"
	FilterStep     Filter = "by" // of the summary's rows, and of the charts of others
	FilterStatus   Filter = "status"
	FilterPartner  Filter = "partner" // a choice of admins
	FilterProgram  Filter = "program"
	FilterTool     Filter = "tool"
	FilterKind     Filter = "kind"  // of promo tools,
	FilterGroup    Filter = "group" // with their product group,
	FilterCampaign Filter = "campaign"
	FilterAd       Filter = "ad"
	FilterCurrency Filter = "currency"
	FilterOf       Filter = "of" // what a row of another report sums up
	FilterSearch   Filter = "search"
)

// Report is one entry of the registry.
type Report struct {
	Name     string // in URLs: reports/{name}, reports/{name}.csv, .xlsx
	Title    locale.Text
	For      Audience
	Help     locale.Text // one sentence for the page
	Finds    locale.Text // the label of the search field: what it looks into
	Filters  []Filter    // what its page offers; others are refused
	Statuses []string    // values of FilterStatus, in order
	named    bool        // its rows usually stand by name
	forward  bool        // its pages know what is behind a row, not what is before it
	table    func(context.Context, source, Query) (*Table, error)
}

// Forward tells whether its rows do not begin with the latest: what follows a page is
// not older.
func (r *Report) Forward() bool { return r.forward }

// Named tells whether its rows usually stand by name, so that none is older than another.
func (r *Report) Named() bool { return r.named }

// All are the reports, in the order of the menus.
var All = []*Report{
	commissionsReport, purchasesReport, refundsReport, adjustmentsReport, paymentsReport,
	ownStatementReport, summaryReport, toolsReport, subidsReport, pagesReport, campaignsReport, adsReport,
	soldProductsReport, customersReport, level2Report, pendingReport, ordersReport, dueReport, payableReport,
	historyReport, accountingReport, bookedReport, yearsReport, statementReport, partnersReport, contactsReport,
	siteSummaryReport, sitePartnersReport, siteProgramsReport, siteToolsReport, siteCampaignsReport, siteAdsReport,
	siteProductsReport, siteSubIDsReport, sitePagesReport, productsReport, programProductsReport, promoToolsReport,
	mailsReport, couponsReport,
}

// Find is the report of that name for that audience; KindNotFound without one.
func Find(audience Audience, name string) (*Report, error) {
	for _, r := range All {
		if r.For == audience && r.Name == name {
			return r, nil
		}
	}
	if name == "" {
		return nil, errNoReport
	}
	return nil, affiliate.Missing("There is no report %q.", name)
}

var errNoReport = affiliate.Missing("There is no such report.")

// Has tells whether the report can be narrowed by f.
func (r *Report) Has(f Filter) bool { return slices.Contains(r.Filters, f) }
