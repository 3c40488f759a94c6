// Package reason holds the stable codes for why something is as it is, and the
// sentences that admins and partners read instead of them.
package reason

import (
	"strings"
)

// Code is a stable code for why something is as it is: in decisions, traces,
// journals, reviews and skipped actions. Codes never change their meaning.
type Code string

// Outcomes of a decision.
const (
	Credited             Code = "CREDITED"
	NoBuyer              Code = "NO_BUYER"
	NoReferrer           Code = "NO_REFERRER"
	NoFirstReferrer      Code = "NO_FIRST_REFERRER"
	CookieExpired        Code = "COOKIE_EXPIRED"
	PartnerNotActive     Code = "PARTNER_NOT_ACTIVE"
	NoProgram            Code = "NO_PROGRAM"
	ProgramArchived      Code = "PROGRAM_ARCHIVED"
	FirstOrderUncredited Code = "SUBSCRIPTION_OF_NOBODY"
	FirstOrderUnknown    Code = "SUBSCRIPTION_UNKNOWN"
	RenewalLimit         Code = "RENEWAL_LIMIT"
	CreditLapsed         Code = "CREDIT_LAPSED"
	LiveClickMissing     Code = "NO_LIVE_CLICK"
	PromotionMissed      Code = "NO_CLICK_IN_PROMOTION"
	ReferralReset        Code = "REFERRAL_RESET"
	SelfReferred         Code = "SELF_REFERRAL"
	CustomerReturned     Code = "NOT_NEW_CUSTOMER"
	DeclinedByRule       Code = "DECLINED_BY_RULE"
	BeforeProgram        Code = "BEFORE_PROGRAM"
)

// What a decision considered on its way.
const (
	TouchNone         Code = "TOUCH_NONE"
	TouchValid        Code = "TOUCH_VALID"
	TouchExpired      Code = "TOUCH_EXPIRED"
	TouchForged       Code = "TOUCH_FORGED"
	TouchUnknown      Code = "TOUCH_UNKNOWN"
	TouchInactive     Code = "TOUCH_INACTIVE"
	Referrers         Code = "REFERRERS"
	ViaLink           Code = "VIA_LINK"
	ViaStored         Code = "VIA_STORED"
	RunAgainAtSale    Code = "RUN_AGAIN_AT_SALE"
	RunAgainFirst     Code = "RUN_AGAIN_FIRST"
	RunAgainLast      Code = "RUN_AGAIN_LAST"
	RunAgainProven    Code = "RUN_AGAIN_PROVEN"
	RunAgainPartner   Code = "RUN_AGAIN_PARTNER"
	TermsOfNow        Code = "TERMS_OF_NOW"
	FollowsFirstOrder Code = "SUBSCRIPTION_PINNED"
	CreditedRenewal   Code = "CREDITED_RENEWAL"
	Level2Credited    Code = "LEVEL2_CREDITED"
	Level2NotIn1Tier  Code = "LEVEL2_NOT_IN_1_TIER"
	NoRecruiter       Code = "NO_RECRUITER"
	RecruiterInactive Code = "RECRUITER_NOT_ACTIVE"
	RecruiterBuys     Code = "RECRUITER_BUYS"
	ViaAssigned       Code = "VIA_ASSIGNED"
	CreditRuleMet     Code = "CREDIT_RULE_MET"
	PromotionMet      Code = "PROMOTION_MET"
	ReferralRenewed   Code = "REFERRAL_RENEWED"
	SelfClear         Code = "NO_SELF_REFERRAL"
	ReferralUnproven  Code = "REFERRAL_UNPROVEN"
	SelfHeld          Code = "SELF_REFERRAL_HELD"
	CustomerNew       Code = "NEW_CUSTOMER"
	RulePassed        Code = "RULE_PASSED"
	RuleApplied       Code = "RULE_APPLIED"
	Unverified        Code = "UNVERIFIED"
	CouponUsed        Code = "COUPON_USED"
	CouponBeforeClick Code = "COUPON_BEFORE_CLICK"
	ClickBeforeCoupon Code = "CLICK_BEFORE_COUPON"
	CreditedCoupon    Code = "CREDITED_COUPON"
	ViaCoupon         Code = "VIA_COUPON"
)

