package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"partnercenter/locale"
)

// words are the words of the program: statuses, and what a journal of a kind has
// done to a commission.
var words = map[string]locale.Text{
	"pending": locale.T("Pending"), "approved": locale.T("Approved"), "in_payout": locale.T("In payout"),
	"paid": locale.T("Paid"), "canceled": locale.T("Canceled"),

	"earn": locale.T("Earned"), "approve": locale.T("Approved"), "unapprove": locale.T("Back to pending"),
	"cancel": locale.T("Canceled"), "refund": locale.T("Refunded"), "restore": locale.T("Refund undone"),
	"reverse": locale.T("Credited to someone else"), "payout": locale.T("In a payout"), "settle": locale.T("Paid"),
	"release": locale.T("Payout undone"), "return": locale.T("Payment returned"), "adjustment": locale.T("Adjusted"),
	"writeoff": locale.T("Written off"), "opening": locale.T("Opening balance"), "counter": locale.T("Entry undone"),

	"draft": locale.T("Draft"), "filing": locale.T("Preparing file"), "filed": locale.T("File ready"),
	"sent":    locale.T("Sent"),
	"settled": locale.T("Paid"), "returned": locale.T("Returned"), "discarded": locale.T("Discarded"),

	"mailed": locale.T("Sent"), "held_back": locale.T("Held back"), "not_sent": locale.T("Not sent"),
	"dropped": locale.T("Dropped"),

	"customer_paid": locale.T("Paid by the customer"),

	"unpaid": locale.T("Unpaid"), "failed": locale.T("Failed"), "void": locale.T("Void"),
	"declined": locale.T("Declined"), "completed": locale.T("Completed"),
	"on_review": locale.T("Needs a review"), "uncredited": locale.T("No one got credit"),
	"referred": locale.T("With a referrer"), "unreferred": locale.T("Without a referrer"),
	"refunded": locale.T("Refunded"), "restored": locale.T("Restored"), "clawback": locale.T("Clawback"),

	"ready": locale.T("Ready"), "no_details": locale.T("No payment details"),
	"unconfirmed": locale.T("Payment details not confirmed"), "barred": locale.T("Partner isn't paid now"),
	"below_threshold": locale.T("Below threshold"),
	"negative":        locale.T("Negative balance"),

	"applied": locale.T("Applied"), "active": locale.T("Active"), "suspended": locale.T("Suspended"),
	"rejected": locale.T("Rejected"), "removed": locale.T("Removed"),

	"works": locale.T("Works"), "being_set_up": locale.T("Being set up"), "off": locale.T("Off"),
	"with_problem": locale.T("With a problem"), "assigned": locale.T("Your own coupon, assigned"),

	"for_sale": locale.T("For sale"), "gone": locale.T("Gone from the shop"), "archived": locale.T("Archived"),
	"changed": locale.T("Changed in the shop"), "without_script": locale.T("Without the tracking script"),

	"waiting": locale.T("Ready to approve"), "on_hold": locale.T("On hold"),
	"all": locale.T("All"),

	"day": locale.T("Day"), "week": locale.T("Week"), "month": locale.T("Month"),
}

// Word is a word of the program as people read it: in_payout as "In payout",
// the kind "settle" as "Paid". One without an entry is shown as it is.
func Word[S ~string](word S) locale.Text {
	if text, ok := words[string(word)]; ok {
		return text
	}
	text := strings.ReplaceAll(string(word), "_", " ")
	if text == "" {
		return locale.Text{}
	}
	first, size := utf8.DecodeRuneInString(text)
	return locale.Data(string(unicode.ToUpper(first)) + text[size:])
}
