-- +goose Up
-- Whether the partners of a program have SubIDs (S123).
ALTER TABLE {wp}partner_center_programs ADD COLUMN subids TINYINT NOT NULL DEFAULT 1;
