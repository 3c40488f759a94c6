-- +goose Up
-- What a payout line pays, and how much of each: commissions and manual entries, of
-- which one of the two ids is 0.
CREATE TABLE {wp}partner_center_payout_items (
  line_id BIGINT NOT NULL,
  commission_id BIGINT NOT NULL,
  manual_id BIGINT NOT NULL DEFAULT 0,
  amount DECIMAL(19,4) NOT NULL,
  PRIMARY KEY (line_id, commission_id, manual_id),
  KEY {wp}partner_center_payout_items_commission (commission_id),
  KEY {wp}partner_center_payout_items_manual (manual_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
