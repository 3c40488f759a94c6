package sale

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
)

// ago is n days before the sale of judged.
func ago(days float64) time.Time {
	return noon.Add(-time.Duration(days * 24 * float64(time.Hour)))
}

// form is a form of the buyer that carried a click of a partner.
func form(partner affiliate.PartnerID, clicked, submitted time.Time) tracking.FoldTouchpoint {
	return tracking.FoldTouchpoint{Kind: tracking.OptIn, At: submitted, Origin: affiliate.ByForm,
		Touch: tracking.Touch{State: tracking.Valid, PartnerID: partner, ClickedAt: &clicked}}
}

// judged are facts of selling with a policy; partner 1 was clicked 10 days ago
// and their click came with a form 9 days ago.
func judged(change func(*affiliate.Policy)) facts {
	f := selling()
	f.placed = noon
	f.policy = affiliate.DefaultPolicy(5, 2)
	f.past = []tracking.FoldTouchpoint{form(1, ago(10), ago(9)),
		form(2, ago(1), ago(1))} // another's click never helps (D28)
	f.person = identify(70, 71, "buyer@example.com", "payer@example.com")
	f.enrollment.person = identify(80, 81, "partner@example.com", "paypal@example.com")
	f.enrollment.recruiter = identify(90, 91, "recruiter@example.com", "")
	change(&f.policy)
	return f
}

// own makes the order itself carry a click of the partner.
func (f facts) own(partner affiliate.PartnerID, clicked time.Time) facts {
	f.touch = tracking.Touch{State: tracking.Valid, PartnerID: partner, ClickedAt: &clicked}
	f.past = append(slices.Clone(f.past), form(partner, clicked, f.placed))
	return f
}

// wantJudged checks the outcome, and that the trace names every code.
func wantJudged(t *testing.T, f facts, want reason.Code, codes ...reason.Code) Decision {
	t.Helper()
	d := decide(f)
	if d.Reason != want || (d.PartnerID != 0) != (want == reason.Credited) {
		t.Errorf("decided %s for %d, want %s", d.Reason, d.PartnerID, want)
	}
	if d.Via == ByCoupon {
		want = reason.CreditedCoupon
	}
	for _, code := range append(codes, want) {
		if !slices.ContainsFunc(d.Trace.Steps, func(s Step) bool { return s.Code == code }) {
			t.Errorf("the trace does not name %s: %v", code, d.Trace.Steps)
		}
	}
	return d
}

func rule(credit affiliate.CreditRule, days int) func(*affiliate.Policy) {
	return func(p *affiliate.Policy) { p.Credit, p.CreditDays = credit, days }
}

// Spec: S127.1 S128.1 S129.1 S129.2 S129.3 D1 D28.2
func TestCreditRules(t *testing.T) {
	for _, test := range []struct {
		name string
		f    facts
		want reason.Code
		code reason.Code
	}{
		{"stored: however long ago", judged(rule(affiliate.StoredReferrer, 0)), reason.Credited, reason.ViaStored},
		{"for 9 days: the form was on the last of them", judged(rule(affiliate.StoredForDays, 9)), reason.Credited,
			reason.CreditRuleMet},
		{"for 8 days: lapsed", judged(rule(affiliate.StoredForDays, 8)), reason.CreditLapsed, reason.CreditLapsed},
		{"for 1 day: renewed by a new click", judged(rule(affiliate.StoredForDays, 1)).own(1, ago(0.1)),
			reason.Credited, reason.CreditRuleMet},
		{"live in 10 days", judged(rule(affiliate.LiveClick, 10)), reason.Credited, reason.CreditRuleMet},
		{"live in 9 days: the click counts, not the form", judged(rule(affiliate.LiveClick, 9)),
			reason.LiveClickMissing, reason.LiveClickMissing},
		{"live in 9 days: by the order's own click", judged(rule(affiliate.LiveClick, 9)).own(1, ago(0.1)),
			reason.Credited, reason.CreditRuleMet},
		{"live in 9 days: the order's own click is older", judged(rule(affiliate.LiveClick, 9)).own(1, ago(9.1)),
			reason.LiveClickMissing, reason.LiveClickMissing},
		{"live: no click of the order's own", judged(rule(affiliate.LiveClick, 0)), reason.LiveClickMissing,
			reason.LiveClickMissing},
		{"live: by the order's own click", judged(rule(affiliate.LiveClick, 0)).own(1, ago(30)), reason.Credited,
			reason.ViaLink},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.code == reason.ViaLink {
				test.f.touch.VisitID = test.f.referrers.Last.VisitID
			}
			wantJudged(t, test.f, test.want, test.code)
		})
	}
}

