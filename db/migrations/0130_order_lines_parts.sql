-- +goose Up
-- What lines consist of, as their source says: net is after discounts, without
-- tax and shipping; shipping is the line's share of the order's; of each part
-- what was given back. base and refunded are the sums of those parts that the
-- program of the order's decision takes percentages of (D8).
ALTER TABLE {wp}pc_order_lines
  ADD COLUMN net DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN net_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN discount DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN discount_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN tax DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN tax_refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN shipping DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD COLUMN shipping_refunded DECIMAL(19,4) NOT NULL DEFAULT 0;
