-- +goose Up
-- Whether a partner has SubIDs: on or off, '' where the program says so (S123).
ALTER TABLE {wp}partner_center_partners
  ADD COLUMN subids VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
