-- +goose Up
-- What the entries of a partner and currency sum to, by account; kept in the same
-- transaction as the entries and proven by verify.
CREATE TABLE {wp}partner_center_balances (
  partner_id BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expense DECIMAL(19,4) NOT NULL DEFAULT 0,
  pending DECIMAL(19,4) NOT NULL DEFAULT 0,
  payable DECIMAL(19,4) NOT NULL DEFAULT 0,
  in_payout DECIMAL(19,4) NOT NULL DEFAULT 0,
  paid DECIMAL(19,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (partner_id, currency),
  KEY {wp}partner_center_balances_due (currency, payable)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
