-- +goose Up
-- Clicks that were redirected but not counted, as counters with their reason (D30).
CREATE TABLE {wp}partner_center_click_rejects (
  day DATE NOT NULL,
  tool_id BIGINT NOT NULL,
  reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance SMALLINT NOT NULL,
  clicks INT NOT NULL,
  PRIMARY KEY (day, tool_id, reason, instance)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
