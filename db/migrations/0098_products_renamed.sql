-- +goose Up
-- When the cart renamed it.
ALTER TABLE {wp}partner_center_products ADD COLUMN renamed_at DATETIME(6) NULL;
