-- +goose Up
-- What the cart called it before, '' unless it was renamed.
ALTER TABLE {wp}partner_center_products ADD COLUMN former_name VARCHAR(190) NOT NULL DEFAULT '';
