package web

import (
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
)

// Label is how people call a value of a setting, a status or a kind. Values
// without an entry are read as words.
func Label(value any) string {
	if name, ok := labels[value]; ok {
		return name
	}
	return Words(fmt.Sprint(value))
}

// labels holds typed values, so that "first" the referrer and "first" the name
// stay apart.
var labels = map[any]string{
	affiliate.PayPal: "PayPal", affiliate.Check: "Check", affiliate.Choice: "Partner's choice",
	affiliate.FirstReferrer: "First referrer", affiliate.LastReferrer: "Last referrer",
	affiliate.SeeNameAndEmail: "Full name and e-mail", affiliate.SeeName: "Full name",
	affiliate.SeeFirstName: "First name and initial", affiliate.SeeNobody: "Anonymous",
	affiliate.SignupOpen: "Open to everybody", affiliate.SignupApproval: "After approval", affiliate.SignupClosed: "By invitation only",
	affiliate.Percent: "Percentage", affiliate.FlatAmount: "Flat rate",
	tracking.StandardLink: "Standard link", tracking.DirectLink: "Direct link", tracking.Banner: "Banner",
	tracking.Lightbox: "Lightbox", tracking.EmailCopy: "E-mail message",
	affiliate.Applied: "Waiting for approval", affiliate.Active: "Active", affiliate.Suspended: "Suspended",
	affiliate.Rejected: "Rejected", affiliate.Removed: "Removed",
	tracking.OptIn: "Opt-in form", tracking.Order: "Order form", tracking.SignUp: "Partner sign-up",
	tracking.SetFirst: "First referrer set by an admin", tracking.SetLast: "Last referrer set by an admin",
	tracking.NoCookie: "No click cookie", tracking.Valid: "Valid click", tracking.Expired: "Cookie expired",
	tracking.Forged: "Cookie not made by this site, or damaged", tracking.Unknown: "Click was never stored",
	tracking.Inactive: "Partner could not earn then",
	affiliate.ByForm:  "Opt-in form", affiliate.ByOrder: "Order", affiliate.ByImport: "Import", affiliate.ByAdmin: "Entered by an admin", affiliate.ByAPI: "API",
}
