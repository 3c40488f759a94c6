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

// Tab is one part of a list, or one page of several that belong together.
type Tab struct {
	Name    string
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
