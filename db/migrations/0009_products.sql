-- +goose Up
-- What can be sold: own products, and those of carts under their source and id.
CREATE TABLE {wp}partner_center_products (
  id BIGINT NOT NULL AUTO_INCREMENT,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name VARCHAR(190) NOT NULL,
  price DECIMAL(19,4) NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6) NOT NULL,
  archived_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_products_external (source, external_id),
  KEY {wp}partner_center_products_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
