-- +goose Up
-- Clicks by partner and day, one row for each sidecar that counted, summed when read.
CREATE TABLE {wp}partner_center_visit_days (
  partner_id INT NOT NULL,
  day DATE NOT NULL,
  instance SMALLINT NOT NULL,
  clicks INT NOT NULL,
  uniques INT NOT NULL,
  PRIMARY KEY (partner_id, day, instance),
  KEY {wp}partner_center_visit_days_day (day, partner_id, clicks, uniques)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
