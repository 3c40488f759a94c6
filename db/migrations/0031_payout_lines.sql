-- +goose Up
-- What one partner gets in a batch, with the address as it stood then: for PayPal, or
-- payee and address of a check. States are kept here, because a single payment may
-- come back (D20, D21): return_reason tells why, returned_day is the site's day of it,
-- for the totals of years. A line is never deleted: one that left its batch is closed,
-- with what it would have paid, because journals may name it. exception is why a line was paid below the threshold.
CREATE TABLE {wp}partner_center_payout_lines (
  id BIGINT NOT NULL AUTO_INCREMENT,
  payout_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  method VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email VARCHAR(190) NOT NULL DEFAULT '',
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  settled_at DATETIME(6) NULL,
  day DATE NULL,
  payee VARCHAR(190) NOT NULL DEFAULT '',
  address VARCHAR(500) NOT NULL DEFAULT '',
  check_number VARCHAR(40) NOT NULL DEFAULT '',
  exception VARCHAR(255) NOT NULL DEFAULT '',
  returned_at DATETIME(6) NULL,
  return_reason VARCHAR(255) NOT NULL DEFAULT '',
  returned_day DATE NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_payout_lines_partner (payout_id, partner_id),
  KEY {wp}partner_center_payout_lines_state (payout_id, state, id),
  KEY {wp}partner_center_payout_lines_history (partner_id, state, settled_at),
  KEY {wp}partner_center_payout_lines_day (day, id),
  KEY {wp}partner_center_payout_lines_returned (returned_day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
