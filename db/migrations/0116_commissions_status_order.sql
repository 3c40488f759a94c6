-- +goose Up
-- The admins' list shows commissions by state, those of an order together.
CREATE INDEX {wp}partner_center_commissions_orders ON {wp}partner_center_commissions (status, order_id, id);
