-- +goose Up
-- Where running sidecars can be reached; signed, read by the plugin.
CREATE TABLE {wp}partner_center_heartbeats (
  url VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version VARCHAR(40) NOT NULL,
  beat_at DATETIME(6) NOT NULL,
  signature CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (url)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
