package parts

import (
	"cmp"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// auditKinds are the nouns of the audit, and auditDoings what can be done to each, as people
// say it. An action without words here is read as it was written.
var auditKinds = map[string]locale.Text{
	"partner":          locale.T("Partners"),
	"application":      locale.T("Applications"),
	"program":          locale.T("Programs"),
	"product":          locale.T("Products"),
	"tool":             locale.T("Promo tools"),
	"task":             locale.T("Long jobs"),
	"tool group":       locale.T("Groups of promo tools"),
	"coupon":           locale.T("Coupons"),
	"coupon template":  locale.T("Coupon templates"),
	"contact":          locale.T("Contacts"),
	"contact field":    locale.T("Own fields of contacts"),
	"claim":            locale.T("Addresses to check"),
	"reset":            locale.T("Resets"),
	"order":            locale.T("Orders"),
	"commission":       locale.T("Commissions"),
	"manual":           locale.T("Manual entries"),
	"payout":           locale.T("Payment batches"),
	"payment":          locale.T("Payments"),
	"paypal file":      locale.T("PayPal files"),
	"report":           locale.T("Downloads"),
	"simulation":       locale.T("Simulations"),
	"settings":         locale.T("Settings"),
	"api key":          locale.T("API keys"),
	"webhook":          locale.T("Webhooks"),
	"webhook delivery": locale.T("Webhook deliveries"),
	"mail":             locale.T("Emails"),
	"letters":          locale.T("Emails"),
	"message":          locale.T("Messages"),
	"milestone":        locale.T("Milestones"),
	"mailing":          locale.T("Sending of emails"),
	"job":              locale.T("Jobs"),
}

var auditDoings = map[string]map[string]locale.Text{
	"message": {
		"create":    locale.T("Added a message"),
		"edit":      locale.T("Changed a message"),
		"archive":   locale.T("Archived a message"),
		"unarchive": locale.T("Brought a message back"),
	},
	"mailing": {
		"edit": locale.T("Changed how emails are sent"),
	},
	"milestone": {
		"create": locale.T("Added a milestone"),
		"remove": locale.T("Removed a milestone"),
	},
	"letters": {
		"again": locale.T("Wrote emails again"),
	},
	"partner": {
		"add":                    locale.T("Added a partner"),
		"sign up":                locale.T("Signed up as a partner"),
		"approve":                locale.T("Approved an application"),
		"reject":                 locale.T("Rejected an application"),
		"suspend":                locale.T("Suspended a partner"),
		"reactivate":             locale.T("Reactivated a partner"),
		"remove":                 locale.T("Removed a partner"),
		"move":                   locale.T("Moved a partner to another program"),
		"set recruiter":          locale.T("Changed a partner's recruiter"),
		"edit payment":           locale.T("Changed a partner's payment details"),
		"ask for PayPal address": locale.T("Asked for another PayPal address"),
		"choose mails":           locale.T("Changed which emails a partner gets"),
		"confirm PayPal address": locale.T("Confirmed a PayPal address"),
		"pay":                    locale.T("Paid a partner"),
		"answer missing sale":    locale.T("Answered about a missing sale"),
		"set subids":             locale.T("Changed whether a partner has SubIDs"),
		"limit addresses":        locale.T("Changed a partner's limit of addresses"),
		"remake account":         locale.T("Requested a partner's account again"),
		"note":                   locale.T("Wrote a note about a partner"),
		"delete note":            locale.T("Deleted a note about a partner"),
		"see center as":          locale.T("Looked at the partner center as a partner"),
		"leave center of":        locale.T("Stopped looking as a partner"),
		"lose account":           locale.T("A partner's WordPress account was deleted"),
		"accept terms":           locale.T("Accepted the terms of a program"),
	},
	"application": {
		"sign up": locale.T("Applied to a program"),
	},
	"program": {
		"choose_messages": locale.T("Chose which emails a program sends"),
		"create":          locale.T("Created a program"),
		"edit":            locale.T("Changed a program"),
		"archive":         locale.T("Archived a program"),
		"unarchive":       locale.T("Brought back a program"),
		"save policy":     locale.T("Changed a program's rules"),
		"edit form":       locale.T("Changed what a sign-up form asks"),
		"publish terms":   locale.T("Published terms of a program"),
		"set product":     locale.T("Set what a product earns"),
		"remove product":  locale.T("Took a product out of a program"),
	},
	"product": {
		"create":    locale.T("Created a product"),
		"edit":      locale.T("Changed a product"),
		"archive":   locale.T("Archived a product"),
		"unarchive": locale.T("Brought back a product"),
	},
	"tool": {
		"create":    locale.T("Created a promo tool"),
		"edit":      locale.T("Changed a promo tool"),
		"archive":   locale.T("Archived a promo tool"),
		"unarchive": locale.T("Brought back a promo tool"),
	},
	"task": {
		"start":  locale.T("Started a long job"),
		"stop":   locale.T("Stopped a long job"),
		"resume": locale.T("Resumed a long job"),
	},
	"tool group": {
		"create": locale.T("Created a group of promo tools"),
		"rename": locale.T("Renamed a group of promo tools"),
	},
	"coupon": {
		"choose":    locale.T("Chose a coupon code"),
		"assign":    locale.T("Gave a partner a coupon"),
		"release":   locale.T("Took a coupon back"),
		"try again": locale.T("Sent a coupon to the shop again"),
	},
	"coupon template": {
		"save": locale.T("Saved a coupon template"),
	},
	"contact": {
		"import":             locale.T("Imported a contact"),
		"undo import":        locale.T("Deleted an imported contact again"),
		"create":             locale.T("Added a contact"),
		"edit":               locale.T("Changed a contact"),
		"delete":             locale.T("Deleted a contact"),
		"join":               locale.T("Merged two contacts"),
		"erase":              locale.T("Erased a person's data"),
		"export data":        locale.T("Downloaded a person's data"),
		"set first referrer": locale.T("Set a contact's first referrer"),
		"set last referrer":  locale.T("Set a contact's last referrer"),
	},
	"contact field": {
		"create": locale.T("Added an own field"),
		"edit":   locale.T("Changed an own field"),
		"move":   locale.T("Moved an own field"),
		"delete": locale.T("Deleted an own field"),
	},
	"claim": {
		"check forms": locale.T("Decided on a group of addresses"),
	},
	"reset": {
		"reset referrals": locale.T("Reset referrals"),
		"undo reset":      locale.T("Undid a reset of referrals"),
	},
	"order": {
		"log":       locale.T("Logged an order"),
		"edit":      locale.T("Changed an order"),
		"run again": locale.T("Re-ran an order"),
		"review":    locale.T("Reviewed an order"),
	},
	"commission": {
		"approve":       locale.T("Approved a commission"),
		"approve early": locale.T("Approved a commission before its hold was over"),
		"unapprove":     locale.T("Took back an approval"),
		"cancel":        locale.T("Canceled a commission"),
	},
	"manual": {
		"enter adjustment": locale.T("Entered an adjustment"),
		"enter writeoff":   locale.T("Wrote off a negative balance"),
		"enter opening":    locale.T("Entered an opening balance"),
		"enter counter":    locale.T("Undid a manual entry"),
		"approve":          locale.T("Approved a manual entry"),
	},
	"payout": {
		"make":        locale.T("Made a payment batch"),
		"add partner": locale.T("Added a partner to a batch"),
		"take out":    locale.T("Took a partner out of a batch"),
		"make file":   locale.T("Made a batch's file"),
		"send":        locale.T("Marked a batch as sent"),
		"undo":        locale.T("Took a batch one step back"),
		"discard":     locale.T("Discarded a batch"),
		"redraw":      locale.T("A batch's amounts were drawn up again"),
	},
	"payment": {
		"settle":       locale.T("Marked a payment as paid"),
		"return":       locale.T("Noted a returned payment"),
		"undo payment": locale.T("Undid a payment"),
		"check number": locale.T("Noted a check number"),
	},
	"paypal file": {
		"export": locale.T("Downloaded a PayPal file"),
	},
	"report": {
		"export": locale.T("Downloaded a report"),
	},
	"simulation": {
		"export": locale.T("Downloaded a simulation"),
	},
	"settings": {
		"save": locale.T("Saved the settings"),
	},
	"api key": {
		"create": locale.T("Created an API key"),
		"revoke": locale.T("Revoked an API key"),
	},
	"webhook": {
		"create": locale.T("Added a webhook"),
		"remove": locale.T("Removed a webhook"),
	},
	"webhook delivery": {
		"again": locale.T("Sent a webhook again"),
	},
	"mail": {
		"again":   locale.T("Sent an email again"),
		"dismiss": locale.T("Dismissed an email"),
	},
	"job": {
		"again": locale.T("Started a job again"),
	},
}

// Done says what was done.
func Done(r affiliate.AuditRecord) locale.Text {
	if text, known := auditDoings[r.Object][r.Action]; known {
		return text
	}
	return locale.Layout("%s: %s", web.Words(r.Object), web.Words(r.Action))
}

// AuditChoices are what the list can be narrowed to, by their names: a kind of object,
// or an action on it as "object/action".
func AuditChoices(r *web.Request) []web.Option {
	chosen := r.Query("what")
	byName := func(texts map[string]locale.Text) []string {
		return slices.SortedFunc(maps.Keys(texts), func(a, b string) int {
			return cmp.Compare(r.Say(texts[a]), r.Say(texts[b]))
		})
	}
	options := []web.Option{{Value: "", Label: locale.T("Everything")}}
	for _, object := range byName(auditKinds) {
		options = append(options, web.Option{Value: object, Label: auditKinds[object]})
		if len(auditDoings[object]) == 1 {
			continue
		}
		for _, action := range byName(auditDoings[object]) {
			options = append(options, web.Option{Value: object + "/" + action,
				Label: locale.Layout("– %s", auditDoings[object][action])})
		}
	}
	return web.Options(options, chosen)
}

// AboutPath is where the object has its page, "" without one.
func AboutPath(r affiliate.AuditRecord) string {
	id := r.ObjectID
	switch {
	case id == 0:
		return ""
	case r.Object == "partner":
		return PartnerPath(affiliate.PartnerID(id))
	case r.Object == "program":
		return ProgramPath(affiliate.ProgramID(id), "")
	case r.Object == "contact" && r.Action != "delete" && r.Action != "erase":
		return ContactPath(affiliate.ContactID(id), "")
	case r.Object == "order":
		return OrderPath(affiliate.OrderID(id))
	case r.Object == "commission":
		return Commissions + "/" + affiliate.OrderID(id).String()
	case r.Object == "payment":
		return PaymentPath(affiliate.PayoutLineID(id))
	case r.Object == "payout":
		return BatchPath(payout.PayoutID(id))
	}
	return ""
}
