package wpbridge

import (
	"context"
	"errors"
	"strings"
	"time"

	"partnercenter/db"
)

// ErrNoUser says that WordPress has no such user.
var ErrNoUser = errors.New("WordPress has no such user")

// User is a WordPress user with what they may do on this blog.
type User struct {
	ID          int64
	Login       string
	Email       string
	DisplayName string
	Locale      string   // "de_DE", what the person chose in the profile; "" is the site's
	Roles       []string // in WordPress' order, the first is the main one
	SuperAdmin  bool     // of the network
	Blocked     bool     // marked as spam or deleted on a network: may not log in
	// LoggedInAt is when the login that was shown began; zero where WordPress did
	// not note it, or none was shown.
	LoggedInAt time.Time

	caps capabilities
}

// Can says whether the user has a capability on this blog. Capabilities that
// plugins grant only while PHP runs (filter user_has_cap) are not seen.
func (u User) Can(capability string) bool {
	return u.SuperAdmin && capability != "do_not_allow" || u.caps[capability]
}

// Users finds users of the site. WordPress is the only writer.
type Users struct {
	q       db.Queryer
	options Options
}

// NewUsers returns the users of a blog.
func NewUsers(q db.Queryer, blog Blog) *Users { return &Users{q, NewOptions(q, blog)} }

// ByID returns a user, or ErrNoUser.
func (u *Users) ByID(ctx context.Context, id int64) (User, error) {
	a, err := u.account(ctx, "/* wpbridge.Users.ByID */", "u.ID = ?", id)
	return a.User, err
}

// ByEmail returns the user with this address, or ErrNoUser.
func (u *Users) ByEmail(ctx context.Context, email string) (User, error) {
	a, err := u.accountByEmail(ctx, email)
	return a.User, err
}

// Locale is what a user chose in the profile, "de_DE"; "" is the site's, and of a
// user that WordPress does not have.
func (u *Users) Locale(ctx context.Context, id int64) (string, error) {
	var chosen []string
	err := u.q.Select(ctx, &chosen, `/* wpbridge.Users.Locale */
		SELECT COALESCE(meta_value, '') FROM {usermeta} WHERE user_id = ? AND meta_key = ?
		ORDER BY umeta_id LIMIT 1`, id, metaLocale)
	return strings.Join(chosen, ""), err
}

// account is a user with the secrets that logins are checked against. They
// stay out of User, which is printed and passed around.
type account struct {
	User
	passwordHash string
	meta         map[string]string
}

// The meta keys that are read with every user, besides {prefix}capabilities.
const (
	metaSessions     = "session_tokens"
	metaAppPasswords = "_application_passwords"
	metaLocale       = "locale"
)

func (u *Users) accountByLogin(ctx context.Context, login string) (account, error) {
	return u.account(ctx, "/* wpbridge.Users.accountByLogin */", "u.user_login = ?", login)
}

func (u *Users) accountByEmail(ctx context.Context, email string) (account, error) {
	return u.account(ctx, "/* wpbridge.Users.ByEmail */", "u.user_email = ?", email)
}

// accountByName takes what was typed for a login first, then for an address.
func (u *Users) accountByName(ctx context.Context, name string) (account, error) {
	a, err := u.accountByLogin(ctx, name)
	if errors.Is(err, ErrNoUser) && strings.Contains(name, "@") {
		return u.accountByEmail(ctx, name)
	}
	return a, err
}

// accountRow is a user joined with one of their meta rows.
type accountRow struct {
	ID                       int64
	Login, Pass, Email, Name string
	Blocked                  bool
	MetaKey                  string `db:"meta_key"`
	MetaValue                string `db:"meta_value"`
}

// account takes two queries (three on a network): the user with their meta, the
// roles, the super admins.
func (u *Users) account(ctx context.Context, comment, where string, arg any) (account, error) {
	blocked := "FALSE"
	if u.options.blog.Multisite { // only networks have these columns
		blocked = "(u.spam <> 0 OR u.deleted <> 0)"
	}
	var rows []accountRow
	err := u.q.Select(ctx, &rows, comment+`
		SELECT u.ID AS id, u.user_login AS login, u.user_pass AS pass, u.user_email AS email, u.display_name AS name,
			`+blocked+` AS blocked, COALESCE(m.meta_key, '') AS meta_key, COALESCE(m.meta_value, '') AS meta_value
		FROM {users} u LEFT JOIN {usermeta} m ON m.user_id = u.ID AND m.meta_key IN (?, ?, ?, ?)
		WHERE `+where+` ORDER BY u.ID, m.umeta_id`,
		metaSessions, metaAppPasswords, metaLocale, u.capabilitiesKey(), arg)
	if err != nil {
		return account{}, err
	}
	if len(rows) == 0 {
		return account{}, ErrNoUser
	}
	a := newAccount(rows)
	return a, u.authorize(ctx, &a)
}

func (u *Users) capabilitiesKey() string { return u.options.blog.Prefix + "capabilities" }

// newAccount takes the first user of the rows (addresses may be shared), and
// the first row of each meta key, as WordPress does.
func newAccount(rows []accountRow) account {
	first := rows[0]
	a := account{passwordHash: first.Pass, meta: map[string]string{}, User: User{
		ID: first.ID, Login: first.Login, Email: first.Email, DisplayName: first.Name, Blocked: first.Blocked,
	}}
	for _, r := range rows {
		if _, again := a.meta[r.MetaKey]; !again && r.ID == first.ID {
			a.meta[r.MetaKey] = r.MetaValue
		}
	}
	a.Locale = a.meta[metaLocale]
	return a
}

// authorize fills in roles and capabilities. A user without a readable entry
// has none on this blog.
func (u *Users) authorize(ctx context.Context, a *account) error {
	definitions, err := u.roleDefinitions(ctx)
	if err != nil {
		return err
	}
	entries, _ := unserializeArray(a.meta[u.capabilitiesKey()])
	a.Roles, a.caps = effectiveCapabilities(entries, definitions)
	a.SuperAdmin, err = u.isSuperAdmin(ctx, a.Login)
	return err
}

// repeatMark is the rest of a list of n+1 parameters.
func repeatMark(n int) string { return strings.Repeat(", ?", n) }
