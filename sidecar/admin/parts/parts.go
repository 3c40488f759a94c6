// Package parts is what the admin's areas share beyond sidecar/web: where each
// thing has its page, names of partners and programs, tabs that lie across
// areas, and an order's reasoning in words. An area never imports another; it
// links to the others' pages by the paths of this package.
package parts

import (
	"embed"
	"io/fs"

	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

//go:embed html/*.html
var files embed.FS

// Pages are the pages of an area: its *.html, each with what all areas share
// (html) and, where the area has parts/*.html, with those.
func Pages(area fs.FS) web.Pages {
	shared, err := fs.Sub(files, "html")
	if err != nil {
		panic(err)
	}
	return web.ParsePages(area, shared)
}

// Latest is how many rows of a list another page shows.
const Latest = 5

// CommissionTabs are the lists of commissions.
func CommissionTabs(current string) []web.Tab {
	return web.MarkTab([]web.Tab{{Name: locale.T("Pending"), Path: Commissions},
		{Name: locale.T("History"), Path: History}}, current)
}

// PaymentTabs are what is to be paid, what was, and what accountants ask of both.
func PaymentTabs(current string) []web.Tab {
	return web.MarkTab([]web.Tab{{Name: locale.T("Pending payments"), Path: Due},
		{Name: locale.T("Batches"), Path: Batches}, {Name: locale.T("Payments"), Path: Payments},
		{Name: locale.T("Booked"), Path: Booked}, {Name: locale.T("Paid per year"), Path: Years}}, current)
}
