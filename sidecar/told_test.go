package sidecar_test

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/webhooks"
	"partnercenter/keyring"
	"partnercenter/sidecar/sidecartest"
)

// What happens to a commission, a payment and a partner is told in its order.
//
// Spec: B14.3
func TestEventsAreTold(t *testing.T) {
	s := sidecartest.NewShop(t)
	hooks := webhooks.NewOutbox(s.DB, s.Clock.Now,
		keyring.New(s.DB, s.Clock.Now, s.Key, slog.New(slog.DiscardHandler)), nil)
	events := []string{}
	for _, e := range webhooks.EventTypes {
		events = append(events, string(e))
	}
	// An address that is refused at once: here only what waits for it counts.
	_, err := hooks.Create(t.Context(), "admin", webhooks.Webhook{Kind: webhooks.Posted, Name: "CRM",
		URL: "http://127.0.0.1:1/", EventList: strings.Join(events, " ")})
	s.Must(err)
	s.Approved(s.Refer("carl@mail.test", s.Anna), "100")
	s.Send("admin/payments/pay", url.Values{"partner": {s.Anna.ID.String()}, "currency": {"USD"}, "amount": {"10"}})
	s.Apply("dora@mail.test")
	got := []string{}
	log, err := hooks.Deliveries(t.Context(), 50)
	s.Must(err)
	for i := len(log) - 1; i >= 0; i-- {
		got = append(got, string(log[i].Event))
	}
	want := "commission.earned commission.approved payment.settled partner.applied"
	if text := strings.Join(got, " "); text != want {
		t.Errorf("told: %s\nwant: %s", text, want)
	}
	var facts webhooks.Facts
	s.Must(json.Unmarshal(log[len(log)-1].FactsJSON, &facts))
	if facts.Partner.Code != s.Anna.Code || facts.Order.Number == "" || facts.Commission.Amount.String() != "10" ||
		facts.Commission.Change.String() != "10" {
		t.Errorf("%+v %+v %+v", facts.Partner, facts.Order, facts.Commission)
	}
	if strings.Contains(string(log[len(log)-1].FactsJSON), "mail.test") {
		t.Error("it tells who bought")
	}
}
