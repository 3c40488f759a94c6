package e2e

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate/money"
)

// partnerPages are all that a partner can open from the navigation.
var partnerPages = []string{
	"", "earnings?range=all", "earnings/refunds?range=all", "earnings/payments?range=all", "reports?range=all", "tools",
	"profile",
}

// Every page of the partner says the same: what the dashboard shows, what the
// list adds up to, what stands in both files.
//
// Spec: S116, S117
func TestCenterNumbersAgree(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		for _, login := range []string{"mia", "tomas"} {
			c := newClient(t, w.URL(), "").logIn(login, "partner")
			file := c.get(ownURL("earnings/commissions.csv?range=all")).want(http.StatusOK)
			earned := columnSum(t, file.rows(), "Commission")
			paid := columnSum(t, c.get(ownURL("earnings/payments.csv?range=all")).want(http.StatusOK).rows(), "Amount")
			for _, urlOf := range []func(string) string{ownURL, themeURL} {
				first := c.get(urlOf("")).want(http.StatusOK)
				split := map[string]money.Amount{}
				first.page().Find(".pc-split div").Each(func(_ int, s *goquery.Selection) {
					split[strings.TrimSpace(s.Find("dt").Text())] = amount(t, s.Find("dd").Text())
				})
				if sum := add(t, split["Approved"], split["Pending"], split["Paid so far"]); sum != earned ||
					split["Paid so far"] != paid {
					t.Errorf("%s: the dashboard says %v, which is %s; the files say %s earned, %s paid", login, split,
						sum, earned, paid)
				}
				list := c.get(urlOf("earnings?range=all")).want(http.StatusOK)
				if total := amount(t, list.page().Find("tfoot td[data-label=Commission]").Text()); total != earned {
					t.Errorf("%s: the list adds up to %s, the file to %s", login, total, earned)
				}
			}
			book := c.get(ownURL("earnings/commissions.xlsx?range=all")).want(http.StatusOK)
			if got, want := workbook(t, book.Body, file.rows()), file.rows(); !slices.EqualFunc(got, want,
				slices.Equal) {
				t.Errorf("%s: the workbook has %d rows, the CSV %d; they differ first at %s", login, len(got),
					len(want), difference(got, want))
			}
		}
	})
}

// rows are those of a CSV file, with its headings.
func (a answer) rows() [][]string {
	a.t.Helper()
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff")))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		a.t.Fatal(err)
	}
	return rows
}

func columnSum(t *testing.T, rows [][]string, name string) money.Amount {
	t.Helper()
	column := slices.Index(rows[0], name)
	if column < 0 {
		t.Fatalf("no column %s in %v", name, rows[0])
	}
	amounts := []money.Amount{}
	for _, row := range rows[1:] {
		amounts = append(amounts, amount(t, row[column]))
	}
	return add(t, amounts...)
}

// amount reads money as it is printed.
func amount(t *testing.T, text string) money.Amount {
	t.Helper()
	text = strings.NewReplacer("$", "", ",", "", " ", "", "\u00a0", "").Replace(strings.TrimSpace(text))
	a, err := money.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return a
}

func add(t *testing.T, amounts ...money.Amount) money.Amount {
	t.Helper()
	sum, err := money.Sum(amounts...)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// workbook are the rows of the first sheet that stand where a CSV has its own;
// its title, and what follows the table, are excluded.
func workbook(t *testing.T, file string, like [][]string) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	start := slices.IndexFunc(rows, func(row []string) bool { return slices.Equal(row, like[0]) })
	if start < 0 {
		t.Fatalf("no row %q in %q", like[0], rows[:min(5, len(rows))])
	}
	rows = rows[start:min(start+len(like), len(rows))]
	for i := range rows[1:] {
		rows[i+1] = asInCSV(rows[i+1], like[0], like[i+1])
	}
	return rows
}

