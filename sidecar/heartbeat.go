package sidecar

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// beatEvery is well below the minute after which the plugin takes a sidecar for gone.
const beatEvery = 10 * time.Second

// beat writes where this sidecar can be reached, signed, for the plugin to
// find, and removes what others that ended long ago have left.
func (s *Server) beat(ctx context.Context) error {
	now, key := s.Now(), s.pairing.Key().Derive("partner-center heartbeat v1")
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(s.URL + "\n" + s.Version + "\n" + now.Format("2006-01-02 15:04:05.000000")))
	_, err := s.DB.Exec(ctx, `/* sidecar.beat */
		INSERT INTO {wp}partner_center_heartbeats (url, version, beat_at, signature) VALUES (?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE version = VALUES(version), beat_at = VALUES(beat_at), signature = VALUES(signature)`,
		s.URL, s.Version, now, hex.EncodeToString(mac.Sum(nil)))
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `/* sidecar.beat */ DELETE FROM {wp}partner_center_heartbeats WHERE beat_at < ?`,
		now.Add(-24*time.Hour))
	return err
}
