-- +goose Up
-- The page where the click that is credited arrived.
ALTER TABLE {wp}partner_center_decisions
  ADD COLUMN page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
