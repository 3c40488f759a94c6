package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/limit"
	"partnercenter/locale"
	"partnercenter/wpbridge"
)

// freshLogin is for how long after a log-in, or after the password was given
// again, a session may do what moves money: a stolen one alone cannot.
const freshLogin = 15 * time.Minute

const (
	passwordField = "pc_password"
	passwordPath  = "password"
	ownerCookie   = "pc_owner" // says that the password was given, until when
)

// A person may mistype this often at once, and then once in a while. WordPress
// and its plugins count for themselves, too.
var passwordPace = limit.Pace{Burst: 5, Every: 3 * time.Minute}

// passwordPage asks for the password before something is done. Whatever was
// typed before travels with it, so that nothing is lost.
type passwordPage struct {
	Action  string
	Fields  []Hidden
	LogIn   string // where to log in again, for people who have no password of their own
	Anew    bool   // a log-in is not enough
	ByMail  bool   // … but a link that is mailed is
	Problem locale.Text
}

// byMailField is sent instead of the password by whoever confirms by mail.
const byMailField = "pc_by_mail"

var unchecked = locale.T("We couldn't check your password here. Please log in again.")

var passwordTitle = locale.T("Is it you?")

// ownsSession lets a request of a Route with Password through when its person
// has logged in lately, or gives the password with it. Others are asked for it;
// then it has answered.
func (r *Request) ownsSession() (done bool, err error) {
	if r.isOwner() {
		return false, nil
	}
	if r.isGet() {
		return true, r.askForPassword(http.StatusOK, passwordPage{
			Action: r.Surface.URL(passwordPath), Fields: []Hidden{{"to", r.address()}}})
	}
	page := passwordPage{Action: r.Surface.URL(r.path(), Flat(r.Context.Request.URL.Query())...), Fields: r.Posted()}
	if !r.Context.Request.PostForm.Has(passwordField) {
		return true, r.askForPassword(http.StatusUnprocessableEntity, page) // nothing is done yet
	}
	if page.Problem, err = r.takePassword(); err != nil || page.Problem.IsZero() {
		return false, err
	}
	return true, r.askForPassword(http.StatusUnprocessableEntity, page)
}

// PasswordAnew asks for the password itself, however fresh the login is: a stolen
// one is as fresh. done is true once it has asked. byMail offers to confirm by a
// mailed link instead, which ByMail tells. Where WordPress can't check a password,
// a fresh log-in has to do.
func (r *Request) PasswordAnew(byMail bool) (done bool, err error) {
	if r.gavePassword() {
		return false, nil
	}
	page := passwordPage{Action: r.Surface.URL(r.path(), Flat(r.Context.Request.URL.Query())...), Fields: r.Posted(),
		Anew: true, ByMail: byMail}
	if r.Context.Request.PostForm.Has(passwordField) {
		page.Problem, err = r.takePassword()
		unchecked := page.Problem.String() == unchecked.String() && r.isOwner()
		if err != nil || page.Problem.IsZero() || unchecked {
			return false, err
		}
	}
	return true, r.askForPassword(http.StatusUnprocessableEntity, page)
}

// ByMail tells whether the person wants to confirm by a mailed link what
// PasswordAnew asked the password for.
func (r *Request) ByMail() bool { return r.PostForm(byMailField) != "" }

// TakePassword takes the password that was asked for before a page or file, and
// goes on to it.
func TakePassword(r *Request) error {
	to := r.PostForm("to")
	problem, err := r.takePassword()
	if err != nil {
		return err
	}
	if !problem.IsZero() && !r.isOwner() { // who has logged in again meanwhile gave none
		return r.askForPassword(http.StatusUnprocessableEntity, passwordPage{
			Action: r.Surface.URL(passwordPath), Fields: []Hidden{{"to", to}}, Problem: problem})
	}
	page, query, _ := strings.Cut(to, "?")
	values, _ := url.ParseQuery(query) // what cannot be read is left out
	r.Redirect(http.StatusSeeOther, r.Surface.URL(path.Clean("/"+page), Flat(values)...))
	return nil
}

