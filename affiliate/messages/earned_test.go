package messages_test

import (
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
)

// Spec: S17, S20, S108, D44
func TestEarnedMailNamesAmountAndProgram(t *testing.T) {
	e := messages.CommissionEarned{Contact: affiliate.Contact{Email: "paul@example.com", FirstName: "Paul"},
		Program: "Gold & Silver", Site: "Shop",
		Amount: money.Text(money.MustParse("12.5"), "USD"), Level: 1, Center: "https://shop.example/partners/"}
	m, err := e.Mail("earned-1-1-1", nil)
	if err != nil || m.Recipient != "paul@example.com" || m.Subject != "You earned $12.50 with Gold & Silver" ||
		m.Event != "earned-1-1-1" {
		t.Errorf("%+v, %v", m, err)
	}
	for _, text := range []string{m.Text, m.HTML} {
		if !strings.Contains(text, "$12.50") || !strings.Contains(text, "https://shop.example/partners/") ||
			strings.Contains(text, "recruited") {
			t.Errorf("the mail says\n%s", text)
		}
	}
	if !strings.Contains(m.HTML, "Gold &amp; Silver") {
		t.Errorf("not escaped:\n%s", m.HTML)
	}
	e.Level, e.Through, e.Center = 2, "Pia Partner", ""
	if m, err = e.Mail("earned-1-2-1", nil); err != nil || !strings.Contains(m.Text,
		"on level 2 through Pia Partner, whom you recruited") || strings.Contains(m.Text, "partner center") {
		t.Errorf("%s, %v", m.Text, err)
	}
}
