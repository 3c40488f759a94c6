-- +goose Up
-- Coupon codes that belong to partners (B17), each from starts_at until ends_at; in a
-- shop a code is one partner's at a time (active: 1, NULL once it has ended). Those that
-- were made by a template (made) are kept in the shop as it says; of them a partner has
-- one at a time (main: 1, else NULL). Others are the shop's own, assigned by an admin.
-- code is in capitals, as people may type it either way.
-- pushed_* is what the shop is known to have: by which program's template and revision,
-- and whether the code works (pushed_on: 0, 1; 2 not known, NULL never there). problem
-- and error say why the shop did not take it; next_at is when it is tried again.
CREATE TABLE {wp}partner_center_coupons (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  shop VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code VARCHAR(190) COLLATE utf8mb4_bin NOT NULL,
  made TINYINT NOT NULL,
  main TINYINT NULL,
  active TINYINT NULL,
  starts_at DATETIME(6) NOT NULL,
  ends_at DATETIME(6) NULL,
  pushed_program BIGINT NULL,
  pushed_revision INT NOT NULL DEFAULT 0,
  pushed_on TINYINT NULL,
  problem VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error VARCHAR(255) NOT NULL DEFAULT '',
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_coupons_code (shop, code, active),
  UNIQUE KEY {wp}partner_center_coupons_main (partner_id, shop, main),
  KEY {wp}partner_center_coupons_named (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
