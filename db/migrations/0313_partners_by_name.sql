-- +goose Up
-- The list of partners stands by name.
CREATE INDEX {wp}partner_center_partners_listed ON {wp}partner_center_partners (listed_as);
