-- +goose Up
-- The list of orders, the latest first, finds those of a range of days by this.
CREATE INDEX {wp}partner_center_orders_day ON {wp}partner_center_orders (day, id);
