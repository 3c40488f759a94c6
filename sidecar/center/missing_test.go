package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A partner who misses a sale of their own sees what became of it; whatever is
// another's or does not exist is answered alike and waits for an admin, whose words
// the partner then sees.
//
// Spec: B13.1
func TestMissingSales(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	bob, _ := s.Join("bob")
	mine, his := s.Sell(anna, "100", "USD", "Mine"), s.Sell(bob, "100", "USD", "His")
	number := func(order affiliate.OrderID) string {
		t.Helper()
		v, err := s.Sales.Order(t.Context(), order)
		must(t, err)
		return v.Order.Number
	}
	ask := func(number, email string) *sidecartest.Answer {
		t.Helper()
		return s.Post("earnings/missing", web.Standalone, url.Values{"number": {number}, "email": {email},
			"day": {s.Clock.Now().Format("2006-01-02")}}, cookie)
	}
	a := ask(number(mine.OrderID), "").Want(http.StatusOK)
	if !strings.Contains(a.One("#answer"), "This sale is yours") ||
		a.Find(`#answer a[href*="earnings/commissions/`+mine.ID.String()+`"]`).Length() != 1 {
		t.Errorf("own sale: %s", a.Text)
	}
	if a := ask("#"+number(mine.OrderID), "").Want(http.StatusOK); !strings.Contains(a.Text, "This sale is yours") {
		t.Errorf("a number as shops print it: %s", a.Text)
	}
	carla, _ := s.Join("carla")
	s.Send("admin/partners/"+carla.ID.String()+"/recruiter", url.Values{"recruiter": {anna.ID.String()},
		"reason": {"She brought her"}}).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Hour)
	through := s.Sell(carla, "100", "USD", "Theirs") // stands in Anna's own list, too
	if a := ask(number(through.OrderID), "").Want(http.StatusOK); a.Find(`#answer a[href*="earnings/commissions/"]`).
		Length() != 1 || !strings.Contains(a.One("#answer"), "level 2") || strings.Contains(a.Text, "Theirs") ||
		strings.Contains(a.One("#answer .pc-why"), "$") {
		t.Errorf("a recruited partner's sale: %s", a.Text)
	}
	s.Exec(`UPDATE {wp}partner_center_programs SET visibility = 'anonymous'`)
	ask(number(through.OrderID), "").Want(http.StatusSeeOther)
	s.Exec(`UPDATE {wp}partner_center_programs SET visibility = 'email'`)
	answers := map[string]bool{}
	for _, unknown := range []string{number(his.OrderID), "no such order", "'; DROP TABLE x"} {
		a := ask(unknown, "").Want(http.StatusSeeOther)
		page := s.Get("earnings/missing", web.Standalone, cookie, a.Cookie("pc_flash")).Want(http.StatusOK)
		answers[page.One(".pc-flash")+a.Location()] = true
		if strings.Contains(page.Text, "His") {
			t.Errorf("%s tells of another's buyer: %s", unknown, page.Text)
		}
	}
	for _, email := range []string{"buyer2@mail.test", "nobody@mail.test"} {
		ask("", email).Want(http.StatusSeeOther)
	}
	if len(answers) != 1 {
		t.Errorf("answers differ: %v", answers)
	}
	claims := s.Open("admin/orders/missing").Want(http.StatusOK)
	if n := claims.Find("section.pc-card").Length(); n != 6 {
		t.Errorf("%d claims wait: %s", n, claims.Text)
	}
	id := s.Count(`SELECT MIN(id) FROM {wp}partner_center_missing_sales WHERE number = ?`, number(his.OrderID))
	path := "admin/orders/missing/" + affiliate.OrderID(id).String()
	if !strings.Contains(claims.One("#claim-"+affiliate.OrderID(id).String()), "bob") {
		t.Errorf("the admin does not see who has it: %s", claims.Text)
	}
	s.Send(path, url.Values{"answer": {""}}).Want(http.StatusUnprocessableEntity)
	s.Send(path, url.Values{"answer": {"Bob's link was the last one."}}).Want(http.StatusSeeOther)
	s.Send(path, url.Values{"answer": {"again"}}).Want(http.StatusUnprocessableEntity)
	if page := s.Get("earnings/missing", web.Theme, cookie).Want(http.StatusOK); !strings.Contains(page.Text,
		"Bob&#39;s link was the last one.") {
		t.Errorf("no answer: %s", page.Text)
	}
}

// Nobody tries one number after the other, and where a program hides customers no
// e-mail or number is confirmed.
//
// Spec: B13.1
func TestMissingSalesTellNoMoreThanTheProgram(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	mine := s.Sell(anna, "100", "USD", "Mine")
	v, err := s.Sales.Order(t.Context(), mine.OrderID)
	must(t, err)
	s.Exec(`UPDATE {wp}partner_center_programs SET visibility = 'anonymous'`)
	for i := range 11 {
		a := s.Post("earnings/missing", web.Standalone, url.Values{"number": {v.Order.Number},
			"day": {s.Clock.Now().Format("2006-01-02")}}, cookie)
		want := http.StatusSeeOther
		if i == 10 {
			want = http.StatusUnprocessableEntity
		}
		a.Want(want)
	}
}
