-- +goose Up
-- How much waits for an admin in each section of the menu, which the plugin shows: JSON, path to number.
ALTER TABLE {wp}partner_center_heartbeats ADD COLUMN waiting VARCHAR(255) NOT NULL DEFAULT '';
