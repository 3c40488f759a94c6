-- +goose Up
-- Up to which day of a month (not included) the sums of a partner in day_sums are
-- what the rows that they were made of say. Whoever changes a row of an earlier day
-- takes `until` back to that day in the same transaction; `whole` is 1 while the whole
-- month is right.
CREATE TABLE {wp}partner_center_rolls (
  partner_id BIGINT NOT NULL,
  month DATE NOT NULL,
  until DATE NOT NULL,
  whole TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (partner_id, month),
  KEY {wp}partner_center_rolls_work (whole, until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
