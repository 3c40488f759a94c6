package reason

import (
	"time"

	"partnercenter/locale"
)

// said is what admins and the partner concerned read instead of a code. {names}
// are filled in from a trace step's facts. A partner's sentence shows nothing of
// the buyer or of other partners; where there is none, they see nothing of that.
type said struct{ admin, partner locale.Text }

// both is for sentences that are the same for everybody.
func both(text locale.Text) said { return said{text, text} }

// admins is for what is none of the partner's business.
func admins(text locale.Text) said { return said{admin: text} }

var sentences = map[Code]said{
	Credited: {locale.T("{partner} gets credit as the {rule} referrer."), locale.T("You earned credit for this sale.")},
	BeforeProgram: admins(locale.T("No one gets credit: the order was placed before the program began. We keep it " +
		"for the record.")),
	NoBuyer: admins(locale.T("No one gets credit: the order has no buyer email.")),
	NoReferrer: {locale.T("No one gets credit: this buyer never used a partner link that we recorded."),
		locale.T("We have no partner link on record for this buyer.")},
	NoFirstReferrer: {locale.T("No one gets credit: your settings reward the first referrer, and this buyer doesn't " +
		"have one."), locale.T("This program rewards the first referrer, and this buyer doesn't have one.")},
	CookieExpired: {locale.T("No one gets credit: the click is older than the cookie lifetime, so it no longer " +
		"counts."),
		locale.T("The click is older than the cookie lifetime, so it no longer counts.")},
	PartnerNotActive: {locale.T("No one gets credit: {partner} was not an active partner."),
		locale.T("Your partner account wasn't active.")},
	NoProgram: {locale.T("No one gets credit: {partner} wasn't in a program when the order was placed."),
		locale.T("You weren't in a program when the order was placed.")},
	ProgramArchived: {locale.T("No one gets credit: the program {program} was archived when the order was placed."),
		locale.T("The program had ended when the order was placed.")},
	FirstOrderUncredited: {locale.T("No one gets credit, because no one got credit for the first payment of this " +
		"subscription."), locale.T("No one got credit for the first payment of this subscription.")},
	FirstOrderUnknown: {locale.T("No one gets credit: this is a renewal, and we don't have the subscription's first " +
		"order."), locale.T("We don't have this subscription's first order.")},
	RenewalLimit: {locale.T("No one gets credit: only the first {limit} renewals of a subscription earn commission " +
		"in the program {program}."), locale.T("Only the first renewals of a subscription earn commission.")},

	CreditLapsed: {locale.T("No one gets credit: {partner}'s last click or form was on {last}, more than {days} days " +
		"before the order."), locale.T("This buyer's last click or form through you is too long ago for this " +
		"program.")},
	LiveClickMissing: {locale.T("No one gets credit: the program asks for a click on {partner}'s link within {days} " +
		"days before the order (0 means with the order itself). Their last click: {last}."),
		locale.T("This program pays only for sales after a recent click, and we found none of yours.")},
	PromotionMissed: {locale.T("No one gets credit: in the promotion {promotion} only clicks since its start count. " +
		"{partner}'s last click: {last}."),
		locale.T("In the promotion {promotion} only clicks since its start count, and we found none of yours.")},
	ReferralReset: {locale.T("No one gets credit: this buyer's referral was reset on {reset}, and no one has clicked " +
		"{partner}'s link since. Their last click: {last}."),
		locale.T("Referrals were reset, and this buyer hasn't used your link since.")},
	SelfReferred: {locale.T("No one gets credit: the buyer and {partner} have the same {by}."),
		locale.T("Your own purchases don't earn commission in this program.")},
	CustomerReturned: {locale.T("No one gets credit: the program pays only for new customers, and this buyer had " +
		"bought before."), locale.T("This program pays only for new customers.")},
	DeclinedByRule: {locale.T("No one gets credit: rule {number} ({when}) declines this sale: {reason}"),
		locale.T("A rule of the program declined this sale: {reason}")},

	TouchNone:  admins(locale.T("The order came without a click cookie.")),
	TouchValid: admins(locale.T("The order came with a click on {touch}'s link on {clicked}.")),
	TouchExpired: admins(locale.T("The order came with a click on {touch}'s link on {clicked}, which is older than " +
		"the cookie lifetime.")),
	TouchForged:  admins(locale.T("The order came with a click cookie that isn't genuine or is damaged.")),
	TouchUnknown: admins(locale.T("The order came with a click that we have no record of.")),
	TouchInactive: admins(locale.T("The order came with a click on {touch}'s link on {clicked}, when {touch} " +
		"couldn't earn.")),
	Referrers: admins(locale.T("First referrer of the buyer: {first}; last referrer: {last}. The {rule} one counts " +
		"(settings version {version}).")),
	ViaLink: {locale.T("The source is a link clicked before this order."), locale.T("The buyer used your link.")},
	ViaStored: {locale.T("The source is a referral stored with the contact on {since}."),
		locale.T("The buyer had used your link before.")},
	RunAgainAtSale: {locale.T("An admin re-ran this order for its referrer at the time of the sale and gave credit " +
		"to {partner} instead of {before}."), locale.T("An admin gave you credit for this sale.")},
	RunAgainFirst: {locale.T("An admin re-ran this order for the buyer's first referrer and gave credit to {partner} " +
		"instead of {before}."), locale.T("An admin gave you credit for this sale.")},
	RunAgainLast: {locale.T("An admin re-ran this order for the buyer's last referrer and gave credit to {partner} " +
		"instead of {before}."), locale.T("An admin gave you credit for this sale.")},
	RunAgainPartner: {locale.T("An admin re-ran this order and gave credit to {partner} instead of {before}."),
		locale.T("An admin gave you credit for this sale.")},
	RunAgainSame: {locale.T("An admin re-ran this order: {partner} keeps the credit."),
		locale.T("An admin checked this sale again: you keep the credit.")},
	RunAgainNobody: {locale.T("No one gets credit: an admin re-ran this order that way. " +
		"{partner} had the credit before."),
		locale.T("An admin decided that no one earns on this sale.")},
	RunAgainProven: {locale.T("An admin re-ran this order and gave credit to {partner}, the referrer who was proven " +
		"before, instead of {before}."), locale.T("An admin gave you credit for this sale.")},
	TermsOfNow: {locale.T("{partner} wasn't in a program when the order was placed, so the terms are those of the " +
		"program {program}, which they are in now."), locale.T("The terms are those of your current program.")},
	FollowsFirstOrder: admins(locale.T("This is payment {number} of a subscription. Credit stays with {partner}, as " +
		"for order {order}, no matter what was clicked since.")),
	CreditedRenewal: {locale.T("{partner} gets credit, on the terms of the first order in the program {program}."),
		locale.T("You earned credit for this subscription payment.")},
	Level2Credited: {locale.T("{recruiter} recruited {partner} and earns on level 2."),
		locale.T("A partner you recruited made this sale.")},
	Level2NotIn1Tier: admins(locale.T("No one earns on level 2: the program is 1 Tier.")),
	NoRecruiter:      admins(locale.T("No one earns on level 2: no one recruited {partner}.")),
	RecruiterInactive: admins(locale.T("No one earns on level 2: {recruiter}, who recruited {partner}, isn't active " +
		"in a program.")),

	RecruiterBuys: admins(locale.T("No one earns on level 2: the buyer is {recruiter}, who recruited {partner}.")),
	ViaAssigned: {locale.T("The source is an assignment by an admin on {since}."),
		locale.T("An admin assigned this buyer to you.")},
	CreditRuleMet: admins(locale.T("The credit rule “{rule}” ({days} days) is met: {partner}'s last click or form " +
		"was on {last}.")),
	PromotionMet: admins(locale.T("In the promotion {promotion}: {partner}'s link was clicked on {last}.")),
	ReferralRenewed: admins(locale.T("The buyer's referral was reset on {reset}; {partner}'s link was used since, on " +
		"{last}.")),
	SelfClear: admins(locale.T("The buyer is neither the partner nor their recruiter.")),
	SelfHeld: {locale.T("Held for a decision: the buyer and the partner, or their recruiter, have the same {by}."),
		locale.T("This purchase may be your own, so we're checking it.")},
	CustomerNew: admins(locale.T("The buyer hadn't bought anything before.")),
	RulePassed:  admins(locale.T("Rule {number} ({when}) does not apply.")),
	RuleApplied: admins(locale.T("Rule {number} ({when}) applies: {then}. {reason}")),
	ReferralUnproven: {locale.T(
		"Held for a decision: {partner} became the buyer's referrer on {since} through a form " +
			"that anyone could have sent. Proven before: {proven}."),
		locale.T("We're checking how this buyer came to you; the sale waits for that.")},
	Unverified: {locale.T("Held for a decision: the sale was reported without a signature we can trust ({source})."),
		locale.T("We're checking this sale.")},

	CouponUsed: admins(locale.T("The order used {owner}'s coupon {coupon}, in the basket since {used}.")),
	CouponBeforeClick: admins(locale.T("Both could count: {owner}'s coupon {coupon} and the referral by {referrer}. " +
		"The coupon goes first, as your settings say ({priority} wins).")),
	ClickBeforeCoupon: admins(locale.T("Both could count: {owner}'s coupon {coupon} and the referral by {referrer}. " +
		"The referral goes first, as your settings say ({priority} wins).")),
	CreditedCoupon: {locale.T("{partner} gets credit for their coupon {coupon}."),
		locale.T("You earned credit for this sale.")},
	ViaCoupon: {locale.T("The source is the coupon {coupon}."), locale.T("The buyer used your coupon {coupon}.")},

	Earned: both(locale.T("Earns {formula}.")),
	ProductUnknown: {locale.T("No commission: we don't know this product, so it isn't in a program."),
		locale.T("No commission: the product isn't in a program.")},
	ProductNotInProgram: {locale.T("No commission: product not commissionable in the program {program}."),
		locale.T("No commission: the product is not commissionable in your program.")},
	FlatNoCurrency: {locale.T("No commission: the flat rate has no amount in the order's currency. Add one to the " +
		"program's product."), locale.T("No commission: the flat rate has no amount in this currency.")},
	LineNetZero: both(locale.T("No commission: after discounts and refunds nothing is left to earn on.")),
	RateZero:    both(locale.T("No commission: {formula}.")),
	BaseParts: admins(locale.T("By the program's rules the percentage is of {base}: {net} after discounts, plus " +
		"{discount} of discounts, {tax} of tax and {shipping} of shipping.")),
	RefundSpread: admins(locale.T("{spread} of the {refunded} refunded is this line's share of a refund that named " +
		"no line.")),

	OrderNotPaid: {locale.T("The order isn't paid yet. Commission comes when it is."),
		locale.T("The order isn't paid yet.")},
	OrderPayFailed: {locale.T("The payment failed, so there is no commission."), locale.T("The payment was declined.")},
	OrderCanceled: {locale.T("The order was canceled, so there is no commission."),
		locale.T("The order was canceled.")},
	OrderChanged:      {locale.T("The order changed."), locale.T("The order changed or was refunded.")},
	OrderRefunded:     both(locale.T("The order was refunded in full.")),
	OrderRefundedPart: both(locale.T("Part of the order was refunded.")),
	RefundUndone:      both(locale.T("A refund was undone.")),
	CanceledByAdmin: {locale.T("An admin canceled the commission."),
		locale.T("The commission was canceled.")},
	Redecided: {locale.T("An earlier click became known later, so the order was checked again."),
		locale.T("We checked this order again with new information.")},
	Reran: {locale.T("An admin re-ran the order and chose who gets credit."),
		locale.T("An admin re-credited this sale.")},
	PaidOut: {locale.T("The commission was marked as paid."), locale.T("The commission was paid.")},
	ApprovedByAdmin: {locale.T("An admin approved the commission."),
		locale.T("The commission was approved.")},
	ApprovedByRule: {locale.T("A rule of the program approved the commission."),
		locale.T("The commission was approved.")},
	UnapprovedByHand: {locale.T("An admin took the approval back."), locale.T("The commission is pending again.")},
	PayoutUndone: {locale.T("The payout was undone. The amount is owed again."),
		locale.T("The amount is owed again.")},
	PaymentReturned: both(locale.T("The payment was returned. The amount is owed again.")),
	PaymentUndone:   both(locale.T("The payment was marked as paid by mistake. The amount is owed again.")),

	TwoPeople: admins(locale.T("Two people are required to pay. Make a batch, and have someone else release " +
		"it.")),
	AllInPayout:       admins(locale.T("Everything owed is already in a payout.")),
	NothingToPay:      admins(locale.T("There is nothing to pay: the balance is {amount}.")),
	BelowThreshold:    admins(locale.T("{amount} is owed; payouts start at {threshold}.")),
	PartnerNotPaid:    admins(locale.T("This partner is {state} and can't be paid.")),
	PayPalUnconfirmed: admins(locale.T("The partner hasn't confirmed their new PayPal address yet.")),
	PaymentUnconfirmed: admins(locale.T("The PayPal address came with a sign-up form that wasn't logged in. The " +
		"partner has to log in and confirm it.")),
	NoPayPalAddress: admins(locale.T("The partner hasn't given a PayPal address.")),
	PayPalRefuses:   admins(locale.T("PayPal's file can't hold this payment. {why}")),
	NotInBatch:      admins(locale.T("They can be paid, but weren't picked for this batch.")),
	NoPayee:         admins(locale.T("No payee name or mailing address yet.")),

	ReviewBuyer:       admins(locale.T("The order has no valid buyer email.")),
	ReviewNoProduct:   admins(locale.T("A line of the order has no product.")),
	ReviewRefund:      admins(locale.T("The refund is larger than the line.")),
	ReviewRefundOrder: admins(locale.T("The refund is larger than the order.")),
	ReviewTotal:       admins(locale.T("The order's total doesn't match its lines, tax, shipping and fees.")),
	ReviewDiffers: admins(locale.T("Two different states of the order came with the same version. The first one " +
		"counts.")),
	ReviewLateFact: admins(locale.T("An earlier click became known after commissions of this order were approved.")),

	SkipMissing:  admins(locale.T("there is no such commission.")),
	SkipChanged:  admins(locale.T("it changed while you were looking.")),
	SkipApproved: admins(locale.T("it is already approved.")),
	SkipCanceled: admins(locale.T("it is already canceled.")),
	SkipPending:  admins(locale.T("it is pending.")),
	SkipOnHold:   admins(locale.T("it is on hold. Approve it with a reason, or wait.")),
	SkipInPayout: admins(locale.T("it is in a payout.")),
	SkipPaid:     admins(locale.T("it is already paid.")),
	SkipNoOrder:  admins(locale.T("there is no such order.")),
	SkipSame:     admins(locale.T("it already has this credit, and nothing of it is canceled.")),
	SkipNetted: admins(locale.T("it was returned from a payout, and a refund on it was settled. You can only pay or " +
		"cancel it.")),
	SkipRerun:   admins(locale.T("its order was re-run since it was canceled.")),
	SkipFollows: admins(locale.T("it follows its order, which was refunded or declined.")),
}

