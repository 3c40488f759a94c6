package wpbridge

import (
	"strconv"
	"strings"
	"time"
)

// nonceTick is half the life of a nonce, in seconds. A plugin may change it
// by the filter nonce_life.
const nonceTick = 12 * 60 * 60

// Nonces makes and checks WordPress nonces: proofs that a form or script was
// given to this user in this session, good for 12 to 24 hours.
type Nonces struct {
	Salt string // wp_salt('nonce')
}

// Make is wp_create_nonce(action) for a user. token is that of the login
// cookie; visitors have user 0 and no token.
func (n Nonces) Make(action string, user int64, token string, now time.Time) string {
	return n.at(tickOf(now), action, user, token)
}

// Check says whether WordPress would accept the nonce.
func (n Nonces) Check(nonce, action string, user int64, token string, now time.Time) bool {
	tick := tickOf(now)
	return equalText(nonce, n.at(tick, action, user, token)) ||
		equalText(nonce, n.at(tick-1, action, user, token))
}

// tickOf rounds up: a tick ends at its multiple of 12 hours.
func tickOf(now time.Time) int64 { return (now.Unix() + nonceTick - 1) / nonceTick }

func (n Nonces) at(tick int64, action string, user int64, token string) string {
	data := strings.Join([]string{
		strconv.FormatInt(tick, 10), action, strconv.FormatInt(user, 10), token,
	}, "|")
	hash := wpHash(data, n.Salt)
	return hash[len(hash)-12 : len(hash)-2]
}
