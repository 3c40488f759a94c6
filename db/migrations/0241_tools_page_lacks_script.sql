-- +goose Up
-- Whether the script was missing there (D13).
ALTER TABLE {wp}partner_center_tools ADD COLUMN page_lacks_script TINYINT NOT NULL DEFAULT 0;
