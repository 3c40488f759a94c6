package sidecar_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// stopLink is the path of the link by which a mail that was sent last to somebody can
// be stopped; "" without one.
func stopLink(s *sidecartest.Shop, to, subject string) string {
	s.Helper()
	s.Settle()
	calls := s.WordPress.Calls("mail")
	for i := len(calls) - 1; i >= 0; i-- {
		in := calls[i].In
		if in["to"] != to || !strings.HasPrefix(in["subject"].(string), subject) {
			continue
		}
		headers, _ := in["headers"].(map[string]any)
		link, _ := headers["List-Unsubscribe"].(string)
		link = strings.Trim(link, "<>")
		if link == "" {
			return ""
		}
		if headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" ||
			!strings.Contains(in["text"].(string), link) ||
			!strings.Contains(in["html"].(string), strings.ReplaceAll(link, "&", "&amp;")) {
			s.Errorf("%v\n%s", headers, in["text"])
		}
		return strings.TrimPrefix(link, sidecartest.Base+"/")
	}
	s.Fatalf("no mail to %s about %q", to, subject)
	return ""
}

// Optional mails can be stopped by a link without a log-in, each kind by itself.
// Opening the link changes nothing; the button of a mail program does, and once is
// as good as twice.
//
// Spec: S20.1
func TestOptionalMailsAreStoppedByTheirLink(t *testing.T) {
	s := lettersShop(t)
	bob, _ := s.Join("bob")
	buyer, other := s.Refer("buyer@mail.test", s.Anna), s.Refer("other@mail.test", bob)
	s.Pending(buyer, "100")
	s.Pending(other, "100")
	link := stopLink(s, "anna@mail.test", "You earned")
	chosen := func() int { return s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partner_mails`) }
	for range 2 { // as programs do that look for viruses
		page := s.Get(link, web.Standalone).Want(http.StatusOK)
		if page.Find("form button").Length() != 1 || chosen() != 0 {
			t.Fatalf("opening the link stopped something: %s", page.Text)
		}
	}
	for range 2 {
		done := s.Post(link, web.Standalone, url.Values{"List-Unsubscribe": {"One-Click"}}).Want(http.StatusOK)
		if !strings.Contains(done.One("[role=status]"), "single sales") {
			t.Errorf("%s", done.Text)
		}
	}
	seen := len(s.WordPress.Calls("mail"))
	s.Pending(buyer, "200")
	s.Pending(other, "200")
	if got := mailed(s, &seen); len(got) != 1 || got[0] != "bob@mail.test: You earned $20.00 with Gold" {
		t.Errorf("after the stop: %q", got)
	}
	s.Send("admin/commissions/cancel", url.Values{"pick": s.Open("admin/commissions").Picks(),
		"reason": {"Bought by themselves"}}).Want(http.StatusSeeOther)
	if link := stopLink(s, "anna@mail.test", "Canceled"); link != "" {
		t.Errorf("a mail that is needed can be stopped: %s", link)
	}
	if s.Count(`SELECT per_payment + monthly FROM {wp}partner_center_partner_mails WHERE partner_id = ?`,
		s.Anna.ID) != 2 {
		t.Error("other kinds were stopped, too")
	}
}

// Nobody stops mails of somebody else, or of another kind, by a link that they made
// of their own; and two stops at once are both kept.
func TestStopLinksCannotBeForged(t *testing.T) {
	s := lettersShop(t)
	bob, _ := s.Join("bob")
	s.Pending(s.Refer("buyer@mail.test", s.Anna), "100")
	token, err := url.QueryUnescape(strings.TrimPrefix(stopLink(s, "anna@mail.test", "You earned"), "mails/stop?t="))
	s.Must(err)
	parts := strings.Split(token, ".")
	if len(parts) != 4 || parts[1] != s.Anna.ID.String() || parts[2] != "sale" {
		t.Fatalf("%q", token)
	}
	with := func(i int, value string) string {
		changed := append([]string{}, parts...)
		changed[i] = value
		return strings.Join(changed, ".")
	}
	for _, forged := range []string{"", ".", "...", token + "x", token[:len(token)-1], with(0, "0"), with(0, "999"),
		with(0, "-1"), with(1, bob.ID.String()), with(1, "+"+parts[1]), with(1, parts[1]+" "), with(2, "payment"),
		with(2, ""), with(3, ""), with(3, strings.Repeat("0", 32)), with(3, strings.ToUpper(parts[3])),
		with(1, "9999999999999999999999"), with(2, "sale.month"), strings.Repeat("1", 5000)} {
		path := "mails/stop?t=" + url.QueryEscape(forged)
		s.Get(path, web.Standalone).Want(http.StatusNotFound)
		s.Post(path, web.Standalone, url.Values{"List-Unsubscribe": {"One-Click"}}).Want(http.StatusNotFound)
		s.Post("mails/stop", web.Standalone, url.Values{"t": {forged}}).Want(http.StatusNotFound)
	}
	if s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partner_mails`) != 0 {
		t.Error("a forged link stopped something")
	}
	s.PaysTo(s.Anna, "anna@paypal.test")
	s.Approved(s.Refer("third@mail.test", s.Anna), "500")
	s.Clock.Advance(time.Second)
	s.Send("admin/payments/pay", url.Values{"partner": {s.Anna.ID.String()}, "currency": {"USD"},
		"amount": {"60"}}).Want(http.StatusSeeOther)
	links := []string{"mails/stop?t=" + url.QueryEscape(token), stopLink(s, "anna@mail.test", "We sent you")}
	var both sync.WaitGroup
	for _, link := range links {
		both.Go(func() { s.Post(link, web.Standalone, url.Values{}) })
	}
	both.Wait()
	if s.Count(`SELECT per_sale + per_payment * 2 + monthly * 4 FROM {wp}partner_center_partner_mails
		WHERE partner_id = ?`, s.Anna.ID) != 4 {
		t.Error("one of two stops was lost")
	}
}

