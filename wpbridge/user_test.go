package wpbridge

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var alice = vectorUser{ID: 2, Login: "alice", Pass: "$P$x", Caps: `a:1:{s:7:"partner";b:1;}`}

// Spec: S115
func TestUserIsFoundByAnyName(t *testing.T) {
	s := newDatabase(t)
	s.user(alice)
	for name, find := range map[string]func() (User, error){
		"id":     func() (User, error) { return s.users().ByID(t.Context(), 2) },
		"login":  func() (User, error) { return s.byLogin(t, "ALÍCE") }, // as the collation compares
		"e-mail": func() (User, error) { return s.users().ByEmail(t.Context(), "Alice@mail.test") },
	} {
		u, err := find()
		if err != nil || u.ID != 2 || u.Login != "alice" || u.Email != "alice@mail.test" ||
			u.DisplayName != "Name of alice" {
			t.Errorf("by %s: %+v, %v", name, u, err)
		}
		if diff := cmp.Diff([]string{"partner"}, u.Roles); diff != "" || !u.Can("read") || u.Can("edit_posts") ||
			!u.Can("exist") {
			t.Errorf("by %s: roles %v %v", name, u.Roles, u.caps)
		}
	}
	for name, err := range map[string]error{
		"id": second(s.users().ByID(t.Context(), 9)), "login": second(s.byLogin(t, "mallory")),
		"e-mail": second(s.users().ByEmail(t.Context(), "alice")),
	} {
		if !errors.Is(err, ErrNoUser) {
			t.Errorf("unknown %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Spec: S115
func TestUserWithoutMetaHasNoRights(t *testing.T) {
	s := newDatabase(t)
	s.user(alice)
	s.exec(`DELETE FROM {usermeta}`)
	u, err := s.users().ByID(t.Context(), 2)
	if err != nil || u.Roles != nil || u.Can("read") {
		t.Errorf("%+v, %v", u, err)
	}
}

// The first row of a meta key counts, the first user of an address.
func TestUserWithDoubledRows(t *testing.T) {
	s := newDatabase(t)
	s.user(alice)
	s.exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value)
		VALUES (2, '{wp}capabilities', 'a:1:{s:13:"administrator";b:1;}')`)
	s.exec(`INSERT INTO {users} (ID, user_login, user_email) VALUES (7, 'twin', 'alice@mail.test')`)
	s.meta(7, s.blog.Prefix+"capabilities", `a:1:{s:13:"administrator";b:1;}`)
	u, err := s.users().ByEmail(t.Context(), "alice@mail.test")
	if err != nil || u.ID != 2 || u.Can("manage_options") {
		t.Errorf("%+v, %v", u, err)
	}
	s.exec(`DELETE FROM {usermeta} WHERE user_id = 2`)
	if u, err := s.users().ByEmail(t.Context(), "alice@mail.test"); err != nil || u.ID != 2 || u.Can("manage_options") {
		t.Errorf("has the rights of the twin: %+v, %v", u, err)
	}
}

func TestCapabilitiesAreThoseOfWordPress(t *testing.T) {
	roles := must(unserializeArray(usualRoles))
	for _, c := range []struct {
		name, entries string
		roles         []string
		can, cannot   []string
	}{
		{"later role wins", `a:2:{s:7:"partner";b:1;s:10:"subscriber";b:1;}`, []string{"partner", "subscriber"},
			[]string{"read", "edit_posts"}, nil},
		{"later role wins, other order", `a:2:{s:10:"subscriber";b:1;s:7:"partner";b:1;}`,
			[]string{"subscriber", "partner"}, []string{"read"}, []string{"edit_posts"}},
		{"own entry takes away", `a:2:{s:10:"subscriber";b:1;s:10:"edit_posts";b:0;}`, []string{"subscriber"},
			[]string{"read"}, []string{"edit_posts"}},
		{"own entry gives", `a:2:{s:7:"partner";b:1;s:19:"approve_commissions";b:1;}`, []string{"partner"},
			[]string{"approve_commissions"}, nil},
		{"a role counts whatever its value", `a:1:{s:13:"administrator";b:0;}`, []string{"administrator"},
			[]string{"manage_options"}, []string{"administrator"}},
		{"values as PHP sees them", `a:2:{s:1:"a";s:1:"0";s:1:"b";s:1:"1";}`, nil, []string{"b"}, []string{"a"}},
		{"unknown role", `a:1:{s:7:"retired";b:1;}`, nil, []string{"retired", "exist"}, []string{"read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, caps := effectiveCapabilities(must(unserializeArray(c.entries)), roles)
			u := User{caps: caps}
			if diff := cmp.Diff(c.roles, got); diff != "" {
				t.Error(diff)
			}
			for _, name := range c.can {
				if !u.Can(name) {
					t.Errorf("cannot %s", name)
				}
			}
			for _, name := range c.cannot {
				if u.Can(name) {
					t.Errorf("can %s", name)
				}
			}
		})
	}
}

func TestRightsOnANetwork(t *testing.T) {
	s := newNetwork(t)
	s.user(alice)
	s.meta(2, "net9_capabilities", `a:1:{s:13:"administrator";b:1;}`) // of blog 1
	s.networkOption(1, "site_admins", `a:1:{i:0;s:5:"alice";}`)       // of another network
	u, err := s.byLogin(t, "alice")
	if err != nil || u.SuperAdmin || u.Can("manage_options") || !u.Can("read") || u.Blocked {
		t.Errorf("%+v, %v", u, err)
	}
	s.networkOption(5, "site_admins", `a:2:{i:0;s:5:"Alice";i:1;s:5:"alice";}`)
	u, err = s.byLogin(t, "alice")
	if err != nil || !u.SuperAdmin || !u.Can("manage_options") || u.Can("do_not_allow") {
		t.Errorf("super admin: %+v, %v", u, err)
	}
	for _, column := range []string{"spam", "deleted"} {
		s.exec(`UPDATE {users} SET spam = 0, deleted = 0`)
		s.exec(`UPDATE {users} SET ` + column + ` = 1`)
		if u, err := s.byLogin(t, "alice"); err != nil || !u.Blocked {
			t.Errorf("%s: %+v, %v", column, u, err)
		}
	}
}

func TestBrokenRolesAreAnError(t *testing.T) {
	s := newDatabase(t)
	s.user(alice)
	s.option(s.blog.Prefix+"user_roles", "a:1:{broken")
	if _, err := s.users().ByID(t.Context(), 2); err == nil || errors.Is(err, ErrNoUser) {
		t.Errorf("got %v; a site with unreadable roles must not look like one without users", err)
	}
}

// byLogin is the user whom a login cookie names.
func (s *site) byLogin(t *testing.T, login string) (User, error) {
	a, err := s.users().accountByLogin(t.Context(), login)
	return a.User, err
}
