package programs_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// rulesForm is the form of a program's rules as the page brings it, with changes.
func rulesForm(page *sidecartest.Answer, changes url.Values) url.Values {
	form := url.Values{}
	fields := page.Find(`form[action*="rules"] [name]`)
	for i := range fields.Length() {
		field := fields.Eq(i)
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		_, checked := field.Attr("checked")
		switch kind := field.AttrOr("type", ""); {
		case field.Is("select"):
			form.Add(name, field.Find("option[selected]").AttrOr("value", ""))
		case kind != "radio" && kind != "checkbox" || checked:
			form.Add(name, value)
		}
	}
	maps.Copy(form, changes)
	return form
}

// New rules are saved only after the page has shown what they would have
// changed, and then decide on orders; contacts stay as they are.
//
// Spec: S71.2 S129.2 S129.3 S130.1 D1.2 B8.1
func TestRulesAreCalculatedThenSaved(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	eve := w.Refer("eve@mail.test", w.Anna)
	w.Clock.Advance(30 * time.Hour)
	w.LogSale(eve, w.Sale("100")).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Hour)
	earned := func(email string) int {
		return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions c
			JOIN {wp}partner_center_orders o ON o.id = c.order_id
			JOIN {wp}partner_center_contacts k ON k.id = o.contact_id WHERE k.email = ?`, email)
	}
	if earned("eve@mail.test") != 1 {
		t.Fatal("the stored referrer does not earn")
	}
	before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_policies`)
	for _, change := range []url.Values{{"credit": {"stored_days"}, "stored_days": {"1"}},
		{"credit": {"live"}, "live_days": {"0"}}, {"credit": {"stored"}}} {
		page := w.Send(path, rulesForm(w.Open(path), change)).Want(http.StatusOK)
		want := "−$10.00"
		if change.Get("credit") == "stored" {
			want = "+$10.00" // what the two rules before refused
		}
		if rows := page.Rows(); len(rows) == 0 || !strings.HasPrefix(rows[0], "anna") ||
			!strings.HasSuffix(rows[0], want) {
			t.Fatalf("%v: %q", change, rows)
		}
		if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_policies`) != before {
			t.Fatal("the calculation saved something")
		}
		form := rulesForm(page, nil)
		if text := w.Flash(w.Send(path, form)); !strings.Contains(text, "Saved as version") {
			t.Error(text)
		}
		if text := w.Flash(w.Send(path, form)); !strings.Contains(text, "in force, as version") {
			t.Errorf("sent twice: %s", text)
		}
		if before++; w.Count(`SELECT COUNT(*) FROM {wp}partner_center_policies`) != before {
			t.Error("not one more version")
		}
		w.Clock.Advance(time.Second)
		n := earned("eve@mail.test")
		w.LogSale(eve, w.Sale("50")).Want(http.StatusSeeOther)
		if more := earned("eve@mail.test") - n; more != map[string]int{"stored": 1}[change.Get("credit")] {
			t.Errorf("%v: %d commissions more", change, more)
		}
		w.Clock.Advance(time.Hour)
	}
	contact, err := w.Registry.Contact(t.Context(), eve)
	w.Must(err)
	if contact.First.PartnerID != w.Anna.ID || contact.Last.PartnerID != w.Anna.ID {
		t.Errorf("the contact lost its referrers: %+v", contact)
	}
	if rows := strings.Join(w.Open(path).Rows(), "\n"); !strings.Contains(rows, "admin") {
		t.Errorf("nobody is named: %s", rows)
	}
}

// Every field is kept, in the order of the rules' places, and told in words on
// the rule card, to the admin and to partners.
//
// Spec: S131 S133 S148 D8 D9 D28
func TestRulesKeepEveryField(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	w.Clock.Advance(time.Hour)
	changes := url.Values{"credit": {"live"}, "live_days": {"7"}, "window_name": {"Advent", ""},
		"window_from": {"2030-12-01", ""}, "window_to": {"2030-12-24", ""}, "self_referral": {"deny"},
		"new_only": {"1"}, "renewal_limit": {"11"}, "before_discount": {"1"}, "with_tax": {"1"}, "with_shipping": {"1"},
		"flat_per": {"order"}, "hold": {"14"}, "approve": {"1"},
		"rule_place": {"2", "1", "3"}, "rule_when": {"order_from", "no_click_within", ""}, "rule_days": {"", "3", ""},
		"rule_amount": {"1000", "", ""}, "rule_currency": {"usd", "", ""}, "rule_then": {"hold", "decline", "hold"},
		"rule_hold": {"5", "", ""}, "rule_reason": {"Large orders are checked.", "The click is too old.", ""}}
	w.Send(path, rulesForm(w.Send(path, rulesForm(w.Open(path), changes)).Want(http.StatusOK), nil)).
		Want(http.StatusSeeOther)
	w.Clock.Advance(time.Second)
	p, err := w.Registry.Policy(t.Context(), w.Gold.ID)
	w.Must(err)
	if p.Credit != affiliate.LiveClick || p.CreditDays != 7 || p.SelfReferral != affiliate.DenySelf || !p.NewOnly ||
		p.RenewalLimit != 11 || p.Base != (affiliate.Base{BeforeDiscount: true, WithTax: true, WithShipping: true}) ||
		p.FlatPer != affiliate.FlatPerOrder || p.Hold != 14 || !p.Approve || len(p.Windows) != 1 || len(p.Rules) != 2 {
		t.Fatalf("%+v", p)
	}
	zone := sidecartest.Zone()
	if win := p.Windows[0]; !win.From.Equal(time.Date(2030, 12, 1, 0, 0, 0, 0, zone)) ||
		!win.To.Equal(time.Date(2030, 12, 25, 0, 0, 0, 0, zone)) {
		t.Errorf("%+v", win)
	}
	if a, b := p.Rules[0], p.Rules[1]; a.Then != affiliate.DeclineSale || a.Days != 3 || b.Then != affiliate.HoldSale ||
		b.Hold != 5 || b.Amount.String() != "1000" || b.Currency != "USD" {
		t.Errorf("%+v", p.Rules)
	}
	again := w.Send(path, rulesForm(w.Open(path), nil))
	if text := w.Flash(again); !strings.Contains(text, "in force, as version") {
		t.Errorf("the page does not bring back what it saved: %s", text)
	}
	for name, text := range map[string]string{"admin": w.Open(path).One("#card"),
		"partner": w.Get("tools", web.Theme, w.LogIn(w.Anna)).Want(http.StatusOK).One("#how-you-earn")} {
		for _, want := range []string{"at most 7 days before the order", "Advent, from ", "first order earns",
			"the first 11 earn", "own purchases don't earn", "before discounts", "Tax counts", "Shipping counts",
			"approved automatically 14 days", "The click is too old.", "Cup", "10%"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not read %q in %s", name, want, text)
			}
		}
	}
}

func TestWrongRulesAreRefusedBesideTheirFields(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_policies`)
	for name, change := range map[string]url.Values{
		"days":      {"credit": {"stored_days"}, "stored_days": {"many"}},
		"no credit": {"credit": {"magic"}},
		"hold":      {"hold": {"-1"}},
		"limit":     {"renewal_limit": {"<script>"}},
		"self":      {"self_referral": {"x"}},
		"window":    {"window_name": {"Advent"}, "window_from": {"2030-12-24"}, "window_to": {"2030-12-01"}},
		"half":      {"window_name": {"Advent"}, "window_from": {""}, "window_to": {"2030-12-01"}},
		"rule": {"rule_place": {"1"}, "rule_when": {"order_from"}, "rule_amount": {"lots"}, "rule_currency": {"USD"},
			"rule_then": {"hold"}, "rule_reason": {"x"}},
		"no reason": {"rule_place": {"1"}, "rule_when": {"always"}, "rule_then": {"decline"}},
	} {
		a := w.Send(path, rulesForm(w.Open(path), change)).Want(http.StatusUnprocessableEntity)
		if a.Find(`form .pc-problem`).Length() != 1 {
			t.Errorf("%s: %q", name, a.Texts(".pc-problem"))
		}
	}
	if w.Count(`SELECT COUNT(*) FROM {wp}partner_center_policies`) != before {
		t.Error("wrong rules were saved")
	}
}

