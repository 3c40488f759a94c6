package sidecartest

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/blake2b"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// User makes a WordPress user with the address login@mail.test. rights are
// roles (administrator, partner, subscriber) and single capabilities.
func (s *Site) User(login string, rights ...string) int64 {
	s.Helper()
	res, err := s.DB.Exec(s.Context(),
		`INSERT INTO {users} (user_login, user_pass, user_email, display_name) VALUES (?, ?, ?, ?)`,
		login, "$P$B"+rand.Text()+"12345", login+"@mail.test", "Name of "+login)
	s.must(err)
	id, err := res.LastInsertId()
	s.must(err)
	var granted strings.Builder
	for _, right := range rights {
		fmt.Fprintf(&granted, `s:%d:"%s";b:1;`, len(right), right)
	}
	s.meta(id, s.DB.Prefix()+"capabilities", fmt.Sprintf("a:%d:{%s}", len(rights), granted.String()))
	return id
}

// Admin makes an administrator and logs them in.
func (s *Site) Admin() *http.Cookie {
	s.Helper()
	return s.Login(s.User("admin", "administrator"))
}

func (s *Site) meta(user int64, key, value string) {
	s.Helper()
	s.Exec(`DELETE FROM {usermeta} WHERE user_id = ? AND meta_key = ?`, user, key)
	s.Exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value) VALUES (?, ?, ?)`, user, key, value)
}

// Login logs a user in, in one browser, for two days. The cookie is what
// WordPress sets.
func (s *Site) Login(user int64) *http.Cookie {
	s.Helper()
	var account struct{ Login, Pass string }
	s.must(s.DB.Get(s.Context(), &account, `SELECT user_login AS login, user_pass AS pass FROM {users} WHERE ID = ?`,
		user))
	expires, token := s.Clock.Now().Add(48*time.Hour).Unix(), rand.Text()
	verifier := sha256.Sum256([]byte(token))
	s.meta(user, "session_tokens", fmt.Sprintf(`a:1:{s:64:"%s";a:2:{s:10:"expiration";i:%d;s:5:"login";i:%d;}}`,
		hex.EncodeToString(verifier[:]), expires, s.Clock.Now().Unix()))
	signed := fmt.Sprintf("%s|%d|%s", account.Login, expires, token)
	salted := hmac.New(md5.New, []byte(s.Handover.Salts.LoggedIn))
	fmt.Fprintf(salted, "%s|%s|%d|%s", account.Login, account.Pass[8:12], expires, token)
	mac := hmac.New(sha256.New, []byte(hex.EncodeToString(salted.Sum(nil))))
	mac.Write([]byte(signed))
	value := signed + "|" + hex.EncodeToString(mac.Sum(nil))
	return &http.Cookie{Name: s.Handover.LoggedInCookie, Value: url.QueryEscape(value)}
}

// AppPassword gives a user an application password.
func (s *Site) AppPassword(user int64, password string) {
	s.Helper()
	h, err := blake2b.New(30, []byte("wp_fast_hash_6.8+"))
	s.must(err)
	h.Write([]byte(password))
	hash := "$generic$" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	s.option("using_application_passwords", "1")
	s.meta(user, "_application_passwords",
		fmt.Sprintf(`a:1:{i:0;a:4:{s:4:"uuid";s:1:"1";s:4:"name";s:4:"Test";s:8:"password";s:%d:"%s";s:7:"created";i:%d;}}`,
			len(hash), hash, s.Clock.Now().Unix()))
}

// Logout ends all logins of a user.
func (s *Site) Logout(user int64) {
	s.Helper()
	s.Exec(`DELETE FROM {usermeta} WHERE user_id = ? AND meta_key = 'session_tokens'`, user)
}

// Program makes a program, and saves the settings first where nobody has.
func (s *Site) Program(name string) affiliate.Program {
	s.Helper()
	settings, err := s.Registry.Settings(s.Context())
	s.must(err)
	if settings.Version == 0 {
		_, err = s.Registry.SaveSettings(s.Context(), "test", settings)
		s.must(err)
	}
	p, err := s.Registry.CreateProgram(s.Context(), "test", affiliate.Program{
		Name: name, Tiers: 2, Visibility: affiliate.SeeNameAndEmail, Signup: affiliate.SignupOpen, ShowPending: true,
	})
	s.must(err)
	return p
}

// Tool makes a promo link of the program.
func (s *Site) Tool(program affiliate.ProgramID, kind tracking.ToolKind, target string) tracking.Tool {
	s.Helper()
	tool, err := s.Tracker.CreateTool(s.Context(), "test", tracking.Tool{ProgramID: program, Kind: kind,
		Name: "Tool to " + target, TargetURL: target})
	s.must(err)
	return tool
}

// Partner makes an active partner of the program with a WordPress account of
// this name.
func (s *Site) Partner(program affiliate.ProgramID, login string) affiliate.Partner {
	s.Helper()
	user := affiliate.UserID(s.User(login, "partner"))
	var p affiliate.Partner
	s.must(s.DB.Tx(s.Context(), func(tx *db.Tx) error {
		ctx, now := context.WithoutCancel(s.Context()), s.Clock.Now()
		contact, _, err := affiliate.EnsureContact(ctx, tx, affiliate.Person{Email: login + "@mail.test",
			FirstName: login}, affiliate.ByAdmin, now)
		if err != nil {
			return err
		}
		enrolment := affiliate.Enrolment{ContactID: contact.ID, ProgramID: program, State: affiliate.Active,
			PaymentMethod: affiliate.PayPal, At: now}
		if p, _, _, err = affiliate.Enrol(ctx, tx, enrolment); err != nil {
			return err
		}
		p, err = affiliate.LinkUser(ctx, tx, p.ID, user, now)
		return err
	}))
	return p
}

// Product makes a product that earns 10 % in the program.
func (s *Site) Product(program affiliate.ProgramID) affiliate.Product {
	s.Helper()
	p, err := s.Registry.CreateProduct(s.Context(), "test", affiliate.Product{Name: "House Espresso"})
	s.must(err)
	rate, err := money.ParsePercent("10")
	s.must(err)
	_, err = s.Registry.SetTerms(s.Context(), "test", program, p.ID, affiliate.Terms{Kind: affiliate.Percent,
		Level1: rate})
	s.must(err)
	return p
}

// Order takes in a paid order over 100 USD of one product.
func (s *Site) Order(id string, p affiliate.Product, email string, placed time.Time) sale.Result {
	s.Helper()
	base := money.MustParse("100")
	r, err := s.Sales.Converge(s.Context(), sale.OrderState{Source: "test", ExternalID: id, Version: 1,
		Status: sale.OrderPaid,
		At:     placed, PlacedAt: placed, PaidAt: &placed, Currency: "USD", Total: base,
		Buyer: sale.Buyer{Email: email}, Lines: []sale.LineState{{Line: "1", Product: sale.ProductRef{ID: p.ID},
			Quantity: money.Quantity(money.MustParse("1")), Base: base}}})
	s.must(err)
	return r
}

// WantCredited checks whom an order credits now, and why a person must look at it.
func (s *Site) WantCredited(id affiliate.OrderID, partner affiliate.Partner, review reason.Code) {
	s.Helper()
	v, err := s.Sales.Order(s.Context(), id)
	s.must(err)
	if d := v.Decisions[len(v.Decisions)-1]; d.PartnerID != partner.ID || v.Order.Review != review {
		s.Errorf("order %s credits partner %s and has review %q; want %s and %q", id, d.PartnerID, v.Order.Review,
			partner.ID, review)
	}
}

// Approve makes what an order earned payable.
func (s *Site) Approve(r sale.Result) {
	s.Helper()
	picks := []ledger.Pick{}
	for _, c := range r.Commissions {
		picks = append(picks, ledger.Pick{ID: c.ID})
	}
	report, err := ledger.New(s.DB, s.Clock.Now, Zone).Approve(s.Context(), "test", picks)
	s.must(err)
	if len(report.Done) == 0 {
		s.Fatalf("nothing was approved: %+v", report)
	}
}
