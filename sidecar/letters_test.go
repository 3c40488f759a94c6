package sidecar_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
)

// lettersShop is a shop whose program sends everything, and what its WordPress was
// asked to send.
func lettersShop(t *testing.T) *sidecartest.Shop {
	s := sidecartest.NewShop(t)
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	form := url.Values{}
	for _, o := range []string{"received", "welcome", "rejected", "login", "earned", "approved", "approvals", "canceled", "refund",
		"paid",
		"returned", "milestone", "terms", "summary"} {
		form.Set("on_"+o, "1")
		form.Set(o, "0")
	}
	s.Send("admin/programs/"+s.Gold.ID.String()+"/messages", form).Want(http.StatusSeeOther)
	return s
}

// mailed are the subjects of what was sent to somebody since the last call.
func mailed(s *sidecartest.Shop, seen *int) (subjects []string) {
	s.Helper()
	s.Settle()
	calls := s.WordPress.Calls("mail")
	for _, call := range calls[*seen:] {
		subjects = append(subjects, call.In["to"].(string)+": "+call.In["subject"].(string))
	}
	*seen = len(calls)
	return subjects
}

// Each step of a commission's life is told once, with one letter for an order.
//
// Spec: S20.1 S108.1 S149.1 D10.1 D10.2
func TestPartnersAreToldOfWhatBecomesOfACommission(t *testing.T) {
	s := lettersShop(t)
	seen := 0
	want := func(step string, subjects ...string) {
		t.Helper()
		got := mailed(s, &seen)
		if strings.Join(got, "\n") != strings.Join(subjects, "\n") {
			t.Errorf("%s: %q, want %q", step, got, subjects)
		}
	}
	buyer := s.Refer("buyer@mail.test", s.Anna)
	want("referred")
	s.Pending(buyer, "100", "50")
	want("sales", "anna@mail.test: You earned $10.00 with Gold", "anna@mail.test: You earned $5.00 with Gold")
	picks := s.Open("admin/commissions").Picks()
	s.Send("admin/commissions/approve", url.Values{"pick": picks[:1]}).Want(http.StatusSeeOther)
	want("approved", "anna@mail.test: Approved: $5.00 with Gold")
	s.Send("admin/commissions/cancel", url.Values{"pick": s.Open("admin/commissions").Picks(),
		"reason": {"Bought by themselves"}}).Want(http.StatusSeeOther)
	want("canceled", "anna@mail.test: Canceled: a commission with Gold")
	text := s.WordPress.Calls("mail")[seen-1].In["text"].(string)
	if !strings.Contains(text, "Reason: Bought by themselves") || !strings.Contains(text, "$10.00") {
		t.Errorf("%s", text)
	}
	s.PaysTo(s.Anna, "anna@paypal.test")
	s.Settle()
	seen = len(s.WordPress.Calls("mail"))
	s.Clock.Advance(time.Second)
	s.Send("admin/payments/pay", url.Values{"partner": {s.Anna.ID.String()}, "currency": {"USD"},
		"amount": {"5"}}).Want(http.StatusSeeOther)
	want("paid", "anna@mail.test: We sent you $5.00")
}

// What of paid sales was refunded counts against a milestone: it is reached by what
// is sold less what was refunded, and not before.
//
// Spec: S41.2
func TestMilestoneAfterARefund(t *testing.T) {
	s := lettersShop(t)
	seen := 0
	reached := func() (n int) {
		for _, subject := range mailed(s, &seen) {
			if strings.Contains(subject, "anna@mail.test: You reached $1,000.00") {
				n++
			}
		}
		return n
	}
	s.Send("admin/programs/"+s.Gold.ID.String()+"/milestones", url.Values{"kind": {"money"}, "amount": {"1000"},
		"currency": {"USD"}}).Want(http.StatusSeeOther)
	buyer := s.Refer("buyer@mail.test", s.Anna)
	s.Approved(buyer, "900")
	s.Pay(s.Anna, "USD", "90")
	order := s.Path(s.Open("admin/orders").Find(`tbody a[href*="orders%2F"]`).First().AttrOr("href", ""))
	preview := s.Send(order+"/change/refund", url.Values{"refund-line-1": {"400"}}).Want(http.StatusOK)
	form := url.Values{"confirmed": {"1"}, "refund-line-1": {"400"}, "reason": {"Sent back."},
		"seen": {preview.Find("input[name=seen]").AttrOr("value", "")}}
	s.Send(order+"/change/refund", form).Want(http.StatusSeeOther)
	partner := s.Open("admin/partners/" + s.Anna.ID.String()).Want(http.StatusOK)
	if !strings.Contains(partner.Text, "$400.00") {
		t.Error("the partner's page does not show what was refunded")
	}
	s.Pending(buyer, "450") // 1,350 were sold, 950 of it stand
	if n := reached(); n != 0 {
		t.Error("it was reached by what was refunded")
	}
	s.Pending(buyer, "50")
	if n := reached(); n != 1 {
		t.Errorf("at 1,000 it was told %d times", n)
	}
}