// A stop holds for what was written before it and waits still, by the link as by the
// profile: it is dropped, and listed with why. Mails that are needed still come.
//
// Spec: S20.1
func TestStopHoldsForMailsThatWait(t *testing.T) {
	s := lettersShop(t)
	bob, bobs := s.Join("bob")
	carl, _ := s.Join("carl")
	buyer := map[string]affiliate.ContactID{}
	for _, p := range []affiliate.Partner{s.Anna, bob, carl} {
		buyer[p.Code] = s.Refer("buyer-of-"+p.Code+"@mail.test", p)
		s.Pending(buyer[p.Code], "100")
	}
	link := stopLink(s, "anna@mail.test", "You earned")
	wordPress := func(status int, answer any) {
		for _, call := range []string{"ping", "mail"} {
			s.WordPress.Answer(call, func(map[string]any) (int, any) { return status, answer })
		}
	}
	wordPress(http.StatusServiceUnavailable, "Briefly unavailable")
	s.Send("admin/commissions/cancel", url.Values{"pick": s.Open("admin/commissions").Picks(),
		"reason": {"Bought by themselves"}}).Want(http.StatusSeeOther)
	for _, contact := range buyer {
		s.Pending(contact, "200")
	}
	s.Settle()
	s.Post(link, web.Standalone, url.Values{"List-Unsubscribe": {"One-Click"}}).Want(http.StatusOK)
	s.Post("profile/mails", web.Standalone, url.Values{"monthly": {"1"}}, bobs).Want(http.StatusSeeOther)
	wordPress(http.StatusOK, map[string]any{"sent": true})
	s.Clock.Advance(2 * time.Minute)
	seen := len(s.WordPress.Calls("mail"))
	got := mailed(s, &seen)
	slices.Sort(got)
	want := []string{"anna@mail.test: Canceled: a commission with Gold", "bob@mail.test: Canceled: a commission with Gold",
		"carl@mail.test: Canceled: a commission with Gold", "carl@mail.test: You earned $20.00 with Gold"}
	if !slices.Equal(got, want) {
		t.Errorf("after the stops: %q", got)
	}
	dropped := s.Open("admin/messages/log?status=dropped").Want(http.StatusOK)
	rows := dropped.Rows()
	if len(rows) != 2 || !strings.Contains(rows[0], "The partner asked for no more emails like this.") {
		t.Errorf("dropped: %q", rows)
	}
	mail := s.Open(s.Path(dropped.Find("tbody a").First().AttrOr("href", ""))).Want(http.StatusOK)
	if !strings.Contains(mail.Text, "The partner asked for no more emails like this.") {
		t.Error(mail.Text)
	}
}
