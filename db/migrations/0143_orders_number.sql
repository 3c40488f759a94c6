-- +goose Up
-- Partners ask for a sale by its number (B13).
CREATE INDEX {wp}partner_center_orders_number ON {wp}partner_center_orders (number);
