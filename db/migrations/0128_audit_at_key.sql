-- +goose Up
-- The actions of some days.
CREATE INDEX {wp}partner_center_audit_at ON {wp}partner_center_audit (at);
