package affiliate

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnercenter/affiliate/money"
)

// Line makes one clean line of what people or other systems wrote: no control
// characters, no space at the ends or twice.
func Line(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Zl, c) || unicode.Is(unicode.Zp, c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(text), " ")
}

// Cut shortens text to at most n characters, the unit of a column's length.
// It is for what other systems report; people are told that it is too long.
func Cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n])
}

// maxName is the length of the columns for names of things, and of e-mail addresses.
const maxName = 190

func checkName(p Problems, name string) {
	p.Check(name != "", "name", "Please enter a name.")
	p.Check(utf8.RuneCountInString(name) <= maxName, "name", "Please use at most %d characters.", maxName)
}

// checkPrice accepts none, or an amount with a currency it is rounded to.
func checkPrice(p Problems, price *money.Amount, cur *money.Currency) {
	if price == nil {
		return
	}
	if cur == nil {
		p.Add("currency", "Please choose the currency of the price.")
		return
	}
	_, err := money.ParseCurrency(string(*cur))
	p.Check(err == nil, "currency", "Please choose a currency.")
	p.Check(price.Sign() >= 0, "price", "The price must be 0 or more.")
	p.Check(price.IsRounded(*cur), "price", "The price has too many decimals: %s can have %d.", *cur, cur.Digits())
}

// FoldEmail brings an e-mail address into the form by which contacts are known
// (D34): without space around it, in lower case. An Error of KindInvalid when
// it is none, or longer than 190 characters.
func FoldEmail(text string) (string, error) {
	email := strings.ToLower(strings.TrimSpace(text))
	if !validEmail(email) {
		return "", Invalid("email", "Please enter an email address, such as anna@example.com.")
	}
	return email, nil
}

func validEmail(email string) bool {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || utf8.RuneCountInString(email) > maxName {
		return false // no address, or one with a name, a comment or quotes
	}
	local, domain, _ := strings.Cut(email, "@")
	return !strings.Contains(local, `"`) && strings.Contains(domain, ".") && !strings.ContainsAny(domain, "[]@")
}

// contains is text as a LIKE pattern for "has it anywhere", or any text for "".
func contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Page is a part of a list: Limit rows after the first Offset ones.
type Page struct{ Offset, Limit int }
