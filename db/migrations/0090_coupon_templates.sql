-- +goose Up
-- What a program's coupons give (B17): each of its partners gets a code in the shop,
-- made by the pattern and kept as the template says. revision counts its changes.
-- amount is a percentage (kind percent) or an amount in the shop's currency (fixed);
-- minimum is the least that a basket must cost, 0 for any.
CREATE TABLE {wp}partner_center_coupon_templates (
  program_id BIGINT NOT NULL,
  revision INT NOT NULL,
  active TINYINT NOT NULL,
  shop VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pattern VARCHAR(64) NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  minimum DECIMAL(19,4) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_on DATE NULL,
  once TINYINT NOT NULL,
  alone TINYINT NOT NULL,
  partners_choose TINYINT NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (program_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
