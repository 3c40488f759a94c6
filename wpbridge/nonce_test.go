package wpbridge

import (
	"testing"
	"time"
)

func TestNoncesOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		n := Nonces{Salt: v.Salts["nonce"]}
		for _, u := range v.Users {
			end := time.Unix(41600*nonceTick, 0) // tick 41600 ends here
			if got := n.Make("partner", u.ID, u.Token, end); got != u.Nonce {
				t.Errorf("%s: %s, want %s", u.Login, got, u.Nonce)
			}
			for at, want := range map[time.Duration]bool{
				-nonceTick*time.Second + time.Second: true, -nonceTick * time.Second: false,
				nonceTick * time.Second: true, (nonceTick + 1) * time.Second: false,
			} {
				if got := n.Check(u.Nonce, "partner", u.ID, u.Token, end.Add(at)); got != want {
					t.Errorf("%s at %v: %v", u.Login, at, got)
				}
			}
			if n.Check(u.Nonce, "other", u.ID, u.Token, end) || n.Check(u.Nonce, "partner", u.ID+1, u.Token, end) ||
				n.Check(u.Nonce, "partner", u.ID, "", end) || n.Check("", "partner", u.ID, u.Token, end) {
				t.Errorf("%s: accepted for something else", u.Login)
			}
		}
	})
}
