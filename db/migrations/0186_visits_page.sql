-- +goose Up
-- Where a visit arrived: host and path, '' where that is not known (visits before this
-- version).
ALTER TABLE {wp}partner_center_visits
  ADD COLUMN page VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
