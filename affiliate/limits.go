package affiliate

import (
	"partnercenter/locale"
)

// Limits are how much there may be of something before it is a flood: what is
// beyond is counted apart, and nothing of it is kept. A network is an address, of
// IPv6 a household's; a whole office, or a phone company, may share one.
type Limits struct {
	Clicks         int `json:"clicks"`          // of one network in a minute
	Visitors       int `json:"visitors"`        // unique ones of one network on a day
	Forms          int `json:"forms"`           // in a minute: of one network, and by one click
	Signups        int `json:"signups"`         // of one network in an hour
	PaymentChanges int `json:"payment_changes"` // of the PayPal address of one partner in a day
	Downloads      int `json:"downloads"`       // of one person at once
	PageChecks     int `json:"page_checks"`     // by one person in a minute
	FileRows       int `json:"file_rows"`       // of a file that is sent while it is read
}

// DefaultLimits are those until an admin says otherwise. A mailing to many people
// behind one address stays below.
func DefaultLimits() Limits {
	return Limits{Clicks: 120, Visitors: 200, Forms: 20, Signups: 20, PaymentChanges: 3, Downloads: 2, PageChecks: 10,
		FileRows: 50_000}
}

// Limit is one limit as a form shows it.
type Limit struct {
	Field string // of the form, and of its problems
	Name  locale.Text
	Value *int
}

// LimitList are all limits of the settings, in the order in which a form shows them.
func (s *Settings) LimitList() []Limit {
	return append(s.Limits.list(),
		Limit{"click_addresses", locale.T("Email addresses by one click, before they are to be checked"),
			&s.ClickAddresses},
		Limit{"network_addresses", locale.T("Email addresses from one network on a day, before they are to be checked"),
			&s.NetworkAddresses})
}

func (l *Limits) list() []Limit {
	return []Limit{
		{"limit_clicks", locale.T("Clicks from one network in a minute"), &l.Clicks},
		{"limit_visitors", locale.T("Unique visitors from one network on a day"), &l.Visitors},
		{"limit_forms", locale.T("Opt-in forms from one network, or by one click, in a minute"), &l.Forms},
		{"limit_signups", locale.T("Sign-ups from one network in an hour"), &l.Signups},
		{"limit_payment_changes", locale.T("Changes of one partner's PayPal address in a day"), &l.PaymentChanges},
		{"limit_downloads", locale.T("Downloads of one person at once"), &l.Downloads},
		{"limit_page_checks", locale.T("Page checks by one person in a minute"), &l.PageChecks},
		{"limit_file_rows", locale.T("Rows of a file, before it is made in the background"), &l.FileRows},
	}
}

const maxLimit = 100_000

// fill gives those that were never saved, or are 0, their defaults.
func (l *Limits) fill() {
	defaults := DefaultLimits()
	for i, one := range l.list() {
		if *one.Value == 0 {
			*one.Value = *defaults.list()[i].Value
		}
	}
}

func (l Limits) check(p Problems) {
	for _, one := range l.list() {
		p.Check(0 <= *one.Value && *one.Value <= maxLimit, one.Field, "Please enter 1 to %d.", maxLimit)
	}
}
