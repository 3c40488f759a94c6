package wpbridge

import (
	"context"
	"strings"
	"testing"
)

func storedSalts(options map[string]string) func(context.Context, string) (string, bool, error) {
	return func(_ context.Context, name string) (string, bool, error) {
		v, found := options[name]
		return v, found, nil
	}
}

// Spec: S115
func TestSaltsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		salts := Salts{Constants: v.Keys, Stored: storedSalts(nil)}
		for _, scheme := range []string{"auth", "secure_auth", "logged_in", "nonce"} {
			if got, err := salts.Of(t.Context(), scheme); err != nil || got != v.Salts[scheme] {
				t.Errorf("%s: %q, %v; want %q", scheme, got, err, v.Salts[scheme])
			}
		}
	})
}

// Spec: S115
func TestSaltFallbacks(t *testing.T) {
	stored := map[string]string{}
	for _, scheme := range []string{"auth", "secure_auth", "logged_in", "nonce"} {
		stored[scheme+"_key"], stored[scheme+"_salt"] = "<"+scheme+" key>", "<"+scheme+" salt>"
	}
	phrase := map[string]string{}
	for _, name := range ikmNames {
		phrase[name] = placeholderPhrase
	}
	for _, c := range []struct {
		name, scheme, want string
		constants          map[string]string
	}{
		{"no constants", "logged_in", "<logged_in key><logged_in salt>", nil},
		{"placeholder", "auth", "<auth key><auth salt>", phrase},
		{"placeholder in one", "auth", "ak<auth salt>",
			map[string]string{"AUTH_KEY": "ak", "AUTH_SALT": placeholderPhrase}},
		{"same value twice", "auth", "<auth key>as", map[string]string{"AUTH_KEY": "same", "LOGGED_IN_KEY": "same",
			"AUTH_SALT": "as"}},
		{"same value twice, the other", "logged_in", "<logged_in key>ls",
			map[string]string{"AUTH_KEY": "same", "LOGGED_IN_KEY": "same", "LOGGED_IN_SALT": "ls"}},
		{"old constants, auth", "auth", "skss", map[string]string{"SECRET_KEY": "sk", "SECRET_SALT": "ss"}},
		{"old constants, others", "nonce", "sk<nonce salt>",
			map[string]string{"SECRET_KEY": "sk", "SECRET_SALT": "ss"}},
		{"empty constant", "logged_in", "lk<logged_in salt>", map[string]string{"LOGGED_IN_KEY": "lk",
			"LOGGED_IN_SALT": ""}},
		{"'0' is empty to PHP", "logged_in", "<logged_in key>ls",
			map[string]string{"LOGGED_IN_KEY": "0", "LOGGED_IN_SALT": "ls"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			salts := Salts{Constants: c.constants, Stored: storedSalts(stored)}
			if got := must(salts.Of(t.Context(), c.scheme)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSaltNotYetMade(t *testing.T) {
	_, err := Salts{Stored: storedSalts(nil)}.Of(t.Context(), "logged_in")
	if err == nil || !strings.Contains(err.Error(), "logged_in_key") {
		t.Errorf("error %v does not name the secret", err)
	}
}