// Milestones are set up on the program's page and mailed once each: crossing one
// counts, standing beyond it already does not, and of several the highest is told.
//
// Spec: S109.1 S110.1 S111.1 S112.1 S112.3 D4.1 D32.2 D32.3
func TestMilestonesOfAProgram(t *testing.T) {
	s := lettersShop(t)
	path := "admin/programs/" + s.Gold.ID.String() + "/milestones"
	seen := 0
	milestones := func() (subjects []string) {
		for _, subject := range mailed(s, &seen) {
			if to, what, _ := strings.Cut(subject, ": "); to == "anna@mail.test" && strings.HasPrefix(what, "You reached") {
				subjects = append(subjects, what)
			}
		}
		return subjects
	}
	want := func(step string, want ...string) {
		t.Helper()
		if got := milestones(); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
	}
	for _, wrong := range []url.Values{{"kind": {"money"}, "amount": {"x"}, "currency": {"USD"}},
		{"kind": {"money"}, "amount": {"-5"}, "currency": {"USD"}}, {"kind": {"sales"}, "amount": {"1.5"}},
		{"kind": {"money"}, "amount": {"5"}, "currency": {"dollars"}}} {
		if s.Send(path, wrong).Want(http.StatusUnprocessableEntity).Find(".pc-problem, .notice-error").Length() == 0 {
			t.Errorf("%v is refused without a word", wrong)
		}
	}
	buyer := s.Refer("buyer@mail.test", s.Anna)
	s.Pending(buyer, "600")
	s.Send(path, url.Values{"kind": {"money"}, "amount": {"500"}, "currency": {"USD"}}).Want(http.StatusSeeOther)
	want("a new one that she is beyond")
	s.Send(path, url.Values{"kind": {"money"}, "amount": {"1000"}, "currency": {"USD"}}).Want(http.StatusSeeOther)
	s.Pending(buyer, "399.50")
	want("just below")
	s.Pending(buyer, "0.50")
	want("1,000", "You reached $1,000.00 with Gold")
	text := s.WordPress.Calls("mail")[seen-1].In["text"].(string)
	if !strings.Contains(text, "$1,000.00") {
		t.Errorf("it does not say what was sold: %s", text)
	}
	s.Send("admin/commissions/cancel", url.Values{"pick": s.Open("admin/commissions").Picks()[:1],
		"reason": {"Refunded"}}).Want(http.StatusSeeOther)
	want("fallen")
	s.Pending(buyer, "200")
	want("risen again")
	s.Send(path, url.Values{"kind": {"money"}, "amount": {"2000"}, "currency": {"USD"}}).Want(http.StatusSeeOther)
	s.Send(path, url.Values{"kind": {"money"}, "amount": {"3000"}, "currency": {"USD"}}).Want(http.StatusSeeOther)
	s.Pending(buyer, "4000")
	want("a jump", "You reached $3,000.00 with Gold")
	page := s.Open(path).Want(http.StatusOK)
	if rows := page.Rows(); len(rows) != 4 || !strings.Contains(rows[0], "1 partner") {
		t.Errorf("%q", rows)
	}
	s.Send(s.Path(page.Find(`form[action*=remove]`).AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	if rows := s.Open(path).Rows(); len(rows) != 3 {
		t.Errorf("after the removal: %q", rows)
	}
}

// Who has many commissions approved by one click gets one mail, with their number and
// what they come to; with one, or where the program wants it so, one mail for each.
// However it is told, every approval stands in exactly one mail.
//
// Spec: D10.2
func TestApprovalsOfOneClickAreOneMail(t *testing.T) {
	s := lettersShop(t)
	bob, _ := s.Join("bob")
	seen := 0
	approve := func(want ...string) {
		t.Helper()
		mailed(s, &seen)
		s.Send("admin/commissions/approve", url.Values{"pick": s.Open("admin/commissions").Picks()}).
			Want(http.StatusSeeOther)
		got := mailed(s, &seen)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	annas, bobs := s.Refer("buyer@mail.test", s.Anna), s.Refer("other@mail.test", bob)
	prices := slices.Repeat([]string{"100"}, 15)
	s.Pending(annas, prices...)
	s.Pending(bobs, "70")
	approve("anna@mail.test: Approved: $150.00 with Gold", "bob@mail.test: Approved: $7.00 with Gold")
	calls := s.WordPress.Calls("mail")
	text := calls[len(calls)-1].In["text"].(string) + calls[len(calls)-2].In["text"].(string)
	for _, part := range []string{"Commissions: 15\nTogether: $150.00", "Your commission of $7.00 from "} {
		if strings.Count(text, part) != 1 {
			t.Errorf("%q is not said once:\n%s", part, text)
		}
	}
	if link := stopLink(s, "anna@mail.test", "Approved: $150.00"); !strings.HasPrefix(link, "mails/stop?t=") {
		t.Errorf("it can't be stopped: %q", link)
	}
	form := url.Values{}
	for _, o := range []string{"earned", "approved"} { // but not "approvals"
		form.Set("on_"+o, "1")
		form.Set(o, "0")
	}
	form.Set("approvals", "0")
	s.Send("admin/programs/"+s.Gold.ID.String()+"/messages", form).Want(http.StatusSeeOther)
	s.Pending(annas, "10", "20")
	approve("anna@mail.test: Approved: $1.00 with Gold", "anna@mail.test: Approved: $2.00 with Gold")
}
