package web

// Section is an entry of the navigation.
type Section struct{ Path, Name string }

// CenterSections are the partner's pages in the order of the navigation.
func (View) CenterSections() []Section {
	return []Section{{"", "Dashboard"}, {"earnings", "Earnings"}, {"reports", "Reports"}, {"tools", "Promo tools"}, {"profile", "Profile"}}
}

// AdminSections are the admin's pages in the order of the navigation.
func (View) AdminSections() []Section {
	return []Section{{"admin", "Overview"}, {"admin/programs", "Programs"}, {"admin/partners", "Partners"},
		{"admin/contacts", "Contacts"}, {"admin/commissions", "Commissions"}, {"admin/settings", "Settings"}}
}
