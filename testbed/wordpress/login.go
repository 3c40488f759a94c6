package wordpress

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// LoginError is a login WordPress refused, with the reason it showed.
type LoginError struct{ Reason string }

func (e LoginError) Error() string { return "WordPress refused the login: " + e.Reason }

// Login logs a user in through the form of the site at base, staying logged in
// for two weeks, and returns the cookies as they were set, with their paths.
//
// Errors: LoginError.
func Login(ctx context.Context, base, user, password string) ([]*http.Cookie, error) {
	base = strings.TrimSuffix(base, "/")
	form := url.Values{
		"log": {user}, "pwd": {password}, "rememberme": {"forever"},
		"testcookie": {"1"}, "redirect_to": {base + "/wp-admin/"},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/wp-login.php",
		strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// WordPress sets this cookie with the form and wants to see it back.
	request.AddCookie(&http.Cookie{Name: "wordpress_test_cookie", Value: "WP%20Cookie%20check"})
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	for _, cookie := range response.Cookies() {
		if strings.HasPrefix(cookie.Name, "wordpress_logged_in_") {
			return response.Cookies(), nil
		}
	}
	return nil, refusal(response)
}

func refusal(response *http.Response) error {
	page, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		return err
	}
	reason := strings.Join(strings.Fields(page.Find("#login_error").Text()), " ")
	if reason == "" {
		reason = fmt.Sprintf("no reason shown, status %s", response.Status)
	}
	return LoginError{reason}
}
