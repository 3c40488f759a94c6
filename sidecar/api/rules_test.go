package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The rules of the program as people and programs meet them: set in pages,
// clicked by links, sold by the API, read in pages and files. That each holds in
// every case is proven where it is written; here it is shown to be in force.

// change is what an order has in its own way.
type change = func(order anything)

func by(email string) change      { return func(o anything) { o["buyer"] = anything{"email": email} } }
func clicked(click string) change { return func(o anything) { o["click"] = click } }
func state(status string) change  { return func(o anything) { o["status"] = status } }
func in(currency string) change   { return func(o anything) { o["currency"] = currency } }

func plan(name string, renewal bool) change {
	return func(o anything) { o["subscription_id"], o["renewal"] = name, renewal }
}

func line(name string, product affiliate.ProductID, quantity, base, refunded string) anything {
	return anything{"line": name, "product": anything{"id": product}, "name": name, "quantity": quantity,
		"base": base, "refunded": refunded}
}

func lines(total string, all ...anything) change {
	return func(o anything) { o["lines"], o["total"] = all, total }
}

// earned is what an order is answered, with whom it credits.
type earned struct {
	Review string
	Credit struct {
		Code      string
		PartnerID affiliate.PartnerID `json:"partner_id"`
	}
	Commissions []struct {
		Level            int
		PartnerID        affiliate.PartnerID `json:"partner_id"`
		Amount, Currency string
		Status           string
	}
}

// sold reports an order of one cup at 100.00, but for what is different.
func (s *shop) sold(id string, version int, changes ...change) earned {
	s.Helper()
	s.Clock.Advance(time.Second)
	o := anything{"external_id": id, "version": version, "status": "paid", "currency": "USD"}
	by("buyer@mail.test")(o)
	lines("100", line("1", s.Cup.ID, "1", "100", "0"))(o)
	for _, change := range changes {
		change(o)
	}
	body, err := json.Marshal(o)
	s.Must(err)
	return read[earned](s.world, s.world.call(http.MethodPost, "orders", string(body)))
}

// want compares commissions, as "1 anna 10 pending", in the order of lines and levels.
func (s *shop) want(when string, got earned, want ...string) {
	s.Helper()
	all := []string{}
	for _, c := range got.Commissions {
		all = append(all, fmt.Sprint(c.Level, " ", s.name(c.PartnerID), " ", c.Amount, " ", c.Status))
	}
	if !slices.Equal(all, want) {
		s.Errorf("%s: %q, want %q", when, all, want)
	}
}

func (s *shop) name(id affiliate.PartnerID) string {
	p, err := s.Registry.Partner(s.Context(), id)
	s.Must(err)
	c, err := s.Registry.Contact(s.Context(), p.ContactID)
	s.Must(err)
	name, _, _ := strings.Cut(c.Email, "@")
	return name
}

// lead sends an opt-in form, with the click or without.
func (s *shop) lead(email string, click *http.Cookie) {
	s.Helper()
	s.Clock.Advance(time.Second)
	cookies := []*http.Cookie{}
	if click != nil {
		cookies = append(cookies, click)
	}
	s.Post("t/lead", web.Standalone, url.Values{"email": {email}}, cookies...).Want(http.StatusNoContent)
}

var address = regexp.MustCompile(`\w+@mail\.test`)

// referrers are whom the contact's page names first and last, "" for nobody.
func (s *shop) referrers(email string) string {
	s.Helper()
	cards := s.Open("admin/contacts/" + s.ContactID(email).String()).Want(http.StatusOK).Find(".pc-card")
	name := func(i int) string {
		facts := cards.Eq(i).Find("dd").Map(func(_ int, dd *goquery.Selection) string { return dd.Text() })
		return strings.TrimSuffix(address.FindString(strings.Join(facts, " ")), "@mail.test")
	}
	return name(0) + "," + name(1)
}

