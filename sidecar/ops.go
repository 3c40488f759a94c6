package sidecar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/sidecar/web"
)

// ops answers operators: is the program alive, can it work, and if not, why.
type ops struct{ server *Server }

type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type healthAnswer struct {
	Version  string    `json:"version"`
	Time     time.Time `json:"time"`
	Schema   int64     `json:"schema,omitempty"`
	Paired   bool      `json:"paired"`
	Problems []problem `json:"problems"`
}

// health says that the program runs. Details could help an attacker, so they
// are for the plugin's own calls only; those it passes on for a visitor are
// signed as well.
func (o *ops) health(r *web.Request) error {
	if !r.Signed || r.Forwarded() {
		r.JSON(http.StatusOK, map[string]string{"status": "alive"})
		return nil
	}
	answer := healthAnswer{Version: o.server.Version, Time: o.server.Now(), Problems: []problem{}}
	has, wants, err := o.server.DB.SchemaVersion(r.Context.Request.Context())
	answer.Schema = has
	switch {
	case err != nil:
		answer.Problems = append(answer.Problems, problem{"database", "The sidecar cannot reach the database: " +
			err.Error()})
	case has < wants:
		answer.Problems = append(answer.Problems,
			problem{"schema", "The tables are older than the sidecar: run partner-center migrate."})
	default:
		if err := o.server.schema.check(r.Ctx()); err != nil {
			answer.Problems = append(answer.Problems, problem{"schema", err.Error()})
		}
	}
	if _, err := o.server.pairing.Handover(); err != nil {
		answer.Problems = append(answer.Problems, problem{"pairing", err.Error()})
	}
	answer.Paired = len(answer.Problems) == 0
	if err == nil {
		answer.Problems = append(answer.Problems, o.backlog(r.Ctx())...)
	}
	r.JSON(http.StatusOK, answer)
	return nil
}

// backlog names what waits because something does not work.
func (o *ops) backlog(ctx context.Context) []problem {
	var found []problem
	note := func(code, format string, n int64, why string) {
		if n > 0 {
			found = append(found, problem{code, fmt.Sprintf(format, n, why)})
		}
	}
	d := o.server.domain
	facts, why, err := d.inbox.Trouble(ctx)
	if err != nil {
		return []problem{{"database", "The sidecar cannot read its tables: " + err.Error()}}
	}
	accounts, mails, err := d.outbox.Trouble(ctx)
	if err != nil {
		return []problem{{"database", "The sidecar cannot read its tables: " + err.Error()}}
	}
	note("inbox", "%d reports of WordPress wait: %s", int64(facts), why)
	note("accounts", "%d accounts of new partners wait: %s", int64(accounts.Count), accounts.Why)
	note("mails", "%d mails wait: %s", int64(mails.Count), mails.Why)
	note("clicks", "%d clicks were lost since the sidecar started%s", d.clicks.Lost(), ", while the database was away.")
	return found
}

// trouble is backlog in sentences, for the admin's overview.
func (o *ops) trouble(ctx context.Context) (sentences []string) {
	for _, p := range o.backlog(ctx) {
		sentences = append(sentences, p.Message)
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
