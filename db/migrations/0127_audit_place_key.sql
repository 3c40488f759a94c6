-- +goose Up
-- Two actions never share a place; those without one are found at once.
CREATE UNIQUE INDEX {wp}partner_center_audit_place ON {wp}partner_center_audit (place);
