package parts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// The lists of the areas, below the base path.
const (
	Overview    = "admin"
	Settings    = "admin/settings"
	Connections = Settings + "/connections"
	Programs    = "admin/programs"
	Groups      = Programs + "/groups" // of promo tools
	Products    = "admin/products"
	Partners    = "admin/partners"
	Contacts    = "admin/contacts"
	Checks      = Contacts + "/checks"
	Resets      = Contacts + "/resets"
	Fields      = Contacts + "/fields"
	Orders      = "admin/orders"
	Rerun       = Orders + "/rerun"
	Commissions = "admin/commissions"
	History     = Commissions + "/history"
	Due         = "admin/payments"
	Pay         = "admin/payments/pay"
	Batches     = "admin/payments/batches"
	Payments    = "admin/payments/made"
	Payable     = "admin/payments/commissions"
	Booked      = "admin/payments/booked"
	Years       = "admin/payments/years"
	Reports     = "admin/reports" // and the files of reports
	Messages    = "admin/messages"
	MailLog     = Messages + "/log"
	AdminMails  = Messages + "/admins"
	Sending     = Messages + "/sending"
	MailLinks   = Messages + "/links"
	Tasks       = "admin/tasks"
	Activity    = "admin/activity"
)

// Links are the pages that cells of reports lead to.
var Links = web.Links{
	reports.RefPartner:    Partners + "/%d",
	reports.RefContact:    Contacts + "/%d",
	reports.RefOrder:      Orders + "/%d",
	reports.RefCommission: Commissions + "/%d",
	reports.RefPayment:    Payments + "/%d",
	reports.RefDue:        Due + "/due/%d",
	reports.RefMail:       MailLog + "/%d",
	reports.RefProduct:    Products + "/%d",
}

// ProgramPath is a tab of a program's page; "" is the first.
func ProgramPath(id affiliate.ProgramID, tab string) string { return below(Programs, id.String(), tab) }

// ProductPath is a product's page.
func ProductPath(id affiliate.ProductID) string { return below(Products, id.String(), "") }

// ContactPath is a tab of a contact's page; "" is the first.
func ContactPath(id affiliate.ContactID, tab string) string { return below(Contacts, id.String(), tab) }

// ImportBytes is how much of a file of people is taken: an address is longer in the form
// than in the file.
const ImportBytes = 16 << 20

// ImportForm is where a file of people is sent.
func ImportForm(kind imports.Kind) string {
	if kind == imports.Partners {
		return Partners + "/import"
	}
	return Contacts + "/import"
}

// ImportPath is the page of a file that was sent.
func ImportPath(i imports.Import) string { return ImportForm(i.Kind) + "/" + i.ID.String() }

// CheckPath is the page of a group of addresses.
func CheckPath(id tracking.ClaimID) string { return Checks + "/" + id.String() }

// PaymentPath is the page of a payment.
func PaymentPath(id affiliate.PayoutLineID) string { return Payments + "/" + id.String() }

// TaskPath is the page of a piece of long work.
func TaskPath(id task.ID) string { return Tasks + "/" + id.String() }

// BatchPath is the page of a batch of payments.
func BatchPath(id payout.PayoutID) string { return Batches + "/" + id.String() }

// PartnerPath is a partner's page.
func PartnerPath(id affiliate.PartnerID) string { return below(Partners, id.String(), "") }

// OrderPath is an order's page.
func OrderPath(id affiliate.OrderID) string { return below(Orders, id.String(), "") }

func below(list, id, tab string) string {
	if tab == "" {
		return list + "/" + id
	}
	return list + "/" + id + "/" + tab
}
