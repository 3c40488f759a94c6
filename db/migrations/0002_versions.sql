-- +goose Up
-- Counters that tell every sidecar when what it keeps in memory is out of date.
-- Bumped in the transaction of the change, polled each second.
CREATE TABLE {wp}partner_center_versions (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
