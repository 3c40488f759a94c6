package tracking

import (
	"net/url"
	"testing"
	"time"
)

// A test link makes a new visitor of whoever follows it, for an hour; after that
// it is an ordinary link, or partners could publish it.
//
// Spec: S63
func TestATestLinkIsSoonOver(t *testing.T) {
	s := newSite(t)
	link, err := s.TestLink(t.Context(), Links{}, s.tool, "code")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	for after, forgotten := range map[time.Duration]bool{0: true, testLife - time.Second: true, testLife: false,
		30 * 24 * time.Hour: false} {
		r := ClickRequest{Visitor: "known", IP: "192.0.2.7", UserID: 7, Test: u.Query().Get(testParam),
			At: s.clock.Now().Add(after)}
		if err := s.forgetVisitor(t.Context(), &r); err != nil || (r.Visitor == "" && r.UserID == 0) != forgotten {
			t.Errorf("after %s: %+v, %v", after, r, err)
		}
	}
}
