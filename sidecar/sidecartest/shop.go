package sidecartest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/web"
)

// Shop is a site with the 2-tier program Gold, in which cups earn 10 % and 5 %,
// a link to promote them, a partner anna, and an admin who is logged in. What
// happens in it goes the way of real events: click, form, order, approval,
// payment.
type Shop struct {
	*Site
	Ledger  *ledger.Ledger
	Sales   *sale.Service
	Payouts *payout.Service
	Boss    *http.Cookie // of the admin
	Gold    affiliate.Program
	Cup     affiliate.Product
	Link    tracking.Tool
	Anna    affiliate.Partner

	forms, orders int
}

// NewShop opens a shop in which nothing has happened yet.
func NewShop(t testing.TB) *Shop {
	t.Helper()
	s := &Shop{Site: New(t)}
	s.Ledger = ledger.New(s.DB, s.Clock.Now, Zone)
	s.Sales = sale.New(s.DB, s.Clock.Now, Zone, s.Tracker)
	s.Payouts = payout.New(s.DB, s.Clock.Now, Zone)
	s.Boss = s.Admin()
	s.Gold = s.Program("Gold")
	terms := affiliate.Terms{Kind: affiliate.Percent}
	for level, text := range map[*money.Rate]string{&terms.Level1: "10", &terms.Level2: "5"} {
		rate, err := money.ParsePercent(text)
		s.Must(err)
		*level = rate
	}
	var err error
	s.Cup, err = s.Registry.AddNewProduct(t.Context(), "test", s.Gold.ID, affiliate.Product{Name: "Cup"}, terms)
	s.Must(err)
	s.Link = s.Tool(s.Gold.ID, tracking.StandardLink, Home+"/cups")
	s.Anna = s.Partner(s.Gold.ID, "anna")
	return s
}

// Must ends the test at an error.
func (s *Shop) Must(err error) {
	s.Helper()
	s.must(err)
}

// Threshold sets from which amount on partners are paid in a currency.
func (s *Shop) Threshold(amount string, currency money.Currency) {
	s.Helper()
	settings, err := s.Registry.Settings(s.Context())
	s.must(err)
	thresholds := map[money.Currency]money.Amount{}
	maps.Copy(thresholds, settings.Thresholds)
	thresholds[currency] = money.MustParse(amount)
	settings.Thresholds = thresholds
	_, err = s.Registry.SaveSettings(s.Context(), "test", settings)
	s.must(err)
}

// LogIn logs a partner in.
func (s *Shop) LogIn(p affiliate.Partner) *http.Cookie {
	s.Helper()
	return s.Login(int64(p.WPUserID))
}

// Join makes a partner of Gold and logs in.
func (s *Shop) Join(name string) (affiliate.Partner, *http.Cookie) {
	s.Helper()
	p := s.Partner(s.Gold.ID, name)
	return p, s.LogIn(p)
}

// Apply signs somebody up who then waits for approval.
func (s *Shop) Apply(email string) affiliate.PartnerID {
	s.Helper()
	s.Gold.Signup = affiliate.SignupApproval
	_, err := s.Registry.EditProgram(s.Context(), "test", s.Gold)
	s.must(err)
	form := s.Get("signup/"+s.Gold.Code, web.Theme)
	fields := url.Values{"email": {email}, "first_name": {"Dora"}, "last_name": {"Doe"}, "paypal_email": {email},
		"payment_method": {"paypal"}}
	hidden := form.Find("form input[type=hidden]")
	for i := range hidden.Length() {
		fields.Set(hidden.Eq(i).AttrOr("name", ""), hidden.Eq(i).AttrOr("value", ""))
	}
	s.Clock.Advance(time.Minute)
	if a := s.Post("signup/"+s.Gold.Code, web.Theme, fields); a.Code != http.StatusOK && a.Code != http.StatusSeeOther {
		s.Fatalf("the sign-up answers %d: %s", a.Code, a.Text)
	}
	var id affiliate.PartnerID
	s.must(s.DB.Get(s.Context(), &id, `SELECT p.id FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_contacts c ON c.id = p.contact_id WHERE c.email = ? AND p.state = 'applied'`, email))
	return id
}

// Click clicks the partner's link as a new visitor and returns the cookie.
func (s *Shop) Click(p affiliate.Partner, query ...string) *http.Cookie {
	s.Helper()
	s.Settle() // notice new partners and tools
	more := ""
	for i := 0; i+1 < len(query); i += 2 {
		more += "&" + query[i] + "=" + url.QueryEscape(query[i+1])
	}
	clicked := s.Get("go/"+s.Link.Code+"?p="+p.Code+more, web.Standalone).Want(http.StatusFound)
	cookie := clicked.Cookie(web.ClickCookie)
	if cookie == nil {
		s.Fatal("the click set no cookie")
	}
	return cookie
}

// Refer has a visitor click the partner's link and opt in: a contact with this
// first and last referrer.
func (s *Shop) Refer(email string, p affiliate.Partner) affiliate.ContactID {
	s.Helper()
	s.Clock.Advance(time.Second)
	cookie := s.Click(p, "sid", "mail")
	form := url.Values{"email": {email}, "first_name": {"Carl"}, "page": {Home + "/opt-in"}}
	s.Post("t/lead", web.Standalone, form, cookie).Want(http.StatusNoContent)
	return s.ContactID(email)
}

// Stranger makes a contact without referrers.
func (s *Shop) Stranger(email string) affiliate.ContactID {
	s.Helper()
	s.Post("t/lead", web.Standalone, url.Values{"email": {email}}).Want(http.StatusNoContent)
	return s.ContactID(email)
}

