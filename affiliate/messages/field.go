package messages

import (
	"regexp"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Group is what merge fields are about.
type Group string

// The groups.
const (
	OfSite      Group = "site"
	OfPartner   Group = "partner"
	OfPerson    Group = "person" // the applicant, in mails to admins
	OfTotals    Group = "totals"
	OfLinks     Group = "links"
	OfSale      Group = "sale"
	OfOrder     Group = "order"
	OfApprovals Group = "approvals"
	OfReason    Group = "reason"
	OfPayment   Group = "payment"
	OfMilestone Group = "milestone"
	OfTerms     Group = "terms"
	OfSummary   Group = "summary"
	OfLogin     Group = "login"
	OfAdmin     Group = "admin"
)

// ofPartners are the groups that every mail to a partner knows.
var ofPartners = []Group{OfSite, OfPartner, OfTotals, OfLinks}

// GroupNames are the headings of the groups.
var GroupNames = map[Group]locale.Text{
	OfSite: locale.T("Site"), OfPartner: locale.T("Partner"), OfPerson: locale.T("Applicant"),
	OfTotals: locale.T("Totals"), OfLinks: locale.T("Links of promo tools"), OfSale: locale.T("Sale"),
	OfOrder: locale.T("Order"), OfApprovals: locale.T("Commissions"),
	OfReason: locale.T("Reason"), OfPayment: locale.T("Payment"),
	OfMilestone: locale.T("Milestone"), OfTerms: locale.T("Terms"), OfSummary: locale.T("Summary"),
	OfLogin: locale.T("Log-in"), OfAdmin: locale.T("For you"),
}

// Field is a merge field: {first_name} in a message becomes the reader's.
type Field struct {
	Name  string
	Help  locale.Text
	Group Group
	Link  bool // an address, which may be what a link leads to
}

// Token is the field as it stands in a message.
func (f Field) Token() string { return "{" + f.Name + "}" }

// Fields are all but the links of promo tools and the site's own fields; see [ToolField]
// and [OwnField].
var Fields = []Field{
	{"greeting", locale.T("“Hello Anna,” or “Hello,” when we don't know the name"), OfPartner, false},
	{"first_name", locale.T("First name"), OfPartner, false},
	{"last_name", locale.T("Last name"), OfPartner, false},
	{"name", locale.T("Full name"), OfPartner, false},
	{"email", locale.T("Email address"), OfPartner, false},
	{"company", locale.T("Company"), OfPartner, false},
	{"partner_code", locale.T("Partner code"), OfPartner, false},
	{"program", locale.T("Name of the program"), OfSite, false},
	{"site", locale.T("Name of your site"), OfSite, false},
	{"site_url", locale.T("Address of your site"), OfSite, true},
	{"center", locale.T("Address of the partner center, while it is on"), OfPartner, true},
	{"link", locale.T("The partner's own link of the program's first promo tool"), OfLinks, true},
	{"total_sales", locale.T("Total sales, minus refunds"), OfTotals, false},
	{"number_of_sales", locale.T("Number of sales"), OfTotals, false},
	{"owed", locale.T("Approved and not paid yet"), OfTotals, false},
	{"pending", locale.T("Waiting for approval"), OfTotals, false},
	{"paid", locale.T("Paid so far"), OfTotals, false},
	{"amount", locale.T("Commission, or by how much it changed"), OfSale, false},
	{"order", locale.T("Number of the order"), OfSale, false},
	{"order_date", locale.T("Day of the order"), OfSale, false},
	{"product", locale.T("Products that earned"), OfSale, false},
	{"recruited", locale.T("Level 2 only: the partner they recruited, who made the sale"), OfSale, false},
	{"order", locale.T("Number of the order"), OfOrder, false},
	{"reason", locale.T("Why"), OfReason, false},
	{"payment_amount", locale.T("Amount paid"), OfPayment, false},
	{"payment_date", locale.T("Day of the payment"), OfPayment, false},
	{"payment_method", locale.T("PayPal or check"), OfPayment, false},
	{"payment_to", locale.T("PayPal address or payee"), OfPayment, false},
	{"check_number", locale.T("Number of the check"), OfPayment, false},
	{"reference", locale.T("Reference of the payment"), OfPayment, false},
	{"milestone", locale.T("The value that was reached"), OfMilestone, false},
	{"terms", locale.T("Address of the program's terms"), OfTerms, true},
	{"terms_from", locale.T("Day from which they apply"), OfTerms, false},
	{"period", locale.T("The month or week"), OfSummary, false},
	{"period_visits", locale.T("Unique visits in it"), OfSummary, false},
	{"period_leads", locale.T("Leads in it"), OfSummary, false},
	{"period_sales", locale.T("Sales in it"), OfSummary, false},
	{"period_earned", locale.T("Commission earned in it"), OfSummary, false},
	{"period_paid", locale.T("Paid in it"), OfSummary, false},
	{"login", locale.T("User name"), OfLogin, false},
	{"set_password", locale.T("Address of the page to set a password"), OfLogin, true},
	{"count", locale.T("How many"), OfApprovals, false},
	{"total", locale.T("How much"), OfApprovals, false},
	{"count", locale.T("How many"), OfAdmin, false},
	{"total", locale.T("How much"), OfAdmin, false},
	{"page", locale.T("Address of the page in wp-admin"), OfAdmin, true},
	{"applicant", locale.T("Name or email of the applicant"), OfPerson, false},
	{"applicant_email", locale.T("Email address of the applicant"), OfPerson, false},
}

// toolPrefix begins the fields of promo tools.
const toolPrefix = "link_"

// ToolField is the field of a promo tool's link (S55): its code never changes.
func ToolField(code string) string { return toolPrefix + code }

// ownPrefix begins the fields that the site has added to its contacts.
const ownPrefix = "own_"

// OwnField is the merge field of one of the site's own fields (S32), in mails to partners
// and in those about an applicant. Renaming the field changes no message.
func OwnField(f affiliate.ContactField) Field {
	return Field{Name: ownPrefix + f.ID.String(), Help: locale.Data(f.Name), Group: OfPartner}
}

// isOwn tells whether a name is that of one of the site's own fields.
func isOwn(name string) bool { return strings.HasPrefix(name, ownPrefix) }

// token is a merge field, known or not. What looks like one has to be one: a
// field that is mistyped must not be sent.
var token = regexp.MustCompile(`\{([A-Za-z][A-Za-z0-9_-]{0,60})\}`)

// used are the names of the fields in texts, each once.
func used(texts ...string) (names []string) {
	for _, text := range texts {
		for _, found := range token.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, found[1]) {
				names = append(names, found[1])
			}
		}
	}
	return names
}

