-- +goose Up
-- The list of orders, the latest first, of one state.
CREATE INDEX {wp}partner_center_orders_status ON {wp}partner_center_orders (status, day, id);
