package messages_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
)

const (
	link   = "https://example.com/partner-center/go/abc?p=def&sid=x"
	center = "https://example.com/partners/"
)

// hrefs are the links of an HTML mail.
func hrefs(t testing.TB, m messages.Mail) (links []string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	return links
}

func must(t testing.TB) func(messages.Mail, error) messages.Mail {
	return func(m messages.Mail, err error) messages.Mail {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

func has(t testing.TB, m messages.Mail, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(m.Text, part) {
			t.Errorf("the text lacks %q:\n%s", part, m.Text)
		}
	}
}

// Spec: S105.1
func TestWelcomeHoldsThePartnersOwnLink(t *testing.T) {
	anna := affiliate.Contact{Email: "anna@example.com", FirstName: "Anna"}
	m := must(t)(messages.Welcome{Contact: anna, Program: "Gold & Co", Site: "Shop", Link: link,
		Center: center}.Mail("welcome-1", nil))
	if m.Event != "welcome-1" || m.Recipient != "anna@example.com" || m.Kind != "welcome" ||
		m.Subject != "Welcome to Gold & Co" {
		t.Errorf("%+v", m)
	}
	has(t, m, "Hello Anna,\n", "Welcome to Gold & Co.", "\n"+link+"\n", "\n"+center+"\n", "More links", "\nShop\n")
	if got := hrefs(t, m); len(got) != 2 || got[0] != link || got[1] != center {
		t.Errorf("links %q", got)
	}
}

// Spec: S105
func TestWelcomeWithoutToolsOrCenter(t *testing.T) {
	m := must(t)(messages.Welcome{Contact: affiliate.Contact{Email: "a@example.com"}, Program: "Gold", Site: "Shop",
		Center: center}.Mail("e", nil))
	has(t, m, "Hello,\n", "Your links, banners")
	if got := hrefs(t, m); len(got) != 1 || strings.Contains(m.Text, "your own link") {
		t.Errorf("links %q in\n%s", got, m.Text)
	}
	m = must(t)(messages.Welcome{Program: "Gold", Link: link}.Mail("e", nil))
	if got := hrefs(t, m); len(got) != 1 || strings.Contains(m.Text, "partner center:") {
		t.Errorf("links %q in\n%s", got, m.Text)
	}
}

// Spec: S106.1
func TestLoginDetailsHoldNoPassword(t *testing.T) {
	m := must(t)(messages.LoginDetails{Contact: affiliate.Contact{Email: "a@example.com", FirstName: "Anna"}, UserID: 7,
		Program: "Gold", Site: "Shop", Center: center}.Mail("login-1", nil))
	has(t, m, "User name: %login%\n", "\n%set_password_url%\n", "\n"+center+"\n")
	if got := hrefs(t, m); m.UserID != 7 || len(got) != 2 || got[0] != messages.SetPasswordURL || got[1] != center ||
		!strings.Contains(m.HTML, messages.Login) {
		t.Errorf("links %q, user %v", got, m.UserID)
	}
}

func TestApplicationReceived(t *testing.T) {
	m := must(t)(messages.ApplicationReceived{Contact: affiliate.Contact{Email: "a@example.com"}, Program: "Gold",
		Site: "Shop"}.Mail("e", nil))
	has(t, m, "applying to Gold")
	if m.Subject != "Your application to Gold" || len(hrefs(t, m)) != 0 {
		t.Errorf("%+v", m)
	}
}

// What people call themselves stays text: no HTML, no header, no merge field.
func TestNamesAreOnlyText(t *testing.T) {
	const evil = "<script>alert(1)</script>\r\nBcc: x@example.com %%login%% %set_password_url% {{.Link}}"
	contact := affiliate.Contact{Email: "a@example.com", FirstName: evil}
	for _, m := range []messages.Mail{
		must(t)(messages.Welcome{Contact: contact, Program: evil, Site: evil, Link: "javascript:alert(1)"}.Mail("e",
			nil)),
		must(t)(messages.ApplicationReceived{Contact: contact, Program: evil, Site: evil}.Mail("e", nil)),
	} {
		all := m.Subject + m.Text + m.HTML
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, `href="javascript`) {
			t.Errorf("%s: HTML of others:\n%s", m.Kind, m.HTML)
		}
		if strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("%s: subject %q", m.Kind, m.Subject)
		}
		if strings.Contains(all, messages.Login) || strings.Contains(all, messages.SetPasswordURL) ||
			!strings.Contains(m.Text, "{{.Link}}") {
			t.Errorf("%s: fields in\n%s", m.Kind, all)
		}
	}
}

func TestNamesOfAllScripts(t *testing.T) {
	for _, name := range []string{"Ünal", "عمر", "李", "🎉 Party"} {
		m := must(t)(messages.Welcome{Contact: affiliate.Contact{Email: "a@example.com", FirstName: name},
			Program: name, Link: link}.Mail("e", nil))
		has(t, m, "Hello "+name+",")
		if m.Subject != "Welcome to "+name || !strings.Contains(m.HTML, name) {
			t.Errorf("%+v", m)
		}
	}
}
