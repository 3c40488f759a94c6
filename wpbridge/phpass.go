package wpbridge

import (
	"crypto/md5"
	"strings"
)

// phpassAlphabet is the base64 of phpass, least significant bits first.
const phpassAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// checkPhpass verifies a "portable" phpass hash, the format of WordPress
// before 6.8: $P$, one character for the rounds, 8 of salt, 22 of hash.
func checkPhpass(password, hash string) bool {
	if len(hash) != 34 {
		return false
	}
	log2 := strings.IndexByte(phpassAlphabet, hash[3])
	if log2 < 7 || log2 > 30 {
		return false
	}
	sum := md5.Sum([]byte(hash[4:12] + password))
	for range 1 << log2 {
		sum = md5.Sum(append(sum[:], password...))
	}
	return equalText(hash[:12]+encodePhpass(sum), hash)
}

func encodePhpass(sum [md5.Size]byte) string {
	out := make([]byte, 0, 22)
	for i := 0; i < len(sum); i += 3 {
		var bits uint
		group := sum[i:min(i+3, len(sum))]
		for j, b := range group {
			bits |= uint(b) << (8 * j)
		}
		for range len(group) + 1 {
			out = append(out, phpassAlphabet[bits&63])
			bits >>= 6
		}
	}
	return string(out)
}
