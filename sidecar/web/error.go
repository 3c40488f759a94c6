package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/locale"
	"partnercenter/wpbridge"
)

// notPartner is the answer to somebody logged in who is no partner, or may not
// come in as one.
type notPartner struct{ state affiliate.PartnerState }

func (e *notPartner) Error() string { return e.Text().String() }

// Text is what the person reads.
func (e *notPartner) Text() locale.Text {
	switch e.state {
	case "":
		return locale.T("You aren't a partner of this site yet.")
	case affiliate.Applied:
		return locale.T("Your application is waiting for approval. We'll email you when there is a decision.")
	}
	return locale.T("You're no longer a partner of this site. If you think this is a mistake, please write to the " +
		"site's owner.")
}

// unavailableError is a fault that passes or that an admin can mend; its text
// may be shown.
type unavailableError struct{ error }

func unavailable(err error) error { return &unavailableError{err} }

func (e *unavailableError) Unwrap() error { return e.error }

// tooLargeError says that more was sent than the route takes.
type tooLargeError struct{ max int }

func (e *tooLargeError) Error() string { return e.Text().String() }

// Text is what the person reads.
func (e *tooLargeError) Text() locale.Text {
	return locale.T("That's too large: we accept at most %d KB here.", e.max>>10)
}

// tooManyError says that somebody asks too often.
type tooManyError struct{ sentence locale.Text }

func (e *tooManyError) Error() string { return e.Text().String() }

// Text is what the person reads.
func (e *tooManyError) Text() locale.Text { return e.sentence }

// TooMany is the error of a caller who asks too often.
func TooMany() error {
	return &tooManyError{locale.T("Too many requests. Please wait a moment and try again.")}
}

// Status is what HTTP calls an error.
func Status(err error) int { return status(err) }

// errTooSlow is why a request's context ended when its time was over.
var errTooSlow = unavailable(affiliate.Conflict(
	"This took too long, so we stopped it. Please look whether it was done, and try again in a moment."))

// badBody is a body that did not come as it should: the sender's matter, not ours.
type badBody struct {
	code     int
	sentence locale.Text
}

func (e *badBody) Error() string { return e.sentence.String() }

// Text is what the person reads.
func (e *badBody) Text() locale.Text { return e.sentence }

// status maps an error to what HTTP calls it; the one place that does.
func status(err error) int {
	var gone *unavailableError
	var stranger *notPartner
	var skew *wpbridge.SkewError
	var body *badBody
	var large *tooLargeError
	var many *tooManyError
	var refused *apikey.Refusal
	switch {
	case errors.As(err, &body):
		return body.code
	case errors.As(err, &gone):
		return http.StatusServiceUnavailable
	case errors.As(err, &stranger):
		return http.StatusForbidden
	case errors.As(err, &skew), errors.Is(err, wpbridge.ErrSignature), errors.Is(err, wpbridge.ErrReplayed),
		errors.As(err, &refused):
		return http.StatusUnauthorized
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &many):
		return http.StatusTooManyRequests
	}
	switch affiliate.KindOf(err) {
	case affiliate.KindInvalid:
		return http.StatusUnprocessableEntity
	case affiliate.KindNotFound:
		return http.StatusNotFound
	case affiliate.KindConflict:
		return http.StatusConflict
	case affiliate.KindForbidden:
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}

type errorPage struct {
	Status   int
	Sentence string
	Stranger bool                // logged in, but no partner
	Programs []affiliate.Program // that a stranger can sign up for
	Home     string              // the site's front page, where there is no other way on
	Center   bool                // … but a partner, who goes on in the center
}

