package wpplugin_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"partnercenter/wpbridge"
)

// beat writes a heartbeat as the sidecar does.
func (s *site) beat(t *testing.T, key wpbridge.PairingKey, url string, at time.Time) {
	t.Helper()
	derived := key.Derive("partner-center heartbeat v1")
	mac := hmac.New(sha256.New, derived[:])
	mac.Write([]byte(url + "\n1.2.3\n" + at.Format("2006-01-02 15:04:05.000000")))
	_, err := s.db.Exec(t.Context(), `
		INSERT INTO {wp}partner_center_heartbeats (url, version, beat_at, signature) VALUES (?, '1.2.3', ?, ?)
		ON DUPLICATE KEY UPDATE beat_at = VALUES(beat_at), signature = VALUES(signature)`,
		url, at.Truncate(time.Microsecond), hex.EncodeToString(mac.Sum(nil)))
	must(t, err)
}

func TestOneNoticeWhenThePairingIsBroken(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addUser(t, "writer", "editor")
		notices := func(user string) int {
			return s.get(t, "/wp-admin/profile.php",
				s.login(t, user)...).doc(t).Find(`.notice a[href*="page=partner-center-settings"]`).Length()
		}
		s.beat(t, [32]byte{1}, s.sidecar.server.URL, time.Now().UTC())
		if got := notices("admin"); got != 0 {
			t.Errorf("%d notices though nothing is switched on", got)
		}
		s.set(t, `['tracking' => true]`)
		if got := notices("admin"); got != 1 {
			t.Errorf("a sidecar with another key: %d notices, want 1", got)
		}
		if got := notices("writer"); got != 0 {
			t.Errorf("an editor sees %d notices", got)
		}
		s.beat(t, s.key, "http://127.0.0.1:2", time.Now().UTC())
		if got := notices("admin"); got != 0 {
			t.Errorf("a sidecar with our key: %d notices", got)
		}
	})
}

// Where the salts don't serve, the page leads to a key of its own.
func TestPairingWithoutSalts(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		restore := s.editConfig(t, "AUTH_KEY", "put your unique phrase here")
		defer restore()
		delete(s.cookies, "admin") // the salts have changed
		defer delete(s.cookies, "admin")
		page := s.get(t, settingsPage, s.login(t, "admin")...).doc(t)
		lines := page.Find("code").Map(text)
		if len(lines) != 2 || len(lines[1]) != len("PARTNER_CENTER_KEY=")+64 ||
			lines[0] != "define( 'PARTNER_CENTER_KEY', '"+lines[1][len("PARTNER_CENTER_KEY="):]+"' );" {
			t.Errorf("lines to paste: %q", lines)
		}
		if page.Find(`.notice a[href*="page=partner-center-settings"]`).Length() != 1 {
			t.Error("no notice about the missing key")
		}
		if a := s.get(t, "/partner-center/earnings"); a.Status != 503 {
			t.Errorf("status %d without a key", a.Status)
		}
		s.sidecar.untouched(t)
	})
}

// A key given to both sides goes before the salts.
func TestPairingWithAGivenKey(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		const given = "a key of the admin with 32 or more characters"
		restore := s.editConfig(t, "AUTH_KEY", "x'); define('PARTNER_CENTER_KEY', '"+given)
		defer restore()
		delete(s.cookies, "admin")
		defer delete(s.cookies, "admin")
		page := s.get(t, settingsPage, s.login(t, "admin")...).doc(t)
		if page.Find("code").Length() != 0 ||
			!strings.Contains(page.Find(".wrap").Text(), "comes from PARTNER_CENTER_KEY") {
			t.Errorf("the page says %q", page.Find(".wrap > p").Text())
		}
		key, err := wpbridge.ParsePairingKey(given, s.prefix)
		must(t, err)
		if _, err := wpbridge.OpenHandover(s.sealed(t), key); err != nil {
			t.Error(err)
		}
		restore()
		defer s.editConfig(t, "AUTH_KEY", "x'); define('PARTNER_CENTER_KEY', 'too short")()
		if got := s.php(t, `echo PartnerCenter\Key::problem();`); !strings.Contains(got,
			"has 9 characters; at least 32") {
			t.Errorf("a short key: %q", got)
		}
	})
}
