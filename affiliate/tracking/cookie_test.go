package tracking

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/keyring"
)

// Spec: S8.2
func TestCookieIsReadBackAndJudgedAtTheEvent(t *testing.T) {
	s := newSite(t)
	raw := must[string](s)(s.sealClick(t.Context(), cookieVersion, click{Visit: 1<<62 + 5, Expiry: noon}))
	if len(raw) > maxCookie/2 {
		t.Errorf("%d bytes: %s", len(raw), raw)
	}
	for at, want := range map[time.Time]CookieState{noon.Add(-time.Microsecond): Valid, noon: Expired,
		noon.Add(time.Hour): Expired} {
		c, state, err := s.readCookie(t.Context(), s.db, raw, at)
		if err != nil || state != want || c.Visit != 1<<62+5 || !c.Expiry.Equal(noon) {
			t.Errorf("at %s: %s %+v %v", at, state, c, err)
		}
	}
}

// Spec: S57
func TestCookiesNotMadeHereAreForged(t *testing.T) {
	s := newSite(t)
	raw := s.cookieOf(s.partner("a"))
	parts := strings.Split(raw, ".")
	changed := func(i int, to string) string {
		p := append([]string{}, parts...)
		p[i] = to
		return strings.Join(p, ".")
	}
	forged := []string{"x", "....", raw[:len(raw)-1], raw + ".", " " + raw, strings.ToUpper(raw),
		strings.Repeat(raw, 1000),
		changed(0, "2"), changed(1, "2"), changed(1, "-1"), changed(2, "1"), changed(2, "0"+parts[2]),
		changed(2, "+"+parts[2]), changed(3, "zzzzzz"), changed(3, "zzzzzzzzzzzzzzzzzz"), changed(4, ""),
		changed(4, parts[4]+"=")}
	for _, raw := range forged {
		if _, state, err := s.readCookie(t.Context(), s.db, raw, noon); state != Forged || err != nil {
			t.Errorf("%.80q is %s (%v)", raw, state, err)
		}
	}
	// Any change of one character.
	for i := range raw {
		b := []byte(raw)
		b[i] ^= 1
		if _, state, _ := s.readCookie(t.Context(), s.db, string(b), noon); state != Forged {
			t.Errorf("%s is %s", b, state)
		}
	}
}

func FuzzCookie(f *testing.F) {
	s := newSite(f)
	p := s.partner("a")
	f.Add(s.cookieOf(p))
	f.Add("1.1.1.1.AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("1.1.-1.9223372036854775807.")
	f.Fuzz(func(t *testing.T, raw string) {
		c, state, err := s.readCookie(t.Context(), s.db, raw, noon)
		if err != nil {
			t.Fatal(err)
		}
		if state == Valid || state == Expired {
			again, _ := s.sealClick(t.Context(), cookieVersion, c)
			if again != raw {
				t.Errorf("%q was accepted, which is not what we write for it: %q", raw, again)
			}
		}
		if v, ok := parseVisitor(raw); ok && v.String() != strings.SplitN(raw, ".", 2)[0] {
			t.Errorf("visitor %q was accepted as %q", raw, v)
		}
	})
}

func TestVisitIDsGrowWhateverTheClockDoes(t *testing.T) {
	var ids visitIDs
	var last affiliate.VisitID
	at := noon
	for i := range 20_000 {
		switch i {
		case 9_000: // 9,000 in one millisecond
			at = at.Add(-time.Hour)
		case 12_000:
			at = at.Add(2 * time.Hour)
		}
		id := ids.next(at, phpInstance)
		if id <= last {
			t.Fatalf("id %d after %d", id, last)
		}
		last = id
	}
	if got := VisitTime(last); got.Sub(at) > 5*time.Millisecond || got.Before(at) {
		t.Errorf("the visit of %s is dated %s", at, got)
	}
}

func TestVisitIDHoldsTimeAndInstance(t *testing.T) {
	var one, other visitIDs
	at := time.Date(2158, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
	id := one.next(at, 0)
	if id <= 0 || !VisitTime(id).Equal(at) {
		t.Errorf("id %d of %s", id, VisitTime(id))
	}
	if other.next(at, 1) == id {
		t.Error("two sidecars made the same id")
	}
}

// Spec: S8 D35.4
func TestLastClickIsToldOnlyWhenItIsOver(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	out := s.click(s.request(p))
	over := noon.Add(out.Lifetime)
	if got := LastClick(out.Visitor, over.Add(-time.Second)); got != "" {
		t.Errorf("in its lifetime: %q", got)
	}
	for _, raw := range []string{"", "x", newVisitor().String(), "a.b.c", "a.1.1.1.?.x"} {
		if got := LastClick(raw, over); got != "" {
			t.Errorf("%q remembers %q", raw, got)
		}
	}
	c, state, err := s.readCookie(t.Context(), s.db, LastClick(out.Visitor, over), over)
	if err != nil || state != Expired || VisitTime(c.Visit) != noon {
		t.Errorf("%s %+v %v", state, c, err)
	}
}

// Spec: D43.3
func TestCookiesOfPHPHaveTheirOwnKey(t *testing.T) {
	s := newSite(t)
	ok := must[keyring.Key](s)
	c := click{Visit: 7<<21 | phpInstance<<12, Expiry: noon.Add(time.Hour)}
	own := ok(s.keys.Newest(t.Context(), phpPurpose))
	other := ok(s.keys.Newest(t.Context(), keyPurpose))
	for raw, want := range map[string]CookieState{
		c.seal(phpCookieVersion, own): Valid, c.seal(phpCookieVersion, other): Forged,
		c.seal(cookieVersion, own): Forged, c.seal(phpTokenVersion, own): Forged,
	} {
		if _, state, err := s.readCookie(t.Context(), s.db, raw, noon); state != want || err != nil {
			t.Errorf("%s is %s (%v), want %s", raw, state, err, want)
		}
	}
}
