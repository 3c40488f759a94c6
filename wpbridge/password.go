package wpbridge

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/blake2b"
	"golang.org/x/sync/semaphore"
)

// maxPassword is the longest password WordPress hashes, in bytes.
const maxPassword = 4096

// FormPassword returns what WordPress checks when raw is typed into its login
// form: forms are slashed on arrival, and neither login, profile nor reset
// form undoes that before hashing. Then the ends are trimmed.
func FormPassword(raw string) string {
	slashed := strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`, "\x00", `\0`).Replace(raw)
	return trimPHP(slashed)
}

// trimPHP is PHP's trim().
func trimPHP(s string) string { return strings.Trim(s, " \t\n\r\x00\x0b") }

// Passwords checks passwords against hashes of WordPress. Hashes are slow on
// purpose (bcrypt 75 ms at cost 10), so no more are computed at once than
// there are processors; others wait.
type Passwords struct {
	slots *semaphore.Weighted
}

// NewPasswords returns a checker; one serves the whole program.
func NewPasswords() *Passwords {
	return &Passwords{slots: semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))}
}

// Check is wp_check_password of that release. For a password typed into a
// form pass FormPassword of it. The only error is that of ctx.
func (p *Passwords) Check(ctx context.Context, password, hash string, v Version) (bool, error) {
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer p.slots.Release(1)
	return checkPassword(password, hash, v), nil
}

// LogIn returns the user a name (or address) and a password belong to, both as
// typed into a form, or ErrAnonymous. Two-factor, lock-out and single-sign-on
// plugins have no say in it: prefer WordPress' own login page.
func (p *Passwords) LogIn(ctx context.Context, users *Users, name, typed string, v Version) (User, error) {
	found, err := users.accountByName(ctx, trimPHP(name))
	if err != nil && !errors.Is(err, ErrNoUser) {
		return User{}, fmt.Errorf("look up the user of a login: %w", err)
	}
	// For an unknown name the hash is empty, which fits no password.
	ok, err := p.Check(ctx, FormPassword(typed), found.passwordHash, v)
	switch {
	case err != nil:
		return User{}, err
	case !ok:
		return User{}, anonymous("wrong name or password")
	case found.Blocked:
		return User{}, anonymous("the user is blocked")
	}
	return found.User, nil
}

func checkPassword(password, hash string, v Version) bool {
	switch {
	case len(hash) <= 32:
		sum := md5.Sum([]byte(password))
		return equalText(hex.EncodeToString(sum[:]), hash)
	case len(password) > maxPassword:
		return false
	case strings.HasPrefix(hash, "$P$"):
		return checkPhpass(password, hash)
	case strings.HasPrefix(hash, "$2y$"):
		return checkBcrypt(password, hash)
	case strings.HasPrefix(hash, "$H$"):
		return !v.bcryptEra() && checkPhpass(password, hash)
	case strings.HasPrefix(hash, "$wp"):
		return v.bcryptEra() && checkBcrypt(prehash(password), hash[len("$wp"):])
	case strings.HasPrefix(hash, "$argon2id$"):
		return v.bcryptEra() && checkArgon2id(password, hash)
	}
	return false
}

// checkBcrypt ignores what stands behind 72 bytes, as PHP does.
func checkBcrypt(password, hash string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}

// prehash fits a password of any length into bcrypt's 72 bytes, the way
// WordPress does since 6.8.
func prehash(password string) string {
	mac := hmac.New(sha512.New384, []byte("wp-sha384"))
	mac.Write([]byte(password))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Limits of argon2 parameters, so that a hash cannot take the machine down:
// PHP's defaults are 64 MiB and 4 passes.
const (
	maxArgonMemory = 1 << 20 // KiB
	maxArgonPasses = 64
)

// checkArgon2id reads $argon2id$v=19$m=65536,t=4,p=1$salt$hash.
func checkArgon2id(password, hash string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	var version int
	var memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes,
		&threads); err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 || version != argon2.Version || threads == 0 ||
		memory > maxArgonMemory || passes == 0 || passes > maxArgonPasses {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

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
