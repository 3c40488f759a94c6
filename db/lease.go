package db

import (
	"context"
	"time"
)

// A lease is a row that says who may do a job alone, and until when. It is not
// GET_LOCK, which every node of a cluster would grant.
// The table is made by Migrate before its first migration, which runs under a lease.
const createLeases = `CREATE TABLE IF NOT EXISTS {wp}partner_center_leases (
  name VARCHAR(64) NOT NULL,
  holder VARCHAR(64) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`

// TakeLease claims or renews the lease of this name until now + ttl and tells
// whether holder has it. A lease that ran out may be taken by anybody.
func (h *Handle) TakeLease(ctx context.Context, name, holder string, now time.Time, ttl time.Duration) (bool, error) {
	// MariaDB evaluates the assignments from left to right: holder first, and
	// expires_at by the holder just set.
	_, err := h.Exec(ctx, `/* db.TakeLease */
		INSERT INTO {wp}partner_center_leases (name, holder, expires_at) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE
			holder = IF(expires_at <= ?, VALUES(holder), holder),
			expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at)`,
		name, holder, now.Add(ttl), now)
	if err != nil {
		return false, err
	}
	var got string
	err = h.Get(ctx, &got, `/* db.TakeLease */ SELECT holder FROM {wp}partner_center_leases WHERE name = ?`, name)
	if NoRows(err) {
		return false, nil // given back just now by whoever had it
	}
	return got == holder, err
}

// ReleaseLease gives a lease back before its end; a lease of another holder stays.
func (h *Handle) ReleaseLease(ctx context.Context, name, holder string) error {
	_, err := h.Exec(ctx, `/* db.ReleaseLease */ DELETE FROM {wp}partner_center_leases WHERE name = ? AND holder = ?`,
		name, holder)
	return err
}