// asInCSV writes a workbook's row as the CSV does: empty cells at the end, no
// currency beside amounts, and times with their zone, which the workbook names
// in its foot.
func asInCSV(row, headings, like []string) []string {
	row = append(row, make([]string, max(0, len(headings)-len(row)))...)
	currency := row[slices.Index(headings, "Currency")] + " "
	for i, cell := range row {
		row[i] = strings.TrimPrefix(cell, currency)
		if headings[i] == "Time" {
			row[i] = strings.Replace(cell, " ", "T", 1) + like[i][len("2006-01-02T15:04:05"):]
		}
	}
	return row
}

func difference(a, b [][]string) string {
	for i := range min(len(a), len(b)) {
		if !slices.Equal(a[i], b[i]) {
			return fmt.Sprintf("row %d: %q and %q", i, a[i], b[i])
		}
	}
	return "the end"
}

// A promo text with everything that WordPress likes to embellish arrives in the
// clipboard as the admin wrote it.
//
// Spec: S52 S120.1
func TestCopiedCodeIsUnchanged(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := example(t, r)
		link := w.newMailTool(`He said "don't -- 5 x 3 ... (c) <3" & 'ok' 🙂`)
		v := w.loggedIn("mia", "partner")
		for _, page := range []string{themeURL("tools?q=Awkward"), ownURL("tools?q=Awkward")} {
			v.open(page)
			v.do("copy", chromedp.Click(css(".pc-tool .pc-actions .pc-copy-button:last-of-type")),
				chromedp.WaitVisible(css(".pc-copied")))
			if want, got := `He said "don't -- 5 x 3 ... (c) <3" & 'ok' 🙂`+"\n"+link, v.paste(); got != want {
				t.Errorf("%s: copied\n%q, want\n%q", page, got, want)
			}
		}
		w.noNotices()
	}, newest, oldest)
}

// newMailTool adds an e-mail text to the first program, and returns mia's link in it.
func (w *world) newMailTool(text string) (link string) {
	w.t.Helper()
	c := newClient(w.t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
	c.post(adminURL("admin/programs/1/tools"), url.Values{"kind": {"email"}, "name": {"Awkward"},
		"target_url": {w.URL() + "/shop/"},
		"subject":    {"Hello"}, "body_text": {text + "\n{{link}}"}}).want(http.StatusSeeOther)
	var tool struct{ ID, Code string }
	if err := w.DB.Get(w.t.Context(), &tool,
		`SELECT id AS id, code AS code FROM {wp}partner_center_tools WHERE name = 'Awkward'
			AND archived_at IS NULL`); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		c.post(adminURL("admin/programs/1/tools/"+tool.ID+"/archive"), url.Values{}).want(http.StatusSeeOther)
	})
	_, partner, _ := strings.Cut(w.linkOf("mia", "Text link"), "?p=")
	return w.URL() + "/partner-center/go/" + tool.Code + "?p=" + partner
}

// Spec: S120
func TestCenterInABrowser(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		v := example(t, r).loggedIn("mia", "partner")
		seen := v.watched()
		for _, width := range []int64{1280, 375} {
			v.wide(width)
			for _, path := range partnerPages {
				for _, address := range []string{ownURL(path), themeURL(path)} {
					v.open(address)
					if over := v.sideways(); over > 0 {
						t.Errorf("%s is %d pixels wider than the window of %d", address, over, width)
					}
					if v.text(".pc-title") == "" {
						t.Errorf("%s has no title\n%s", address, v.state())
					}
				}
			}
		}
		seen.clean(v)
	})
}

