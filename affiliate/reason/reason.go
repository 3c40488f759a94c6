// Package reason holds the stable codes for why something is as it is, and the
// sentences that admins and partners read instead of them.
package reason

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
	RunAgainNobody    Code = "RUN_AGAIN_NOBODY"
	RunAgainSame      Code = "RUN_AGAIN_SAME"
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
	OrderNotPaid    Code = "ORDER_UNPAID"
	OrderPayFailed  Code = "ORDER_FAILED"
	OrderCanceled   Code = "ORDER_VOID"
	OrderChanged    Code = "ORDER_CHANGED"
	CanceledByAdmin Code = "CANCELED_BY_ADMIN"

	OrderRefunded     Code = "ORDER_REFUNDED"
	OrderRefundedPart Code = "ORDER_REFUNDED_PART"
	RefundUndone      Code = "REFUND_UNDONE"

	Redecided        Code = "DECIDED_ANEW"
	Reran            Code = "RUN_AGAIN"
	PaidOut          Code = "PAID_OUT"
	ApprovedByAdmin  Code = "APPROVED_BY_ADMIN"
	ApprovedByRule   Code = "APPROVED_BY_RULE"
	UnapprovedByHand Code = "UNAPPROVED_BY_ADMIN"
	PayoutUndone     Code = "PAYOUT_UNDONE"
	PaymentReturned  Code = "PAYMENT_RETURNED"
	PaymentUndone    Code = "PAYMENT_UNDONE"
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
	SkipRerun    Code = "RERUN_SINCE"
	SkipFollows  Code = "FOLLOWS_ORDER"
)

// Why a payout leaves a partner out.
const (
	TwoPeople          Code = "TWO_PEOPLE"
	AllInPayout        Code = "ALL_IN_PAYOUT"
	NothingToPay       Code = "NOTHING_TO_PAY"
	BelowThreshold     Code = "BELOW_THRESHOLD"
	PartnerNotPaid     Code = "PARTNER_NOT_PAID"
	PayPalUnconfirmed  Code = "PAYPAL_UNCONFIRMED"
	PaymentUnconfirmed Code = "PAYMENT_UNCONFIRMED"
	NoPayPalAddress    Code = "NO_PAYPAL_ADDRESS"
	PayPalRefuses      Code = "PAYPAL_REFUSES"
	NoPayee            Code = "NO_PAYEE"
	NotInBatch         Code = "NOT_IN_BATCH"
)
