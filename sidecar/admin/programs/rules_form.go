package programs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// rulesForm is a program's policy as typed (S71, S129-S133, S148).
type rulesForm struct {
	Version                               string // that the admin saw
	Seen                                  string // digest of the policy whose effect they were shown
	Credit, StoredDays, LiveDays          string
	Windows                               []windowRow
	SelfReferral                          string
	NewOnly                               bool
	RenewalLimit                          string
	BeforeDiscount, WithTax, WithShipping bool
	FlatPer, Hold                         string
	Approve                               bool
	Rules                                 []ruleRow
	Selfs                                 []affiliate.SelfReferral
	FlatPers                              []affiliate.FlatPer
	Problems                              affiliate.Problems
}

// windowRow is a promotion with its first and its last day.
type windowRow struct{ Name, From, To string }

func (w windowRow) empty() bool { return w == windowRow{} }

// ruleRow is an automatic rule; rows without a condition are left out.
type ruleRow struct {
	Place, When, Days, Amount, Currency, Then, Hold, Reason string
	Conditions, Verdicts                                    []web.Option
}

// maxRows is how many promotions or automatic rules a form may bring.
const maxRows = 100

func newRulesForm(p affiliate.Policy, zone *time.Location, currency money.Currency) rulesForm {
	f := rulesForm{Version: strconv.Itoa(p.Version), Credit: string(p.Credit), StoredDays: "90", LiveDays: "0",
		SelfReferral: string(p.SelfReferral), NewOnly: p.NewOnly, RenewalLimit: strconv.Itoa(p.RenewalLimit),
		BeforeDiscount: p.Base.BeforeDiscount, WithTax: p.Base.WithTax, WithShipping: p.Base.WithShipping,
		FlatPer: string(p.FlatPer), Hold: strconv.Itoa(p.Hold), Approve: p.Approve}
	switch p.Credit {
	case affiliate.StoredForDays:
		f.StoredDays = strconv.Itoa(p.CreditDays)
	case affiliate.LiveClick:
		f.LiveDays = strconv.Itoa(p.CreditDays)
	}
	for _, w := range p.Windows {
		f.Windows = append(f.Windows, rowOfWindow(w, zone))
	}
	for i, r := range p.Rules {
		f.Rules = append(f.Rules, rowOfRule(i+1, r))
	}
	return f.withChoices(currency)
}

func rowOfWindow(w affiliate.Window, zone *time.Location) windowRow {
	return windowRow{w.Name, affiliate.DayOf(w.From, zone).String(),
		affiliate.DayOf(w.To.Add(-time.Microsecond), zone).String()}
}

func rowOfRule(place int, r affiliate.AutoRule) ruleRow {
	row := ruleRow{Place: strconv.Itoa(place), When: string(r.When), Currency: string(r.Currency),
		Then: string(r.Then), Reason: r.Reason}
	for field, days := range map[*string]int{&row.Days: r.Days, &row.Hold: r.Hold} {
		if days > 0 {
			*field = strconv.Itoa(days)
		}
	}
	if !r.Amount.IsZero() {
		row.Amount = r.Amount.String()
	}
	return row
}

// withChoices adds what can be chosen, and an empty row to fill in.
func (f rulesForm) withChoices(currency money.Currency) rulesForm {
	f.Selfs = []affiliate.SelfReferral{affiliate.HoldSelf, affiliate.DenySelf, affiliate.AllowSelf}
	f.FlatPers = []affiliate.FlatPer{affiliate.FlatPerUnit, affiliate.FlatPerOrder}
	f.Windows = append(f.Windows, windowRow{})
	f.Rules = append(f.Rules, ruleRow{Place: strconv.Itoa(len(f.Rules) + 1), Currency: string(currency),
		Then: string(affiliate.HoldSale)})
	none := web.Option{Label: locale.T("— no rule —")}
	for i := range f.Rules {
		row := &f.Rules[i]
		row.Conditions = append([]web.Option{none}, web.Options([]affiliate.Condition{affiliate.NoLiveClick,
			affiliate.NoClickWithin, affiliate.OwnPurchase, affiliate.ReturningCustomer, affiliate.OrderFrom,
			affiliate.EverySale}, row.When)...)
		row.Verdicts = web.Options([]affiliate.Verdict{affiliate.HoldSale, affiliate.DeclineSale,
			affiliate.ApproveSale}, row.Then)
	}
	return f
}

