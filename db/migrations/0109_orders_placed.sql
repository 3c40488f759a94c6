-- +goose Up
-- For replaying the orders of a range of time.
ALTER TABLE {wp}pc_orders ADD KEY {wp}pc_orders_placed (placed_at, id);
