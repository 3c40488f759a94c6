-- +goose Up
-- Which commissions a payout line pays, and how much of each.
CREATE TABLE {wp}pc_payout_items (
  line_id BIGINT NOT NULL,
  commission_id BIGINT NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  PRIMARY KEY (line_id, commission_id),
  KEY {wp}pc_payout_items_commission (commission_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
