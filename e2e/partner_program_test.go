package e2e

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate/money"
	"partnercenter/testbed/wordpress"
)

// TestPartnerProgram goes the way from an unknown visitor to a paid partner:
// first "Test your partner program" word by word (S137), then approval,
// payment, and the partner's own look at it.
//
// Spec: S1 S2 S10.2 S11.1 S12 S13 S27.2 S28.1 S44.2 S48 S57.1 S59.1 S63.2 S64 S72.1 S72.2 S73.1 S75.1 S78.1
// Spec: S83 S84.2 S88 S103.1 S103.2 S105.1 S105.2 S106.1 S106.2 S107.1 S114.1 S115.1 S137.1 B1.3
// S106, S107, S114, S115, S116, S120, S135
func TestPartnerProgram(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		admin := w.admin()
		w.setUpShop(admin)

		partner, link := w.signUp(admin, "paula@example.test", "Paula", "Pfeiffer")
		w.optIn(link, "carl@example.test", "Carl", "Cramer")
		w.seesReferrers(admin, "carl@example.test", "Paula Pfeiffer", "paula@example.test")
		w.logTransaction(admin, "Lamp", "99.99")
		admin.open(adminPage("admin/commissions"))
		admin.sees("table tbody", "Paula Pfeiffer")
		admin.sees("table tbody", "10.00") // 10 % of 99.99, rounded half away from zero

		w.approveAndPay(admin)
		w.seesEarnings(partner)
		w.verified()
		w.noNotices()
	}, newest, oldest)
}

// signUp fills in the program's sign-up form with an address nobody knows, and
// follows the mails: the partner sets a password, logs in, and copies a link.
func (w *world) signUp(admin *visitor, email, first, last string) (partner *visitor, link string) {
	w.t.Helper()
	admin.open(adminPage("admin/programs"))
	admin.click(".row-title")
	admin.click(".pc-subtabs a[href*='signup']")
	form := admin.text("#signup-url")

	partner = newVisitor(w.t, w.URL())
	partner.open(form)
	partner.fill("#pc-email", "no address")
	partner.submit(".pc-signup form")
	partner.sees("#pc-email-notes", "email address")
	partner.fill("#pc-email", email)
	partner.fill("#pc-first_name", first)
	partner.fill("#pc-last_name", last)
	partner.click(".pc-signup button")
	partner.sees(".pc-signup", "Welcome to Friends")

	admin.open(adminPage("admin/contacts") + "%3Fq%3D" + email)
	admin.click(".row-title")
	admin.sees(".pc-facts + * , .wrap", "Partner Program")
	admin.sees(".wrap", "Friends")

	welcome := w.mail(email, "go/")
	link = find(w.t, welcome.Text, `http://\S+/go/\S+`)
	password := w.mail(email, "action=rp")
	partner.open(find(w.t, password.Text, `http://\S+action=rp\S+`))
	partner.setPassword("Correct horse 7 battery")
	partner.logIn(email, "Correct horse 7 battery")
	if !strings.HasPrefix(partner.at(), w.URL()+"/partners/") {
		w.t.Fatalf("after the login the partner is at %s\n%s", partner.at(), partner.state())
	}
	partner.sees(".partner-center", "Dashboard")
	partner.open("/partner-center/tools")
	if copied := partner.text("#pc-link"); copied != link {
		w.t.Fatalf("the partner center shows %s, the welcome mail %s", copied, link)
	}
	return partner, link
}

// setPassword fills in WordPress' form for a new password.
func (v *visitor) setPassword(password string) {
	v.t.Helper()
	soon(v.t, "WordPress suggests a password", func() bool { return v.value("#pass1") != "" })
	v.fill("#pass1", password)
	v.click("#wp-submit")
	v.sees("body", "password has been reset")
}

// logIn uses WordPress' login form, as partners do (S115). Filling in and
// sending are one step, because a script of the form moves the focus about.
func (v *visitor) logIn(name, password string) {
	v.t.Helper()
	v.open("/wp-login.php")
	ask[bool](v, fmt.Sprintf(
		`document.querySelector("#user_login").value = %q, document.querySelector("#user_pass").value = %q, true`, name,
		password))
	v.submit("#loginform")
}

// optIn comes by a partner's link in a fresh browser and leaves an address.
func (w *world) optIn(link, email, first, last string) {
	w.t.Helper()
	buyer := newVisitor(w.t, w.URL())
	buyer.open(link)
	if !strings.HasPrefix(buyer.at(), w.URL()+"/letter/") {
		w.t.Fatalf("the link leads to %s", buyer.at())
	}
	if !buyer.holds("pc_click") {
		w.t.Fatal("the click left no cookie")
	}
	if n := w.count("contacts"); n != 1 {
		w.t.Fatalf("%d contacts after the click, want the partner only", n)
	}
	buyer.fill("input[name=first_name]", first)
	buyer.fill("input[name=last_name]", last)
	buyer.fill("input[name=email]", email)
	buyer.click("form[data-partner-center] button")
	if !strings.HasPrefix(buyer.at(), w.URL()+"/thanks/") {
		w.t.Fatalf("the form leads to %s", buyer.at())
	}
	soon(w.t, "the lead is stored", func() bool { return w.count("contacts") == 2 })
}

