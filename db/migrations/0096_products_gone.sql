-- +goose Up
-- When the cart ceased to sell it.
ALTER TABLE {wp}partner_center_products ADD COLUMN gone_at DATETIME(6) NULL;
