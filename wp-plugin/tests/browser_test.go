package wpplugin_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// answer is what a browser got.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// doc parses the answer as HTML.
func (a answer) doc(t *testing.T) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
	must(t, err)
	return doc
}

// request is one of a browser; path is below the site's URL.
type request struct {
	method, path string
	form         url.Values // posted when not nil
	body         string
	header       http.Header
	cookies      []*http.Cookie
}

func (s *site) get(t *testing.T, path string, cookies ...*http.Cookie) answer {
	t.Helper()
	return s.do(t, request{path: path, cookies: cookies})
}

// do sends a request without following redirects.
func (s *site) do(t *testing.T, r request) answer {
	t.Helper()
	response := s.start(t, r)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	return answer{response.StatusCode, response.Header, string(body)}
}

// start returns when the headers are there.
func (s *site) start(t *testing.T, r request) *http.Response {
	t.Helper()
	body := r.body
	if r.form != nil {
		body = r.form.Encode()
		r.method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), r.method, s.URL+r.path, strings.NewReader(body))
	must(t, err)
	if r.header != nil {
		req.Header = r.header.Clone()
	}
	if r.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range r.cookies {
		req.AddCookie(cookie)
	}
	response, err := http.DefaultTransport.RoundTrip(req)
	must(t, err)
	return response
}

// formFields returns what a browser would send for a form as it stands.
func formFields(form *goquery.Selection) url.Values {
	fields := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name, _ := field.Attr("name")
		kind, _ := field.Attr("type")
		_, checked := field.Attr("checked")
		if name == "" || kind == "submit" || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value := field.AttrOr("value", "")
		if goquery.NodeName(field) == "select" {
			value = field.Find("option[selected]").AttrOr("value", "")
		}
		if kind == "checkbox" {
			fields.Del(name) // PHP takes the last one of a name
		}
		fields.Add(name, value)
	})
	return fields
}
