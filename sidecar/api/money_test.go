package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/verify"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// file is an admin's report as CSV.
func (s *shop) file(name string) [][]string {
	s.Helper()
	text := s.Open("admin/reports/" + name).Want(http.StatusOK).Text
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	s.Must(err)
	return rows
}

// figures are a partner's numbers in the list of partners, by heading.
func (s *shop) figures(name, query string) map[string]string {
	s.Helper()
	rows, found := s.file("partners.csv"+query), map[string]string{}
	for _, row := range rows[1:] {
		if row[0] == name {
			for i, heading := range rows[0] {
				found[heading] = row[i]
			}
		}
	}
	return found
}

// wantFigures compares sales, their money, refunds and theirs.
func (s *shop) wantFigures(when, want string) {
	s.Helper()
	f := s.figures("anna", "")
	got := strings.Join([]string{f["# Sales"], f["Total Sales (USD)"], f["# Refunds"], f["Total Refunds (USD)"]}, " ")
	if got != want {
		s.Errorf("%s: %s, want %s", when, got, want)
	}
}

// approve ticks all that is pending.
func (s *shop) approve() {
	s.Helper()
	s.Send("admin/commissions/approve",
		url.Values{"pick": s.Open("admin/commissions").Picks()}).Want(http.StatusSeeOther)
}

// pay marks this amount as paid to anna.
func (s *shop) pay(amount string) *sidecartest.Answer {
	s.Helper()
	s.Clock.Advance(time.Second)
	return s.Send("admin/payments/pay",
		url.Values{"partner": {s.Anna.ID.String()}, "currency": {"USD"}, "amount": {amount}})
}

func (s *shop) clean() {
	s.Helper()
	findings, err := verify.Verify(s.Context(), s.DB)
	if s.Must(err); len(findings) > 0 {
		s.Errorf("verify finds %+v", findings)
	}
}

// worth is a line of an order that has grown to base, with so much refunded.
func (s *shop) worth(base, refunded string) change {
	return lines(base, line("1", s.Cup.ID, "1", base, refunded))
}

// An order's life from the sale to a refund after payment, as the shop reports it
// and as pages and files tell of it.
//
// Spec: S33.1 S36.3 S37.1 S37.2 S37.3 S38.1 S39.1 S40.1 S40.2 S41.1 S93.1 S93.2 S93.3 S94.1 S94.2 S95.1 S149.3
// Spec: D7.1 D11.1 D16.1 D19.2 D20.1 D20.2 D20.3 D22.1 D22.2 D22.3 B4.1 B4.2
func TestMoneyFromSaleToRefund(t *testing.T) {
	s := newShop(t)
	click := clicked(s.Click(s.Anna).Value)
	s.sold("o", 1, click)
	s.want("refunded while pending", s.sold("o", 2, click, s.worth("100", "20")), "1 anna 8 pending")
	s.wantFigures("refunded while pending", "1 80.00 0 0.00")
	s.approve()
	s.want("grown after approval", s.sold("o", 3, click, s.worth("150", "20")), "1 anna 8 approved", "1 anna 5 pending")
	s.wantFigures("grown", "1 130.00 0 0.00")
	s.approve()
	s.want("refunded while approved", s.sold("o", 4, click, s.worth("150", "30")), "1 anna 8 approved",
		"1 anna 4 approved")
	if f := s.figures("anna", ""); f["Owed (USD)"] != "12.00" || f["Signup Date"] != "2026-07-01" {
		t.Errorf("owed before payment: %v", f)
	}
	s.pay("12").Want(http.StatusSeeOther)
	s.wantFigures("paid", "1 120.00 0 0.00")

	s.sold("o", 5, click, s.worth("150", "70"))
	s.wantFigures("refunded after payment", "1 120.00 1 40.00")
	f := s.figures("anna", "")
	if f["Owed (USD)"] != "-4.00" || f["Total Commission Paid (USD)"] != "12.00" {
		t.Errorf("after the clawback: %v", f)
	}
	cookie := s.LogIn(s.Anna)
	list := s.Get("earnings/refunds", web.Standalone, cookie).Want(http.StatusOK)
	if rows := strings.Join(list.Rows(), "\n"); !strings.Contains(rows, "−$4.00") ||
		!strings.Contains(rows, "Clawback") {
		t.Errorf("the list of refunds: %s", rows)
	}
	if tabs := strings.Join(list.Texts(".pc-tabs a"), " "); !strings.Contains(tabs, "Commissions") ||
		!strings.Contains(tabs, "Payments") {
		t.Errorf("beside it stand %s", tabs)
	}
	s.pay("-4").Want(http.StatusUnprocessableEntity)
	s.sold("next", 1, by("next@mail.test"), click)
	s.approve()
	s.pay("10").Want(http.StatusUnprocessableEntity) // 4 of them are owed back
	s.pay("6").Want(http.StatusSeeOther)
	s.sold("o", 6, click, s.worth("150", "30"))
	s.wantFigures("the refund taken back", "2 220.00 0 0.00")
	if b := s.Balance(s.Anna); b.Payable.String() != "4" || b.Paid.String() != "18" {
		t.Errorf("payable again without a new approval: %+v", b)
	}
	s.sold("o", 7, click, s.worth("150", "150"))
	s.wantFigures("all of it back", "2 220.00 1 120.00")
	s.clean()
}

