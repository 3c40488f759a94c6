-- +goose Up
-- The page where the click of the first referrer arrived.
ALTER TABLE {wp}partner_center_contacts
  ADD COLUMN first_page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
