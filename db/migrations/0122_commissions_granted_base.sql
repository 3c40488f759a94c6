-- +goose Up
-- The base on which a commission was approved: up to it base, what the commission
-- is reckoned on, may rise again. Bases of a line and level may be summed (S37).
ALTER TABLE {wp}pc_commissions ADD COLUMN granted_base DECIMAL(19,4) NOT NULL DEFAULT 0;