// The qualifying click must be the candidate's: another's credits neither of them.
//
// Spec: S129 D28.1
func TestARefusalCreditsNobodyElse(t *testing.T) {
	f := judged(rule(affiliate.LiveClick, 0)).own(2, ago(0.1))
	f.settings.Credit, f.referrers.First = affiliate.FirstReferrer, referrer(1)
	if d := wantJudged(t, f, reason.LiveClickMissing, reason.TouchValid); d.PartnerID != 0 || d.RecruiterID != 0 ||
		d.Via != "" {
		t.Errorf("credited %+v", d)
	}
}

// Spec: S65, S74, S129
func TestAnAssignmentIsASource(t *testing.T) {
	f := judged(rule(affiliate.StoredForDays, 5))
	f.past = []tracking.FoldTouchpoint{{Kind: tracking.SetLast, At: ago(3),
		Touch: tracking.Touch{State: tracking.Assigned, PartnerID: 1}}}
	f.referrers.Last.VisitID = 0
	if d := wantJudged(t, f, reason.Credited, reason.ViaAssigned, reason.CreditRuleMet); d.Via != Assigned {
		t.Errorf("via %q", d.Via)
	}
	f.policy.Credit = affiliate.LiveClick
	wantJudged(t, f, reason.LiveClickMissing) // it is no click
}

// Spec: S131.1 S131.2 D28.3
func TestPromotionWindows(t *testing.T) {
	window := func(from, to float64) func(*affiliate.Policy) {
		return func(p *affiliate.Policy) {
			p.Windows = []affiliate.Window{{Name: "June", From: ago(from), To: ago(to)}}
		}
	}
	wantJudged(t, judged(window(11, -1)), reason.Credited, reason.PromotionMet)
	wantJudged(t, judged(window(10, -1)), reason.Credited, reason.PromotionMet) // clicked as it began
	wantJudged(t, judged(window(9.9, -1)), reason.PromotionMissed)
	wantJudged(t, judged(window(0, -1)), reason.PromotionMissed) // placed as it began: in the window
	wantJudged(t, judged(window(5, 0)), reason.Credited)         // placed as it ended: outside
	wantJudged(t, judged(window(5, -1)).own(1, ago(1)), reason.Credited, reason.PromotionMet)
	wantJudged(t, judged(window(5, -1)).own(2, ago(1)), reason.PromotionMissed) // another's click
}

// Spec: S132 D28.4
func TestResetWantsALaterClick(t *testing.T) {
	reset := func(days float64, f facts) facts {
		f.reset = &tracking.Reset{At: ago(days)}
		return f
	}
	stored := rule(affiliate.StoredReferrer, 0)
	wantJudged(t, reset(11, judged(stored)), reason.Credited, reason.ReferralRenewed)
	wantJudged(t, reset(10, judged(stored)), reason.ReferralReset) // clicked at that very moment: not after it
	wantJudged(t, reset(5, judged(stored)), reason.ReferralReset)
	wantJudged(t, reset(5, judged(stored).own(1, ago(4))), reason.Credited, reason.ReferralRenewed)
	wantJudged(t, reset(5, judged(stored).own(1, ago(6))), reason.ReferralReset) // an old cookie
	f := reset(5, judged(stored))
	f.past = append(f.past, tracking.FoldTouchpoint{Kind: tracking.SetLast, At: ago(1),
		Touch: tracking.Touch{State: tracking.Assigned, PartnerID: 1}})
	wantJudged(t, f, reason.Credited, reason.ReferralRenewed)
}

