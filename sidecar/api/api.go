// Package api is the server-to-server API: carts and other programs report
// orders, leads and people, and read what became of them (B14). Partners read
// their own data with an application password of their WordPress account.
//
// routes.go lists every operation with its input and output; the OpenAPI
// document is made from the same list.
package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/limit"
	"partnercenter/reports"
	"partnercenter/wpbridge"
)

// API are the handlers.
type API struct {
	DB       *db.Handle // to read from
	Now      clock.Clock
	Keys     *apikey.Keys
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Ledger   *ledger.Ledger
	Sales    *sale.Service
	Reports  *reports.Reader
	Signups  *signup.Service
	Coupons  *coupon.Service
	// Account tells whose application password a request carries.
	Account func(ctx context.Context, req *http.Request, https bool) (wpbridge.User, error)

	strangers *limit.Limiter // refused calls by address
	lock      sync.Mutex
	limits    map[string]*rate.Limiter // by key or partner
	logged    []apikey.LoggedCall      // not written yet
}

// Start makes the API ready for calls.
func (a *API) Start() *API {
	a.strangers = limit.New(20, 3*time.Second)
	a.limits = map[string]*rate.Limiter{}
	return a
}

// How many calls a key, or a partner, may make: at once, and in a second.
const (
	callBurst = 200
	callRate  = 50
)

// allow counts a call of a caller who is known, and tells whether they may.
func (a *API) allow(caller string) bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	limit := a.limits[caller]
	if limit == nil {
		limit = rate.NewLimiter(callRate, callBurst)
		a.limits[caller] = limit // as many as there are keys and partners
	}
	return limit.AllowN(a.Now(), 1)
}

// maxLogged bounds the calls that wait to be written down; a log that is
// behind loses lines, never calls.
const maxLogged = 1000

func (a *API) log(c apikey.LoggedCall) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if len(a.logged) < maxLogged {
		a.logged = append(a.logged, c)
	}
}

// Flush writes down the calls since the last time.
func (a *API) Flush(ctx context.Context) error {
	a.lock.Lock()
	calls := a.logged
	a.logged = nil
	a.lock.Unlock()
	return a.Keys.Log(ctx, calls)
}
