-- +goose Up
-- The page where the click of the referrer arrived who got the lead.
ALTER TABLE {wp}partner_center_touchpoints
  ADD COLUMN lead_page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
