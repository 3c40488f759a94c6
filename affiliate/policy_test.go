package affiliate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Spec: S3 S129 S131 S133 S148 D9
func TestPolicyIsCheckedByField(t *testing.T) {
	r, _, _ := newRegistry(t)
	program := newProgram(t, r, "Gold", 2)
	window := func(from, to int) affiliate.Window {
		return affiliate.Window{Name: "June", From: noon.AddDate(0, 0, from), To: noon.AddDate(0, 0, to)}
	}
	rule := func(change func(*affiliate.AutoRule)) func(*affiliate.Policy) {
		one := affiliate.AutoRule{When: affiliate.NoLiveClick, Then: affiliate.DeclineSale, Reason: "No click."}
		change(&one)
		return func(p *affiliate.Policy) { p.Rules = []affiliate.AutoRule{one} }
	}
	for _, test := range []struct {
		field  string // "" when it is right
		change func(*affiliate.Policy)
	}{
		{"", func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.StoredForDays, 30 }},
		{"", func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, 0 }},
		{"", func(p *affiliate.Policy) { p.Windows = []affiliate.Window{window(0, 1), window(1, 2)} }},
		{"", rule(func(r *affiliate.AutoRule) {})},
		{"", rule(func(r *affiliate.AutoRule) {
			r.When, r.Amount, r.Currency = affiliate.OrderFrom, money.MustParse("500"), "USD"
		})},
		{"credit", func(p *affiliate.Policy) { p.Credit = "any" }},
		{"credit_days", func(p *affiliate.Policy) { p.Credit = affiliate.StoredForDays }},
		{"credit_days", func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, -1 }},
		{"self_referral", func(p *affiliate.Policy) { p.SelfReferral = "" }},
		{"flat_per", func(p *affiliate.Policy) { p.FlatPer = "dozen" }},
		{"", func(p *affiliate.Policy) {
			p.Base = affiliate.Base{BeforeDiscount: true, WithTax: true, WithShipping: true}
		}},
		{"", func(p *affiliate.Policy) { p.FlatPer = affiliate.FlatPerOrder }},
		{"renewal_limit", func(p *affiliate.Policy) { p.RenewalLimit = -1 }},
		{"hold", func(p *affiliate.Policy) { p.Hold = -1 }},
		{"windows.1", func(p *affiliate.Policy) { p.Windows = []affiliate.Window{window(1, 1)} }},
		{"windows.2", func(p *affiliate.Policy) { p.Windows = []affiliate.Window{window(0, 2), window(1, 3)} }},
		{"rules.1", rule(func(r *affiliate.AutoRule) { r.When = "" })},
		{"rules.1", rule(func(r *affiliate.AutoRule) { r.Then = "shout" })},
		{"rules.1", rule(func(r *affiliate.AutoRule) { r.Reason = "" })},
		{"rules.1", rule(func(r *affiliate.AutoRule) { r.When = affiliate.NoClickWithin })},
		{"rules.1", rule(func(r *affiliate.AutoRule) { r.When = affiliate.OrderFrom })},
	} {
		p, err := r.Policy(t.Context(), program.ID)
		if err != nil {
			t.Fatal(err)
		}
		test.change(&p)
		_, err = r.SavePolicy(t.Context(), anna, p)
		if wrong := affiliate.KindOf(err) == affiliate.KindInvalid; wrong != (test.field != "") || wrong &&
			problem(err, test.field) == "" {
			t.Errorf("%+v: %v, want a problem with %q", p, err, test.field)
		}
	}
}

// Spec: S3.2 S10 S30
func TestPolicyHoldsFromItsSaveAndForItsProgram(t *testing.T) {
	r, h, c := newRegistry(t)
	gold, silver := newProgram(t, r, "Gold", 2), newProgram(t, r, "Silver", 1)
	first, err := r.Policy(t.Context(), gold.ID)
	if err != nil || first.Version != 1 || first.Tiers != 2 || first.Credit != affiliate.StoredReferrer ||
		first.SelfReferral != affiliate.HoldSelf {
		t.Fatalf("a new program's policy is %+v, %v", first, err)
	}
	c.Advance(time.Hour)
	changed := first
	changed.Credit, changed.CreditDays, changed.Hold, changed.FlatPer = affiliate.LiveClick, 7, 30,
		affiliate.FlatPerOrder
	changed.Windows = []affiliate.Window{{Name: "June", From: noon, To: noon.AddDate(0, 1, 0)}}
	saved, err := r.SavePolicy(t.Context(), anna, changed)
	if err != nil || saved.Version != 2 {
		t.Fatalf("%+v, %v", saved, err)
	}
	for _, test := range []struct {
		at   time.Time
		want affiliate.Policy
	}{{noon.Add(time.Hour - time.Microsecond), first}, {noon.Add(time.Hour), saved}} {
		if got, err := affiliate.PolicyAt(t.Context(), h, gold.ID, test.at); err != nil || !cmp.Equal(got, test.want) {
			t.Errorf("at %s: %v, %s", test.at, err, cmp.Diff(test.want, got))
		}
	}
	if p, err := r.Policy(t.Context(), silver.ID); err != nil || p.Credit != affiliate.StoredReferrer || p.Hold != 0 {
		t.Errorf("it leaked to another program: %+v, %v", p, err)
	}
	if _, err := r.SavePolicy(t.Context(), anna, changed); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("a save over one not seen: %v", err)
	}
	if history, err := r.History(t.Context(), "program", int64(gold.ID), 0, 1); err != nil ||
		history[0].Action != "save policy" || history[0].Actor != anna || history[0].Before == nil {
		t.Errorf("audit %+v, %v", history, err)
	}
}

// Spec: S12 S15 S30
func TestChangedTiersHoldForLaterSalesOnly(t *testing.T) {
	r, h, c := newRegistry(t)
	program := newProgram(t, r, "Gold", 2)
	c.Advance(time.Hour)
	program.Tiers = 1
	if _, err := r.EditProgram(t.Context(), anna, program); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]int{noon: 2, noon.Add(time.Hour): 1} {
		if p, err := affiliate.PolicyAt(t.Context(), h, program.ID, at); err != nil || p.Tiers != want {
			t.Errorf("at %s: %d tiers, %v", at, p.Tiers, err)
		}
	}
}

// Spec: S17 S18 S19 S20 S89
func TestProgramSwitchesAreStoredAndAudited(t *testing.T) {
	r, _, _ := newRegistry(t)
	p := newProgram(t, r, "Gold", 1)
	if p.ShowDeclined || p.ShowHistory || p.NotifyEarned {
		t.Errorf("on without being asked for: %+v", p)
	}
	p.ShowPending, p.ShowDeclined, p.ShowHistory, p.NotifyEarned = true, true, true, true
	edited, err := r.EditProgram(t.Context(), anna, p)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Program(t.Context(), p.ID); err != nil || got != edited || !got.ShowDeclined || !got.ShowHistory ||
		!got.NotifyEarned || !got.ShowPending {
		t.Errorf("stored %+v, %v", got, err)
	}
	if history, err := r.History(t.Context(), "program", int64(p.ID), 0, 1); err != nil || history[0].Action != "edit" {
		t.Errorf("audit %+v, %v", history, err)
	}
	made, err := r.CreateProgram(t.Context(), anna, p)
	if err != nil || !made.ShowDeclined || !made.NotifyEarned {
		t.Errorf("created %+v, %v", made, err)
	}
}