// What an admin canceled stays so, whatever the shop reports later.
//
// Spec: S81.1 S81.2 D16.2
func TestACanceledSaleStaysCanceled(t *testing.T) {
	s := newShop(t)
	click := clicked(s.Click(s.Anna).Value)
	s.sold("o", 1, click)
	s.Send("admin/commissions/cancel", url.Values{"pick": s.Open("admin/commissions").Picks(),
		"reason": {"A friend's order"}}).Want(http.StatusSeeOther)
	s.want("grown", s.sold("o", 2, click, s.worth("300", "0")), "1 anna 0 canceled")
	s.wantFigures("canceled", "0 0.00 0 0.00")
	if rows := s.Open("admin/commissions/history").Rows(); !strings.Contains(rows[0], "A friend's order") {
		t.Errorf("%q", rows)
	}
	s.clean()
}

// Ten subscriptions, five buyers who come by another partner since: the first
// order decides all later payments, under either setting, until its product
// leaves the program.
//
// Spec: S90.1 S91.1 S92.2 S92.3 D14.1 D23.1 D23.2 D23.3
func TestSubscriptionsStayWithTheirPartner(t *testing.T) {
	s := newShop(t)
	bert, _ := s.Join("bert")
	click := clicked(s.Click(s.Anna).Value)
	buyer := func(i int) string { return fmt.Sprintf("buyer%d@mail.test", i) }
	for i := range 10 {
		s.sold(fmt.Sprint("first-", i), 1, by(buyer(i)), click, plan(fmt.Sprint("plan-", i), false))
	}
	for i := range 5 {
		s.lead(buyer(i), s.Click(bert))
	}
	renewed := func(month, i int) earned {
		return s.sold(fmt.Sprint("month-", month, "-", i), 1, by(buyer(i)), plan(fmt.Sprint("plan-", i), true))
	}
	for i := range 10 {
		s.want("renewed "+buyer(i), renewed(1, i), "1 anna 10 pending")
	}
	s.save("admin/settings", "credit", "first")
	s.sold("first-kim", 1, by("kim@mail.test"), click, plan("plan-10", false))
	s.lead("kim@mail.test", s.Click(bert))
	s.save("admin/settings", "credit", "last")
	s.want("sold while the first referrer earned", s.sold("month-kim", 1, by("kim@mail.test"), plan("plan-10", true)),
		"1 anna 10 pending")
	path := "admin/programs/" + s.Gold.ID.String() + "/products/" + s.Cup.ID.String()
	s.save(path, "level1", "50")
	s.want("at the terms of the first order", renewed(2, 0), "1 anna 10 pending")
	s.Send(path+"/remove", nil).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Second)
	s.want("the product is not of the program any more", renewed(3, 0))
	orders := s.Open("admin/contacts/" + s.ContactID(buyer(0)).String() + "/orders")
	if steps := strings.Join(orders.Texts(".pc-steps li"), "\n"); !strings.Contains(steps,
		"not commissionable in the program Gold") {
		t.Errorf("the trace says %s", steps)
	}
	s.clean()
}

// A partner is moved to another program and back: no number changes, later sales
// have the terms of where they are, orders of before those of then.
//
// Spec: S98.1 S98.2 S98.3 S98.4 S99.1 S100.1 S100.2 D2.1 D2.2
func TestMovingAPartnerBetweenPrograms(t *testing.T) {
	s := newShop(t)
	silver := s.Program("Silver")
	_, err := s.Registry.SetTerms(t.Context(), "test", silver.ID, s.Cup.ID,
		affiliate.Terms{Kind: affiliate.Percent, Level1: 200_000})
	s.Must(err)
	move := func(to affiliate.Program) {
		t.Helper()
		s.Clock.Advance(2 * time.Hour)
		s.world.call(http.MethodPost, "memberships", fmt.Sprintf(`{"partner_id":%d,"program":%q}`, s.Anna.ID,
			to.Code)).Want(http.StatusOK)
	}
	numbers := func() string {
		f := s.figures("anna", "")
		delete(f, "Program")
		return fmt.Sprint(f)
	}
	s.lead("kim@mail.test", s.Click(s.Anna))
	s.sold("o", 1, by("kim@mail.test"))
	before := numbers()
	placed := func(o anything) { o["placed_at"] = s.Clock.Now().Add(-90 * time.Minute).Format(time.RFC3339) }
	s.Clock.Advance(time.Hour)
	move(silver)
	if after := numbers(); after != before {
		t.Errorf("moved: %s\nbefore: %s", after, before)
	}
	for program, there := range map[affiliate.ProgramID]bool{silver.ID: true, s.Gold.ID: false} {
		if f := s.figures("anna", "?program="+program.String()); (len(f) > 0) != there {
			t.Errorf("program %d lists %v", program, f)
		}
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE program_id = ?`, s.Gold.ID); n != 1 {
		t.Errorf("%d commissions are of the old program", n)
	}
	s.want("by a link of the old program", s.sold("new", 1, by("lee@mail.test"), clicked(s.Click(s.Anna).Value)),
		"1 anna 20 pending")
	s.want("placed before", s.sold("late", 1, by("kim@mail.test"), placed), "1 anna 10 pending")
	between := numbers()
	move(s.Gold)
	if after := numbers(); after != between {
		t.Errorf("moved back: %s\nbefore: %s", after, between)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_memberships WHERE partner_id = ? AND active = 1`,
		s.Anna.ID); n != 1 {
		t.Errorf("%d running memberships", n)
	}
	s.clean()
}

