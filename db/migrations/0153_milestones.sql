-- +goose Up
-- The milestones of a program: an amount of sales in a currency, or a number of
-- sales (currency '').
CREATE TABLE {wp}partner_center_milestones (
  id BIGINT NOT NULL AUTO_INCREMENT,
  program_id BIGINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  archived_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_milestones_once (program_id, currency, amount)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
