package wpbridge

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// PairingKey is the secret that plugin and sidecar of one site share. It is
// never stored in the database.
type PairingKey [32]byte

// String hides the key from logs.
func (PairingKey) String() string { return "[pairing key]" }

// GoString hides the key from %#v.
func (PairingKey) GoString() string { return "[pairing key]" }

// minKeyText is the least length, in bytes, of a key given as text.
const minKeyText = 32

// ikmNames are the constants the key is derived from, in this order.
var ikmNames = []string{"AUTH_KEY", "AUTH_SALT", "SECURE_AUTH_KEY", "SECURE_AUTH_SALT", "LOGGED_IN_KEY",
	"LOGGED_IN_SALT", "NONCE_KEY", "NONCE_SALT"}

// placeholderPhrase stands in wp-config-sample.php. Localised samples carry a
// translation of it, which cannot be recognised here; in practice it stands
// in all eight constants and so is dropped as a duplicate.
const placeholderPhrase = "put your unique phrase here"

// ParsePairingKey makes the key of the site whose tables have prefix from a text
// an admin gave to both sides. A network gives it once; each of its sites has a
// key of its own.
func ParsePairingKey(text, prefix string) (PairingKey, error) {
	if len(text) < minKeyText {
		return PairingKey{},
			fmt.Errorf("the pairing key has %d characters, at least %d are needed: copy both lines from the "+
				"plugin's settings page (--key, PARTNER_CENTER_KEY)", len(text), minKeyText)
	}
	return deriveKey(text, prefix, "partner-center given v1"), nil
}

// PairingKey returns the key both sides find without configuration, for the
// site whose tables have the $table_prefix of wp-config.php.
func (c Config) PairingKey() (PairingKey, error) {
	prefix, err := c.TablePrefix()
	if err != nil {
		return PairingKey{}, err
	}
	return c.PairingKeyOf(prefix)
}

// PairingKeyOf is PairingKey for the blog of a network whose tables have
// prefix: the constant PARTNER_CENTER_KEY, else a key derived from the eight
// salts of wp-config.php and the prefix. Salts in the database do not serve:
// whoever reads the database would have the key.
func (c Config) PairingKeyOf(prefix string) (PairingKey, error) {
	text, _, err := c.Constant("PARTNER_CENTER_KEY")
	if err != nil {
		return PairingKey{}, err
	}
	if text != "" {
		return ParsePairingKey(text, prefix)
	}
	var ikm strings.Builder
	for _, name := range ikmNames {
		v, err := c.wanted(name)
		if err != nil {
			return PairingKey{}, err
		}
		if !phpTrue(v) || v == placeholderPhrase {
			return PairingKey{}, fmt.Errorf("%s in %s is not set to a secret; put fresh salts into the file, or %s",
				name, c.File, insteadOf(name))
		}
		ikm.WriteString(v)
	}
	return deriveKey(ikm.String(), prefix, "partner-center pairing v1"), nil
}

// Derive returns the key of one purpose, such as "partner-center heartbeat v1",
// so that no two purposes share a secret.
func (k PairingKey) Derive(info string) [32]byte { return deriveKey(string(k[:]), "", info) }

// Client is a keyed hash of a visitor's network, which names nobody; "" for what
// is no address. PHP makes the same (Client_Address::hash).
func (k PairingKey) Client(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	network := addr.Unmap().WithZone("").AsSlice()
	if len(network) == net.IPv6len {
		network = network[:8] // one household has the /64
	}
	key := k.Derive("partner-center client v1")
	m := hmac.New(sha256.New, key[:])
	m.Write(network)
	return hex.EncodeToString(m.Sum(nil))
}

// deriveKey is PHP's hash_hkdf('sha256', secret, 32, info, salt).
func deriveKey(secret, salt, info string) PairingKey {
	key, err := hkdf.Key(sha256.New, []byte(secret), []byte(salt), info, len(PairingKey{}))
	if err != nil {
		panic(err) // only for lengths beyond 8160 bytes
	}
	return PairingKey(key)
}
