package sidecar

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/sidecar/admin/parts"
)

// beatEvery is well below the minute after which the plugin takes a sidecar for gone.
const beatEvery = 10 * time.Second

// waiting is how much waits for an admin, by the section of the menu in which it
// does. The plugin shows it there.
func (s *Server) waiting(ctx context.Context) (string, error) {
	d, counts := s.domain, map[string]int{}
	states, err := d.registry.PartnerCounts(ctx)
	if err != nil {
		return "", err
	}
	mails, err := d.mails.Counts(ctx)
	if err != nil {
		return "", err
	}
	counts[parts.Partners], counts[parts.Overview] = states[affiliate.Applied], mails[messages.Dead]
	for section, count := range map[string]func(context.Context) (int, error){parts.Commissions: d.ledger.Ready,
		parts.Contacts: d.tracker.OpenClaims, parts.Orders: d.sales.OpenMissing,
		parts.Tasks: d.tasks.Attention} {
		if counts[section], err = count(ctx); err != nil {
			return "", err
		}
	}
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	text, err := json.Marshal(counts)
	return string(text), err
}

// beat writes where this sidecar can be reached, signed, for the plugin to
// find, and removes what others that ended long ago have left.
func (s *Server) beat(ctx context.Context) error {
	now, key := s.Now(), s.pairing.Key().Derive("partner-center heartbeat v1")
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(s.URL + "\n" + s.Version + "\n" + now.Format("2006-01-02 15:04:05.000000")))
	waiting, err := s.waiting(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `/* sidecar.beat */
		INSERT INTO {wp}partner_center_heartbeats (url, version, beat_at, signature, waiting) VALUES (?, ?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE version = VALUES(version), beat_at = VALUES(beat_at), signature = VALUES(signature),
			waiting = VALUES(waiting)`,
		s.URL, s.Version, now, hex.EncodeToString(mac.Sum(nil)), waiting)
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `/* sidecar.beat */ DELETE FROM {wp}partner_center_heartbeats WHERE beat_at < ?`,
		now.Add(-24*time.Hour))
	return err
}
