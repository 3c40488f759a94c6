-- +goose Up
-- Who an order's state says placed and paid it: names, e-mails, the click cookie, the
-- note, as JSON. Apart from the state, so that a person can be cut out of orders
-- without touching what the books follow from (D37).
CREATE TABLE {wp}partner_center_order_persons (
  order_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  person MEDIUMTEXT NOT NULL,
  PRIMARY KEY (order_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
