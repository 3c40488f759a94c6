package wpbridge

import (
	"strconv"
	"strings"
)

// Version is the release of WordPress as it names itself, such as "6.8.12" or
// "7.1-beta2".
type Version string

// AtLeast says whether the release is major.minor or later. A version that
// cannot be read counts as later: the newest rules are the ones that stay.
func (v Version) AtLeast(major, minor int) bool {
	first, rest, _ := strings.Cut(string(v), ".")
	gotMajor, err := strconv.Atoi(first)
	if err != nil {
		return true
	}
	gotMinor, _ := strconv.Atoi(leadingDigits(rest))
	return gotMajor > major || gotMajor == major && gotMinor >= minor
}

// bcryptEra says whether WordPress hashes with bcrypt. That release, 6.8,
// also changed the fragment of the hash that goes into login cookies.
func (v Version) bcryptEra() bool { return v.AtLeast(6, 8) }

func leadingDigits(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return s
	}
	return s[:end]
}
