package web

import "partnercenter/locale"

// Section is an entry of the navigation.
type Section struct {
	Path string
	Name locale.Text
}

// CenterSections are the partner's pages in the order of the navigation.
func (View) CenterSections() []Section {
	return []Section{{"", locale.T("Dashboard")}, {"earnings", locale.T("Earnings")}, {"reports", locale.T("Reports")}, {"tools", locale.T("Promo tools")}, {"profile", locale.T("Profile")}}
}

// AdminSections are the admin's pages in the order of the navigation.
func (View) AdminSections() []Section {
	return []Section{{"admin", locale.T("Overview")}, {"admin/programs", locale.T("Programs")}, {"admin/partners", locale.T("Partners")},
		{"admin/contacts", locale.T("Contacts")}, {"admin/commissions", locale.T("Commissions")}, {"admin/settings", locale.T("Settings")}}
}
