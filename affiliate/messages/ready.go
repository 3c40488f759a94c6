package messages

import (
	"html"
	"strings"

	"partnercenter/locale"
)

// ready is the text that an occasion comes with, in the language of whoever reads
// it. Admins can have it as messages of their own (Install).
type ready struct {
	subject locale.Text
	body    []part
}

// part is a paragraph, or with an address a button.
type part struct {
	text   locale.Text
	button string // field of an address
}

func say(text locale.Text) part                  { return part{text: text} }
func button(text locale.Text, field string) part { return part{text, field} }
func (r ready) message(l *locale.Language) Message {
	return Message{Subject: l.Text(r.subject), HTML: r.html(l)}
}

var hello = part{text: locale.Data("{greeting}")}

func (r ready) html(l *locale.Language) string {
	var out strings.Builder
	for _, p := range r.body {
		text := strings.ReplaceAll(html.EscapeString(l.Text(p.text)), "\n", "<br>\n")
		if p.button != "" {
			text = `<a class="button" href="{` + p.button + `}">` + text + `</a>`
		}
		out.WriteString("<p>" + text + "</p>\n")
	}
	return out.String()
}

// readyMade are the texts of all occasions.
var readyMade = map[Occasion]ready{
	ApplicationReceived: {locale.T("Your application to {program}"), []part{hello,
		say(locale.T("Thank you for applying to {program}. We review each application and will write to you soon."))}},
	Welcomed: {locale.T("Welcome to {program}"), []part{hello,
		say(locale.T("Welcome to {program}. From now on you earn a commission when someone buys after using " +
			"your link.")),
		say(locale.T("This is your own link. Share it wherever you like:\n{link}")),
		say(locale.T("Your links, banners and earnings are in your partner center:\n{center}"))}},
	ApplicationRejected: {locale.T("Your application to {program}"), []part{hello,
		say(locale.T("Thank you for your interest in {program}. We can't accept your application at this time."))}},
	LoginDetails: {locale.T("Your log-in for {program}"), []part{hello,
		say(locale.T("Your account for {program} is ready.")),
		say(locale.T("User name: {login}")),
		button(locale.T("Set your password"), "set_password"),
		say(locale.T("This link works for one day. After that, use “Lost your password?” on the log-in page. If you " +
			"have used this account before, your password is still the same and you don't need to set it.")),
		say(locale.T("Then log in to your partner center:\n{center}"))}},
	CommissionEarned: {locale.T("You earned {amount} with {program}"), []part{hello,
		say(locale.T("You earned a commission of {amount} with {program}.")),
		say(locale.T("We'll pay it out after review.")),
		say(locale.T("It is a level 2 commission: {recruited}, whom you recruited, made the sale.")),
		button(locale.T("See your earnings"), "center")}},
	CommissionApproved: {locale.T("Approved: {amount} with {program}"), []part{hello,
		say(locale.T("Your commission of {amount} from {order_date} is approved. It goes out with your next payment.")),
		button(locale.T("See your earnings"), "center")}},
	ApprovedTogether: {locale.T("Approved: {total} with {program}"), []part{hello,
		say(locale.T("Several of your commissions are approved. They go out with your next payment.")),
		say(locale.T("Commissions: {count}\nTogether: {total}")),
		button(locale.T("See your earnings"), "center")}},
	CommissionCanceled: {locale.T("Canceled: a commission with {program}"), []part{hello,
		say(locale.T("We canceled your commission of {amount} from {order_date}.")),
		say(locale.T("Reason: {reason}")),
		say(locale.T("If you think this is a mistake, just reply to this email.")),
		button(locale.T("See your earnings"), "center")}},
	CommissionRefunded: {locale.T("Refunded: a sale with {program}"), []part{hello,
		say(locale.T("The buyer of a sale from {order_date} got money back. Your commission is {amount} lower.")),
		button(locale.T("See your earnings"), "center")}},
	PaymentSent: {locale.T("We sent you {payment_amount}"), []part{hello,
		say(locale.T("We sent you {payment_amount} by {payment_method} on {payment_date}.")),
		say(locale.T("Sent to: {payment_to}")),
		say(locale.T("Check number: {check_number}")),
		say(locale.T("Reference: {reference}")),
		button(locale.T("See your payments"), "center")}},
	PaymentReturned: {locale.T("Your payment of {payment_amount} came back"), []part{hello,
		say(locale.T("Our payment of {payment_amount} from {payment_date} came back. We still owe you the amount.")),
		say(locale.T("Sent to: {payment_to}")),
		say(locale.T("Reason: {reason}")),
		say(locale.T("Please check your payment details, and correct them if needed:\n{center}"))}},
	MilestoneReached: {locale.T("You reached {milestone} with {program}"), []part{hello,
		say(locale.T("Congratulations! You reached {milestone} with {program}.")),
		say(locale.T("Total sales so far: {total_sales}\nNumber of sales: {number_of_sales}")),
		say(locale.T("Thank you!")),
		button(locale.T("See your earnings"), "center")}},
	TermsChanged: {locale.T("New terms of {program}"), []part{hello,
		say(locale.T("The terms of {program} change on {terms_from}. Please read them:\n{terms}")),
		button(locale.T("Open the partner center"), "center")}},
	MonthlySummary: {locale.T("{period} with {program}"), []part{hello,
		say(locale.T("This was {period}:")),
		say(locale.T("Visits: {period_visits}\nLeads: {period_leads}\nSales: {period_sales}")),
		say(locale.T("You earned {period_earned}.")),
		say(locale.T("We paid you {period_paid}.")),
		say(locale.T("{owed} is approved and goes out with your next payment.")),
		button(locale.T("See your reports"), "center")}},

	NewApplicant: {locale.T("{applicant} applied to {program}"), []part{
		say(locale.T("{applicant} ({applicant_email}) applied to {program} and waits for your decision.")),
		button(locale.T("Review the application"), "page")}},
	PaymentDue: {locale.T("Payments due: {total}"), []part{
		say(locale.T("Today is your pay day.")),
		say(locale.T("Ready to be paid: {total}\nPartners: {count}")),
		button(locale.T("See pending payments"), "page")}},
	OrderOnReview: {locale.T("Order {order} needs a review"), []part{
		say(locale.T("Order {order} needs a review before it can earn anything.")),
		button(locale.T("Review the order"), "page")}},
	ClaimToCheck: {locale.T("Addresses to check"), []part{
		say(locale.T("One link or network named {count} addresses, more than usual. Their sales wait until you " +
			"check them.")),
		button(locale.T("Check the addresses"), "page")}},
	ServiceTrouble: {locale.T("Partner Center needs your attention"), []part{
		say(locale.T("Something on your site needs attention:")), say(locale.Data("{reason}")),
		button(locale.T("Open the overview"), "page")}},
	WeeklySummary: {locale.T("Your partners: {period}"), []part{
		say(locale.T("This was {period}:")),
		say(locale.T("Visits: {period_visits}\nLeads: {period_leads}\nSales: {period_sales}")),
		say(locale.T("Partners earned {period_earned}.")),
		say(locale.T("You paid {period_paid}.")),
		button(locale.T("Open the overview"), "page")}},
}
