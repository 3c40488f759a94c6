-- +goose Up
-- Until now base was always the line after discounts, without tax and shipping.
UPDATE {wp}pc_order_lines SET net = base, net_refunded = refunded;
