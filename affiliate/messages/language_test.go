package messages_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
)

// Every sentence of every mail goes through the catalogue: in a locale that puts
// those into ⟦ ⟧ only names and addresses stand outside.
func TestNoMailHasABareSentence(t *testing.T) {
	ada := affiliate.Contact{Email: "ada@mail.test", FirstName: "Ada"}
	at, marking := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), locale.For("en_XA")
	all := []interface {
		Mail(string, *locale.Language, messages.Dress) (messages.Mail, error)
	}{
		messages.ConfirmSignup{Recipient: "ada@mail.test", Program: "Gold", Link: link, Until: at},
		messages.PayPalChanged{Contact: ada, Recipient: "ada@mail.test", Link: link,
			Change: affiliate.PayPalChange{OldEmail: "old@mail.test", NewEmail: "new@mail.test", ExpiresAt: at}},
		messages.PaymentSet{Contact: ada, Partner: affiliate.Partner{PaymentMethod: affiliate.PayPal,
			PayPalEmail: "new@mail.test"}},
		messages.PaymentSet{Contact: ada, Partner: affiliate.Partner{PaymentMethod: affiliate.Check,
			Payee: "Ada"}},
		messages.PaymentSet{Contact: ada, Partner: affiliate.Partner{PaymentMethod: affiliate.Check}},
	}
	for _, letter := range all {
		m, err := letter.Mail("event", marking, messages.Dress{Site: "Shop"})
		if err != nil {
			t.Fatal(err)
		}
		for part, text := range map[string]string{"subject": m.Subject, "text": m.Text,
			"html": html.UnescapeString(tags.ReplaceAllString(m.HTML,
				""))} {
			if bare := outside(text); strings.ContainsFunc(bare, unicode.IsLetter) {
				t.Errorf("the %s of %s says outside of the catalogue: %q", part, m.Kind, bare)
			}
		}
	}
}

const link = "https://example.com/partner-center/go/abc?p=def&sid=x"

var tags = regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`)

// outside is what stands in no sentence, without names and addresses.
func outside(text string) string {
	text = strings.NewReplacer(link, "", center, "", messages.SetPasswordURL, "", "Shop", "").Replace(text)
	open := 0
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch c {
		case '⟦':
			open++
		case '⟧':
			open--
		default:
			if open == 0 {
				return c
			}
		}
		return -1
	}, text))
}
