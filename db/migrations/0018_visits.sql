-- +goose Up
-- Counted clicks, one row each. The id is made before the INSERT and holds the
-- time in ms, so that retries are idempotent and (partner, day, id) is in order.
-- day is the site's day when the click came and is never recomputed.
CREATE TABLE {wp}partner_center_visits (
  id BIGINT NOT NULL,
  partner_id INT NOT NULL,
  tool_id INT NOT NULL,
  subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  visitor BINARY(16) NOT NULL,
  day DATE NOT NULL,
  is_unique TINYINT NOT NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_visits_partner (partner_id, day, id, is_unique, tool_id, subid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
