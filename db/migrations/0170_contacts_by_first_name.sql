-- +goose Up
-- Admins find people by what their first name begins with.
CREATE INDEX {wp}partner_center_contacts_first_name ON {wp}partner_center_contacts (first_name, last_name);