// What became of an order line and level.
const (
	Earned              Code = "EARNED"
	ProductUnknown      Code = "PRODUCT_UNKNOWN"
	ProductNotInProgram Code = "PRODUCT_NOT_IN_PROGRAM"
	FlatNoCurrency      Code = "FLAT_NO_CURRENCY"
	LineNetZero         Code = "LINE_NET_ZERO"
	RateZero            Code = "RATE_ZERO"
	RefundSpread        Code = "REFUND_SPREAD"
	BaseParts           Code = "BASE_PARTS"
)

// Why an order earns nothing at present, or its commissions moved.
const (
	OrderNotPaid     Code = "ORDER_UNPAID"
	OrderPayFailed   Code = "ORDER_FAILED"
	OrderCanceled    Code = "ORDER_VOID"
	OrderChanged     Code = "ORDER_CHANGED"
	CanceledByAdmin  Code = "CANCELED_BY_ADMIN"
	Redecided        Code = "DECIDED_ANEW"
	Reran            Code = "RUN_AGAIN"
	PaidOut          Code = "PAID_OUT"
	ApprovedByAdmin  Code = "APPROVED_BY_ADMIN"
	ApprovedByRule   Code = "APPROVED_BY_RULE"
	UnapprovedByHand Code = "UNAPPROVED_BY_ADMIN"
	PayoutUndone     Code = "PAYOUT_UNDONE"
	PaymentReturned  Code = "PAYMENT_RETURNED"
)

// Why a person must look at an order.
const (
	ReviewBuyer       Code = "BUYER_UNKNOWN"
	ReviewNoProduct   Code = "LINE_WITHOUT_PRODUCT"
	ReviewRefund      Code = "REFUND_ABOVE_LINE"
	ReviewRefundOrder Code = "REFUND_ABOVE_ORDER"
	ReviewTotal       Code = "TOTAL_MISMATCH"
	ReviewDiffers     Code = "STATES_DIFFER"
	ReviewLateFact    Code = "LATE_FACT"
)

// Why an action skipped a commission.
const (
	SkipMissing  Code = "NOT_FOUND"
	SkipChanged  Code = "CHANGED_SINCE"
	SkipApproved Code = "ALREADY_APPROVED"
	SkipCanceled Code = "ALREADY_CANCELED"
	SkipPending  Code = "STILL_PENDING"
	SkipOnHold   Code = "ON_HOLD"
	SkipInPayout Code = "IN_PAYOUT"
	SkipPaid     Code = "ALREADY_PAID"
	SkipNoOrder  Code = "ORDER_NOT_FOUND"
	SkipSame     Code = "NOTHING_TO_MOVE"
	SkipNetted   Code = "PARTLY_SETTLED"
)

// Why a payout leaves a partner out.
const (
	TwoPeople          Code = "TWO_PEOPLE"
	AllInPayout        Code = "ALL_IN_PAYOUT"
	PaidByCheck        Code = "PAID_BY_CHECK"
	NothingToPay       Code = "NOTHING_TO_PAY"
	BelowThreshold     Code = "BELOW_THRESHOLD"
	PartnerNotPaid     Code = "PARTNER_NOT_PAID"
	PayPalUnconfirmed  Code = "PAYPAL_UNCONFIRMED"
	PaymentUnconfirmed Code = "PAYMENT_UNCONFIRMED"
	NoPayPalAddress    Code = "NO_PAYPAL_ADDRESS"
	PayPalRefuses      Code = "PAYPAL_REFUSES"
	NoPayee            Code = "NO_PAYEE"
)

