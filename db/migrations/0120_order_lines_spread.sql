-- +goose Up
-- The part of refunded that is the line's share of a refund which named no line (D25).
ALTER TABLE {wp}pc_order_lines ADD COLUMN spread DECIMAL(19,4) NOT NULL DEFAULT 0;
