package sale

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
)

// Auto is what becomes of an order's commissions without a person (S133).
type Auto string

// What can become of them; "" is nothing: they wait for a person.
const (
	AutoApprove Auto = "approve" // once the hold is over
	AutoDecide  Auto = "decide"  // on hold until a person decides, however long
)

// check is what one rule says of an order: its step in the trace, and whether
// it refuses the credit. The zero check is a rule that the program does not have.
type check struct {
	code    reason.Code
	facts   []any
	refuses bool
}

// judge puts a candidate who may earn to the rules of their program, one after
// the other; the first that refuses decides, and nobody else is credited (D28).
func (d *Decision) judge(f facts) reason.Code {
	if f.override {
		return reason.Credited
	}
	rules := []func(facts) check{proof, creditRule, promotion, afterReset, selfReferral, newCustomer}
	if f.byCoupon { // the others are about clicks
		rules = rules[4:]
	}
	for _, rule := range rules {
		c := rule(f)
		if c.code == "" {
			continue
		}
		d.Trace.add(c.code, append(c.facts, "partner", f.candidate().PartnerID, "program", f.enrollment.ProgramID)...)
		if c.refuses {
			return c.code
		}
		if c.code == reason.SelfHeld || c.code == reason.ReferralUnproven {
			d.Auto = AutoDecide
		}
		d.Unproven = d.Unproven || c.code == reason.ReferralUnproven
	}
	return d.police(f)
}

// proof holds a sale by a referrer who is not proven, unless the one proven before
// is the same: anybody can send a form in the buyer's name (D41).
func proof(f facts) check {
	c := f.candidate()
	if c.Proof.Proven() || c.PartnerID == f.referrers.Proven.PartnerID {
		return check{}
	}
	return check{reason.ReferralUnproven, []any{"proven", orNone(f.referrers.Proven.PartnerID), "since", instant(c.At)},
		false}
}

// creditRule is the program's credit rule (S129).
func creditRule(f facts) check {
	days := f.policy.CreditDays
	back := f.placed.AddDate(0, 0, -days)
	switch f.policy.Credit {
	case affiliate.StoredForDays:
		last := f.lastSign()
		return check{pick(last.Before(back), reason.CreditLapsed, reason.CreditRuleMet),
			[]any{"rule", f.policy.Credit, "days", days, "last", instant(&last)}, last.Before(back)}
	case affiliate.LiveClick:
		click := f.lastClick()
		live := f.ownClick()
		if days > 0 {
			live = !click.Before(back)
		}
		return check{pick(live, reason.CreditRuleMet, reason.LiveClickMissing),
			[]any{"rule", f.policy.Credit, "days", days, "last", instant(&click)}, !live}
	}
	return check{}
}

// promotion lets only those earn who were clicked since the promotion began (S131).
func promotion(f facts) check {
	w, running := f.policy.WindowAt(f.placed)
	if !running {
		return check{}
	}
	click := f.lastClick()
	missed := click.Before(w.From)
	return check{pick(missed, reason.PromotionMissed, reason.PromotionMet),
		[]any{"promotion", w.Name, "last", instant(&click)}, missed}
}

// afterReset lets only those earn who were clicked, or assigned by an admin,
// after the buyer's referral right was reset (S132).
func afterReset(f facts) check {
	if f.reset == nil {
		return check{}
	}
	last := later(f.lastClick(), f.lastAssigned())
	void := !last.After(f.reset.At)
	return check{pick(void, reason.ReferralReset, reason.ReferralRenewed),
		[]any{"reset", instant(&f.reset.At), "last", instant(&last)}, void}
}

// selfReferral finds partners, and those who recruited them, who buy themselves (D29).
func selfReferral(f facts) check {
	if f.policy.SelfReferral == affiliate.AllowSelf || f.policy.SelfReferral == "" {
		return check{}
	}
	by := f.person.same(f.enrollment.person)
	if by != "" && f.policy.SelfReferral == affiliate.DenySelf {
		return check{reason.SelfReferred, []any{"by", by}, true}
	}
	if by == "" && f.policy.SelfReferral == affiliate.HoldSelf && f.enrollment.Tiers == 2 &&
		f.enrollment.RecruiterEarns {
		by = f.person.same(f.enrollment.recruiter)
	}
	if by != "" {
		return check{reason.SelfHeld, []any{"by", by}, false}
	}
	return check{reason.SelfClear, nil, false}
}

