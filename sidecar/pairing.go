package sidecar

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/center"
	"partnercenter/wpbridge"
)

// pairing keeps the key and the plugin's hand-over up to date and answers,
// from those in force, who a request comes from and whether it is signed.
type pairing struct {
	Config
	state     atomic.Pointer[paired]
	wordpress atomic.Pointer[wpbridge.Site] // of the site; nil until it was read
}

// paired is what follows from one reading.
type paired struct {
	key      wpbridge.PairingKey
	signer   *wpbridge.Signer
	handover wpbridge.Handover
	login    *wpbridge.Authenticator
	programs *wpbridge.AppPasswords
	zone     *time.Location // read once: each click asks for it
	err      error          // why there is no hand-over
}

// rereadEvery bounds how long a change of the plugin's settings, such as
// switching the center off, takes to be seen.
const rereadEvery = 2 * time.Second

// newPairing fails only without a key; a missing hand-over is shown on the
// pages and looked for again.
func newPairing(ctx context.Context, c Config) (*pairing, error) {
	p := &pairing{Config: c}
	key, err := c.Key()
	if err != nil {
		return nil, err
	}
	p.take(key, wpbridge.Handover{}, wpbridge.ErrNoHandover)
	return p, p.reread(ctx)
}

// reread takes over key, hand-over and the site's name as they are now. While
// wp-config.php or the database cannot be read, the last ones stay in force.
func (p *pairing) reread(ctx context.Context) error {
	err := p.rereadHandover(ctx)
	p.rereadName(ctx)
	return err
}

func (p *pairing) rereadHandover(ctx context.Context) error {
	before := p.state.Load()
	key, err := p.Config.Key()
	if err != nil {
		return err
	}
	handover, err := wpbridge.ReadHandover(ctx, p.DB, key)
	if err != nil && !errors.Is(err, wpbridge.ErrNoHandover) && !errors.Is(err, wpbridge.ErrHandoverKey) &&
		before.err == nil {
		return err
	}
	same := key == before.key && handover == before.handover
	if same && err == nil && before.err == nil {
		return nil
	}
	if err != nil && (before.err == nil || before.err.Error() != err.Error()) {
		p.Log.Warn("not paired with WordPress", "why", err)
	}
	if err == nil && before.err != nil {
		p.Log.Info("paired with WordPress", "site", handover.Home, "center", handover.PageURL)
	}
	p.take(key, handover, err)
	return nil
}

func (p *pairing) take(key wpbridge.PairingKey, handover wpbridge.Handover, err error) {
	users := wpbridge.NewUsers(p.DB, handover.Blog())
	zone, zoneErr := handover.Location()
	if zoneErr != nil || zone == nil {
		zone = time.UTC
	}
	p.state.Store(&paired{
		key:      key,
		signer:   wpbridge.NewSigner(key, p.Now, nonces{p.DB, p.Now}.seen),
		handover: handover,
		login:    wpbridge.NewAuthenticator(users, handover.LoginKeys(), p.Now),
		programs: wpbridge.NewAppPasswords(users, false),
		zone:     zone,
		err:      err,
	})
}

// Key is the pairing key in force.
func (p *pairing) Key() wpbridge.PairingKey { return p.state.Load().key }

// Signer signs and checks calls with the key in force.
func (p *pairing) Signer() *wpbridge.Signer { return p.state.Load().signer }

// Handover is the one in force, or why there is none.
func (p *pairing) Handover() (wpbridge.Handover, error) {
	s := p.state.Load()
	return s.handover, s.err
}

// SignIn tells who a request's login cookie belongs to.
func (p *pairing) SignIn(req *http.Request) (wpbridge.User, error) {
	s := p.state.Load()
	if s.err != nil {
		return wpbridge.User{}, wpbridge.ErrAnonymous
	}
	return s.login.Authenticate(req.Context(), req)
}

// Account tells whose application password a request carries; https says whether
// the visitor's connection is encrypted.
func (p *pairing) Account(ctx context.Context, req *http.Request, https bool) (wpbridge.User, error) {
	s := p.state.Load()
	if s.err != nil {
		return wpbridge.User{}, wpbridge.ErrAnonymous
	}
	user, _, err := s.programs.Authenticate(ctx, req, https)
	return user, err
}

// Tracking tells whether the partner feature is switched on (S1).
func (p *pairing) Tracking() bool {
	s := p.state.Load()
	return s.err == nil && s.handover.Switches.Tracking
}

// Client calls the plugin inside WordPress; an error while there is no pairing.
func (p *pairing) Client() (*wpbridge.Client, error) {
	s := p.state.Load()
	return wpbridge.NewClient(s.handover.RESTURL, s.signer), s.err
}

// passwordTime bounds how long somebody waits for their password to be checked.
const passwordTime = 20 * time.Second

// CheckPassword asks WordPress whether a password is a user's. Not the hash in
// the database: what plugins say of passwords counts, too, such as directories,
// lock-outs after too many attempts, and second factors.
func (p *pairing) CheckPassword(ctx context.Context, user wpbridge.User, password, ip string) (bool, error) {
	client, err := p.Client()
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, passwordTime)
	defer cancel()
	var out struct {
		OK bool `json:"ok"`
	}
	err = client.Call(ctx, "password", map[string]any{"user_id": user.ID, "password": password, "ip": ip}, &out)
	return out.OK, err
}

// guardTime bounds how long a visitor waits for plugins that look at a sign-up form,
// which may ask a captcha's server.
const guardTime = 20 * time.Second

// GuardSignup asks WordPress whether a sign-up form may be taken; see center.Guard.
func (p *pairing) GuardSignup(ctx context.Context, form center.GuardedForm) (ok bool, why string, err error) {
	client, err := p.Client()
	if err != nil {
		return false, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, guardTime)
	defer cancel()
	var out struct {
		OK  bool   `json:"ok"`
		Why string `json:"why"`
	}
	err = client.Call(ctx, "signup", form, &out)
	return out.OK, out.Why, err
}

// User is a WordPress user of the paired site.
func (p *pairing) User(ctx context.Context, id int64) (wpbridge.User, error) {
	return wpbridge.NewUsers(p.DB, p.state.Load().handover.Blog()).ByID(ctx, id)
}

// FindUsers are users of the site whose login, name or address has the text in it.
func (p *pairing) FindUsers(ctx context.Context, text string, limit int) ([]wpbridge.Found, error) {
	return wpbridge.NewUsers(p.DB, p.state.Load().handover.Blog()).Search(ctx, text, limit)
}

// AccountOf is the WordPress account that has an address, 0 for none.
func (p *pairing) AccountOf(ctx context.Context, email string) (affiliate.UserID, error) {
	user, err := wpbridge.NewUsers(p.DB, p.state.Load().handover.Blog()).ByEmail(ctx, strings.TrimSpace(email))
	if errors.Is(err, wpbridge.ErrNoUser) {
		return 0, nil
	}
	return affiliate.UserID(user.ID), err
}

// Zone is the site's time zone; UTC until WordPress has said.
func (p *pairing) Zone() *time.Location { return p.state.Load().zone }