// fill is the form of a page as it stands there.
func fill(page *sidecartest.Answer, form string) url.Values {
	fields := url.Values{}
	page.Find(form + " input, " + form + " select, " + form + " textarea").Each(func(_ int, f *goquery.Selection) {
		name, kind := f.AttrOr("name", ""), f.AttrOr("type", "")
		_, ticked := f.Attr("checked")
		switch {
		case name == "" || (kind == "radio" || kind == "checkbox") && !ticked:
		case goquery.NodeName(f) == "select":
			fields.Add(name, f.Find("option[selected]").AttrOr("value", ""))
		case goquery.NodeName(f) == "textarea":
			fields.Add(name, f.Text())
		default:
			fields.Add(name, f.AttrOr("value", ""))
		}
	})
	return fields
}

// save changes a page's form and sends it.
func (s *shop) save(path string, changes ...string) {
	s.Helper()
	s.Clock.Advance(time.Second)
	form := fill(s.Open(path).Want(http.StatusOK), "form[method=post]:has(button.button-primary, .button-primary)")
	for i := 0; i+1 < len(changes); i += 2 {
		form.Del(changes[i])
		if changes[i+1] != "" {
			form.Set(changes[i], changes[i+1])
		}
	}
	s.Send(path, form).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Second)
	s.Settle()
}

// Who referred whom, by clicks, forms and orders of real visitors.
//
// Spec: S60.1 S61.1 S63.2 S64.1 S65.1 S66.1 S66.2 S66.3 S67.1 S68.2 S69.3 S69.4 S70.1 S71.1 S129.1
func TestWhoReferredABuyer(t *testing.T) {
	s := newShop(t)
	bert, _ := s.Join("bert")
	s.Click(s.Anna)
	both := s.Click(bert) // of one browser: it replaces the first
	s.lead("kim@mail.test", both)
	if got := s.referrers("kim@mail.test"); got != "bert,bert" {
		t.Errorf("anna clicked, then bert, then a form: %s", got)
	}
	s.Clock.Advance(time.Hour)
	annas := s.Click(s.Anna)
	if got := s.referrers("kim@mail.test"); got != "bert,bert" {
		t.Errorf("after a click alone: %s", got)
	}
	s.lead("kim@mail.test", annas)
	if got := s.referrers("kim@mail.test"); got != "bert,anna" {
		t.Errorf("after a form with the click: %s", got)
	}
	s.Clock.Advance(time.Hour)
	own := s.sold("own", 1, by("kim@mail.test"), clicked(s.Click(bert).Value))
	if s.want("of several cookies the order's own", own,
		"1 bert 10 pending"); s.referrers("kim@mail.test") != "bert,bert" {
		t.Errorf("the order's click is applied: %s", s.referrers("kim@mail.test"))
	}
	s.want("without a cookie", s.sold("later", 1, by("KIM@mail.test")), "1 bert 10 pending")
	s.sold("failed", 1, by("kim@mail.test"), clicked(s.Click(s.Anna).Value), state("failed"))
	if got := s.referrers("kim@mail.test"); got != "bert,anna" {
		t.Errorf("an order that could not be paid is a form: %s", got)
	}
	s.lead("lee@mail.test", nil) // who deleted the cookies after the click
	if got := s.referrers("lee@mail.test"); got != "," {
		t.Errorf("without a cookie: %s", got)
	}
	s.lead("lee@mail.test", s.Click(s.Anna))
	if got := s.referrers("lee@mail.test"); got != ",anna" {
		t.Errorf("first come without a cookie: %s", got)
	}
	s.world.call(http.MethodPost, "contacts", `{"email":"api@mail.test"}`).Want(http.StatusOK)
	s.lead("api@mail.test", s.Click(bert))
	if got := s.referrers("api@mail.test"); got != ",bert" {
		t.Errorf("made by the API: %s", got)
	}
}

// A hundred clicks are a hundred touches, and nobody's record.
//
// Spec: S135.1
func TestClicksMakeNoContacts(t *testing.T) {
	s := newShop(t)
	before := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`)
	for range 100 {
		s.Click(s.Anna)
		s.Clock.Advance(time.Minute)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 100 ||
		s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`) != before {
		t.Errorf("%d touches", n)
	}
}

