-- +goose Up
-- The number of each order's latest state, raised by the plugin before it reads
-- the order; of the states in the inbox, the highest counts. reported and digest
-- say which state was reported last. The plugin creates the same table.
CREATE TABLE IF NOT EXISTS {wp}partner_center_order_seqs (
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  reported BIGINT NOT NULL DEFAULT 0,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (source, external_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
