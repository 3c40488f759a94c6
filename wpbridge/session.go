package wpbridge

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Session is one browser in which a user is logged in.
type Session struct {
	Expires   time.Time
	LoginAt   time.Time // zero when WordPress did not note it
	IP        string    // "" when not noted
	UserAgent string    // "" when not noted
}

// Sessions are a user's sessions by verifier, the hash of the token in the
// login cookie.
type Sessions map[string]Session

// ParseSessions reads the user meta session_tokens. An entry may be a bare
// time of expiry, as releases before 4.2 wrote it; keys of plugins are
// ignored.
func ParseSessions(serialized string) (Sessions, error) {
	stored, err := unserializeArray(serialized)
	if err != nil {
		return nil, err
	}
	sessions := Sessions{}
	for _, e := range stored {
		fields, isArray := e.value.(phpArray)
		if !isArray {
			fields = phpArray{{"expiration", e.value}}
		}
		sessions[e.key] = Session{
			Expires: unixTime(fields.get("expiration")), LoginAt: unixTime(fields.get("login")),
			IP: fields.text("ip"), UserAgent: fields.text("ua"),
		}
	}
	return sessions, nil
}

// unixTime is the zero time for anything but a number of seconds.
func unixTime(v any) time.Time {
	switch v := v.(type) {
	case int64:
		return time.Unix(v, 0).UTC()
	case string:
		if seconds, err := strconv.ParseInt(v, 10, 64); err == nil {
			return time.Unix(seconds, 0).UTC()
		}
	}
	return time.Time{}
}

// Alive says whether the session a token names exists and has not run out.
func (s Sessions) Alive(token string, now time.Time) bool {
	session, exists := s[sessionVerifier(token)]
	return exists && session.Expires.Unix() >= now.Unix()
}

func sessionVerifier(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
