-- +goose Up
-- What the pixel reported (S124-S126), as it arrived: written before its picture
-- is answered, and then made an order. state: waiting, done, refused. verified:
-- signed with a key of the site. error says why it was refused, or is tried again.
CREATE TABLE {wp}partner_center_pixel_calls (
  id BIGINT NOT NULL AUTO_INCREMENT,
  key_id BIGINT NOT NULL,
  at DATETIME(6) NOT NULL,
  query TEXT NOT NULL,
  click VARCHAR(200) NOT NULL DEFAULT '',
  page VARCHAR(255) NOT NULL DEFAULT '',
  verified TINYINT NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error VARCHAR(300) NOT NULL DEFAULT '',
  order_id BIGINT NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_pixel_calls_due (state, next_at, id),
  KEY {wp}partner_center_pixel_calls_key (key_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