// Spec: S133, D29
func TestSelfReferral(t *testing.T) {
	policy := func(s affiliate.SelfReferral) func(*affiliate.Policy) {
		return func(p *affiliate.Policy) { p.SelfReferral = s }
	}
	for name, same := range map[string]identity{
		"contact": identify(80, 0),
		"user":    identify(0, 81),
		"e-mail":  identify(0, 0, "Partner@Example.com"),
		"payer":   identify(0, 0, "buyer@example.com", "partner@example.com"),
		"paypal":  identify(0, 0, "buyer@example.com", "paypal@example.com"),
	} {
		buys := func(s affiliate.SelfReferral) facts {
			f := judged(policy(s))
			f.person = same
			return f
		}
		if d := wantJudged(t, buys(affiliate.AllowSelf), reason.Credited); d.Auto != "" {
			t.Errorf("%s: allowed, yet %q", name, d.Auto)
		}
		if d := wantJudged(t, buys(affiliate.HoldSelf), reason.Credited, reason.SelfHeld); d.Auto != AutoDecide {
			t.Errorf("%s: held, yet %q", name, d.Auto)
		}
		wantJudged(t, buys(affiliate.DenySelf), reason.SelfReferred)
	}
	wantJudged(t, judged(policy(affiliate.DenySelf)), reason.Credited, reason.SelfClear)
}

// Spec: D29.4
func TestRecruiterWhoBuys(t *testing.T) {
	buys := func(s affiliate.SelfReferral) facts {
		f := judged(func(p *affiliate.Policy) { p.SelfReferral = s })
		f.person = identify(0, 0, "recruiter@example.com")
		return f
	}
	if d := wantJudged(t, buys(affiliate.AllowSelf), reason.Credited, reason.Level2Credited); d.RecruiterID != 9 {
		t.Errorf("%+v", d)
	}
	if d := wantJudged(t, buys(affiliate.HoldSelf), reason.Credited, reason.SelfHeld); d.Auto != AutoDecide {
		t.Errorf("%+v", d)
	}
	if d := wantJudged(t, buys(affiliate.DenySelf), reason.Credited, reason.RecruiterBuys); d.RecruiterID != 0 ||
		d.PartnerID != 1 {
		t.Errorf("%+v", d)
	}
}

// Spec: S148.3
func TestNewCustomersOnly(t *testing.T) {
	f := judged(func(p *affiliate.Policy) { p.NewOnly = true })
	wantJudged(t, f, reason.Credited, reason.CustomerNew)
	f.returning = true
	wantJudged(t, f, reason.CustomerReturned)
	f.policy.NewOnly = false
	wantJudged(t, f, reason.Credited)
}

