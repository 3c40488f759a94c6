package e2e

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/testbed/wordpress"
)

// client is a person whose browser only sends and receives: it keeps cookies,
// and follows no redirect by itself.
type client struct {
	t    *testing.T
	base string // of the site
	http http.Client
}

// newClient reaches the site by the web server at address, whatever host the
// URLs name; "" is the one they name.
func newClient(t *testing.T, base, address string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	if address != "" {
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}
	}
	t.Cleanup(transport.CloseIdleConnections)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	// No context of the test, which ends before the test cleans up.
	return &client{t, base, http.Client{Transport: transport, Jar: jar, CheckRedirect: stay, Timeout: time.Minute}}
}

// logIn takes the cookies of a WordPress login.
func (c *client) logIn(login, password string) *client {
	c.t.Helper()
	cookies, err := wordpress.Login(c.t.Context(), c.base, login, password)
	if err != nil {
		c.t.Fatal(err)
	}
	c.http.Jar.SetCookies(c.root(), cookies)
	return c
}

func (c *client) root() *url.URL {
	u, err := url.Parse(c.base + "/")
	if err != nil {
		c.t.Fatal(err)
	}
	return u
}

// cookie is what the client holds for the site's front page; "" without.
func (c *client) cookie(name string) string {
	for _, cookie := range c.http.Jar.Cookies(c.root()) {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	return ""
}

// answer is what came back.
type answer struct {
	t      *testing.T
	what   string
	Status int
	Header http.Header
	Body   string
}

// get asks for an address of the site, or a whole URL.
func (c *client) get(address string) answer {
	c.t.Helper()
	return c.send(c.request(http.MethodGet, address, nil))
}

// post sends a form as a page of the site would.
func (c *client) post(address string, form url.Values) answer {
	c.t.Helper()
	req := c.request(http.MethodPost, address, form)
	req.Header.Set("Origin", c.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.send(req)
}

func (c *client) request(method, address string, form url.Values) *http.Request {
	c.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = c.base + address
	}
	req, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("User-Agent", person)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req
}

func (c *client) send(req *http.Request) answer {
	c.t.Helper()
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{c.t, req.Method + " " + req.URL.String(), resp.StatusCode, resp.Header, string(body)}
}

// want fails unless the answer has the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: %d to %q, want %d\n%.1500s", a.what, a.Status, a.Header.Get("Location"), status, a.text("body"))
	}
	return a
}

func (a answer) page() *goquery.Document {
	a.t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
	if err != nil {
		a.t.Fatal(err)
	}
	return page
}

// text is what the first element reads, with single blanks.
func (a answer) text(selector string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.page().Find(selector).First().Text()), " ")
}

// sees fails unless the element's text holds the words.
func (a answer) sees(selector, words string) answer {
	a.t.Helper()
	if text := a.text(selector); !strings.Contains(text, words) {
		a.t.Fatalf("%s: %s reads %q, not %q\n%.1500s", a.what, selector, text, words, a.text("body"))
	}
	return a
}

// value is the value of a field, as it stands in the page.
func (a answer) value(selector string) string {
	a.t.Helper()
	field := a.page().Find(selector).First()
	if field.Length() == 0 {
		a.t.Fatalf("%s: no %s\n%.1500s", a.what, selector, a.text("body"))
	}
	return field.AttrOr("value", "")
}

// form is what a browser would send for a form as it stands.
func (a answer) form(selector string) url.Values {
	a.t.Helper()
	form := a.page().Find(selector).First()
	if form.Length() == 0 {
		a.t.Fatalf("%s: no form %s\n%.1500s", a.what, selector, a.text("body"))
	}
	fields := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case name == "" || kind == "submit" || (kind == "checkbox" || kind == "radio") && !checked:
		case goquery.NodeName(field) == "select":
			fields.Add(name, field.Find("option[selected]").AttrOr("value",
				field.Find("option").First().AttrOr("value", "")))
		case goquery.NodeName(field) == "textarea":
			fields.Add(name, field.Text())
		default:
			fields.Add(name, field.AttrOr("value", ""))
		}
	})
	return fields
}
