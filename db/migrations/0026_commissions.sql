-- +goose Up
-- One commission for each order line and level; a re-run starts a generation, an
-- upward change after approval adds a sequence (D22). amount and status are views
-- of the journals, kept in the same transaction and proven by verify; so are stage,
-- the status it would have if nothing had been taken back, granted, up to which it
-- may rise again without a new approval, and where its money is: pending, payable
-- (negative: a clawback not yet settled), in_payout, paid.
CREATE TABLE {wp}pc_commissions (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  line_id BIGINT NOT NULL,
  level TINYINT NOT NULL,
  generation SMALLINT NOT NULL,
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
  PRIMARY KEY (id),
  UNIQUE KEY {wp}pc_commissions_key (line_id, level, generation, sequence),
  KEY {wp}pc_commissions_order (order_id),
  KEY {wp}pc_commissions_status (status, id),
  KEY {wp}pc_commissions_partner (partner_id, day, id),
  KEY {wp}pc_commissions_due (partner_id, currency, payable)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
