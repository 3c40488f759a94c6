package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// world is a shop with a 2-tier program in which cups earn 10 % and 5 %, a
// partner anna, her recruit bert, and an admin who is logged in.
type world struct {
	*sidecartest.Site
	admin   *http.Cookie
	program affiliate.Program
	cup     affiliate.Product
	tool    tracking.Tool
	anna    affiliate.Partner
	forms   int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Site: sidecartest.New(t)}
	w.admin = w.Admin()
	w.program = w.Program("Gold")
	percent := func(text string) money.Rate {
		rate, err := money.ParsePercent(text)
		w.ok(err)
		return rate
	}
	cup, err := w.Registry.AddNewProduct(t.Context(), "test", w.program.ID, affiliate.Product{Name: "Cup"},
		affiliate.Terms{Kind: affiliate.Percent, Level1: percent("10"), Level2: percent("5")})
	w.ok(err)
	w.cup = cup
	w.tool = w.Tool(w.program.ID, tracking.StandardLink, sidecartest.Home+"/cups")
	w.anna = w.Partner(w.program.ID, "anna")
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refer has a visitor click the partner's link and opt in: a contact with this
// first and last referrer.
func (w *world) refer(email string, partner affiliate.Partner) affiliate.ContactID {
	w.Helper()
	w.Clock.Advance(time.Second)
	clicked := w.Get("go/"+w.tool.Code+"?p="+partner.Code+"&sid=mail", web.Standalone).Want(http.StatusFound)
	cookie := clicked.Cookie(web.ClickCookie)
	if cookie == nil {
		w.Fatal("the click set no cookie")
	}
	w.Post("t/lead", web.Standalone, url.Values{"email": {email}, "first_name": {"Carl"}, "page": {sidecartest.Home + "/opt-in"}}, cookie).Want(http.StatusNoContent)
	return w.contact(email)
}

func (w *world) contact(email string) affiliate.ContactID {
	w.Helper()
	list, err := w.Registry.Contacts(w.Context(), email, affiliate.Page{Limit: 1})
	w.ok(err)
	if len(list) != 1 {
		w.Fatalf("there is no contact %s", email)
	}
	return list[0].ID
}

// log sends the form that logs a sale.
func (w *world) log(contact affiliate.ContactID, form url.Values) *sidecartest.Answer {
	w.Helper()
	w.Clock.Advance(time.Second) // after the forms that went before
	return w.post("admin/contacts/"+contact.String()+"/log", form)
}

// sale is a filled-in form of one cup at this price.
func (w *world) sale(price string) url.Values {
	w.forms++
	return url.Values{"form": {"form" + string(rune('a'+w.forms))}, "currency": {"USD"}, "status": {"paid"}, "note": {""},
		"product": {w.cup.ID.String(), ""}, "quantity": {"1", "1"}, "amount": {price, ""}}
}

// pending makes a pending commission of 10 % of the price.
func (w *world) pending(contact affiliate.ContactID, price string) {
	w.Helper()
	w.log(contact, w.sale(price)).Want(http.StatusSeeOther)
}

func (w *world) get(path string) *sidecartest.Answer {
	w.Helper()
	return w.Get(path, web.Admin, w.admin)
}

func (w *world) post(path string, form url.Values) *sidecartest.Answer {
	w.Helper()
	return w.Post(path, web.Admin, form, w.admin)
}

// flash is the confirmation on the page that an answer leads to.
func (w *world) flash(a *sidecartest.Answer) string {
	w.Helper()
	return strings.TrimSpace(w.follow(a).One(".pc-flash p"))
}

// follow is the page that an answer leads to.
func (w *world) follow(a *sidecartest.Answer) *sidecartest.Answer {
	w.Helper()
	a.Want(http.StatusSeeOther)
	to, err := url.Parse(a.Location())
	w.ok(err)
	cookies := []*http.Cookie{w.admin}
	if c := a.Cookie("pc_flash"); c != nil {
		cookies = append(cookies, c)
	}
	return w.Get(to.Query().Get("pc"), web.Admin, cookies...).Want(http.StatusOK)
}

// picks are the ticked commissions of a shown list, as its form sends them.
func picks(a *sidecartest.Answer) (all []string) {
	boxes := a.Find(`input[name=pick]`)
	for i := range boxes.Length() {
		all = append(all, boxes.Eq(i).AttrOr("value", ""))
	}
	return all
}

func (w *world) balance(p affiliate.Partner) ledger.Balance {
	w.Helper()
	l := ledger.New(w.DB, w.Clock.Now, func() *time.Location { return time.UTC })
	list, err := l.Balances(w.Context(), p.ID)
	w.ok(err)
	if len(list) == 0 {
		return ledger.Balance{}
	}
	return list[0]
}

func amount(text string) money.Amount { return money.MustParse(text) }

func texts(a *sidecartest.Answer, selector string) (all []string) {
	found := a.Find(selector)
	for i := range found.Length() {
		all = append(all, strings.Join(strings.Fields(found.Eq(i).Text()), " "))
	}
	return all
}

// stranger is a contact without referrers.
func (w *world) stranger(email string) affiliate.ContactID {
	w.Helper()
	w.Post("t/lead", web.Standalone, url.Values{"email": {email}}).Want(http.StatusNoContent)
	return w.contact(email)
}

// rows are the rows of a page's tables, the cells of each with bars between them.
func rows(a *sidecartest.Answer) (all []string) {
	found := a.Find("tbody tr")
	for i := range found.Length() {
		cells := []string{}
		row := found.Eq(i).Find("td")
		for j := range row.Length() {
			cells = append(cells, strings.Join(strings.Fields(row.Eq(j).Text()), " "))
		}
		all = append(all, strings.Join(cells, " | "))
	}
	return all
}
