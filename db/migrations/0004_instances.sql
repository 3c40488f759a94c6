-- +goose Up
-- Numbers 0..511 leased to running sidecars: part of visit ids and of roll-up keys.
CREATE TABLE {wp}partner_center_instances (
  id SMALLINT NOT NULL,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
