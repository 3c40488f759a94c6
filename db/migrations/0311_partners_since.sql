-- +goose Up
-- When they signed up by their running membership, else when they came in: what the list
-- of partners stands by, kept here for the index.
ALTER TABLE {wp}partner_center_partners
  ADD COLUMN listed_at DATETIME(6) NOT NULL DEFAULT '2000-01-01 00:00:00' AFTER listed_as;
