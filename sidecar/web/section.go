package web

import "partnercenter/locale"

// Section is an entry of the navigation.
type Section struct {
	Path string
	Name locale.Text
}

// HasCenter tells whether partners have pages of their own at present (S113): a
// program needs none, so sign-up and confirmations are shown without them, too.
func (r *Request) HasCenter() bool { return r.Site.Handover().Switches.Center }

// CenterSections are the partner's pages in the order of the navigation.
func (View) CenterSections() []Section {
	return []Section{{"", locale.T("Dashboard")}, {"earnings", locale.T("Earnings")}, {"reports", locale.T("Reports")},
		{"tools", locale.T("Promo tools")}, {"profile", locale.T("Profile")}}
}

// AdminSections are the admin's pages in the order of the navigation.
func (View) AdminSections() []Section {
	return []Section{{"admin", locale.T("Overview")}, {"admin/programs", locale.T("Programs")},
		{"admin/partners", locale.T("Partners")},
		{"admin/contacts", locale.T("Contacts")}, {"admin/products", locale.T("Products")},
		{"admin/orders", locale.T("Orders")}, {"admin/commissions", locale.T("Commissions")},
		{"admin/payments", locale.T("Payments")},
		{"admin/messages", locale.T("Messages")},
		{"admin/reports", locale.T("Reports")},
		{"admin/simulator", locale.T("Simulator")}, {"admin/activity", locale.T("Activity")},
		{"admin/settings", locale.T("Settings")}}
}

// Tab is one part of a list, or one page of several that belong together.
type Tab struct {
	Name    locale.Text
	Path    string
	Query   []string
	Count   int64 // 0: not shown
	Current bool
}

// MarkTab marks the tab at path as the one that is shown.
func MarkTab(tabs []Tab, path string) []Tab {
	for i := range tabs {
		tabs[i].Current = tabs[i].Path == path
	}
	return tabs
}
