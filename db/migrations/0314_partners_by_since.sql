-- +goose Up
-- The list of partners stands by sign-up.
CREATE INDEX {wp}partner_center_partners_since ON {wp}partner_center_partners (listed_at);