// Facts are what fills the {names} of a sentence: texts, amounts, numbers.
type Facts map[string]any

// Stored are facts as traces hold them, in words: codes by their names, times of
// RFC 3339 by the clock of the zone they name.
func Stored(facts map[string]string) Facts {
	said := Facts{}
	for name, value := range facts {
		if word, ok := factWords[name][value]; ok {
			said[name] = word
		} else if at, err := time.Parse(time.RFC3339, value); err == nil {
			said[name] = locale.At(at)
		} else {
			said[name] = value
		}
	}
	return said
}

// factWords are the words for stored codes, by the name of the fact.
var factWords = map[string]map[string]locale.Text{
	"rule": {"first": locale.C("referrer", "first"), "last": locale.C("referrer", "last"),
		"stored": locale.T("stored referrer"), "stored_days": locale.T("recently seen"),
		"live": locale.T("recent click")},
	"priority": {"click": locale.T("click"), "coupon": locale.T("coupon"),
		"newest": locale.T("the newest")},
	"by": {"contact": locale.T("contact record"), "user": locale.T("user account"),
		"e-mail": locale.T("email address")},
	"when": {"always": locale.T("every sale"), "no_live_click": locale.T("no click with the order"),
		"no_click_within": locale.T("no recent click"), "self_referral": locale.T("the partner's own purchase"),
		"returning_customer": locale.T("returning customer"), "order_from": locale.T("large order")},
	"then": {"approve": locale.T("approve the sale"), "hold": locale.T("hold the sale"),
		"decline": locale.T("decline the sale")},
	"state": {"applied": locale.T("waiting for approval"), "active": locale.T("active"),
		"suspended": locale.T("suspended"), "rejected": locale.T("rejected"), "removed": locale.T("removed")},
	"source": {"pixel": locale.T("pixel"), "api": locale.T("API"), "manual": locale.T("logged by an admin")},
}

// ForAdmin is the sentence that admins read.
func (r Code) ForAdmin(facts Facts) locale.Text { return fill(sentences[r].admin, facts) }

// ForPartner is the sentence that the partner concerned reads, none when the
// matter is not theirs.
func (r Code) ForPartner(facts Facts) locale.Text { return fill(sentences[r].partner, facts) }

// fill puts facts in the places of their {names}; a fact that is missing is "none".
func fill(sentence locale.Text, facts Facts) locale.Text {
	if facts == nil {
		facts = Facts{}
	}
	return sentence.With(facts)
}