// Spec: S133.1 S133.2
func TestAutomaticRules(t *testing.T) {
	with := func(rules ...affiliate.AutoRule) facts {
		return judged(func(p *affiliate.Policy) { p.Rules, p.Hold = rules, 14 })
	}
	one := func(when affiliate.Condition, then affiliate.Verdict, hold int) affiliate.AutoRule {
		return affiliate.AutoRule{When: when, Then: then, Hold: hold, Days: 5, Amount: usd("100"), Currency: "USD",
			Reason: "Because."}
	}
	decline := one(affiliate.NoLiveClick, affiliate.DeclineSale, 0)
	d := wantJudged(t, with(decline), reason.DeclinedByRule)
	if says := d.Trace.PartnerLines(1); !slices.Contains(english(says),
		"A rule of the program declined this sale: Because.") {
		t.Errorf("the partner reads %v", says)
	}
	wantJudged(t, with(decline).own(1, ago(1)), reason.Credited, reason.RulePassed)
	for _, test := range []struct {
		name string
		f    facts
		auto Auto
		hold int
	}{
		{"the policy's own hold", with(), "", 14},
		{"approve", with(one(affiliate.EverySale, affiliate.ApproveSale, 0)), AutoApprove, 14},
		{"hold longer", with(one(affiliate.NoClickWithin, affiliate.HoldSale, 30)), "", 30},
		{"hold until a person decides", with(one(affiliate.NoLiveClick, affiliate.HoldSale, 0)), AutoDecide, 14},
		{"the first that applies", with(one(affiliate.ReturningCustomer, affiliate.DeclineSale, 0),
			one(affiliate.EverySale, affiliate.ApproveSale, 0), one(affiliate.EverySale, affiliate.DeclineSale, 0)),
			AutoApprove, 14},
	} {
		if d := wantJudged(t, test.f, reason.Credited); d.Auto != test.auto || d.HoldDays != test.hold {
			t.Errorf("%s: %q for %d days, want %q for %d", test.name, d.Auto, d.HoldDays, test.auto, test.hold)
		}
	}
	big := with(one(affiliate.OrderFrom, affiliate.DeclineSale, 0))
	for _, test := range []struct {
		total, currency string
		want            reason.Code
	}{{"100", "USD", reason.DeclinedByRule}, {"99.99", "USD", reason.Credited}, {"1000", "EUR", reason.Credited}} {
		big.total, big.currency = usd(test.total), "USD"
		if test.currency == "EUR" {
			big.currency = "EUR"
		}
		wantJudged(t, big, test.want)
	}
	self := with(one(affiliate.OwnPurchase, affiliate.DeclineSale, 0))
	self.person = self.enrollment.person
	wantJudged(t, self, reason.DeclinedByRule)
	held := with(one(affiliate.EverySale, affiliate.ApproveSale, 0))
	held.policy.SelfReferral, held.person = affiliate.HoldSelf, held.enrollment.person
	if d := wantJudged(t, held, reason.Credited, reason.SelfHeld); d.Auto != AutoDecide {
		t.Errorf("a rule approves what a person must decide: %q", d.Auto)
	}
}

// Spec: D24.4
func TestAnAdminsChoiceOverridesTheRules(t *testing.T) {
	f := judged(func(p *affiliate.Policy) {
		p.Credit, p.SelfReferral, p.NewOnly = affiliate.LiveClick, affiliate.DenySelf, true
		p.Rules = []affiliate.AutoRule{{When: affiliate.EverySale, Then: affiliate.DeclineSale, Reason: "No."}}
	})
	f.person, f.returning, f.override = f.enrollment.person, true, true
	wantJudged(t, f, reason.Credited)
}

// Whatever the rules, who is credited is the candidate or nobody, the same facts
// decide the same, and recording depends on no rule.
//
// Spec: D28.1 B2
func TestRulesCreditTheCandidateOrNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := judged(func(p *affiliate.Policy) {
			p.Credit = rapid.SampledFrom([]affiliate.CreditRule{affiliate.StoredReferrer, affiliate.StoredForDays,
				affiliate.LiveClick}).Draw(t, "credit")
			p.CreditDays = rapid.IntRange(0, 12).Draw(t, "days")
			p.SelfReferral = rapid.SampledFrom([]affiliate.SelfReferral{affiliate.AllowSelf, affiliate.HoldSelf,
				affiliate.DenySelf}).Draw(t, "self")
			p.NewOnly = rapid.Bool().Draw(t, "new")
			from := rapid.IntRange(-2, 12).Draw(t, "from")
			p.Windows = []affiliate.Window{{Name: "w", From: ago(float64(from)), To: ago(float64(from - 5))}}
		})
		f.returning = rapid.Bool().Draw(t, "returning")
		if rapid.Bool().Draw(t, "own") {
			f = f.own(affiliate.PartnerID(rapid.IntRange(1, 2).Draw(t, "clicked")),
				ago(float64(rapid.IntRange(0, 12).Draw(t, "ago"))))
		}
		d := decide(f)
		if d.PartnerID != 0 && d.PartnerID != f.candidate().PartnerID ||
			(d.Reason == reason.Credited) != (d.PartnerID != 0) {
			t.Fatalf("credited %d by %s, the candidate is %d", d.PartnerID, d.Reason, f.candidate().PartnerID)
		}
		if diff := cmp.Diff(d, decide(f)); diff != "" {
			t.Fatalf("decided otherwise:\n%s", diff)
		}
	})
}