// newCustomer lets only a customer's first sale earn (S148).
func newCustomer(f facts) check {
	if !f.policy.NewOnly {
		return check{}
	}
	return check{pick(f.returning, reason.CustomerReturned, reason.CustomerNew), nil, f.returning}
}

// police applies the first automatic rule whose condition holds (S133).
func (d *Decision) police(f facts) reason.Code {
	d.HoldDays = f.policy.Hold
	if f.policy.Approve && d.Auto == "" {
		d.Auto = AutoApprove
	}
	for i, r := range f.policy.Rules {
		about := []any{"number", i + 1, "when", r.When, "then", r.Then, "reason", r.Reason,
			"partner", f.candidate().PartnerID, "program", f.enrollment.ProgramID}
		if !f.meets(r) {
			d.Trace.add(reason.RulePassed, about...)
			continue
		}
		if r.Then == affiliate.DeclineSale {
			d.Trace.add(reason.DeclinedByRule, about...)
			return reason.DeclinedByRule
		}
		d.Trace.add(reason.RuleApplied, about...)
		d.follow(r)
		return reason.Credited
	}
	return reason.Credited
}

// follow notes what a rule that declines nothing does.
func (d *Decision) follow(r affiliate.AutoRule) {
	switch {
	case d.Auto == AutoDecide: // a rule does not decide what a person must
	case r.Then == affiliate.ApproveSale:
		d.Auto = AutoApprove
	case r.Hold == 0:
		d.Auto = AutoDecide
	}
	d.HoldDays = max(d.HoldDays, r.Hold)
}

// meets tells whether the rule's condition holds.
func (f facts) meets(r affiliate.AutoRule) bool {
	switch r.When {
	case affiliate.EverySale:
		return true
	case affiliate.NoLiveClick:
		return !f.ownClick()
	case affiliate.NoClickWithin:
		return f.lastClick().Before(f.placed.AddDate(0, 0, -r.Days))
	case affiliate.OwnPurchase:
		return f.person.same(f.enrollment.person) != "" || f.person.same(f.enrollment.recruiter) != ""
	case affiliate.ReturningCustomer:
		return f.returning
	case affiliate.OrderFrom:
		return f.currency == r.Currency && f.total.Cmp(r.Amount) >= 0
	}
	return false
}

// ownClick tells whether the order itself carried a click of the candidate: the
// only thing that is "live" (D28).
func (f facts) ownClick() bool {
	return f.touch.State == tracking.Valid && f.touch.PartnerID == f.candidate().PartnerID
}

// lastClick is when the candidate was clicked last, as far as a form of the
// buyer carried it; zero for never.
func (f facts) lastClick() time.Time {
	return f.last(func(form tracking.FoldTouchpoint) time.Time {
		if form.State == tracking.Valid && form.ClickedAt != nil {
			return *form.ClickedAt
		}
		return time.Time{}
	})
}

// lastAssigned is when an admin last made the candidate a referrer of the buyer.
func (f facts) lastAssigned() time.Time {
	return f.last(func(form tracking.FoldTouchpoint) time.Time {
		if form.State == tracking.Assigned {
			return form.At
		}
		return time.Time{}
	})
}

// lastSign is the last that was seen of the candidate: a click, a form with their
// click, or an admin's assignment.
func (f facts) lastSign() time.Time {
	return f.last(func(form tracking.FoldTouchpoint) time.Time {
		if form.State == tracking.Valid || form.State == tracking.Assigned {
			return form.At
		}
		return time.Time{}
	})
}

// last is the latest time that of gives for the candidate's forms.
func (f facts) last(of func(tracking.FoldTouchpoint) time.Time) time.Time {
	var last time.Time
	for _, form := range f.past {
		if form.PartnerID == f.candidate().PartnerID {
			last = later(last, of(form))
		}
	}
	return last
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func pick(first bool, a, b reason.Code) reason.Code {
	if first {
		return a
	}
	return b
}
