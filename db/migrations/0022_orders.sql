-- +goose Up
-- Orders as they stand: the state of the highest version seen (B3, D17).
-- status is unpaid, paid, failed or void (D15, S18). contact_id is NULL when the
-- order names no usable e-mail. review names why an admin must look. The orders of
-- a range of time are found by placed_at.
CREATE TABLE {wp}partner_center_orders (
  id BIGINT NOT NULL AUTO_INCREMENT,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  status VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total DECIMAL(19,4) NOT NULL,
  contact_id BIGINT NULL,
  subscription_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  placed_at DATETIME(6) NOT NULL,
  day DATE NOT NULL,
  paid_at DATETIME(6) NULL,
  visit_id BIGINT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  review VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_orders_external (source, external_id),
  KEY {wp}partner_center_orders_contact (contact_id, placed_at),
  KEY {wp}partner_center_orders_subscription (subscription_id),
  KEY {wp}partner_center_orders_review (review),
  KEY {wp}partner_center_orders_placed (placed_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
