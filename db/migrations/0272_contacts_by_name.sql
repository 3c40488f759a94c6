-- +goose Up
-- The list of contacts stands by name.
CREATE INDEX {wp}partner_center_contacts_listed ON {wp}partner_center_contacts (listed_as);
