-- +goose Up
-- What a journal said when it was written, as its SHA-256, so that a change shows (B1).
ALTER TABLE {wp}partner_center_journals ADD COLUMN seal BINARY(32) DEFAULT NULL;
