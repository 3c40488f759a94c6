package verify_test

import (
	"testing"

	"partnercenter/affiliate/shoptest"
)

// site is the site of shoptest, with what only these tests do.
type site struct{ *shoptest.Site }

func newSite(t testing.TB) *site {
	t.Helper()
	return &site{shoptest.New(t)}
}
