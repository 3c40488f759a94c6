-- +goose Up
-- From where an action came: the network address of the request (B12). It stands with
-- what can be erased.
ALTER TABLE {wp}partner_center_audit_values ADD COLUMN origin VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
