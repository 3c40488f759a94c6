-- +goose Up
-- The list of contacts is narrowed to how they came in.
CREATE INDEX {wp}partner_center_contacts_origin ON {wp}partner_center_contacts (origin);
