-- +goose Up
-- Keys of our own (click cookies, visitor hashes), encrypted with the pairing key;
-- not derived from WordPress' salts, so that shuffling those voids no commission.
CREATE TABLE {wp}pc_secrets (
  id INT NOT NULL AUTO_INCREMENT,
  purpose VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed VARBINARY(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}pc_secrets_purpose (purpose, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
