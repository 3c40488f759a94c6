-- +goose Up
-- Journals by when they were written down, for what was booked in a period (D47).
CREATE INDEX {wp}partner_center_journals_recorded ON {wp}partner_center_journals (recorded_at);
