package sidecar_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// torn is a body whose sender hangs up.
type torn struct{ io.Reader }

func (t torn) Read(p []byte) (int, error) {
	if n, err := t.Reader.Read(p); err == nil {
		return n, nil
	}
	return 0, io.ErrUnexpectedEOF
}

// unread fails the test when somebody reads it.
type unread struct{ *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.Error("a body that is too large was read")
	return 0, errors.New("too large")
}

// What does not come as it should is its sender's matter, and nothing to wake up an
// admin for.
func TestBodiesThatAreNoForms(t *testing.T) {
	s := sidecartest.New(t)
	post := func(body io.Reader, length int64, kind string) *sidecartest.Answer {
		t.Helper()
		req := s.Request(http.MethodPost, "t/lead", web.Standalone, "")
		req.Body, req.ContentLength = io.NopCloser(body), length
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", sidecartest.Home)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		return s.Do(req)
	}
	const form = "application/x-www-form-urlencoded"
	post(torn{strings.NewReader("email=kim")}, 100, form).Want(http.StatusBadRequest)
	post(unread{t}, 1<<20, form).Want(http.StatusRequestEntityTooLarge)
	post(bytes.NewReader(make([]byte, 70<<10)), -1, form).Want(http.StatusRequestEntityTooLarge)
	post(strings.NewReader("--x"), 3, "multipart/form-data; boundary=x").Want(http.StatusUnsupportedMediaType)
	if log := s.Log.String(); strings.Contains(log, "ERROR") {
		t.Errorf("logged as a fault: %s", log)
	}
}

// A form that is too large is answered within wp-admin, with the limit and the way back;
// the page says how much is taken, so that browsers don't even send more. One that is as
// large as its route allows arrives whole, though net/http reads less by itself.
func TestFormsThatAreTooLarge(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := w.Open("admin/contacts/import").Want(http.StatusOK)
	if most := page.Find("form[data-pc-most]").AttrOr("data-pc-most", ""); most != "16777216" {
		t.Errorf("the form takes %s bytes", most)
	}
	if most := page.Find(".partner-center").AttrOr("data-most", ""); most != "2097152" {
		t.Errorf("forms take %s bytes", most)
	}
	large := url.Values{"file": {"Email\n" + strings.Repeat("anna@mail.test\n", 700_000)}} // 11.9 MB as a form
	if a := w.Send("admin/contacts/import", large); strings.Contains(a.Text, "Please choose a file") {
		t.Error("the file was lost on its way")
	}
	long := w.Send("admin/contacts/new", url.Values{"email": {strings.Repeat("x", 3<<20)}}).
		Want(http.StatusRequestEntityTooLarge)
	if long.Header.Get("PC-Embed") != "1" || long.Find(".pc-admin").Length() != 1 ||
		!strings.Contains(long.One(".pc-error"), "2048 KB") || long.Find("[data-pc-back]").Length() != 1 {
		t.Errorf("%v %s", long.Header, long.Text)
	}
}

// Outside the base path there is nothing of ours.
func TestNothingOutsideTheBasePath(t *testing.T) {
	s := sidecartest.New(t)
	for _, path := range []string{"/", "/healthz", "/t.js", "/admin", "/other/healthz", "/partner-centers/healthz"} {
		answer := s.Do(httptest.NewRequest(http.MethodGet, path, nil)).Want(http.StatusNotFound)
		if strings.Contains(strings.ToLower(answer.Text), "partner") {
			t.Errorf("%s: %s", path, answer.Text)
		}
	}
	s.Get("healthz", web.Standalone).Want(http.StatusOK)
}

// Where a login leads back to is the site, whatever the request calls its host.
func TestLoginLeadsBackToTheSite(t *testing.T) {
	s := sidecartest.New(t)
	req := s.Request(http.MethodGet, "profile", web.Standalone, "")
	req.Header.Del("X-Forwarded-Host")
	req.Host = "evil.test"
	if a := s.Do(req).Want(http.StatusSeeOther); strings.Contains(a.Location(), "evil") {
		t.Error(a.Location())
	}
}

// What a form did is told to its sender: not to who uses the browser next, nor to
// somebody who brings the cookie along.
func TestConfirmationsAreOfOnePerson(t *testing.T) {
	s := sidecartest.New(t)
	program := s.Program("Gold")
	anna, bert := s.Partner(program.ID, "anna"), s.Partner(program.ID, "bert")
	mine, his := s.Login(int64(anna.WPUserID)), s.Login(int64(bert.WPUserID))
	for _, on := range []web.SurfaceKind{web.Standalone, web.Theme} {
		saved := s.Post("profile", on, url.Values{"paypal_email": {"anna@pay.test"},
			"pc_password": {sidecartest.Password}}, mine).Want(http.StatusSeeOther)
		flash := saved.Cookie("pc_flash")
		if flash == nil || !flash.HttpOnly {
			t.Fatalf("%s: %v", on, flash)
		}
		forged := *flash
		forged.Value = "x" + forged.Value
		for who, cookies := range map[string][]*http.Cookie{"another": {his, flash}, "forged": {mine, &forged}} {
			if a := s.Get("profile", on, cookies...).Want(http.StatusOK); a.Find(".pc-flash").Length() != 0 {
				t.Errorf("%s, %s: %s", on, who, a.Texts(".pc-flash"))
			}
		}
		if a := s.Get("signup/"+program.Code, on, flash); a.Find(".pc-flash").Length() != 0 {
			t.Errorf("%s: nobody reads %s", on, a.Texts(".pc-flash"))
		}
		if a := s.Get("profile", on, mine, flash); a.Find(".pc-flash").Length() != 1 {
			t.Errorf("%s: their own is not told: %s", on, a.Text)
		}
	}
}
