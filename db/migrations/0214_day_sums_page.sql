-- +goose Up
-- Sums are kept by landing page, too (part l), whose sources are longer.
ALTER TABLE {wp}partner_center_day_sums
  MODIFY COLUMN source VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
