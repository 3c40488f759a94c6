-- +goose Up
CREATE UNIQUE INDEX {wp}partner_center_resets_after ON {wp}partner_center_resets (after_id);
