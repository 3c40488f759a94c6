-- +goose Up
-- The list of contacts is narrowed to how they came in, and counts those who are there.
CREATE INDEX {wp}partner_center_contacts_origin ON {wp}partner_center_contacts (origin, deleted_at);
