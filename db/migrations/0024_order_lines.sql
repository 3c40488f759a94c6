-- +goose Up
-- Lines of orders as they stand, of what they consist as their source says: net is
-- after discounts, without tax and shipping; shipping is the line's share of the
-- order's; of each part what was given back. base and refunded are the sums of those
-- parts that the program of the order's decision takes percentages of (D8); spread is
-- the line's share of refunds that named no line (D25).
CREATE TABLE {wp}partner_center_order_lines (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  line VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id BIGINT NULL,
  name VARCHAR(190) NOT NULL,
  quantity DECIMAL(19,4) NOT NULL,
  base DECIMAL(19,4) NOT NULL,
  refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  spread DECIMAL(19,4) NOT NULL DEFAULT 0,
  net DECIMAL(19,4) NOT NULL DEFAULT 0,
  net_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  discount DECIMAL(19,4) NOT NULL DEFAULT 0,
  discount_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  tax DECIMAL(19,4) NOT NULL DEFAULT 0,
  tax_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  shipping DECIMAL(19,4) NOT NULL DEFAULT 0,
  shipping_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_order_lines_line (order_id, line),
  KEY {wp}partner_center_order_lines_product (product_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
