package wpbridge

import (
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/blake2b"
)

const fastHashPrefix = "$generic$"

// fastHash is wp_fast_hash, since 6.8 the hash of application passwords and
// other random secrets.
func fastHash(message string) string {
	h, err := blake2b.New(30, []byte("wp_fast_hash_6.8+"))
	if err != nil {
		panic(err) // only for sizes out of range
	}
	h.Write([]byte(message))
	return fastHashPrefix + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// checkFastHash is wp_verify_fast_hash: hashes of before 6.8 stay valid.
func checkFastHash(message, hash string) bool {
	if strings.HasPrefix(hash, fastHashPrefix) {
		return equalText(fastHash(message), hash)
	}
	return strings.HasPrefix(hash, "$P$") && checkPhpass(message, hash)
}

func equalText(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