// fail shows an error as a page of the surface. Faults of ours keep their
// details in the log; their page names the request, so that both can be found.
func (r *Request) fail(err error) {
	switch context.Cause(r.Ctx()) {
	case nil:
	case errTooSlow: // whatever then failed, that is why
		r.Site.Log.Warn("a request took too long", "method", r.Context.Request.Method, "path", r.path(), "error", err)
		err = errTooSlow
	default:
		if errors.Is(err, context.Canceled) {
			return // the visitor went away
		}
	}
	code := status(err)
	page := errorPage{Status: code, Sentence: r.Say(affiliate.SentenceOf(err))}
	if code == http.StatusNotFound && r.Surface.Kind != Admin {
		page.Center = r.Who.Partner.State.MayLogIn() && r.Site.Handover().Switches.Center
		if !page.Center && !r.Surface.Embedded() {
			page.Home = r.Site.Handover().Home
		}
	}
	title := errorTitle[code]
	var stranger *notPartner
	if page.Stranger = errors.As(err, &stranger); page.Stranger && stranger.state == "" {
		title, page.Programs = locale.T("Not a partner yet"), r.openPrograms()
	}
	if code == http.StatusInternalServerError {
		id := r.Writer.Header().Get("PC-Request")
		r.Site.Log.Error("request failed", "request", id, "method", r.Context.Request.Method, "path", r.path(),
			"error", err)
		page.Sentence = r.Say(
			locale.T("Something went wrong on our side. Nothing was lost, so please try again. If it keeps "+
				"happening, give the site's owner this number: %s", id))
	}
	if code == http.StatusUnauthorized { // a call of the plugin, whose settings page says why
		r.Header("PC-Problem", url.PathEscape(page.Sentence))
	}
	if code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
		r.Header("Retry-After", "10")
	}
	if r.wantsJSON() {
		r.problem(code, r.Say(title), page.Sentence, err)
		return
	}
	if renderErr := r.render(code, shared, "error.html", title, page); renderErr != nil {
		r.Site.Log.Error("error page failed", "error", renderErr)
		http.Error(r.Writer, page.Sentence, code)
	}
}

// wantsJSON tells whether the answer is for a program rather than a person.
func (r *Request) wantsJSON() bool {
	accept := r.GetHeader("Accept")
	return strings.HasPrefix(r.path(), "api/") || strings.Contains(accept, "json") &&
		!strings.Contains(accept, "text/html")
}

// problem is an error as programs read it (RFC 9457). fields are what is wrong
// with each field of what was sent.
func (r *Request) problem(code int, title, detail string, err error) {
	answer := struct {
		Title  string            `json:"title"`
		Status int               `json:"status"`
		Detail string            `json:"detail"`
		Fields map[string]string `json:"fields,omitempty"`
	}{Title: title, Status: code, Detail: detail}
	var known *affiliate.Error
	if errors.As(err, &known) && len(known.Fields) > 0 {
		answer.Detail, answer.Fields = r.Say(known.Message), map[string]string{}
		for field, text := range known.Fields {
			answer.Fields[field] = r.Say(text)
		}
	}
	r.Header("Content-Type", "application/problem+json")
	r.JSON(code, answer)
}

// openPrograms are those that anybody can sign up for. A failure only costs
// their links.
func (r *Request) openPrograms() (open []affiliate.Program) {
	programs, err := r.Site.Registry.Programs(r.Ctx())
	if err != nil {
		r.Site.Log.Error("the programs cannot be listed", "error", err)
	}
	for _, p := range programs {
		if !p.Archived() && p.Signup != affiliate.SignupClosed {
			open = append(open, p)
		}
	}
	return open
}

var errorTitle = map[int]locale.Text{
	http.StatusNotFound:              locale.T("Not found"),
	http.StatusForbidden:             locale.T("Not allowed"),
	http.StatusUnauthorized:          locale.T("Request refused"),
	http.StatusConflict:              locale.T("Not possible right now"),
	http.StatusUnprocessableEntity:   locale.T("Please check your entries"),
	http.StatusServiceUnavailable:    locale.T("Not available right now"),
	http.StatusInternalServerError:   locale.T("Something went wrong"),
	http.StatusRequestEntityTooLarge: locale.T("Too large"),
	http.StatusTooManyRequests:       locale.T("Too many requests"),
	http.StatusBadRequest:            locale.T("Please send it again"),
	http.StatusRequestTimeout:        locale.T("Please send it again"),
	http.StatusUnsupportedMediaType:  locale.T("No files, please"),
}