// Settings of the site hold for every program from the save on: here which
// referrer earns, and from which amount on partners are paid. The cookie is that
// of the last click under either rule.
//
// Spec: S3.1 S6.1 S7.1 S7.2 S58.2 D12.1
func TestASettingReachesEveryProgram(t *testing.T) {
	s := newShop(t)
	silver := s.Program("Silver")
	_, err := s.Registry.SetTerms(t.Context(), "test", silver.ID, s.Cup.ID,
		affiliate.Terms{Kind: affiliate.Percent, Level1: 200_000})
	s.Must(err)
	sid := s.Partner(silver.ID, "sid")
	s.PaysTo(s.Anna, "anna.pays@mail.test")
	s.PaysTo(sid, "sid.pays@mail.test")
	s.lead("kim@mail.test", s.Click(s.Anna))
	s.lead("lee@mail.test", s.Click(sid))
	s.Clock.Advance(time.Hour)
	s.lead("kim@mail.test", s.Click(sid))
	s.lead("lee@mail.test", s.Click(s.Anna))
	s.want("the last referrer", s.sold("1", 1, by("kim@mail.test")), "1 sid 20 pending")
	s.want("the last referrer", s.sold("2", 1, by("lee@mail.test")), "1 anna 10 pending")
	s.save("admin/settings", "credit", "first")
	s.want("the first referrer", s.sold("3", 1, by("kim@mail.test")), "1 anna 10 pending")
	s.want("the first referrer", s.sold("4", 1, by("lee@mail.test")), "1 sid 20 pending")
	s.lead("max@mail.test", nil)
	if blank := s.sold("5", 1, by("max@mail.test"), clicked(s.Click(sid).Value)); len(blank.Commissions) != 0 ||
		blank.Credit.Code != "NO_FIRST_REFERRER" {
		t.Errorf("without a first referrer: %+v", blank)
	}
	s.Click(s.Anna)
	if s.lead("new@mail.test", s.Click(sid)); s.referrers("new@mail.test") != "sid,sid" {
		t.Errorf("the cookie is not the last click's: %s", s.referrers("new@mail.test"))
	}

	s.Send("admin/commissions/approve",
		url.Values{"pick": s.Open("admin/commissions").Picks()}).Want(http.StatusSeeOther)
	due := func(want ...string) {
		t.Helper()
		rows := s.Open("admin/payments").Rows()
		slices.Sort(rows)
		for i, row := range rows {
			if i >= len(want) || !strings.HasPrefix(row, want[i]) {
				t.Errorf("due: %q, want %q", rows, want)
			}
		}
	}
	due("anna | $10.00 | Ready", "sid | $20.00 | Ready") // what a stranger's browser moved waits for a person (D41)
	s.save("admin/settings", "threshold_amount", "20.01", "threshold_currency", "USD")
	due("anna | $10.00 | Below threshold | $10.01", "sid | $20.00 | Below threshold | $0.01")
	s.save("admin/settings", "threshold_amount", "20", "threshold_currency", "USD")
	due("anna | $10.00 | Below threshold | $10.00", "sid | $20.00 | Ready")
}

