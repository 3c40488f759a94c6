-- +goose Up
-- The page where the click of a form arrived.
ALTER TABLE {wp}partner_center_touchpoints
  ADD COLUMN touch_page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
