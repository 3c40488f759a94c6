-- +goose Up
-- Who was counted as a unique visit of which partner today (D3); pruned after two days.
CREATE TABLE {wp}partner_center_visit_seen (
  seen BINARY(16) NOT NULL,
  visit_id BIGINT NOT NULL,
  day DATE NOT NULL,
  PRIMARY KEY (seen),
  KEY {wp}partner_center_visit_seen_day (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
