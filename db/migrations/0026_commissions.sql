-- +goose Up
-- One commission for each order line and level. A re-run starts a decision version, an
-- upward change after approval adds a sequence (D22).
-- amount, status, stage, granted and the four amounts are views of the journals, kept in the
-- same transaction and proven by verify. stage is the status it would have if nothing had
-- been taken back; granted, up to which it may rise again without a new approval;
-- pending, payable (negative: a clawback not yet settled), in_payout and paid tell where
-- its money is.
-- not_before is until when it is on hold (S76), approve_at when it is approved by itself,
-- NULL for never (S133). base is what it is calculated on; up to granted_base, the base
-- on which it was approved, it may rise again. Bases of a line and level may be summed (S37).
-- paid_base is what was left of the line's base when the commission went into the
-- payout that stands, clawback what refunds took back since: both for # Refunds and
-- Total Refunds (S40, S41).
CREATE TABLE {wp}partner_center_commissions (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  line_id BIGINT NOT NULL,
  level TINYINT NOT NULL,
  decision_version SMALLINT NOT NULL,
  sequence SMALLINT NOT NULL,
  partner_id BIGINT NOT NULL,
  program_id BIGINT NOT NULL,
  product_id BIGINT NOT NULL,
  tool_id BIGINT NULL,
  subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  base DECIMAL(19,4) NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  status VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(255) NOT NULL DEFAULT '',
  occurred_at DATETIME(6) NOT NULL,
  day DATE NOT NULL,
  not_before DATETIME(6) NULL,
  journals INT NOT NULL DEFAULT 0,
  updated_at DATETIME(6) NOT NULL,
  stage VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  granted DECIMAL(19,4) NOT NULL,
  pending DECIMAL(19,4) NOT NULL,
  payable DECIMAL(19,4) NOT NULL,
  in_payout DECIMAL(19,4) NOT NULL,
  paid DECIMAL(19,4) NOT NULL,
  approve_at DATETIME(6) NULL,
  granted_base DECIMAL(19,4) NOT NULL DEFAULT 0,
  paid_base DECIMAL(19,4) NULL,
  clawback DECIMAL(19,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_commissions_key (line_id, level, decision_version, sequence),
  KEY {wp}partner_center_commissions_order (order_id),
  KEY {wp}partner_center_commissions_status (status, id),
  KEY {wp}partner_center_commissions_partner (partner_id, day, id),
  KEY {wp}partner_center_commissions_due (partner_id, currency, payable),
  KEY {wp}partner_center_commissions_approve (status, approve_at),
  KEY {wp}partner_center_commissions_stage (partner_id, status, currency, amount)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
