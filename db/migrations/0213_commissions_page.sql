-- +goose Up
-- The page where the click that is credited arrived, as of the decision.
ALTER TABLE {wp}partner_center_commissions
  ADD COLUMN page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
