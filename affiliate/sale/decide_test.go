package sale

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
)

func referrer(id affiliate.PartnerID) affiliate.Referrer {
	at := noon.Add(-48 * time.Hour)
	return affiliate.Referrer{PartnerID: id, ToolID: affiliate.ToolID(id * 10), SubID: "sub",
		VisitID: affiliate.VisitID(id * 100), At: &at}
}

func touch(state tracking.CookieState, id affiliate.PartnerID) tracking.Touch {
	at := noon.Add(-time.Hour)
	return tracking.Touch{State: state, PartnerID: id, VisitID: affiliate.VisitID(id * 100), ClickedAt: &at}
}

// selling are facts by which partner 1, recruited by 9, is credited in a 2-tier program.
func selling() facts {
	return facts{
		settings:  affiliate.Settings{Version: 3, Credit: affiliate.LastReferrer},
		buyer:     true,
		touch:     tracking.Touch{State: tracking.NoCookie},
		referrers: tracking.Referrers{First: referrer(2), Last: referrer(1)},
		enrollment: enrollment{State: affiliate.Active, MembershipID: 4, ProgramID: 5, Tiers: 2,
			RecruiterID: 9, RecruiterEarns: true},
	}
}

// Spec: S7.1 S7.2 S9 S14 S15.1 S16.1 S60 S74.1 S74.2 D6.1 D29.3 B2
func TestDecide(t *testing.T) {
	for _, test := range []struct {
		name      string
		change    func(*facts)
		reason    reason.Code
		via       Via
		partner   affiliate.PartnerID
		recruiter affiliate.PartnerID
		says      reason.Code // what the trace must name
	}{
		{"last referrer, stored", func(f *facts) {}, reason.Credited, Stored, 1, 9, reason.ViaStored},
		{"first referrer", func(f *facts) { f.settings.Credit = affiliate.FirstReferrer }, reason.Credited, Stored, 2,
			9, reason.ViaStored},
		{"by the order's own click", func(f *facts) { f.touch = touch(tracking.Valid, 1) }, reason.Credited, Link, 1, 9,
			reason.ViaLink},
		{"another's click in first mode", func(f *facts) {
			f.settings.Credit, f.touch = affiliate.FirstReferrer, touch(tracking.Valid, 1)
		}, reason.Credited, Stored, 2, 9, reason.ViaStored},
		{"cookie lost, referral stored", func(f *facts) { f.touch = touch(tracking.Expired, 1) }, reason.Credited,
			Stored, 1, 9, reason.TouchExpired},

		{"no referrer", func(f *facts) { f.referrers = tracking.Referrers{} }, reason.NoReferrer, "", 0, 0,
			reason.NoReferrer},
		{"cookie expired, new contact", func(f *facts) {
			f.referrers, f.touch = tracking.Referrers{}, touch(tracking.Expired, 1)
		}, reason.CookieExpired, "", 0, 0, reason.TouchExpired},
		{"forged cookie", func(f *facts) {
			f.referrers, f.touch = tracking.Referrers{}, tracking.Touch{State: tracking.Forged}
		}, reason.NoReferrer, "", 0, 0, reason.TouchForged},
		{"click of one who could not earn", func(f *facts) {
			f.referrers, f.touch = tracking.Referrers{}, touch(tracking.Inactive, 1)
		}, reason.PartnerNotActive, "", 0, 0, reason.TouchInactive},
		{"blank first never falls back to last", func(f *facts) {
			f.settings.Credit, f.referrers.First = affiliate.FirstReferrer, affiliate.Referrer{}
		}, reason.NoFirstReferrer, "", 0, 0, reason.NoFirstReferrer},
		{"no e-mail", func(f *facts) { f.buyer = false }, reason.NoBuyer, "", 0, 0, reason.NoBuyer},
		{"suspended", func(f *facts) { f.enrollment.State = affiliate.Suspended }, reason.PartnerNotActive, "", 0, 0,
			reason.PartnerNotActive},
		{"applied", func(f *facts) { f.enrollment.State = affiliate.Applied }, reason.PartnerNotActive, "", 0, 0,
			reason.PartnerNotActive},
		{"partner gone", func(f *facts) { f.enrollment = enrollment{} }, reason.PartnerNotActive, "", 0, 0,
			reason.PartnerNotActive},
		{"in no program", func(f *facts) { f.enrollment.MembershipID = 0 }, reason.NoProgram, "", 0, 0,
			reason.NoProgram},
		{"removed before the order", func(f *facts) {
			f.enrollment.State, f.enrollment.MembershipID = affiliate.Removed, 0
		}, reason.PartnerNotActive, "", 0, 0, reason.PartnerNotActive},
		{"program archived", func(f *facts) { f.enrollment.Archived = true }, reason.ProgramArchived, "", 0, 0,
			reason.ProgramArchived},

		{"1 tier", func(f *facts) { f.enrollment.Tiers = 1 }, reason.Credited, Stored, 1, 0, reason.Level2NotIn1Tier},
		{"recruited by nobody", func(f *facts) { f.enrollment.RecruiterID = 0 }, reason.Credited, Stored, 1, 0,
			reason.NoRecruiter},
		{"recruited by themselves", func(f *facts) { f.enrollment.RecruiterID = 1 }, reason.Credited, Stored, 1, 0,
			reason.NoRecruiter},
		{"recruiter inactive", func(f *facts) { f.enrollment.RecruiterEarns = false }, reason.Credited, Stored, 1, 0,
			reason.RecruiterInactive},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := selling()
			test.change(&f)
			d := decide(f)
			if d.Reason != test.reason || d.Via != test.via || d.PartnerID != test.partner ||
				d.RecruiterID != test.recruiter {
				t.Errorf("decided %s via %q for %d and %d, want %s via %q for %d and %d",
					d.Reason, d.Via, d.PartnerID, d.RecruiterID, test.reason, test.via, test.partner, test.recruiter)
			}
			if !slices.ContainsFunc(d.Trace.Steps, func(s Step) bool { return s.Code == test.says }) {
				t.Errorf("the trace does not name %s: %v", test.says, d.Trace.Steps)
			}
			if d.PartnerID != 0 && (d.ToolID != affiliate.ToolID(d.PartnerID*10) || d.SubID != "sub" ||
				d.ProgramID != 5 || d.SettingsVersion != 3) {
				t.Errorf("tool, SubID, program or settings are missing: %+v", d)
			}
		})
	}
}

