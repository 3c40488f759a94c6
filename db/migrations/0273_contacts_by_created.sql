-- +goose Up
-- The list of contacts stands by, and is narrowed to, the day on which they came.
CREATE INDEX {wp}partner_center_contacts_created ON {wp}partner_center_contacts (created_at);
