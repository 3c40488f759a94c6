-- +goose Up
-- The page where the click of the last referrer arrived.
ALTER TABLE {wp}partner_center_contacts
  ADD COLUMN last_page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
