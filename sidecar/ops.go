package sidecar

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// ops answers operators: is the program alive, can it work, and if not, why.
type ops struct{ server *Server }

// problem is something that does not work, by a code and in words.
type problem struct {
	code string
	text locale.Text
}

type healthAnswer struct {
	Version  string        `json:"version"`
	Time     time.Time     `json:"time"`
	Schema   int64         `json:"schema,omitempty"`
	Paired   bool          `json:"paired"`
	Problems []saidProblem `json:"problems"`
}

// saidProblem is a problem in the site's language: WordPress shows it to admins.
type saidProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// health says that the program runs. Details could help an attacker, so they
// are for the plugin's own calls only; those it passes on for a visitor are
// signed as well.
func (o *ops) health(r *web.Request) error {
	if !r.Signed || r.Forwarded() {
		r.JSON(http.StatusOK, map[string]string{"status": "alive"})
		return nil
	}
	answer := healthAnswer{Version: o.server.Version, Time: o.server.Now(), Problems: []saidProblem{}}
	found := []problem{}
	has, wants, err := o.server.DB.SchemaVersion(r.Context.Request.Context())
	answer.Schema = has
	switch {
	case err != nil:
		found = append(found, problem{"database", locale.T("The Partner Center service can't reach the database: %s",
			err.Error())})
	case has < wants:
		found = append(found, problem{"schema",
			locale.T("The tables are older than the Partner Center service: run partner-center migrate.")})
	default:
		if err := o.server.schema.check(r.Ctx()); err != nil {
			found = append(found, problem{"schema", locale.Data(err.Error())})
		}
	}
	if _, err := o.server.pairing.Handover(); err != nil {
		found = append(found, problem{"pairing", locale.Data(err.Error())})
	}
	answer.Paired = len(found) == 0
	if err == nil {
		found = append(found, o.backlog(r.Ctx())...)
	}
	for _, p := range found {
		answer.Problems = append(answer.Problems, saidProblem{p.code, r.Say(p.text)})
	}
	r.JSON(http.StatusOK, answer)
	return nil
}

// backlog names what waits because something does not work.
func (o *ops) backlog(ctx context.Context) []problem {
	var found []problem
	note := func(code string, n int, text locale.Text) {
		if n > 0 {
			found = append(found, problem{code, text})
		}
	}
	unreadable := func(err error) []problem {
		return []problem{{"database", locale.T("The Partner Center service can't read its tables: %s", err.Error())}}
	}
	d := o.server.domain
	facts, why, err := d.inbox.Trouble(ctx)
	if err != nil {
		return unreadable(err)
	}
	accounts, mails, err := d.outbox.Trouble(ctx)
	if err != nil {
		return unreadable(err)
	}
	note("inbox", facts, locale.N("%d report from WordPress is waiting: %s",
		"%d reports from WordPress are waiting: %s", facts, why))
	note("accounts", accounts.Count, locale.N("%d account of a new partner is waiting: %s",
		"%d accounts of new partners are waiting: %s", accounts.Count, accounts.Why))
	note("mails", mails.Count, locale.N("%d email is waiting and will be tried again: %s",
		"%d emails are waiting and will be tried again: %s", mails.Count, mails.Why))
	codes, why, err := d.coupons.Failures(ctx)
	if err != nil {
		return unreadable(err)
	}
	note("coupons", codes, locale.N("%d partner coupon isn't in the shop as it should be (%s). The program's tab "+
		"Coupons says what to do.",
		"%d partner coupons aren't in the shop as they should be, such as %s. The program's "+
			"tab Coupons says what to do.", codes, why))
	lost := int(d.clicks.Lost())
	note("clicks", lost, locale.N("%d click since the service started couldn't be recorded, because the database was "+
		"unreachable. The visitor still reached your page.", "%d clicks since the service started couldn't be "+
		"recorded, because the database was unreachable. Visitors still reached your pages.", lost))
	return found
}

// trouble is backlog in sentences, for the admin's overview.
func (o *ops) trouble(ctx context.Context) (sentences []locale.Text) {
	for _, p := range o.backlog(ctx) {
		sentences = append(sentences, p.text)
	}
	return sentences
}

// schemaWatch remembers whether all tables are there, since operators ask more
// often than tables vanish.
type schemaWatch struct {
	db   *db.Handle
	now  clock.Clock
	last atomic.Pointer[schemaSeen]
}

type schemaSeen struct {
	at  time.Time
	err error
}

// lookAgain bounds how long a missing table goes unseen.
const lookAgain = time.Minute

func (w *schemaWatch) check(ctx context.Context) error {
	now := w.now()
	if seen := w.last.Load(); seen != nil && now.Sub(seen.at) < lookAgain {
		return seen.err
	}
	err := w.db.CheckSchema(ctx)
	var missing *db.MissingError
	if err == nil || errors.As(err, &missing) {
		w.last.Store(&schemaSeen{now, err})
	}
	return err
}

// ready says whether requests can be served now; 503 takes this sidecar out of
// a load balancer.
func (o *ops) ready(r *web.Request) error {
	var one int
	if err := o.server.DB.Get(r.Context.Request.Context(), &one, `/* sidecar.ready */ SELECT 1`); err != nil {
		r.JSON(http.StatusServiceUnavailable, map[string]string{"status": "no database"})
		return nil
	}
	if err := o.server.schema.check(r.Ctx()); err != nil {
		o.server.Log.Error("not ready", "why", err)
		r.JSON(http.StatusServiceUnavailable, map[string]string{"status": "tables are missing"})
		return nil
	}
	r.JSON(http.StatusOK, map[string]string{"status": "ready"})
	return nil
}

// handover has the plugin's settings read at once, since it has just changed
// them: only for its own signed calls.
func (o *ops) handover(r *web.Request) error {
	if !r.Signed || r.Forwarded() {
		return affiliate.Forbidden("Only the plugin itself may ask for this.")
	}
	if err := o.server.Reread(r.Ctx()); err != nil {
		return err
	}
	r.Status(http.StatusNoContent)
	return nil
}