// Of two admins who change the rules at once, the second reads who was quicker,
// and keeps what they typed.
func TestRulesOfTwoAdmins(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	w.Clock.Advance(time.Hour)
	mine := rulesForm(w.Open(path), url.Values{"hold": {"30"}})
	p, err := w.Registry.Policy(t.Context(), w.Gold.ID)
	w.Must(err)
	p.NewOnly = true
	_, err = w.Registry.SavePolicy(t.Context(), "berta", p)
	w.Must(err)
	w.Clock.Advance(time.Second)
	a := w.Send(path, mine).Want(http.StatusUnprocessableEntity)
	if text := a.One(".pc-problems"); !strings.Contains(text, "berta saved version 2") {
		t.Error(text)
	}
	if a.Find("[name=hold]").AttrOr("value", "") != "30" {
		t.Error("what was typed is lost")
	}
	shown := w.Send(path, rulesForm(a, nil)).Want(http.StatusOK)
	if text := w.Flash(w.Send(path, rulesForm(shown, nil))); !strings.Contains(text, "version 3") {
		t.Error(text)
	}
}

// What is saved on the page decides on orders: a promotion, an automatic rule
// with its reason in the trace.
//
// Spec: S127.1 S131.1 S131.2 S133.2 S133.3
func TestSavedRulesDecide(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	eve := w.Refer("eve@mail.test", w.Anna)
	w.Clock.Advance(time.Hour)
	today := affiliate.DayOf(w.Clock.Now(), sidecartest.Zone()).Next()
	save := func(change url.Values) {
		t.Helper()
		form := rulesForm(w.Send(path, rulesForm(w.Open(path), change)).Want(http.StatusOK), nil)
		w.Send(path, form).Want(http.StatusSeeOther)
		w.Clock.Advance(time.Second)
	}
	sells := func(contact affiliate.ContactID, want int) string {
		t.Helper()
		before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`)
		w.LogSale(contact, w.Sale("100")).Want(http.StatusSeeOther)
		if got := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`) - before; got != want {
			t.Errorf("%d commissions, want %d", got, want)
		}
		w.Clock.Advance(time.Minute)
		return w.Open("admin/contacts/" + contact.String() + "/orders").Want(http.StatusOK).Text
	}
	save(url.Values{"window_name": {"June"}, "window_from": {today.String()}, "window_to": {today.String()}})
	w.Clock.Advance(24 * time.Hour)
	sells(eve, 0) // clicked before
	sells(w.Refer("max@mail.test", w.Anna), 1)
	save(url.Values{"window_name": {""}, "window_from": {""}, "window_to": {""}, "rule_place": {"1"},
		"rule_when": {"no_live_click"}, "rule_days": {""}, "rule_amount": {""}, "rule_currency": {""},
		"rule_then": {"decline"}, "rule_hold": {""}, "rule_reason": {"Only live clicks, please."}})
	if text := sells(eve, 0); !strings.Contains(text, "Only live clicks, please.") {
		t.Error("the trace does not give the rule's reason")
	}
}

