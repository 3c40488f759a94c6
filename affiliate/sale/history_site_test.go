package sale_test

import (
	"flag"
	"strconv"
	"testing"
)

// checks is how many cases rapid tries, unless -rapid.checks asks for another number.
func checks(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	f.Value.Set(strconv.Itoa(n))
	t.Cleanup(func() { f.Value.Set(f.DefValue) })
}
