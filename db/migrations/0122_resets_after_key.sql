-- +goose Up
-- One reset for each state that a preview was made in.
CREATE UNIQUE INDEX {wp}partner_center_resets_after ON {wp}partner_center_resets (after_id);