// With "new customers only", saved on the page, a customer's first sale earns and
// later ones do not, also where the sales are logged by hand.
//
// Spec: S148.3
func TestOnlyNewCustomersEarn(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	w.Clock.Advance(time.Hour)
	preview := w.Send(path, rulesForm(w.Open(path), url.Values{"new_only": {"1"}})).Want(http.StatusOK)
	w.Send(path, rulesForm(preview, nil)).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Hour)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Clock.Advance(time.Hour)
	w.Pending(carl, "200")
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`); n != 1 {
		t.Errorf("%d commissions, want that of the first sale", n)
	}
}

// The limit of paid renewals, saved on the page, is kept to.
//
// Spec: S148.4
func TestRenewalsStopAtTheLimitOfThePage(t *testing.T) {
	w := sidecartest.NewShop(t)
	saveRules(w, url.Values{"renewal_limit": {"2"}})
	w.Refer("eve@mail.test", w.Anna)
	one, base := money.Quantity(money.MustParse("1")), money.MustParse("100")
	for n := range 5 {
		w.Clock.Advance(time.Hour)
		now := w.Clock.Now()
		_, err := w.Sales.Converge(t.Context(), sale.OrderState{Source: "test", ExternalID: fmt.Sprint("s", n), Version: 1,
			Status: sale.OrderPaid, At: now, PlacedAt: now, PaidAt: &now, Currency: "USD", Total: base,
			SubscriptionID: "monthly", Renewal: n > 0, Buyer: sale.Buyer{Email: "eve@mail.test"},
			Lines: []sale.LineState{{Line: "1", Product: sale.ProductRef{ID: w.Cup.ID}, Quantity: one, Base: base}}})
		w.Must(err)
	}
	if n := len(w.Open("admin/commissions").Picks()); n != 3 {
		t.Errorf("%d payments earn: the first and two renewals should", n)
	}
}

// saveRules saves rules of Gold by their page, as somebody who looks at what they
// would have changed first.
func saveRules(w *sidecartest.Shop, changes url.Values) {
	w.Helper()
	path := "admin/programs/" + w.Gold.ID.String() + "/rules"
	preview := w.Send(path, rulesForm(w.Open(path), changes)).Want(http.StatusOK)
	w.Send(path, rulesForm(preview, changes)).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Second)
}

// What asks for wiping referrers elsewhere is done here by pages that lose nothing:
// the original referrer stays, a referral lapses by itself, a group is reset, and
// what is pending can be hidden.
//
// Spec: S128.1
func TestNothingIsWipedToStopOldReferrals(t *testing.T) {
	w := sidecartest.NewShop(t)
	eve := w.Refer("eve@mail.test", w.Anna)
	earns := func() bool {
		w.Helper()
		before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`)
		w.LogSale(eve, w.Sale("100")).Want(http.StatusSeeOther)
		contact, err := w.Registry.Contact(t.Context(), eve)
		w.Must(err)
		if contact.First.PartnerID != w.Anna.ID || contact.Last.PartnerID != w.Anna.ID {
			t.Error("the referrer is lost")
		}
		return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions`) > before
	}
	if !earns() {
		t.Fatal("the stored referrer does not earn")
	}
	saveRules(w, url.Values{"credit": {"stored_days"}, "stored_days": {"1"}})
	w.Clock.Advance(30 * time.Hour)
	if earns() {
		t.Error("the referral did not lapse")
	}
	saveRules(w, url.Values{"credit": {"stored"}})
	if !earns() {
		t.Error("what lapsed is lost")
	}
	preview := w.Open("admin/contacts/resets?preview=1&partner=" + w.Anna.Code).Want(http.StatusOK)
	form := url.Values{}
	fields := preview.Find(`#preview form [name]`)
	for i := range fields.Length() {
		form.Set(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	form.Set("reason", "Before the sale of June.")
	w.Send("admin/contacts/resets", form).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Minute)
	if earns() {
		t.Error("the group was not reset")
	}
	program := programForm("Gold")
	program.Del("show_pending")
	w.Send("admin/programs/"+w.Gold.ID.String(), program).Want(http.StatusSeeOther)
	if list := w.Get("earnings/commissions?range=all", web.Theme, w.LogIn(w.Anna)).Want(http.StatusOK); strings.Contains(
		list.Text, "$10.00") {
		t.Error("the partner sees what is pending")
	}
}

// Both ways to credit a buyer without a live cookie are explained beside their switch,
// and are choices of equal rank.
//
// Spec: D1.3
func TestBothCreditRulesAreExplained(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := w.Open("admin/programs/" + w.Gold.ID.String() + "/rules").Want(http.StatusOK)
	for selector, part := range map[string]string{
		"#pc-stored-help": "earns on every later order, whether or not a cookie is left.",
		"#pc-live-help":   "Without such a click no one earns, also where a referrer is stored.",
	} {
		if text := page.One(selector); !strings.Contains(text, part) {
			t.Errorf("%s: %q", selector, text)
		}
	}
	if chosen := page.Find("input[name=credit][checked]").AttrOr("value", ""); chosen != "stored" {
		t.Errorf("%q is the usual one", chosen)
	}
	live := w.Send("admin/programs/"+w.Gold.ID.String()+"/rules", rulesForm(page, url.Values{"credit": {"live"},
		"live_days": {"0"}})).Want(http.StatusOK)
	if text := live.Find(".pc-example").First().Text(); !strings.Contains(text, "the laptop brought no click") {
		t.Error(text)
	}
}
