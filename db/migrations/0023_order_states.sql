-- +goose Up
-- Every state of an order that was received, as received, with what became of it.
CREATE TABLE {wp}partner_center_order_states (
  order_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  received_at DATETIME(6) NOT NULL,
  outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  PRIMARY KEY (order_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
