-- +goose Up
-- Keys of our own (click cookies, visitor hashes), encrypted with the pairing key;
-- not derived from WordPress' salts, so that shuffling those voids no commission.
-- id counts each purpose's keys from 1: of two sidecars that make the same one, the
-- primary key lets one win.
CREATE TABLE {wp}partner_center_secrets (
  purpose VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id INT NOT NULL,
  sealed VARBINARY(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (purpose, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
