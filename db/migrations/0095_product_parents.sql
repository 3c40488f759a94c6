-- +goose Up
-- The product of which this one is a variation or a price: where a program has
-- no terms for the variation, those of its product hold.
ALTER TABLE {wp}partner_center_products ADD COLUMN parent_id BIGINT NULL AFTER external_id;
