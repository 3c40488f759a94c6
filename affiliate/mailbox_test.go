package affiliate_test

import (
	"testing"

	"partnercenter/affiliate"
)

// Spec: S133, D29
func TestMailboxesOfBigProviders(t *testing.T) {
	for address, want := range map[string]string{
		"kim.lee+shop@gmail.com":  "kimlee@gmail.com",
		"kimlee@googlemail.com":   "kimlee@gmail.com",
		"kim.lee+a+b@outlook.com": "kim.lee@outlook.com",
		"kim+x@hotmail.com":       "kim@hotmail.com",
		"kim+x@icloud.com":        "kim@icloud.com",
		"kim+x@fastmail.com":      "kim@fastmail.com",
		"kim+x@proton.me":         "kim@proton.me",
		"kim+x@protonmail.com":    "kim@proton.me",
		"kim.lee+x@example.com":   "kim.lee+x@example.com", // who knows what that server does
	} {
		if got := affiliate.FoldMailbox(address); got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
	}
	if !affiliate.SameEmail(" Kim@example.com", "kim@Example.com") || affiliate.SameEmail("", "") ||
		affiliate.SameEmail("kim+x@gmail.com", "kim@gmail.com") {
		t.Error("the address by which a contact is known")
	}
}
