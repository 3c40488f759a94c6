package messages

import "partnercenter/affiliate"

// CommissionEarned tells a partner that they have earned (S20, S108). It says
// nothing of the buyer, whatever the program shows (S17).
type CommissionEarned struct {
	Contact affiliate.Contact // the partner's
	Program string            // name
	Site    string            // name
	Amount  string            // with its currency, "12.50 USD"
	Level   int               // 2: a partner they recruited made the sale
	Through string            // of level 2: that partner's name (D44)
	Center  string            // URL of the partner center; "" while there is none
}

var commissionEarned = parseLetter("earned")

// earnedGreeting is what its templates see beside the greeting.
type earnedGreeting struct {
	greeting
	Amount  string
	Level   int
	Through string
}

// Mail is the mail of this event.
func (c CommissionEarned) Mail(event string) (Mail, error) {
	return commissionEarned.mail(event, c.Contact.Email, earnedGreeting{
		greeting{contact: c.Contact, program: c.Program, site: c.Site, Center: c.Center}, c.Amount, c.Level,
		c.Through})
}