// ContactID is the contact with this address.
func (s *Shop) ContactID(email string) affiliate.ContactID {
	s.Helper()
	c, err := s.Registry.ContactByEmail(s.Context(), email)
	s.must(err)
	return c.ID
}

// Sale is the admin's form for a sale of one cup at this price, filled in.
func (s *Shop) Sale(price string) url.Values {
	s.forms++
	return url.Values{"form": {"form" + string(rune('a'+s.forms))}, "currency": {"USD"}, "status": {"paid"},
		"note":    {""},
		"product": {s.Cup.ID.String(), ""}, "quantity": {"1", "1"}, "amount": {price, ""}}
}

// LogSale sends the admin's form that logs a sale.
func (s *Shop) LogSale(contact affiliate.ContactID, form url.Values) *Answer {
	s.Helper()
	s.Clock.Advance(time.Second) // after the forms that went before
	return s.Send("admin/contacts/"+contact.String()+"/log", form)
}

// Pending makes a pending commission of 10 % of each price.
func (s *Shop) Pending(contact affiliate.ContactID, prices ...string) {
	s.Helper()
	for _, price := range prices {
		s.LogSale(contact, s.Sale(price)).Want(http.StatusSeeOther)
	}
}

// Approved makes an approved commission of 10 % of each price.
func (s *Shop) Approved(contact affiliate.ContactID, prices ...string) {
	s.Helper()
	s.Pending(contact, prices...)
	s.Send("admin/commissions/approve",
		url.Values{"pick": s.Open("admin/commissions").Picks()}).Want(http.StatusSeeOther)
}

// Sell has a new visitor of the partner's link buy a cup for base in a cart,
// and returns the commission.
func (s *Shop) Sell(p affiliate.Partner, base string, cur money.Currency, lastName string) ledger.Commission {
	s.Helper()
	s.orders++
	now, amount := s.Clock.Now(), money.MustParse(base)
	one, err := money.ParseQuantity("1")
	s.must(err)
	buyer := fmt.Sprintf("buyer%d@mail.test", s.orders)
	result, err := s.Sales.Converge(s.Context(), sale.OrderState{
		Source: "test", ExternalID: fmt.Sprint(s.orders), Number: fmt.Sprint("N-", s.orders), Version: 1,
		At: now, PlacedAt: now, PaidAt: &now, Status: sale.OrderPaid, Currency: cur, Total: amount,
		Click: s.Click(p).Value, Buyer: sale.Buyer{Email: buyer, FirstName: "Bea", LastName: lastName},
		Lines: []sale.LineState{{Line: "1", Product: sale.ProductRef{ID: s.Cup.ID}, Name: s.Cup.Name, Quantity: one,
			Base: amount}},
	})
	s.must(err)
	own := slices.DeleteFunc(slices.Clone(result.Commissions), func(c ledger.Commission) bool { return c.Level == 2 })
	if len(own) != 1 || own[0].PartnerID != p.ID {
		s.Fatalf("%d commissions: %+v", len(own), result)
	}
	return own[0]
}

// Approve approves commissions.
func (s *Shop) Approve(commissions ...ledger.Commission) {
	s.Helper()
	picks := []ledger.Pick{}
	for _, c := range commissions {
		picks = append(picks, ledger.Pick{ID: c.ID})
	}
	report, err := s.Ledger.Approve(s.Context(), "test", picks)
	s.must(err)
	if len(report.Done) != len(picks) {
		s.Fatalf("not approved: %+v", report)
	}
}

// PaysTo sets the PayPal address that a partner is paid to.
func (s *Shop) PaysTo(p affiliate.Partner, address string) {
	s.Helper()
	_, err := s.Registry.UpdatePayment(s.Context(), "test", p.ID,
		affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: address})
	s.must(err)
}

// Pay marks what a partner can be paid in a currency as paid.
func (s *Shop) Pay(p affiliate.Partner, cur money.Currency, amount string) {
	s.Helper()
	_, err := s.Payouts.PayPartner(s.Context(), "test", p.ID, cur, money.MustParse(amount))
	s.must(err)
}

// Balance is a partner's in the first currency.
func (s *Shop) Balance(p affiliate.Partner) ledger.Balance {
	s.Helper()
	list, err := s.Ledger.Balances(s.Context(), p.ID)
	s.must(err)
	if len(list) == 0 {
		return ledger.Balance{}
	}
	return list[0]
}

// Open asks for a page as the admin.
func (s *Shop) Open(path string) *Answer {
	s.Helper()
	return s.Get(path, web.Admin, s.Boss)
}

// Send posts a form as the admin.
func (s *Shop) Send(path string, form url.Values) *Answer {
	s.Helper()
	return s.Post(path, web.Admin, form, s.Boss)
}

// Flash is the confirmation on the admin's page that an answer leads to.
func (s *Shop) Flash(a *Answer) string {
	s.Helper()
	return strings.TrimSpace(s.Follow(a).One(".pc-flash p"))
}

// Follow is the admin's page that an answer leads to.
func (s *Shop) Follow(a *Answer) *Answer {
	s.Helper()
	a.Want(http.StatusSeeOther)
	cookies := []*http.Cookie{s.Boss}
	if c := a.Cookie("pc_flash"); c != nil {
		cookies = append(cookies, c)
	}
	return s.Get(s.Path(a.Location()), web.Admin, cookies...).Want(http.StatusOK)
}

// Path is where an address inside wp-admin or the theme leads, below the base path.
func (s *Shop) Path(address string) string {
	s.Helper()
	to, err := url.Parse(address)
	s.must(err)
	return to.Query().Get("pc")
}
