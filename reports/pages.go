package reports

import (
	"context"

	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// pagesReport shows what the visitors brought who arrived on each page of the shop.
var pagesReport = &Report{
	Name: "pages", Title: locale.T("Landing pages"), For: ForPartner,
	Help: locale.T("Results by the page where your visitors arrived. Addresses that differ only after a ? are one " +
		"page."),
	Filters: []Filter{FilterRange, FilterStep},
	forward: true,
	table:   pagesTable,
}

func pagesTable(ctx context.Context, s source, q Query) (*Table, error) {
	return strangersTable(ctx, s, q, byPage, "page:", pageFields)
}

var pageFields = fields[string]{{Column: Column{Key: "page", Name: locale.T("Landing page"), Kind: KindText},
	Value: func(page *string) Cell {
		switch *page {
		case allOthers:
			return Sentence(locale.T("(other pages)"))
		case level2Source:
			return throughRecruits
		case "":
			return Sentence(locale.T("(not known)"))
		}
		return Text(tracking.PageText(*page))
	}}}
