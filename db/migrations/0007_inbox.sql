-- +goose Up
-- Facts of WordPress, appended by the plugin, drained by the sidecar exactly once.
-- The plugin creates the same table; whoever is installed first does. Frozen:
-- payloads carry their own version in v. click is the raw click cookie of the
-- request, judged as of occurred_at.
CREATE TABLE IF NOT EXISTS {wp}partner_center_inbox (
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  v SMALLINT NOT NULL DEFAULT 1,
  occurred_at DATETIME(6) NOT NULL,
  click VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  payload MEDIUMTEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  retry_at DATETIME(6) NULL,
  error VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_inbox_fact (source, kind, external_id, seq),
  KEY {wp}partner_center_inbox_open (done_at, retry_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