func (v *visitor) holds(cookie string) bool {
	for _, c := range v.cookies() {
		if c.Name == cookie {
			return c.HTTPOnly && c.Value != ""
		}
	}
	return false
}

func (w *world) count(table string) (n int) {
	w.t.Helper()
	if err := w.DB.Get(w.t.Context(), &n, "SELECT COUNT(*) FROM {wp}partner_center_"+table); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// seesReferrers looks at the contact's Referral Info (S72).
func (w *world) seesReferrers(admin *visitor, email, name, address string) {
	w.t.Helper()
	admin.open(adminPage("admin/contacts") + "%3Fq%3D" + email)
	admin.click(".row-title")
	for _, card := range []string{".pc-columns section:nth-of-type(1)", ".pc-columns section:nth-of-type(2)"} {
		admin.sees(card, name)
		admin.sees(card, address)
	}
	admin.sees(".pc-columns section:nth-of-type(1)", "First referrer")
	admin.sees(".pc-columns section:nth-of-type(2)", "Last referrer")
}

// logTransaction enters a purchase of the shown contact; no card is charged (S75).
func (w *world) logTransaction(admin *visitor, product, amount string) {
	w.t.Helper()
	admin.click(".partner-center a[href*='%2Flog']")
	id := ask[string](admin,
		fmt.Sprintf(`[...document.querySelectorAll("select[name=product] option")].find(o => o.text.includes(%q)).value`, product))
	admin.choose("select[name=product]", id)
	admin.fill("input[name=amount]", "x")
	admin.click("form .button-primary")
	admin.sees(".pc-lines .pc-problem", "amount")
	admin.fill("input[name=amount]", amount)
	admin.click("form .button-primary")
	admin.sees(".notice-success", "Paula")
}

// approveAndPay takes the commission from pending to paid (S78, S83, S84).
func (w *world) approveAndPay(admin *visitor) {
	w.t.Helper()
	admin.open(adminPage("admin/commissions"))
	admin.tick("input[name=pick]")
	admin.choose("#pc-bulk", "approve")
	admin.click(".tablenav.top .action")
	admin.sees(".notice-success", "pproved")
	admin.open(adminPage("admin/payments"))
	admin.sees("table tbody", "Paula Pfeiffer")
	admin.sees("table tbody", "10.00")
	admin.click("tbody a[href*='payments%2Fpay']")
	admin.sees(".partner-center", "10.00")
	admin.click("form[action*='payments%2Fpay'] button.button-primary")
	admin.sees(".notice-success", "10.00")
	admin.open(adminPage("admin/commissions/history"))
	admin.sees("table tbody", "Paula Pfeiffer")
	admin.sees("table tbody", "was paid to")
}

// seesEarnings compares the partner's page with both files, to the cent (S116).
func (w *world) seesEarnings(partner *visitor) {
	w.t.Helper()
	partner.open("/partners/?pc=earnings")
	partner.sees("table tbody", "10.00")
	partner.sees("table tbody", "Paid")
	address := func(kind string) string { return partner.attribute(".pc-files a[href*='"+kind+"']", "href") }
	csvFile, _ := partner.download(address("csv"))
	xlsxFile, _ := partner.download(address("xlsx"))
	if sum := csvSum(w.t, csvFile); sum != money.MustParse("10") {
		w.t.Errorf("the CSV sums to %s", sum)
	}
	book, err := excelize.OpenReader(bytes.NewReader(xlsxFile))
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil || !strings.Contains(flat(rows), "10.00") {
		w.t.Errorf("the workbook reads\n%s\n%v", flat(rows), err)
	}
}

// csvSum adds the column of commissions.
func csvSum(t *testing.T, file []byte) money.Amount {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	reader.FieldsPerRecord = -1
	var sum money.Amount
	column := -1
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return sum
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range row {
			if column < 0 && name == "Commission" {
				column = i
			}
		}
		if column >= 0 && column < len(row) {
			if amount, err := money.Parse(row[column]); err == nil && !strings.HasPrefix(row[0], "Total") {
				if sum, err = sum.Add(amount); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func flat(rows [][]string) string {
	var out strings.Builder
	for _, row := range rows {
		out.WriteString(strings.Join(row, " | ") + "\n")
	}
	return out.String()
}

// mail waits for the mail to somebody that holds a text.
func (w *world) mail(to, holds string) wordpress.Mail {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 40*time.Second)
	defer cancel()
	found, err := w.Site.WaitMail(ctx, func(m wordpress.Mail) bool {
		return slices.Contains(m.To, to) && strings.Contains(m.Text, holds)
	})
	if err != nil {
		all, _ := w.Site.Mails()
		w.t.Fatalf("no mail to %s with %q: %v; there are %+v", to, holds, err, all)
	}
	return found
}

func find(t *testing.T, text, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindString(text)
	if found == "" {
		t.Fatalf("no %s in\n%s", pattern, text)
	}
	return strings.TrimRight(found, ".,)>")
}

// verified runs the command that proves the books.
func (w *world) verified() {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), "go", "run", "../cmd/partner-center", "verify", "--wordpress",
		w.Site.Root)
	if out, err := command.CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
}
