package payout_test

import (
	"strings"
	"testing"

	"partnercenter/affiliate/shoptest"
)

// site is the site of shoptest, with what only these tests do.
type site struct{ *shoptest.Site }

func newSite(t testing.TB) *site {
	t.Helper()
	return &site{shoptest.New(t)}
}

// named tells whether a query is of this method.
func named(query, method string) bool {
	return strings.HasPrefix(strings.TrimSpace(query), "/* "+method+" ")
}
