package messages

import (
	"slices"

	"partnercenter/locale"
)

// Occasion is what a mail can be about.
type Occasion string

// The occasions of partners.
const (
	ApplicationReceived Occasion = "received"
	Welcomed            Occasion = "welcome"
	ApplicationRejected Occasion = "rejected"
	LoginDetails        Occasion = "login"
	CommissionEarned    Occasion = "earned"
	CommissionApproved  Occasion = "approved"
	ApprovedTogether    Occasion = "approvals" // in the place of several CommissionApproved
	CommissionCanceled  Occasion = "canceled"
	CommissionRefunded  Occasion = "refund"
	PaymentSent         Occasion = "paid"
	PaymentReturned     Occasion = "returned"
	MilestoneReached    Occasion = "milestone"
	TermsChanged        Occasion = "terms"
	MonthlySummary      Occasion = "summary"
	// FromList is a message that an admin sends to chosen rows of a list.
	FromList Occasion = "list"
)

// The occasions of admins.
const (
	NewApplicant   Occasion = "applicant"
	PaymentDue     Occasion = "due"
	OrderOnReview  Occasion = "review"
	ClaimToCheck   Occasion = "claim"
	ServiceTrouble Occasion = "trouble"
	WeeklySummary  Occasion = "week"
)

// Choice is what partners can choose not to be mailed about; see
// [affiliate.MailChoices]. "": they need the mail.
type Choice string

// The choices.
const (
	PerSale    Choice = "sale"
	PerPayment Choice = "payment"
	Monthly    Choice = "month"
)

// About describes an occasion.
type About struct {
	Occasion Occasion
	Name     locale.Text
	When     locale.Text
	Admin    bool   // it goes to the site's admins, and is chosen for the whole site
	Choice   Choice // by which a partner can ask for no more of it
	Usual    bool   // goes out unless it is switched off
	Groups   []Group
}

// Occasions are all that are chosen, in the order of a partner's life.
var Occasions = []About{
	{Occasion: ApplicationReceived, Usual: true, Name: locale.T("Application received"),
		When: locale.T("At once, when someone applies and you decide on applications.")},
	{Occasion: Welcomed, Usual: true, Name: locale.T("Approved, with links"),
		When: locale.T("When someone becomes a partner, with their own link.")},
	{Occasion: ApplicationRejected, Name: locale.T("Application rejected"),
		When: locale.T("When you reject an application. It doesn't say why.")},
	{Occasion: LoginDetails, Usual: true, Name: locale.T("Log-in details"), Groups: []Group{OfLogin},
		When: locale.T("When the account of a new partner is ready, while the partner center is on.")},
	{Occasion: CommissionEarned, Choice: PerSale, Name: locale.T("Commission earned"), Groups: []Group{OfSale},
		When: locale.T("At each sale, after your automatic rules. Not for imports and re-runs.")},
	{Occasion: CommissionApproved, Choice: PerSale, Name: locale.T("Commission approved"), Groups: []Group{OfSale},
		When: locale.T("When a commission is approved, by you or by your rules.")},
	{Occasion: ApprovedTogether, Choice: PerSale, Usual: true, Name: locale.T("Several commissions approved"),
		Groups: []Group{OfApprovals},
		When: locale.T("While “Commission approved” is on: one email when several of a partner are approved at once. " +
			"Off: one for each.")},
	{Occasion: CommissionCanceled, Name: locale.T("Commission canceled"), Groups: []Group{OfSale, OfReason},
		When: locale.T("When you cancel a commission, with the reason you gave.")},
	{Occasion: CommissionRefunded, Choice: PerSale, Name: locale.T("Sale refunded"), Groups: []Group{OfSale, OfReason},
		When: locale.T("When a refund lowers a commission.")},
	{Occasion: PaymentSent, Choice: PerPayment, Name: locale.T("Payment sent"), Groups: []Group{OfPayment},
		When: locale.T("When a payment is on its way.")},
	{Occasion: PaymentReturned, Name: locale.T("Payment returned"), Groups: []Group{OfPayment, OfReason},
		When: locale.T("When a payment came back, with what has to be mended.")},
	{Occasion: MilestoneReached, Usual: true, Name: locale.T("Milestone reached"),
		Groups: []Group{OfMilestone},
		When:   locale.T("When a partner reaches a milestone of this program. You choose them on the tab Milestones.")},
	{Occasion: TermsChanged, Usual: true, Name: locale.T("Terms changed"), Groups: []Group{OfTerms},
		When: locale.T("When you publish new terms.")},
	{Occasion: MonthlySummary, Choice: Monthly, Name: locale.T("Monthly summary"), Groups: []Group{OfSummary},
		When: locale.T("On the first of each month, to partners with visits, sales or money in the month before.")},

	{Occasion: NewApplicant, Admin: true, Name: locale.T("New applicant"), Groups: []Group{OfAdmin, OfPerson},
		When: locale.T("When someone applies and waits for your decision.")},
	{Occasion: PaymentDue, Admin: true, Name: locale.T("Payment due"), Groups: []Group{OfAdmin},
		When: locale.T("On your pay day, when partners are owed money.")},
	{Occasion: OrderOnReview, Admin: true, Name: locale.T("Order on review"), Groups: []Group{OfAdmin, OfOrder},
		When: locale.T("When an order needs a look before it earns anything.")},
	{Occasion: ClaimToCheck, Admin: true, Name: locale.T("Addresses to check"), Groups: []Group{OfAdmin},
		When: locale.T("When one click or network named so many addresses that you should check them.")},
	{Occasion: ServiceTrouble, Admin: true, Name: locale.T("Partner Center needs attention"),
		Groups: []Group{OfAdmin, OfReason},
		When:   locale.T("Once a day, while something waits because it doesn't work.")},
	{Occasion: WeeklySummary, Admin: true, Name: locale.T("Weekly summary"), Groups: []Group{OfAdmin, OfSummary},
		When: locale.T("On Mondays, with the week before.")},
}

// Of is an occasion's description; false for one that nobody chooses.
func Of(o Occasion) (About, bool) {
	i := slices.IndexFunc(Occasions, func(a About) bool { return a.Occasion == o })
	if i < 0 {
		return About{Occasion: o, Usual: true}, false
	}
	return Occasions[i], true
}

// Has tells whether mails of the occasion know a field.
func (a About) Has(f Field) bool {
	if a.Admin {
		return f.Group == OfSite || slices.Contains(a.Groups, f.Group)
	}
	return slices.Contains(ofPartners, f.Group) || slices.Contains(a.Groups, f.Group)
}
