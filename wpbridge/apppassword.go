package wpbridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// AppPassword is an application password: one that a user made for a program
// and can take back alone.
type AppPassword struct {
	UUID    string
	Name    string // given by the user
	Created time.Time
	hash    string
}

// AppPasswords authenticates programs by HTTP Basic with an application
// password. WordPress notes the last use; we do not, since it is the only
// writer of its tables.
type AppPasswords struct {
	users     *Users
	allowHTTP bool
}

// NewAppPasswords returns the authenticator. allowHTTP accepts unencrypted
// requests, as WordPress does in the environment type "local".
func NewAppPasswords(users *Users, allowHTTP bool) *AppPasswords {
	return &AppPasswords{users, allowHTTP}
}

// Authenticate returns the user of a request and the password that was used.
// https says whether the visitor's connection is encrypted. It answers
// ErrAnonymous, or an error of the database.
func (p *AppPasswords) Authenticate(ctx context.Context, r *http.Request, https bool) (User, AppPassword, error) {
	login, password, ok := r.BasicAuth()
	if !ok {
		return User{}, AppPassword{}, anonymous("no application password")
	}
	if !https && !p.allowHTTP {
		return User{}, AppPassword{}, anonymous("application passwords need https")
	}
	inUse, _, err := p.users.options.GetNetwork(ctx, "using_application_passwords")
	if err != nil {
		return User{}, AppPassword{}, fmt.Errorf("look up application passwords: %w", err)
	}
	if !phpTrue(inUse) {
		return User{}, AppPassword{}, anonymous("the site has no application passwords")
	}
	found, err := p.users.accountByName(ctx, login)
	if errors.Is(err, ErrNoUser) || err == nil && found.Blocked {
		return User{}, AppPassword{}, anonymous("no such user")
	}
	if err != nil {
		return User{}, AppPassword{}, fmt.Errorf("look up the user of an application password: %w", err)
	}
	used, ok := matchAppPassword(found.meta[metaAppPasswords], password)
	if !ok {
		return User{}, AppPassword{}, anonymous("wrong application password")
	}
	return found.User, used, nil
}

// matchAppPassword looks for the password in the user meta
// _application_passwords. People paste it in groups, so only its letters and
// digits count.
func matchAppPassword(serialized, password string) (AppPassword, bool) {
	password = strings.Map(func(r rune) rune {
		if r < 0x80 && r != '_' && isNameByte(byte(r)) {
			return r
		}
		return -1
	}, password)
	stored, _ := unserializeArray(serialized)
	for _, e := range stored {
		fields, _ := e.value.(phpArray)
		item := AppPassword{
			UUID: fields.text("uuid"), Name: fields.text("name"),
			Created: unixTime(fields.get("created")), hash: fields.text("password"),
		}
		if checkFastHash(password, item.hash) {
			return item, true
		}
	}
	return AppPassword{}, false
}
