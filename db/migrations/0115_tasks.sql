-- +goose Up
-- Long work that goes on by itself, part by part: kind and params say what, place
-- where the next part begins. done items were looked at, changed of them were
-- changed. holder works on it until held_until; then anybody may take it over.
-- total is how many items there are to do, as far as that is known.
CREATE TABLE {wp}partner_center_tasks (
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  once_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params MEDIUMBLOB NOT NULL,
  actor VARCHAR(100) NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL DEFAULT 0,
  notes VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '{}',
  place VARCHAR(255) NOT NULL DEFAULT '',
  attempts INT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  holder VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  held_until DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_tasks_once (kind, once_key),
  KEY {wp}partner_center_tasks_due (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
