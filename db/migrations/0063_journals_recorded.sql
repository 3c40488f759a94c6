-- +goose Up
CREATE INDEX {wp}partner_center_journals_recorded ON {wp}partner_center_journals (recorded_at);
