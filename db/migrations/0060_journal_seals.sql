-- +goose Up
ALTER TABLE {wp}partner_center_journals ADD COLUMN seal BINARY(32) DEFAULT NULL;