// Spec: B2
func TestDecideIsPure(t *testing.T) {
	f := selling()
	if diff := cmp.Diff(decide(f), decide(f)); diff != "" {
		t.Errorf("the same facts gave another decision:\n%s", diff)
	}
}

// Spec: S17 S19 S24.2 B2.1 B2.2
func TestTraceIsRenderedForAdminAndPartner(t *testing.T) {
	f := selling()
	f.referrers.First = affiliate.Referrer{}
	d := decide(f)
	d.Trace.Currency = "USD"
	d.Trace.Lines = []LineTrace{{Line: "1", Name: "Book", Levels: []LevelTrace{
		{Level: 1, PartnerID: 1, Code: reason.Earned, Formula: "99.99 × 10 % = 9.999", Amount: usd("10")},
		{Level: 2, PartnerID: 9, Code: reason.FlatNoCurrency},
	}}, {Line: "2", Levels: []LevelTrace{{Level: 1, PartnerID: 1, Code: reason.ProductNotInProgram}}}}
	names := map[affiliate.PartnerID]string{1: "Ann", 9: "Rob"}
	admin := d.Trace.AdminLines(func(id affiliate.PartnerID) string { return names[id] })
	want := []string{
		"The order came without a click cookie.",
		"First referrer of the buyer: none; last referrer: Ann. The last one counts (settings version 3).",
		"Ann gets credit as the last referrer.",
		"The source is a referral stored with the contact on 2 May 2026, 12:00.",
		"Rob recruited Ann and earns on level 2.",
		"Book, Ann, level 1: Earns 10% of $99.99 = $10.00.",
		"Book, Rob, level 2: No commission: the flat rate has no amount in the order's currency. Add one to the " +
			"program's product.",
		"Line 2, Ann, level 1: No commission: product not commissionable in the program 5.",
	}
	if diff := cmp.Diff(want, english(admin)); diff != "" {
		t.Errorf("admins read (-want +got):\n%s", diff)
	}
	want = []string{
		"You earned credit for this sale.",
		"The buyer had used your link before.",
		"Book: Earns 10% of $99.99 = $10.00.",
		"Line 2: No commission: the product is not commissionable in your program.",
	}
	if diff := cmp.Diff(want, english(d.Trace.PartnerLines(1))); diff != "" {
		t.Errorf("the partner reads (-want +got):\n%s", diff)
	}
	want = []string{
		"A partner you recruited made this sale.",
		"Book: No commission: the flat rate has no amount in this currency.",
	}
	if diff := cmp.Diff(want, english(d.Trace.PartnerLines(9))); diff != "" {
		t.Errorf("the recruiter reads (-want +got):\n%s", diff)
	}
	if got := d.Trace.PartnerLines(3); len(got) != 0 {
		t.Errorf("a stranger reads %q", got)
	}
}

func TestTraceSurvivesItsColumn(t *testing.T) {
	want := decide(selling()).Trace
	want.Currency, want.Lines = "USD", []LineTrace{{Line: "1", Base: usd("1"), Levels: []LevelTrace{}}}
	column, err := want.Value()
	if err != nil {
		t.Fatal(err)
	}
	var got Trace
	if err := got.Scan([]byte(column.(string))); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
