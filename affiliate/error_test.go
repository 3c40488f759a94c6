package affiliate_test

import (
	"errors"
	"fmt"
	"testing"

	"partnercenter/affiliate"
)

func TestProblemsTellAllFieldsAtOnce(t *testing.T) {
	p := affiliate.Problems{}
	if p.Err() != nil {
		t.Error("no problem is an error")
	}
	p.Check(true, "name", "not this")
	p.Check(false, "name", "Please enter %s.", "a name")
	p.Add("name", "not this either")
	p.Add("email", "Please enter an address.")
	want := "Please check the marked fields. email: Please enter an address.; name: Please enter a name."
	if err := p.Err(); err.Error() != want || affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("got %v", err)
	}
}

func TestKindsOfErrors(t *testing.T) {
	for want, err := range map[affiliate.Kind]error{
		affiliate.KindNotFound:  fmt.Errorf("wrapped: %w", affiliate.Missing("no %d", 1)),
		affiliate.KindConflict:  affiliate.Conflict("no"),
		affiliate.KindForbidden: affiliate.Forbidden("no"),
		0:                       errors.New("internal"),
	} {
		if got := affiliate.KindOf(err); got != want {
			t.Errorf("%v is of kind %v, want %v", err, got, want)
		}
	}
	if affiliate.KindOf(nil) != 0 {
		t.Error("nil has a kind")
	}
}
