package messages

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/crypto/nacl/secretbox"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
)

// MailSettings say how mails are sent, and what they look like.
type MailSettings struct {
	Version  int    `json:"-"`
	Admins   string `json:"admins"`   // addresses, one a line; "": WordPress' own
	FromName string `json:"from"`     // "": as WordPress sends
	From     string `json:"sender"`   // address; "": as WordPress sends
	ReplyTo  string `json:"reply_to"` // "": the sender
	Logo     string `json:"logo"`     // address of a picture
	Color    string `json:"color"`    // "#1f2328"
	PerHour  int    `json:"per_hour"` // optional mails to one mailbox; 0: as by default
	SMTP     SMTP   `json:"smtp"`
}

// SMTP is a mail server of one's own; without a Host WordPress sends.
type SMTP struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user"`
	Password string   `json:"-"` // read with Mailer only
}

// Security is how the connection to a mail server is encrypted.
type Security string

// The kinds of security.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	Plain    Security = "none" // a server on the same machine
)

// usualPerHour is how many optional mails a mailbox gets in an hour: a sale each
// three minutes is news, more is noise.
const usualPerHour = 20

// Pace is how many optional mails a mailbox gets in an hour.
func (s MailSettings) Pace() int { return cmp.Or(s.PerHour, usualPerHour) }

// admins are whom mails for admins go to.
func (s MailSettings) admins(usual string) []string {
	all := strings.Fields(strings.ReplaceAll(s.Admins, ",", " "))
	if len(all) == 0 && usual != "" {
		all = []string{usual}
	}
	return all
}

var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (s MailSettings) clean() MailSettings {
	s.FromName, s.From, s.ReplyTo = affiliate.Line(s.FromName), affiliate.Line(s.From), affiliate.Line(s.ReplyTo)
	s.Logo, s.Color = strings.TrimSpace(s.Logo), strings.ToLower(strings.TrimSpace(s.Color))
	s.SMTP.Host, s.SMTP.User = strings.ToLower(affiliate.Line(s.SMTP.Host)), affiliate.Line(s.SMTP.User)
	return s
}

func (s MailSettings) check() error {
	p := affiliate.Problems{}
	for _, to := range s.admins("") {
		_, err := affiliate.FoldEmail(to)
		p.Check(err == nil, "admins", "%s isn't a valid email address.", to)
	}
	p.Check(len(s.admins("")) <= 10, "admins", "Please enter at most %d addresses.", 10)
	for field, address := range map[string]string{"sender": s.From, "reply_to": s.ReplyTo} {
		if address != "" {
			_, err := affiliate.FoldEmail(address)
			p.Check(err == nil, field, "This isn't a valid email address.")
		}
	}
	p.Check(len(s.FromName) <= 100, "from", "Please use at most %d characters.", 100)
	if u, err := url.Parse(s.Logo); s.Logo != "" {
		p.Check(err == nil && u.Scheme == "https" && u.Host != "" && len(s.Logo) <= 500, "logo",
			"Please enter the address of a picture that begins with https://.")
	}
	p.Check(s.Color == "" || colorPattern.MatchString(s.Color), "color", "Please enter a color like #1f2328.")
	p.Check(0 <= s.PerHour && s.PerHour <= 10_000, "per_hour", "Please enter a number from 1 to %d.", 10_000)
	if s.SMTP.Host != "" {
		p.Check(hostPattern.MatchString(s.SMTP.Host), "smtp_host", "Please enter a host name like smtp.example.com.")
		p.Check(1 <= s.SMTP.Port && s.SMTP.Port <= 65535, "smtp_port", "Please enter a number from 1 to %d.", 65535)
		p.Check(slices.Contains([]Security{StartTLS, TLS, Plain}, s.SMTP.Security), "smtp_security",
			"Please choose one from the list.")
		p.Check(s.From != "", "sender", "A mail server needs the address that emails come from.")
		p.Check(s.SMTP.Security != Plain || s.SMTP.User == "", "smtp_security",
			"A password is never sent without encryption. Choose another one, or leave the user empty.")
	}
	return p.Err()
}

var hostPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9.:-]{0,188}[a-z0-9])?$`)

// LoadMailSettings are those in force, without the password.
func LoadMailSettings(ctx context.Context, q db.Queryer) (MailSettings, error) {
	var row struct {
		Version int    `db:"version"`
		Data    string `db:"data"`
	}
	var s MailSettings
	err := q.Get(ctx, &row, `/* messages.LoadMailSettings */ SELECT version, data FROM {wp}partner_center_mail_settings
		WHERE id = 1`)
	if db.NoRows(err) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(row.Data), &s)
	}
	s.Version = row.Version
	return s, err
}

// Mailer keeps the mail settings with the password of the mail server, which is
// encrypted with a key of ours.
type Mailer struct {
	db   *db.Handle
	now  clock.Clock
	keys *keyring.Ring
}

// NewMailer works on the site's database.
func NewMailer(h *db.Handle, now clock.Clock, keys *keyring.Ring) *Mailer {
	return &Mailer{h, now, keys}
}

const keyPurpose = "smtp"

// Settings are those in force, without the password.
func (m *Mailer) Settings(ctx context.Context) (MailSettings, error) {
	return LoadMailSettings(ctx, m.db)
}

// Save keeps the settings. password "" leaves the one there is; without a host
// and a user there is none. Errors are of KindInvalid by field, and KindConflict
// when somebody else saved meanwhile.
func (m *Mailer) Save(ctx context.Context, actor affiliate.Actor, s MailSettings, password string) error {
	s = s.clean()
	if err := s.check(); err != nil {
		return err
	}
	key, err := m.keys.Newest(ctx, keyPurpose)
	if err != nil {
		return err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return m.db.Tx(ctx, func(tx *db.Tx) error {
		var before struct {
			Version  int    `db:"version"`
			Password []byte `db:"password"`
		}
		err := tx.Get(ctx, &before, `/* messages.Mailer.Save */
			SELECT version, password FROM {wp}partner_center_mail_settings WHERE id = 1 FOR UPDATE`)
		if err != nil && !db.NoRows(err) {
			return err
		}
		if before.Version != s.Version {
			return affiliate.Conflict(
				"Someone else changed these settings while you were editing. Review the current " +
					"values and save again.")
		}
		sealed := before.Password
		if password != "" {
			sealed = seal(password, key)
		}
		if s.SMTP.Host == "" || s.SMTP.User == "" {
			sealed = nil
		}
		now := m.now()
		_, err = tx.Exec(ctx, `/* messages.Mailer.Save */
			INSERT INTO {wp}partner_center_mail_settings (id, version, data, password, updated_at)
			VALUES (1, 1, ?, ?, ?)
			ON DUPLICATE KEY UPDATE version = version + 1, data = VALUES(data), password = VALUES(password),
			updated_at = VALUES(updated_at)`, string(data), sealed, now)
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "edit", Object: "mailing",
			After: s})
	})
}

// Sending are the settings with the password.
func (m *Mailer) Sending(ctx context.Context) (MailSettings, error) {
	s, err := m.Settings(ctx)
	if err != nil || s.SMTP.User == "" {
		return s, err
	}
	var sealed []byte
	err = m.db.Get(ctx, &sealed, `/* messages.Mailer.Sending */
		SELECT password FROM {wp}partner_center_mail_settings WHERE id = 1`)
	if err != nil || sealed == nil {
		return s, err
	}
	key, known, err := m.keys.ByID(ctx, m.db, keyPurpose, int(sealed[0]))
	if err != nil {
		return s, err
	}
	if !known {
		return s, errNoPassword
	}
	s.SMTP.Password, err = open(sealed, key)
	return s, err
}

var errNoPassword = errors.New("the mail server's password can't be read any more: enter it again")

// seal is the key's number, a nonce and the box.
func seal(password string, key keyring.Key) []byte {
	var nonce [24]byte
	rand.Read(nonce[:])
	return secretbox.Seal(append([]byte{byte(key.ID)}, nonce[:]...), []byte(password), &nonce, &key.Secret)
}

func open(sealed []byte, key keyring.Key) (string, error) {
	if len(sealed) < 1+24 {
		return "", errNoPassword
	}
	password, ok := secretbox.Open(nil, sealed[25:], (*[24]byte)(sealed[1:25]), &key.Secret)
	if !ok {
		return "", errNoPassword
	}
	return string(password), nil
}