// Spec: S1.1 S1.2 S1.3 S1.4 S45.1 S113.1 S113.2
func TestSwitches(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		admin := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		mia := newClient(t, w.URL(), "").logIn("mia", "partner")
		link, before := w.linkOf("mia", "Text link"), w.figures(mia)
		t.Cleanup(func() { w.switches(admin, "1", "1"); w.figures(mia) })

		w.switches(admin, "1", "0")
		soon(t, "the center is away", func() bool { return mia.get(ownURL("")).Status == http.StatusNotFound })
		mia.get("/partners/").want(http.StatusNotFound)
		mia.get("/shop/").want(http.StatusOK).sees("body", "roasted")
		if !strings.Contains(mia.get("/shop/").Body, "/t.js") {
			t.Error("the tracking script belongs to the feature, not to the center")
		}

		w.switches(admin, "0", "0")
		visits := w.visitsOf("mia")
		soon(t, "the feature is off", func() bool { return admin.get(ownURL("admin")).Status == http.StatusNotFound })
		stranger := newClient(t, w.URL(), "")
		a := stranger.get(link).want(http.StatusFound)
		if stranger.cookie("pc_click") != "" || w.visitsOf("mia") != visits ||
			!strings.HasPrefix(a.Header.Get("Location"), w.URL()) {
			t.Errorf("a link is followed, and nothing tracked: to %s, %q", a.Header.Get("Location"),
				stranger.cookie("pc_click"))
		}
		if strings.Contains(stranger.get("/shop/").Body, "/t.js") {
			t.Error("the script is on the page while the feature is off")
		}
		if strings.Contains(admin.get("/wp-admin/").want(http.StatusOK).text("#adminmenu"), "Partners") {
			t.Error("the menu shows Partners while the feature is off")
		}

		w.switches(admin, "1", "1")
		if after := w.figures(mia); after != before {
			t.Errorf("the dashboard said %s, and says %s", before, after)
		}
		admin.get("/wp-admin/").want(http.StatusOK).sees("#adminmenu", "Partners")
		stranger.get(link).want(http.StatusFound)
		if stranger.cookie("pc_click") == "" {
			t.Error("nothing is tracked after switching on again")
		}
	})
}

// switches saves the plugin's settings page.
func (w *world) switches(admin *client, tracking, center string) {
	w.t.Helper()
	w.pluginSettings(admin, map[string]string{"tracking": tracking, "center": center})
}

func (w *world) pluginSettings(admin *client, change map[string]string) {
	w.t.Helper()
	form := admin.get("/wp-admin/options-general.php?page=partner-center-settings").want(http.StatusOK).form(
		`form[action="options.php"]`)
	for name, value := range change {
		form.Set("partner_center["+name+"]", value)
	}
	for name, values := range form { // of a checkbox and its hidden "off", PHP takes the last
		form[name] = values[len(values)-1:]
	}
	admin.post("/wp-admin/options.php", form).want(http.StatusFound)
}

// figures are the dashboard's, waited for.
func (w *world) figures(partner *client) (text string) {
	w.t.Helper()
	soon(w.t, "the center is there", func() bool { return partner.get(ownURL("")).Status == http.StatusOK })
	partner.get("/partners/").want(http.StatusOK)
	return partner.get(ownURL("")).text(".pc-owed")
}

// Spec: S114.1 S114.2 S115
func TestLandingAfterLogin(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		admin := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		page := admin.get("/wp-admin/options-general.php?page=partner-center-settings").page()
		shop := page.Find("#redirect_to option").FilterFunction(func(_ int,
			s *goquery.Selection) bool {
			return s.Text() == "Shop"
		}).AttrOr("value", "")
		was := page.Find("#redirect_to option[selected]").AttrOr("value", "")
		t.Cleanup(func() { w.pluginSettings(admin, map[string]string{"redirect_to": was}) })
		for _, choice := range []struct{ value, lands string }{{was, "/partners/"}, {shop, "/shop/"}, {"-1", "/"}} {
			w.pluginSettings(admin, map[string]string{"redirect_to": choice.value})
			if to := w.lands("liam", "partner"); strings.TrimSuffix(to, "/") != strings.TrimSuffix(w.URL()+choice.lands,
				"/") {
				t.Errorf("with %q the partner lands at %s, want %s", choice.value, to, choice.lands)
			}
			if to := w.lands(w.Admin.Login, w.Admin.Password); to != w.URL()+"/wp-admin/" {
				t.Errorf("with %q the admin lands at %s", choice.value, to)
			}
		}
	})
}

// lands logs in by the form and tells where that leads.
func (w *world) lands(login, password string) string {
	w.t.Helper()
	c := newClient(w.t, w.URL(), "")
	form := c.get("/wp-login.php").want(http.StatusOK).form("#loginform")
	form.Set("log", login)
	form.Set("pwd", password)
	return c.post("/wp-login.php", form).want(http.StatusFound).Header.Get("Location")
}
