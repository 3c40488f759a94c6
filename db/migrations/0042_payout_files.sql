-- +goose Up
-- The PayPal files of a batch: made from its lines whenever they are asked for,
-- and the same bytes as the first time, which the sum proves.
CREATE TABLE {wp}partner_center_payout_files (
  payout_id BIGINT NOT NULL,
  part SMALLINT NOT NULL,
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  line_count INT NOT NULL,
  total DECIMAL(19,4) NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (payout_id, part)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
