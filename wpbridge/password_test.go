package wpbridge

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
)

// plain spells out the passwords the vectors abbreviate.
func plain(password string) string {
	switch password {
	case "'x' repeated 4096":
		return strings.Repeat("x", 4096)
	case "'x' repeated 4097":
		return strings.Repeat("x", 4097)
	}
	return password
}

// Spec: S115
func TestPasswordsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		for _, p := range v.Passwords {
			raw := plain(p.Password)
			for form, c := range map[string]struct {
				password string
				want     bool
			}{
				"raw": {raw, p.Raw}, "trimmed": {trimPHP(raw), p.Trim}, "slashed": {FormPassword(raw), p.Slashed},
			} {
				if got := checkPassword(c.password, p.Hash, v.Version); got != c.want {
					t.Errorf("%s, %s: %v, WordPress says %v", p.Name, form, got, c.want)
				}
			}
			if checkPassword(raw+"x", p.Hash, v.Version) {
				t.Errorf("%s: accepted with a letter more", p.Name)
			}
		}
	})
}

// Spec: S115
func TestPasswordFormatsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		for name, f := range v.Formats {
			password := "legacy pass"
			if name == "phpass" {
				password = "Adm1n pass!é"
			}
			if got := checkPassword(password, f.Hash, v.Version); got != f.Accepted {
				t.Errorf("%s: %v, WordPress says %v", name, got, f.Accepted)
			}
			if checkPassword("Legacy pass", f.Hash, v.Version) {
				t.Errorf("%s: accepts a wrong password", name)
			}
		}
	})
}

// Spec: S115
func TestUserPasswordsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		for _, u := range v.Users {
			if !checkPassword("pw-"+u.Login, u.Pass, v.Version) {
				t.Errorf("password of %s refused", u.Login)
			}
		}
	})
}

// WordPress slashes what forms send: PHP is asked for the exact result.
//
// Spec: S115
func TestFormPasswordIsTheOneOfPHP(t *testing.T) {
	for _, raw := range []string{`it's "q" é`, `  back\slash  `, "tab\t", `\`, `'`, "\v x \r\n"} {
		if got, want := FormPassword(raw), php(t, `echo trim(addslashes($argv[1]));`, raw); got != want {
			t.Errorf("%q → %q, PHP says %q", raw, got, want)
		}
	}
	if got := FormPassword("a\x00b"); got != `a\0b` {
		t.Errorf("NUL → %q", got)
	}
}

func TestPasswordHashesThatFitNothing(t *testing.T) {
	for _, hash := range []string{
		"", "*", "!", "$P$", "$P$B", "$P$" + strings.Repeat("~", 31), "$wp", "$wp$2y$10$short",
		"$2y$99$" + strings.Repeat("a", 53),
		"$argon2id$", "$argon2id$v=19$m=1024,t=2,p=1$b3RX$", "$argon2id$v=19$m=4294967295,t=2,p=1$b3RXLzNN$b3RXLzNN",
		"$argon2id$v=19$m=1024,t=0,p=1$b3RXLzNN$b3RXLzNN", "$argon2id$v=19$m=1024,t=1,p=0$b3RXLzNN$b3RXLzNN",
		"plain text that is longer than 32 bytes, as if it were a hash",
	} {
		for _, password := range []string{"", "x", hash} {
			if checkPassword(password, hash, "7.1.4") {
				t.Errorf("%q accepted for %q", password, hash)
			}
		}
	}
}

// PHP's bcrypt ignores what stands behind 72 bytes, and so must we.
func TestBcryptBehind72Bytes(t *testing.T) {
	long := strings.Repeat("p", 72)
	hash := php(t, `echo password_hash($argv[1], PASSWORD_BCRYPT, ['cost' => 4]);`, long+"tail")
	if !checkPassword(long+"other", hash, "7.1.4") {
		t.Error("refused, but PHP accepts it")
	}
	if checkPassword(long[1:], hash, "7.1.4") {
		t.Error("71 bytes accepted")
	}
}

// WordPress refuses more than 4096 bytes, whatever the hash.
//
// Spec: S115
func TestPasswordLength(t *testing.T) {
	for length, want := range map[int]bool{maxPassword: true, maxPassword + 1: false} {
		hash := "$wp" + php(t,
			`echo password_hash(base64_encode(hash_hmac('sha384', str_repeat('x', $argv[1]), 'wp-sha384', true)), PASSWORD_BCRYPT, ['cost' => 4]);`, strconv.Itoa(length))
		if got := checkPassword(strings.Repeat("x", length), hash, "7.1.4"); got != want {
			t.Errorf("%d bytes: %v", length, got)
		}
	}
}

func TestPasswordCheckWaitsItsTurn(t *testing.T) {
	p := NewPasswords()
	hash := readVectors(t, "wp-6.1.9.json").Formats["phpass"].Hash
	if ok, err := p.Check(t.Context(), "Adm1n pass!é", hash, "6.1.9"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	for p.slots.TryAcquire(1) { // all processors busy
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Check(ctx, "x", hash, "6.1.9"); !errors.Is(err, context.Canceled) {
		t.Errorf("started beyond the limit: %v", err)
	}
}

func TestFastHash(t *testing.T) {
	for _, name := range vectorFiles[1:] {
		v := readVectors(t, name)
		if got := fastHash(v.FastHash.Message); got != v.FastHash.Hash {
			t.Errorf("%s: %s, want %s", name, got, v.FastHash.Hash)
		}
		if checkFastHash(v.FastHash.Message+"x", v.FastHash.Hash) || checkFastHash("", "") {
			t.Error("wrong secret accepted")
		}
	}
}