// postedRules reads the form: as typed, and as the policy that it makes of the one in force.
func postedRules(f *web.Form, now affiliate.Policy, zone *time.Location) (rulesForm, affiliate.Policy) {
	page := rulesForm{Version: f.Raw("version"), Seen: f.Raw("seen"), Credit: f.Raw("credit"),
		StoredDays: f.Raw("stored_days"), LiveDays: f.Raw("live_days"), SelfReferral: f.Raw("self_referral"),
		NewOnly: f.Ticked("new_only", now.NewOnly), RenewalLimit: f.Raw("renewal_limit"),
		BeforeDiscount: f.Ticked("before_discount", now.Base.BeforeDiscount),
		WithTax:        f.Ticked("with_tax", now.Base.WithTax),
		WithShipping:   f.Ticked("with_shipping", now.Base.WithShipping), FlatPer: f.Raw("flat_per"),
		Hold: f.Raw("hold"), Approve: f.Ticked("approve", now.Approve)}
	p := affiliate.Policy{ProgramID: now.ProgramID, Tiers: now.Tiers, Credit: affiliate.CreditRule(page.Credit),
		SelfReferral: affiliate.SelfReferral(page.SelfReferral), NewOnly: page.NewOnly,
		RenewalLimit: whole(f, "renewal_limit", page.RenewalLimit), FlatPer: affiliate.FlatPer(page.FlatPer),
		Base: affiliate.Base{BeforeDiscount: page.BeforeDiscount, WithTax: page.WithTax,
			WithShipping: page.WithShipping},
		Hold: whole(f, "hold", page.Hold), Approve: page.Approve}
	p.Version, _ = strconv.Atoi(page.Version) // nonsense is a version that nobody saw: a conflict
	switch p.Credit {
	case affiliate.StoredForDays:
		p.CreditDays = whole(f, "credit_days", page.StoredDays)
	case affiliate.LiveClick:
		p.CreditDays = whole(f, "credit_days", page.LiveDays)
	}
	page.Windows, p.Windows = postedWindows(f, now.Windows, zone)
	page.Rules, p.Rules = postedAutoRules(f)
	return page, p
}

// whole is a count of days or renewals; empty is 0.
func whole(f *web.Form, field, text string) int {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	f.Problems.Check(err == nil && n >= 0, field, "Please enter a whole number, 0 or more.")
	return n
}

// nth is a value of a field that stands several times, "" where it has fewer.
func nth(all []string, i int) string {
	if i < len(all) {
		return strings.TrimSpace(all[i])
	}
	return ""
}

// postedWindows reads the promotions, whose last day counts in full. One that
// stands as it was keeps its moments, though the site's zone has changed since.
func postedWindows(f *web.Form, before []affiliate.Window, zone *time.Location) (rows []windowRow,
	windows []affiliate.Window) {
	names, from, to := f.All("window_name"), f.All("window_from"), f.All("window_to")
	for i := range min(len(names), maxRows) {
		row := windowRow{nth(names, i), nth(from, i), nth(to, i)}
		if row.empty() {
			continue
		}
		rows = append(rows, row)
		same := slices.IndexFunc(before, func(w affiliate.Window) bool { return rowOfWindow(w, zone) == row })
		if same >= 0 {
			windows = append(windows, before[same])
			continue
		}
		first, errFirst := affiliate.ParseDay(row.From)
		last, errLast := affiliate.ParseDay(row.To)
		f.Problems.Check(errFirst == nil && errLast == nil, "windows."+strconv.Itoa(len(rows)),
			"Please enter the promotion's first and last day.")
		windows = append(windows, affiliate.Window{Name: row.Name, From: first.Start(zone),
			To: last.Next().Start(zone)})
	}
	return rows, windows
}

// postedAutoRules reads the automatic rules in the order of their places.
func postedAutoRules(f *web.Form) (rows []ruleRow, rules []affiliate.AutoRule) {
	when := f.All("rule_when")
	for i := range min(len(when), maxRows) {
		field := func(name string) string { return nth(f.All("rule_"+name), i) }
		if when[i] != "" {
			rows = append(rows, ruleRow{Place: field("place"), When: when[i], Days: field("days"),
				Amount: field("amount"), Currency: strings.ToUpper(field("currency")), Then: field("then"),
				Hold: field("hold"), Reason: field("reason")})
		}
	}
	slices.SortStableFunc(rows, func(a, b ruleRow) int { return cmp.Compare(a.place(), b.place()) })
	for i := range rows {
		rows[i].Place = strconv.Itoa(i + 1)
		rules = append(rules, rows[i].rule(f, "rules."+rows[i].Place))
	}
	return rows, rules
}

func (row ruleRow) place() int {
	n, err := strconv.Atoi(row.Place)
	if err != nil {
		return maxRows + 1 // behind those that have one
	}
	return n
}

// rule is what the row says; what its condition or verdict does not use is left out.
func (row ruleRow) rule(f *web.Form, field string) affiliate.AutoRule {
	r := affiliate.AutoRule{When: affiliate.Condition(row.When), Then: affiliate.Verdict(row.Then), Reason: row.Reason}
	if r.When == affiliate.NoClickWithin {
		r.Days = whole(f, field, row.Days)
	}
	if r.When == affiliate.OrderFrom {
		r.Amount, r.Currency = f.AmountOf(field, row.Amount), money.Currency(row.Currency)
	}
	if r.Then == affiliate.HoldSale {
		r.Hold = whole(f, field, row.Hold)
	}
	return r
}
