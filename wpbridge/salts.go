package wpbridge

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"
)

// saltNames are the constants WordPress compares with each other; the last
// two are of releases before 2.6, and still honoured.
var saltNames = []string{
	"AUTH_KEY", "AUTH_SALT", "SECURE_AUTH_KEY", "SECURE_AUTH_SALT",
	"LOGGED_IN_KEY", "LOGGED_IN_SALT", "NONCE_KEY", "NONCE_SALT",
	"SECRET_KEY", "SECRET_SALT",
}

// placeholderPhrase stands in wp-config-sample.php. Localised samples carry a
// translation of it, which cannot be recognised here; in practice it stands
// in all eight constants and so is dropped as a duplicate.
const placeholderPhrase = "put your unique phrase here"

// Salts finds the secret texts WordPress signs cookies and nonces with. A
// plugin may change them by a filter, so what the plugin hands over
// (Handover.Salts) goes before this.
type Salts struct {
	// Constants holds those of AUTH_KEY … SECRET_SALT that are defined.
	Constants map[string]string
	// Stored reads a network option (an option, on a single site), in which
	// WordPress keeps what the constants lack: "logged_in_key", ….
	Stored func(ctx context.Context, name string) (value string, found bool, err error)
}

// SaltConstants returns those of the ten salt constants that the file defines.
func (c Config) SaltConstants() (map[string]string, error) {
	values := map[string]string{}
	for _, name := range saltNames {
		v, found, err := c.Constant(name)
		if err != nil {
			return nil, err
		}
		if found {
			values[name] = v
		}
	}
	return values, nil
}

// Of is wp_salt(scheme) for the schemes auth, secure_auth, logged_in and
// nonce: key and salt, each from its constant if that is usable, else from
// the old SECRET_ constants, else from the database.
func (s Salts) Of(ctx context.Context, scheme string) (string, error) {
	name := strings.ToUpper(scheme)
	key := s.usable(name + "_KEY")
	if key == "" {
		key = s.usable("SECRET_KEY")
	}
	salt := s.usable(name + "_SALT")
	if salt == "" && scheme == "auth" {
		salt = s.usable("SECRET_SALT")
	}
	key, err := s.orStored(ctx, key, scheme+"_key")
	if err != nil {
		return "", err
	}
	salt, err = s.orStored(ctx, salt, scheme+"_salt")
	return key + salt, err
}

// usable returns a constant, or "" when WordPress would not trust it: empty,
// the phrase of the sample, or the same as another constant.
func (s Salts) usable(name string) string {
	value := s.Constants[name]
	if !phpTrue(value) || value == placeholderPhrase {
		return ""
	}
	for _, other := range saltNames {
		if v, defined := s.Constants[other]; defined && other != name && v == value {
			return ""
		}
	}
	return value
}

func (s Salts) orStored(ctx context.Context, value, option string) (string, error) {
	if value != "" {
		return value, nil
	}
	value, found, err := s.Stored(ctx, option)
	if err != nil {
		return "", fmt.Errorf("read the option %s: %w", option, err)
	}
	if !found || !phpTrue(value) {
		return "", fmt.Errorf(
			"WordPress has no secret %s yet, neither in wp-config.php nor in its options: open the site's login "+
				"page once, which makes it", option)
	}
	return value, nil
}

// wpHash is wp_hash(data, scheme) for the given wp_salt(scheme): hex.
func wpHash(data, salt string) string {
	mac := hmac.New(md5.New, []byte(salt))
	mac.Write([]byte(data))
	return hex.EncodeToString(mac.Sum(nil))
}