// A recruit's sales pay their recruiter on level 2, of the same base and at the
// rate of the seller's program; nobody beyond, and nobody in a 1-Tier program.
//
// Spec: S13.1 S14.1 S14.2 S15.1 S16.1 S29.2 D5.1 D6.2 D29.1 D29.2 D44.1
func TestTwoTiersFromSignUpOn(t *testing.T) {
	s := newShop(t)
	join := func(name string, recruiter affiliate.Partner) affiliate.Partner {
		t.Helper()
		s.WordPress.Answer("user", func(map[string]any) (int, any) {
			return http.StatusOK, map[string]any{"user_id": s.User(name, "partner")}
		})
		s.Clock.Advance(time.Second)
		s.Post("signup/"+s.Gold.Code, web.Standalone, url.Values{"email": {name + "@mail.test"}, "first_name": {name}},
			s.Click(recruiter)).Want(http.StatusSeeOther)
		s.Settle()
		var id affiliate.PartnerID
		s.Must(s.DB.Get(t.Context(), &id, `SELECT p.id FROM {wp}partner_center_partners p
			JOIN {wp}partner_center_contacts c ON c.id = p.contact_id WHERE c.email = ?`, name+"@mail.test"))
		p, err := s.Registry.Partner(t.Context(), id)
		s.Must(err)
		s.Get("", web.Standalone, s.LogIn(p)).Want(http.StatusOK) // from here on the recruiter counts (D42)
		return p
	}
	dora := join("dora", s.Anna)
	emil := join("emil", dora)
	sells := func(when string, p affiliate.Partner, want ...string) {
		t.Helper()
		s.want(when, s.sold(when, 1, by(when+"@mail.test"), clicked(s.Click(p).Value)), want...)
	}
	sells("recruited", emil, "1 emil 10 pending", "2 dora 5 pending")
	sells("by-nobody", s.Anna, "1 anna 10 pending")
	file := s.CSV("earnings/commissions.csv", s.LogIn(dora))
	if got := sidecartest.Column(t, file, "Through"); !slices.Equal(got, []string{"level 2 through emil"}) {
		t.Errorf("through whom: %q in %q", got, file)
	}
	silver := s.Program("Silver")
	_, err := s.Registry.SetTerms(t.Context(), "test", silver.ID, s.Cup.ID,
		affiliate.Terms{Kind: affiliate.Percent, Level1: 100_000, Level2: 90_000})
	s.Must(err)
	s.world.call(http.MethodPost, "memberships", fmt.Sprintf(`{"partner_id":%d,"program":%q}`, dora.ID,
		silver.Code)).Want(http.StatusOK)
	s.Clock.Advance(time.Second)
	sells("elsewhere", emil, "1 emil 10 pending", "2 dora 5 pending") // at Gold's rate
	s.save("admin/programs/"+s.Gold.ID.String(), "tiers", "1")
	sells("one-tier", emil, "1 emil 10 pending")
}

// One product with three rates in three programs; what is not listed earns
// nothing; an edit and a removal reach later sales only; flat amounts have their
// currency, are multiplied by the quantity, and rounded once.
//
// Spec: S21.1 S23.1 S26.1 S28.2 S30.1 S30.2 D9.1 D16.1 D27.1 D27.3 D48.1
func TestTermsOfProgramsByTheirPages(t *testing.T) {
	s := newShop(t)
	partners := map[string]affiliate.Partner{"10": s.Anna}
	terms := func(form ...string) url.Values {
		f := url.Values{"kind": {"percent"}, "level1": {"0"}, "level2": {"0"},
			"flat_currency": {"USD", "", ""}, "flat_level1": {"0", "", ""}, "flat_level2": {"0", "", ""}}
		for i := 0; i+1 < len(form); i += 2 {
			f.Set(form[i], form[i+1])
		}
		return f
	}
	silver := s.Program("Silver")
	for name, rate := range map[string]string{"Silver": "20", "Bronze": "30"} {
		program := silver
		if name != "Silver" {
			program = s.Program(name)
		}
		s.Send("admin/programs/"+program.ID.String()+"/products",
			terms("product", s.Cup.ID.String(), "level1", rate)).Want(http.StatusSeeOther)
		partners[rate] = s.Partner(program.ID, strings.ToLower(name))
	}
	other, err := s.Registry.CreateProduct(t.Context(), "test", affiliate.Product{Name: "Pen"})
	s.Must(err)
	s.Clock.Advance(time.Second)
	for rate, p := range partners {
		got := s.sold("rate "+rate, 1, by(rate+"@mail.test"), clicked(s.Click(p).Value),
			lines("140", line("1", s.Cup.ID, "1", "100", "0"), line("2", other.ID, "1", "40", "0")))
		s.want("a listed and an unlisted product", got, "1 "+s.name(p.ID)+" "+rate+" pending")
	}
	path := "admin/programs/" + silver.ID.String() + "/products/" + s.Cup.ID.String()
	s.Send(path, terms("level1", "50")).Want(http.StatusSeeOther)
	half := lines("100", line("1", s.Cup.ID, "1", "100", "50"))
	s.want("an earlier sale keeps its terms", s.sold("rate 20", 2, by("20@mail.test"), half), "1 silver 10 pending")
	click := clicked(s.Click(partners["20"]).Value)
	s.want("a later one has the new ones", s.sold("edited", 1, click), "1 silver 50 pending")

	s.Send(path, terms("kind", "flat", "flat_level1", "1.01")).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Second)
	s.want("three at a flat rate", s.sold("three", 1, click, lines("60", line("1", s.Cup.ID, "3", "60", "0"))),
		"1 silver 3.03 pending")
	s.want("half of half a one", s.sold("half", 1, click, lines("10", line("1", s.Cup.ID, "0.5", "10", "5"))),
		"1 silver 0.25 pending") // 0.2525
	if euros := s.sold("euros", 1, click, in("EUR")); len(euros.Commissions) != 0 ||
		euros.Review != "FLAT_NO_CURRENCY" {
		t.Errorf("without an amount in the order's currency: %+v", euros)
	}
	annas := s.sold("annas euros", 1, by("eu@mail.test"), clicked(s.Click(s.Anna).Value), in("EUR"))
	if s.want("a percentage", annas, "1 anna 10 pending"); annas.Commissions[0].Currency != "EUR" {
		t.Errorf("10 %% of 100 EUR are %+v", annas.Commissions)
	}
	s.Send(path+"/remove", nil).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Second)
	s.want("taken out", s.sold("removed", 1, click))
	s.want("before, it stays", s.sold("edited", 2, click, half), "1 silver 25 pending")
}

