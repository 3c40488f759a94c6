-- +goose Up
-- Admins find people by what their company's name begins with.
CREATE INDEX {wp}partner_center_contacts_company ON {wp}partner_center_contacts (company);
