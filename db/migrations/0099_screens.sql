-- +goose Up
-- How a user has set up a list: which columns, how many rows (S31).
CREATE TABLE {wp}partner_center_screens (
  user_id BIGINT NOT NULL,
  list VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  columns_shown VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  per_page INT NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, list)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
