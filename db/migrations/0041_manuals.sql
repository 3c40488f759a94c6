-- +goose Up
-- Money that no order gives: adjustments, write-offs, opening balances, and the
-- counter entries that undo them (S140). amount is signed, for the partner; the
-- views of the journals are those of commissions. form_id tells a form sent twice.
CREATE TABLE {wp}partner_center_manuals (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  reason VARCHAR(255) NOT NULL,
  undoes_id BIGINT NULL,
  form_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  occurred_at DATETIME(6) NOT NULL,
  day DATE NOT NULL,
  actor VARCHAR(190) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  journals INT NOT NULL DEFAULT 0,
  status VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stage VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pending DECIMAL(19,4) NOT NULL,
  payable DECIMAL(19,4) NOT NULL,
  in_payout DECIMAL(19,4) NOT NULL,
  paid DECIMAL(19,4) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_manuals_undone (undoes_id),
  UNIQUE KEY {wp}partner_center_manuals_form (form_id),
  KEY {wp}partner_center_manuals_due (partner_id, currency, payable),
  KEY {wp}partner_center_manuals_day (day, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
