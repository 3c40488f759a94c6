-- +goose Up
-- Lines of orders as they stand. base is what a percentage is taken of (D8),
-- refunded the part of it given back.
CREATE TABLE {wp}pc_order_lines (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  line VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id BIGINT NULL,
  name VARCHAR(190) NOT NULL,
  quantity DECIMAL(19,4) NOT NULL,
  base DECIMAL(19,4) NOT NULL,
  refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}pc_order_lines_line (order_id, line),
  KEY {wp}pc_order_lines_product (product_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
