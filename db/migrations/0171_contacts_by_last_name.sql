-- +goose Up
-- Admins find people by what their last name begins with.
CREATE INDEX {wp}partner_center_contacts_last_name ON {wp}partner_center_contacts (last_name, first_name);
