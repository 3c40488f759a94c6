-- +goose Up
-- Whether the partners of a program have no SubIDs (S123).
ALTER TABLE {wp}partner_center_programs ADD COLUMN no_subids TINYINT NOT NULL DEFAULT 0;