func (r *Request) askForPassword(code int, page passwordPage) error {
	login := r.Site.loginURL(r.absolute(r.address()))
	page.LogIn = login + "&reauth=1" // WordPress asks also those who are logged in
	return r.render(code, shared, "password.html", passwordTitle, page)
}

// address is the page that was asked for, below the base path; of a form only
// its path.
func (r *Request) address() string {
	if query := r.Context.Request.URL.RawQuery; r.isGet() && query != "" {
		return r.path() + "?" + query
	}
	return r.path()
}

// Posted are the fields of the form that was sent, but for the password and those
// of these names: for a page that asks before it acts.
func (r *Request) Posted(but ...string) (fields []Hidden) {
	r.PostForm("") // has them read
	for name, values := range r.Context.Request.PostForm {
		for _, value := range values {
			if name != passwordField && name != byMailField && !slices.Contains(but, name) {
				fields = append(fields, Hidden{name, value})
			}
		}
	}
	slices.SortStableFunc(fields, func(a, b Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// takePassword checks the password that came with the request and, if it is
// right, remembers that. The sentence is what is wrong, zero for nothing.
func (r *Request) takePassword() (problem locale.Text, err error) {
	typed := r.PostForm(passwordField)
	if typed == "" {
		return locale.T("Please enter your password."), nil
	}
	if !r.Site.passwords.AllowKey(strconv.FormatInt(r.Who.User.ID, 10), passwordPace, r.Site.Now()) {
		return locale.T("Too many attempts. Please wait a few minutes, or log in again."), nil
	}
	ok, err := r.Site.CheckPassword(r.Ctx(), r.Who.User, typed, r.ClientIP())
	var refused *wpbridge.RefusedError
	var away *wpbridge.UnreachableError
	switch {
	case errors.As(err, &refused), errors.As(err, &away):
		r.Site.Log.Warn("WordPress did not check a password", "error", err)
		return unchecked, nil
	case err != nil:
		return problem, err
	case !ok:
		return locale.T("This password isn't right. Please try again."), nil
	}
	r.owner = true
	until := r.Site.Now().Add(freshLogin).Unix()
	r.setCookie(ownerCookie, strconv.FormatInt(until, 10)+"."+r.ownerMAC(until), int(freshLogin/time.Second))
	return problem, nil
}

// isOwner tells whether the person has shown lately that the session is theirs.
// When it began is unknown where plugins keep logins elsewhere: then it is old.
func (r *Request) isOwner() bool {
	return r.Site.Now().Sub(r.Who.User.LoggedInAt) <= freshLogin || r.gavePassword()
}

// gavePassword tells whether the password was given lately in this very login.
func (r *Request) gavePassword() bool {
	if r.owner {
		return true
	}
	cookie, err := r.Context.Request.Cookie(ownerCookie)
	if err != nil {
		return false
	}
	text, mac, _ := strings.Cut(cookie.Value, ".")
	until, err := strconv.ParseInt(text, 10, 64)
	return err == nil && r.Site.Now().Unix() < until && hmac.Equal([]byte(mac), []byte(r.ownerMAC(until)))
}

// ownerMAC binds the word that the password was given to the person and to this
// very login: that of another browser gains nothing by it.
func (r *Request) ownerMAC(until int64) string {
	var login string
	if cookie, err := r.Context.Request.Cookie(r.Site.Handover().LoggedInCookie); err == nil {
		login = cookie.Value
	}
	key := r.Site.OwnerKey()
	mac := hmac.New(sha256.New, key[:])
	fmt.Fprintf(mac, "%d\n%d\n%s", r.Who.User.ID, until, login)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// PasswordCheck asks WordPress, with its plugins, whether a password is that of
// the user; ip is where it was typed.
type PasswordCheck func(ctx context.Context, user wpbridge.User, password, ip string) (bool, error)
