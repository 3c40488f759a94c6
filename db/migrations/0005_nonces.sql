-- +goose Up
-- Signed calls that changed something, so that none can be replayed.
CREATE TABLE {wp}partner_center_nonces (
  nonce CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (nonce),
  KEY {wp}partner_center_nonces_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
