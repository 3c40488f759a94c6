-- +goose Up
-- What WordPress is asked to do (make a user, give a role), once for each key,
-- repeated until it has answered.
CREATE TABLE {wp}partner_center_jobs (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  once_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  error VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_jobs_once (name, once_key),
  KEY {wp}partner_center_jobs_due (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