// What accountants get: every payment, the years by partner, and what was booked
// in a period, which stays as it was when a refund comes later.
//
// Spec: S86.1 S86.2 S144.1 S144.2 S144.3 D47.1 D47.2 D47.3
func TestFilesForAccounting(t *testing.T) {
	s := newShop(t)
	click := clicked(s.Click(s.Anna).Value)
	bert, _ := s.Join("bert")
	s.sold("o", 1, click)
	s.sold("b", 1, by("b@mail.test"), clicked(s.Click(bert).Value), s.worth("70", "0"))
	s.approve()
	s.pay("10").Want(http.StatusSeeOther)
	s.Send("admin/payments/pay",
		url.Values{"partner": {bert.ID.String()}, "currency": {"USD"}, "amount": {"7"}}).Want(http.StatusSeeOther)
	payments := s.file("accounting.csv")
	for heading, want := range map[string]string{"Date": "2026-07-01", "Partner": "anna", "Amount": "10.00",
		"Currency": "USD", "Partner id": s.Anna.ID.String()} {
		if got := sidecartest.Column(t, payments, heading); !slices.Contains(got, want) || len(got) != 2 {
			t.Errorf("%s: %q, want one %s", heading, got, want)
		}
	}
	if ids := sidecartest.Column(t, payments, "Payment"); !strings.HasPrefix(ids[0], "PL") || ids[0] == ids[1] {
		t.Errorf("the ids of the payments are %q", ids)
	}
	if got := sidecartest.Column(t, s.file("years.csv"), "Paid in the year"); !slices.Equal(got,
		[]string{"10.00", "7.00"}) ||
		s.Balance(s.Anna).Paid.String() != "10" {
		t.Errorf("paid in the year: %q", got)
	}
	s.Open("admin/reports/years.xlsx").Want(http.StatusOK)
	year := read[struct{ Totals []struct{ Values []any } }](s.world,
		s.world.call(http.MethodGet, "reports/years?from=2026-01-01&to=2026-12-31", ""))
	if len(year.Totals) != 1 || !slices.Contains(year.Totals[0].Values, any("17.00")) {
		t.Errorf("the totals of the year: %+v", year.Totals)
	}
	july := "?from=2026-07-01&to=2026-07-01"
	booked, sales := fmt.Sprint(s.file("booked.csv"+july)), fmt.Sprint(s.file("partners.csv"))
	s.Clock.Advance(20 * time.Hour)
	s.sold("o", 2, click, s.worth("100", "60"))
	if after := fmt.Sprint(s.file("booked.csv" + july)); after != booked {
		t.Errorf("what was booked became %s, was %s", after, booked)
	}
	if fmt.Sprint(s.file("partners.csv")) == sales {
		t.Error("the sales do not follow the refund")
	}
	helps := map[string]string{}
	for _, r := range read[struct{ Items []struct{ Name, Help string } }](s.world,
		s.world.call(http.MethodGet, "reports", "")).Items {
		helps[r.Name] = r.Help
	}
	page := s.Get("reports/summary", web.Standalone, s.LogIn(s.Anna)).Want(http.StatusOK)
	if !strings.Contains(helps["booked"], "by the day of booking") ||
		!strings.Contains(page.Text, "by the day of the sale") {
		t.Errorf("they say %q", helps)
	}
}

// A payment that came back is owed again; what was refunded meanwhile is taken
// off it, and is no refund after payment any more.
//
// Spec: D21.1 D21.2 D21.3 S38.1
func TestAReturnedPaymentNetsOut(t *testing.T) {
	s := newShop(t)
	click := clicked(s.Click(s.Anna).Value)
	s.sold("o", 1, click)
	s.approve()
	paid := s.pay("10").Want(http.StatusSeeOther)
	s.sold("o", 2, click, s.worth("100", "40"))
	s.wantFigures("refunded after payment", "1 100.00 1 40.00")
	s.Send(s.Path(paid.Location())+"/return", url.Values{"reason": {"Account closed"}}).Want(http.StatusSeeOther)
	s.wantFigures("the payment came back", "1 60.00 0 0.00")
	if f := s.figures("anna", ""); f["Owed (USD)"] != "6.00" || f["Total Commission Paid (USD)"] != "0.00" {
		t.Errorf("owed and paid: %v", f)
	}
	s.clean()
}
