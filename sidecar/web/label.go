package web

import (
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
)

// Label is how people call a value of a setting, a status or a kind. Values
// without an entry are read as words.
func Label(value any) locale.Text {
	if name, ok := labels[value]; ok {
		return name
	}
	return Words(fmt.Sprint(value))
}

// labels holds typed values, so that "first" the referrer and "first" the name
// stay apart.
var labels = map[any]locale.Text{
	affiliate.FieldText: locale.T("Text"), affiliate.FieldNumber: locale.T("Number"),
	affiliate.FieldDate: locale.T("Date"), affiliate.FieldChoice: locale.T("Choice from a list"),
	affiliate.FieldYesNo: locale.T("Yes or no"),
	task.Running:         locale.T("Running"), task.Stopped: locale.T("Stopped"), task.Failed: locale.T("Failed"),
	task.Done:       locale.T("Done"),
	imports.Checked: locale.T("Dry run, not imported"), imports.Taking: locale.T("Being imported"),
	imports.Taken: locale.T("Imported"), imports.Undoing: locale.T("Being undone"),
	imports.Undone:   locale.T("Undone"),
	affiliate.PayPal: locale.T("PayPal"), affiliate.Check: locale.T("Check"),
	affiliate.Choice:        locale.T("Partner's choice"),
	affiliate.FirstReferrer: locale.T("First referrer"), affiliate.LastReferrer: locale.T("Last referrer"),
	affiliate.SeeNameAndEmail: locale.T("Full name and email"), affiliate.SeeName: locale.T("Full name"),
	affiliate.SeeFirstName: locale.T("First name and initial"), affiliate.SeeNobody: locale.T("Anonymous"),
	affiliate.SignupOpen: locale.T("Open to everyone"), affiliate.SignupApproval: locale.T("After approval"),
	affiliate.SignupClosed: locale.T("By invitation only"), affiliate.Percent: locale.T("Percentage"),
	affiliate.FlatAmount: locale.T("Flat rate"), tracking.StandardLink: locale.T("Standard link"),
	tracking.DirectLink: locale.T("Direct link"), tracking.Banner: locale.T("Banner"),
	tracking.Lightbox: locale.T("Lightbox"), tracking.EmailCopy: locale.T("Email message"),
	affiliate.Applied: locale.T("Waiting for approval"), affiliate.Active: locale.T("Active"),
	affiliate.Suspended: locale.T("Suspended"), affiliate.Rejected: locale.T("Rejected"),
	affiliate.Removed: locale.T("Removed"), tracking.OptIn: locale.T("Opt-in form"),
	tracking.Order: locale.T("Order form"), tracking.SignUp: locale.T("Partner sign-up"),
	tracking.SetFirst: locale.T("First referrer set by an admin"),
	tracking.SetLast:  locale.T("Last referrer set by an admin"), tracking.NoCookie: locale.T("No click cookie"),
	tracking.Valid: locale.T("Valid click"), tracking.Expired: locale.T("Cookie expired"),
	tracking.Forged: locale.T("Cookie isn't genuine or is damaged"), tracking.Unknown: locale.T("Click not found"),
	tracking.Inactive: locale.T("Partner couldn't earn at that time"), affiliate.ByForm: locale.T("Opt-in form"),
	affiliate.ByOrder: locale.T("Order"), affiliate.ByImport: locale.T("Import"),
	coupon.WooCommerce: locale.T("WooCommerce"), coupon.EDD: locale.T("Easy Digital Downloads"),
	coupon.AnyShop: locale.T("Any other cart (API, pixel)"), coupon.Percent: locale.T("Percentage"),
	coupon.Fixed:         locale.T("Amount off the basket"),
	affiliate.ClickWins:  locale.T("The click: a coupon counts when no partner referred the buyer"),
	affiliate.CouponWins: locale.T("The coupon"), affiliate.NewestWins: locale.T("Whichever came last"),
	affiliate.ByAdmin: locale.T("Entered by an admin"), affiliate.ByAPI: locale.T("API"),
	tracking.HeadRequest: locale.T("Programs that only looked"),
	tracking.Prefetch:    locale.T("Fetched ahead by a browser"),
	tracking.Embedded:    locale.T("Loaded as a picture or frame"), tracking.Bot: locale.T("Bots and link previews"),
	tracking.UnknownPartner: locale.T("No such partner"), tracking.PartnerBarred: locale.T("Partner not active"),
	tracking.NoProgram: locale.T("Partner in no program"), tracking.OwnClick: locale.T("The partner's own clicks"),
	signup.AskNot: locale.T("Not asked"), signup.AskOptional: locale.T("Optional"),
	signup.AskRequired:     locale.T("Required"),
	affiliate.BySignUp:     locale.T("Partner sign-up"),
	affiliate.ByOwnOrder:   locale.T("Proven by the buyer's own order"),
	affiliate.ByBrowser:    locale.T("Proven by the contact's own browser"),
	affiliate.ByLogIn:      locale.T("Proven: sent while logged in"),
	affiliate.ByMailbox:    locale.T("Proven: confirmed by email"),
	affiliate.ByCreation:   locale.T("Proven: this form made the contact"),
	affiliate.ByAdminsHand: locale.T("Proven: an admin or the site said so"),
	affiliate.HoldSelf:     locale.T("Wait for a person to decide"),
	affiliate.DenySelf:     locale.T("Earn nothing"), affiliate.AllowSelf: locale.T("Earn like any other"),
	affiliate.FlatPerUnit:       locale.T("For each unit sold"),
	affiliate.FlatPerOrder:      locale.T("Once for each product in an order, whatever the quantity"),
	affiliate.EverySale:         locale.T("On every sale"),
	affiliate.NoLiveClick:       locale.T("The order came without a click of the partner"),
	affiliate.NoClickWithin:     locale.T("The partner's last click is older than the days given"),
	affiliate.OwnPurchase:       locale.T("The buyer is the partner, or who recruited them"),
	affiliate.ReturningCustomer: locale.T("The buyer has bought before"),
	affiliate.OrderFrom:         locale.T("The order's total is the amount given, or more"),
	affiliate.ApproveSale:       locale.T("Approve once the hold is over"),
	affiliate.HoldSale:          locale.C("verb", "Hold"), affiliate.DeclineSale: locale.T("Decline: no one earns"),
	affiliate.StoredReferrer: locale.T("The stored referrer, for good"),
	affiliate.StoredForDays:  locale.T("The stored referrer, for some days"),
	affiliate.LiveClick:      locale.T("Only a live click"),
	affiliate.Unproven:       locale.T("Not proven: the form could have been anyone's"),
}

// Words is a word of the program as people read it; see reports.Word.
func Words[S ~string](word S) locale.Text { return reports.Word(word) }
