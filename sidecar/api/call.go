package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// call is one request of a program that is known.
type call struct {
	*web.Request
	api     *API
	key     apikey.Key        // of the site; zero for partners
	partner affiliate.Partner // with an application password; zero for keys
	body    []byte
}

// actor names the caller in the audit and the ledger.
func (c *call) actor() affiliate.Actor { return c.key.Actor() }

// flag is a parameter of the query that is on or off.
func (c *call) flag(name string) bool { v := c.Query(name); return v == "1" || v == "true" }

// handler answers an operation's requests.
func (a *API) handler(op operation) web.Handler {
	return func(r *web.Request) error {
		began, c := time.Now(), &call{Request: r, api: a}
		err := a.serve(op, c)
		entry := apikey.LoggedCall{KeyID: c.key.ID, At: a.Now(), Method: op.method, Path: target(r),
			Status:  r.Writer.Status(),
			Outcome: "Done.", Micros: int(time.Since(began).Microseconds())}
		if err != nil {
			entry.Status, entry.Outcome = web.Status(err), err.Error()
			if entry.Status == http.StatusInternalServerError {
				entry.Outcome = "Something went wrong on our side. The log names request " +
					r.Writer.Header().Get("PC-Request") + "."
			}
		}
		a.log(entry)
		return err
	}
}

// target is what the caller has signed: the path from /api on, and the query.
func target(r *web.Request) string {
	u := r.Context.Request.URL
	if u.RawQuery == "" {
		return u.Path
	}
	return u.Path + "?" + u.RawQuery
}

func (a *API) serve(op operation, c *call) error {
	var err error
	if c.body, err = io.ReadAll(c.Context.Request.Body); err != nil {
		return err
	}
	if err := a.identify(op, c); err != nil {
		return err
	}
	once := c.GetHeader("Idempotency-Key")
	if once == "" || op.method == http.MethodGet || c.flag("dry_run") {
		status, body, err := op.answer(c)
		if err != nil {
			return err
		}
		return c.send(status, body)
	}
	return a.serveOnce(op, c, once)
}

// identify finds out who calls and whether they may.
func (a *API) identify(op operation, c *call) error {
	caller := ""
	var err error
	if op.scope == own {
		caller, err = a.asPartner(c)
	} else {
		caller, err = a.asKey(c)
	}
	var refused *apikey.Refusal
	if errors.As(err, &refused) {
		c.Header("WWW-Authenticate", challenge(op))
		if !a.strangers.Allow(c.ClientIP(), a.Now()) {
			return web.TooMany()
		}
	}
	if err != nil {
		return err
	}
	if !a.allow(caller) {
		return web.TooMany()
	}
	if op.scope != own && op.scope != "" && !c.key.May(op.scope) {
		return affiliate.Forbidden("This key may not do this: it needs the scope %s.", op.scope)
	}
	return nil
}

func challenge(op operation) string {
	if op.scope == own {
		return `Basic realm="Partner Center"`
	}
	return apikey.Scheme
}

func (a *API) asKey(c *call) (caller string, err error) {
	r := c.Context.Request
	key, err := a.Keys.Verify(c.Ctx(), r.Header.Get("Authorization"),
		apikey.Call{Method: r.Method, Target: target(c.Request), Body: c.body})
	c.key = key
	return "key " + key.ID.String(), err
}

func (a *API) asPartner(c *call) (caller string, err error) {
	if !c.Site.Handover().Switches.Center { // S113
		return "", affiliate.Missing("The partner center is switched off right now.")
	}
	user, err := a.Account(c.Ctx(), c.Context.Request, c.Secure())
	if errors.Is(err, wpbridge.ErrAnonymous) {
		return "", &apikey.Refusal{Message: "Log in with your WordPress user name and an application password, " +
			"over https."}
	}
	if err != nil {
		return "", err
	}
	partner, err := a.Registry.PartnerByUser(c.Ctx(), affiliate.UserID(user.ID))
	if affiliate.KindOf(err) == affiliate.KindNotFound || err == nil && !partner.State.MayLogIn() {
		err = affiliate.Forbidden("This account is not a partner of this site.")
	}
	c.partner = partner
	return "partner " + partner.ID.String(), err
}

// serveOnce carries a call out under its idempotency key, or repeats what it
// was answered.
func (a *API) serveOnce(op operation, c *call, once string) error {
	if len(once) > 190 || strings.ContainsFunc(once, func(r rune) bool { return r < ' ' || r > '~' }) {
		return affiliate.Invalid("Idempotency-Key", "Use at most 190 ASCII characters.")
	}
	id := apikey.Call{Method: op.method, Target: target(c.Request), Body: c.body}
	known, err := a.Keys.Begin(c.Ctx(), c.key.ID, once, id)
	if err != nil {
		return err
	}
	if known != nil {
		c.Header("Idempotency-Replayed", "true")
		return c.send(known.Status, []byte(known.Body))
	}
	noting := context.WithoutCancel(c.Ctx())
	status, body, err := op.answer(c)
	if err != nil {
		return errors.Join(err, a.Keys.Forget(noting, c.key.ID, once))
	}
	if err := a.Keys.Finish(noting, c.key.ID, once, apikey.Answer{Status: status, Body: string(body)}); err != nil {
		return err
	}
	return c.send(status, body)
}

// answer is what the operation answers.
func (op operation) answer(c *call) (status int, body []byte, err error) {
	in := reflect.Value{}
	if op.in != nil {
		in = reflect.New(op.in)
		if err := decode(c.body, in.Interface()); err != nil {
			return 0, nil, err
		}
	}
	out, err := op.do(c, in)
	if err != nil {
		return 0, nil, err
	}
	body, err = json.Marshal(out)
	return http.StatusOK, body, err
}

// decode reads a body strictly: a misspelled field would otherwise be left out
// silently.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return nil
		}
		err = errors.New("there is something behind the end of the object")
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return affiliate.Invalid(wrong.Field, "This is a %s, which does not fit here.", wrong.Value)
	}
	return affiliate.Invalid("body", "The body cannot be read as the JSON object that the documentation shows: %s.",
		strings.TrimPrefix(err.Error(), "json: "))
}

func (c *call) send(status int, body []byte) error {
	c.Data(status, "application/json", body)
	return nil
}
