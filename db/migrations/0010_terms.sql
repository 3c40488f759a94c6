-- +goose Up
-- What a product earns in a program, by validity: an edit ends one row and begins
-- another, so that earlier sales keep their terms (S28-S30). current is 1 on the
-- row in force and NULL on past ones, which makes it unique. Rates in parts per million.
CREATE TABLE {wp}partner_center_terms (
  id BIGINT NOT NULL AUTO_INCREMENT,
  program_id BIGINT NOT NULL,
  product_id BIGINT NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level1_ppm INT NOT NULL DEFAULT 0,
  level2_ppm INT NOT NULL DEFAULT 0,
  valid_from DATETIME(6) NOT NULL,
  valid_to DATETIME(6) NULL,
  current TINYINT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_terms_from (program_id, product_id, valid_from),
  UNIQUE KEY {wp}partner_center_terms_current (program_id, product_id, current),
  KEY {wp}partner_center_terms_product (product_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