// Nothing between a link and an order is in the hands of a cache, a blocker or
// another host: the server sets its own signed cookie in an answer that nobody
// stores, and reads it with the order.
//
// Spec: B6.1 B6.2 B6.3 S57.1
func TestTrackingNeedsNoScriptAndNoThirdHost(t *testing.T) {
	s := newShop(t)
	a := s.Get("go/"+s.Link.Code+"?p="+s.Anna.Code, web.Standalone).Want(http.StatusFound)
	cookie := a.Cookie(web.ClickCookie)
	if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.Text, "<script") || !cookie.HttpOnly ||
		cookie.Domain != "" || cookie.Path != "/" {
		t.Errorf("%v, %+v", a.Header, cookie)
	}
	s.want("with the cookie and no script", s.sold("o", 1, clicked(cookie.Value)), "1 anna 10 pending")
	longer := strings.Split(cookie.Value, ".")
	longer[3] += "z" // lives longer, signed as before
	for i, forged := range []string{cookie.Value[:len(cookie.Value)-1] + "?", strings.Join(longer, ".")} {
		s.want("a cookie not made here", s.sold(fmt.Sprint("forged", i), 1, by("f@mail.test"), clicked(forged)))
	}
	partner := s.LogIn(s.Anna)
	for _, path := range []string{"signup/" + s.Gold.Code, "", "earnings", "reports", "tools", "profile"} {
		page := s.Get(path, web.Standalone, partner).Want(http.StatusOK)
		if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") &&
			!strings.Contains(csp, "default-src 'self'") {
			t.Errorf("%s: any host may be loaded: %q", path, csp)
		}
		page.Find("script, link[rel=stylesheet], img, iframe, source").Each(func(_ int, e *goquery.Selection) {
			u, err := url.Parse(e.AttrOr("src", e.AttrOr("href", "")))
			if err != nil || u.Host != "" && u.Host != sidecartest.Host {
				t.Errorf("%s loads %s", path, u)
			}
		})
	}
	script := s.Get("t.js", web.Standalone).Want(http.StatusOK).Text
	if found := regexp.MustCompile(`https?://\w[^\s"'/]*`).FindAllString(script, -1); len(found) > 0 {
		t.Errorf("the script names %q", found)
	}
}
