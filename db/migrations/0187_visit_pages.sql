-- +goose Up
-- What is left of old visits by the page where they arrived, as visit_sums by SubID.
CREATE TABLE {wp}partner_center_visit_pages (
  partner_id INT NOT NULL,
  day DATE NOT NULL,
  tool_id INT NOT NULL,
  page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks INT NOT NULL,
  uniques INT NOT NULL,
  PRIMARY KEY (partner_id, day, tool_id, page)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