// sentences hold what admins and partners read; {names} are filled in from a
// trace step's facts. A partner sentence shows nothing of the buyer or of other
// partners; where it is "", partners see nothing of that step.
var sentences = map[Code]struct{ admin, partner string }{
	Credited: {"Partner {partner} is credited, by the {rule} referrer rule.",
		"You are credited with this sale."},
	BeforeProgram: {"Nobody is credited: the order was placed before the program began, and was taken in for the " +
		"record.",
		""},
	NoBuyer: {"Nobody is credited: the order names no buyer's e-mail.", ""},
	NoReferrer: {"Nobody is credited: no partner's link is known for the buyer.",
		"No partner's link is known for this buyer."},
	NoFirstReferrer: {"Nobody is credited: the first referrer counts, and the buyer has none.",
		"The first referrer counts, and this buyer has none."},
	CookieExpired: {"Nobody is credited: the click's cookie had expired before the order.",
		"The click was too long ago: its cookie had expired."},
	PartnerNotActive: {"Nobody is credited: partner {partner} was not active.",
		"Your partner account was not active."},
	NoProgram: {"Nobody is credited: partner {partner} was in no program when the order was placed.",
		"You were in no program when the order was placed."},
	ProgramArchived: {"Nobody is credited: program {program} was archived when the order was placed.",
		"The program had ended when the order was placed."},
	FirstOrderUncredited: {"Nobody is credited: nobody was for the subscription's first order.",
		"Nobody was credited for the subscription's first order."},
	FirstOrderUnknown: {"Nobody is credited: the order renews a subscription whose first order is not known here.",
		"The subscription's first order is not known here."},
	RenewalLimit: {"Nobody is credited: only the first {limit} renewals of a subscription earn in program {program}.",
		"Only the first renewals of a subscription earn."},

	CreditLapsed: {"Nobody is credited: partner {partner} was last seen on {last}, and the program credits for " +
		"{days} days.", "Your last click or form of this buyer was too long ago for the program's rule."},
	LiveClickMissing: {"Nobody is credited: the program wants a click of partner {partner} within {days} days " +
		"before the order, 0 being for the order itself; the last one was: {last}.",
		"The program credits sales that follow a recent click only, and there was none of yours."},
	PromotionMissed: {"Nobody is credited: in the promotion {promotion} only clicks since its beginning count; the " +
		"last one of partner {partner} was: {last}.",
		"In the promotion {promotion} only clicks since its beginning count, and there was none of yours."},
	ReferralReset: {"Nobody is credited: the buyer's referral was reset on {reset}, and partner {partner} was not " +
		"clicked since (last: {last}).", "Referrals were reset, and this buyer has not come by your link since."},
	SelfReferred: {"No one gets credit: the buyer and {partner} have the same {by}.",
		"Purchases of your own earn nothing in this program."},
	CustomerReturned: {"Nobody is credited: the buyer had bought before, and the program credits new customers only.",
		"The program credits new customers only."},
	DeclinedByRule: {"Nobody is credited: rule {number} ({when}) declines the sale: {reason}",
		"A rule of the program declined this sale: {reason}"},

	TouchNone:     {"The order came without a click cookie.", ""},
	TouchValid:    {"The order carried a click of partner {touch} of {clicked}.", ""},
	TouchExpired:  {"The order carried a click of partner {touch} of {clicked}, whose cookie had expired.", ""},
	TouchForged:   {"The order carried a click cookie that this site did not make, or that was damaged.", ""},
	TouchUnknown:  {"The order carried a click that was never stored.", ""},
	TouchInactive: {"The order carried a click of partner {touch} of {clicked}, who could not earn then.", ""},
	Referrers: {"First referrer of the buyer: {first}; last referrer: {last}; the {rule} one counts (settings " +
		"version {version}).", ""},
	ViaLink: {"The source is a link clicked before this order.", "The buyer came by your link."},
	ViaStored: {"The source is a referral stored on the contact on {since}.",
		"The buyer had come by your link before."},
	RunAgainAtSale: {"An admin ran the order again for its referrer at the time of the sale: partner {partner} is " +
		"credited, {before} was before.", "An admin credited you with this sale."},
	RunAgainFirst: {"An admin ran the order again for the buyer's first referrer: partner {partner} is credited, " +
		"{before} was before.", "An admin credited you with this sale."},
	RunAgainLast: {"An admin ran the order again for the buyer's last referrer: partner {partner} is credited, " +
		"{before} was before.", "An admin credited you with this sale."},
	RunAgainPartner: {"An admin ran the order again and chose partner {partner}; {before} was credited before.",
		"An admin credited you with this sale."},
	RunAgainProven: {"An admin re-ran this order and gave credit to {partner}, the referrer who was proven before; " +
		"{before} was credited before.",
		"An admin gave you credit for this sale."},
	TermsOfNow: {"Partner {partner} was in no program when the order was placed: the terms are those of " +
		"program {program}, which the partner is in now.", "The terms are those of your present program."},
	FollowsFirstOrder: {"The order is later payment {number} of a subscription: as order {order}, it is partner " +
		"{partner}'s, whatever was clicked since.", ""},
	CreditedRenewal: {"Partner {partner} is credited, on the terms of the first order in program {program}.",
		"You are credited with this payment of a subscription."},
	Level2Credited: {"Partner {recruiter} recruited partner {partner} and earns on level 2.",
		"A partner you recruited made this sale."},
	Level2NotIn1Tier:  {"Nobody earns on level 2: the program is 1 Tier.", ""},
	NoRecruiter:       {"Nobody earns on level 2: partner {partner} was recruited by nobody.", ""},
	RecruiterInactive: {"Nobody earns on level 2: the recruiter, partner {recruiter}, is not active in a program.", ""},

	RecruiterBuys: {"Nobody earns on level 2: the buyer is partner {recruiter}, who recruited partner {partner}.",
		""},
	ViaAssigned: {"The source is an admin's assignment of {since}.",
		"An administrator assigned this buyer to you."},
	CreditRuleMet:   {"Credit rule {rule} ({days} days) is met: partner {partner} was last seen on {last}.", ""},
	PromotionMet:    {"In the promotion {promotion}: partner {partner} was clicked on {last}.", ""},
	ReferralRenewed: {"The buyer's referral was reset on {reset}; partner {partner} was seen since, on {last}.", ""},
	SelfClear:       {"The buyer is neither the partner nor their recruiter.", ""},
	SelfHeld: {"On hold until a person decides: the buyer and the partner, or their recruiter, have the same {by}.",
		"This purchase may be your own; it waits for a decision."},
	CustomerNew: {"The buyer had bought nothing before.", ""},
	RulePassed:  {"Rule {number} ({when}) does not apply.", ""},
	RuleApplied: {"Rule {number} ({when}) applies: {then}. {reason}", ""},
	ReferralUnproven: {"On hold: partner {partner} became the buyer's referrer on {since} by a form that could have " +
		"been anyone's. Proven before: {proven}. Approve the sale, or re-run it for {proven}.",
		"We're checking how this buyer came to you; the sale waits for that."},

	Unverified: {"The sale was reported without a signature we can trust ({source}): it is on hold until a person " +
		"decides.",
		"We are checking this sale."},

	CouponUsed: {"The order used coupon {coupon} of {owner}, in the basket since {used}.", ""},
	CouponBeforeClick: {"Coupon {coupon} of {owner} goes before the referral by {referrer}, as your settings say " +
		"({priority} wins).", ""},
	ClickBeforeCoupon: {"The referral by {referrer} goes before coupon {coupon} of {owner}, as your settings say " +
		"({priority} wins).", ""},
	CreditedCoupon: {"{partner} gets credit by their coupon {coupon}.", "You earned credit for this sale."},
	ViaCoupon:      {"The source is coupon {coupon}.", "The buyer used your coupon {coupon}."},

	Earned: {"earns {amount}: {formula}", "earns {amount}: {formula}"},
	ProductUnknown: {"earns nothing: the product is not known here, so it is in no program",
		"earns nothing: the product is in no program"},
	ProductNotInProgram: {"earns nothing: product not commissionable in program {program}",
		"earns nothing: the product is not commissionable in your program"},
	FlatNoCurrency: {"earns nothing: the flat commission has no amount in the order's currency; add one to the " +
		"program's product", "earns nothing: the flat commission has no amount in this currency"},
	LineNetZero: {"earns nothing: nothing of the line is left to earn on",
		"earns nothing: nothing of the line is left to earn on"},
	RateZero: {"earns nothing: {formula}", "earns nothing: {formula}"},
	BaseParts: {"by the program's rules percentages are taken of {base}: {net} after discounts, and of discounts " +
		"{discount}, tax {tax}, shipping {shipping}", ""},
	RefundSpread: {"{spread} of the {refunded} refunded is the line's share of a refund that named no line", ""},

	OrderNotPaid:    {"The order is not paid: commissions come when it is.", "The order is not paid yet."},
	OrderPayFailed:  {"The payment failed: nothing is earned.", "The payment was declined."},
	OrderCanceled:   {"The order was canceled: nothing is earned.", "The order was canceled."},
	OrderChanged:    {"The order changed.", "The order changed or was refunded."},
	CanceledByAdmin: {"An admin canceled the commission.", "The commission was canceled."},
	Redecided:       {"An earlier click became known later; the order was re-decided.", "The order was re-decided."},
	Reran: {"An admin ran the order's commissions again and chose who is credited.",
		"The sale was re-credited by an admin."},
	PaidOut:          {"The commission was marked as paid.", "The commission was paid."},
	ApprovedByAdmin:  {"An admin approved the commission.", "The commission was approved."},
	ApprovedByRule:   {"A rule of the program approved the commission.", "The commission was approved."},
	UnapprovedByHand: {"An admin took the approval back.", "The commission is pending again."},

	PayoutUndone:    {"The payout was undone: it is payable again.", "It is payable again."},
	PaymentReturned: {"The payment came back: it is payable again.", "The payment came back: it is payable again."},

	TwoPeople:         {"Two people are required to pay: make a batch, which someone else releases.", ""},
	AllInPayout:       {"Everything owed is in a payout already.", ""},
	PaidByCheck:       {"The partner is paid by check.", ""},
	NothingToPay:      {"There is nothing to pay: {amount} is owed.", ""},
	BelowThreshold:    {"{amount} is owed, less than the threshold of {threshold}.", ""},
	PartnerNotPaid:    {"The partner is {state} and cannot be paid.", ""},
	PayPalUnconfirmed: {"The partner has not confirmed the new PayPal address yet.", ""},
	PaymentUnconfirmed: {"The PayPal address came with a sign-up form that wasn't logged in. The partner has to log " +
		"in and confirm it.", ""},
	NoPayPalAddress: {"The partner has not given a PayPal address.", ""},
	PayPalRefuses:   {"PayPal's file cannot hold this payment. {why}", ""},
	NoPayee:         {"The partner has not said whom checks are made out to and where they go.", ""},

	ReviewBuyer:       {"The order names no usable e-mail of its buyer.", ""},
	ReviewNoProduct:   {"A line of the order names no product.", ""},
	ReviewRefund:      {"More was refunded on a line than it cost.", ""},
	ReviewRefundOrder: {"More was refunded than the order cost.", ""},
	ReviewTotal:       {"The order's total does not match its lines, tax, shipping and fees.", ""},
	ReviewDiffers:     {"Two different states of the order came with the same version; the first one counts.", ""},
	ReviewLateFact:    {"An earlier click became known after commissions of this order were approved.", ""},

	SkipMissing:  {"There is no such commission.", ""},
	SkipChanged:  {"It has changed since the list was shown: look at it again.", ""},
	SkipApproved: {"It is approved already.", ""},
	SkipCanceled: {"It is canceled already.", ""},
	SkipPending:  {"It is pending.", ""},
	SkipOnHold:   {"It is on hold: approve it with a reason, or wait.", ""},
	SkipInPayout: {"It is in a payout.", ""},
	SkipPaid:     {"It is paid already.", ""},
	SkipNoOrder:  {"There is no such order.", ""},
	SkipSame:     {"It is credited so already, and nothing of it is canceled.", ""},
	SkipNetted:   {"It came back from a payout, and a refund on it was settled: it can only be paid or canceled.", ""},
}

// ForAdmin is the sentence that admins read.
func (r Code) ForAdmin(facts map[string]string) string { return fill(sentences[r].admin, facts) }

// ForPartner is the sentence that the partner concerned reads, "" when the
// matter is not theirs.
func (r Code) ForPartner(facts map[string]string) string { return fill(sentences[r].partner, facts) }

// fill puts facts in the places of their {names}; a fact that is missing is "none".
func fill(sentence string, facts map[string]string) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(sentence, "{")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !open || !closed {
			return b.String()
		}
		if value := facts[name]; value != "" {
			b.WriteString(value)
		} else {
			b.WriteString("none")
		}
		sentence = after
	}
}
