-- +goose Up
-- Payout batches, one currency each: where a batch stands (B16), what it takes
-- (cutoff_at, NULL: everything) and how its PayPal file is written, which stays as it
-- was when the file was made. form_id tells a form sent twice.
CREATE TABLE {wp}partner_center_payouts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  note VARCHAR(255) NOT NULL DEFAULT '',
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'settled',
  cutoff_at DATETIME(6) NULL,
  format VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decimal_comma TINYINT NOT NULL DEFAULT 0,
  filed_at DATETIME(6) NULL,
  filed_by VARCHAR(190) NOT NULL DEFAULT '',
  sent_at DATETIME(6) NULL,
  form_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_payouts_code (code),
  UNIQUE KEY {wp}partner_center_payouts_form (form_id),
  KEY {wp}partner_center_payouts_state (state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