// known are the fields that have a name; a promo tool's has one, and one of the site's
// own fields is a partner's as well as an applicant's.
func known(name string) (all []Field) {
	if strings.HasPrefix(name, toolPrefix) {
		return []Field{{Name: name, Group: OfLinks, Link: true}}
	}
	if isOwn(name) {
		return []Field{{Name: name, Group: OfPartner}, {Name: name, Group: OfPerson}}
	}
	for _, f := range Fields {
		if f.Name == name {
			all = append(all, f)
		}
	}
	return all
}

// isLink tells whether a field is an address.
func isLink(name string) bool {
	all := known(name)
	return len(all) > 0 && all[0].Link
}

// checkFields notes fields that nobody knows, or that the occasion doesn't, beside
// the field of the form; site tells which promo tools and own fields there are, by the
// names of their merge fields.
func checkFields(p affiliate.Problems, column, text string, about *About, site map[string]bool) {
	for _, name := range used(text) {
		all := known(name)
		switch {
		case len(all) == 0 || isOwn(name) && !site[name]:
			p.Add(column, "There is no merge field {%s}. Choose one from the list.", name)
		case strings.HasPrefix(name, toolPrefix) && !site[name]:
			p.Add(column, "No promo tool belongs to {%s}. Choose one from the list.", name)
		case about != nil && !slices.ContainsFunc(all, about.Has):
			p.Add(column, "{%s} has no value in emails of the kind “%s”.", name, about.Name)
		}
	}
}
