package messages

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
)

// CommissionEarned tells a partner that they have earned (S20, S108). It says
// nothing of the buyer, whatever the program shows (S17).
type CommissionEarned struct {
	Contact affiliate.Contact // the partner's
	Program string            // name
	Site    string            // name
	Amount  locale.Text       // money.Text
	Level   int               // 2: a partner they recruited made the sale
	Through string            // of level 2: that partner's name (D44)
	Center  string            // URL of the partner center; "" while there is none
}

var commissionEarned = parseLetter("earned")

// earnedGreeting is what its templates see beside the greeting.
type earnedGreeting struct {
	greeting
	Amount  locale.Text
	Level   int
	Through string
}

// Mail is the mail of this event, in a language; nil is English.
func (c CommissionEarned) Mail(event string, in *locale.Language) (Mail, error) {
	return commissionEarned.mail(event, c.Contact.Email, in, earnedGreeting{
		greeting{contact: c.Contact, program: c.Program, site: c.Site, Center: c.Center}, c.Amount, c.Level,
		c.Through})
}
