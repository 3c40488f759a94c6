-- +goose Up
-- Where an action stands in the record of all of them: 1, 2, 3 …, given after it was
-- committed. NULL until then (B12).
ALTER TABLE {wp}partner_center_audit ADD COLUMN place BIGINT NULL;
