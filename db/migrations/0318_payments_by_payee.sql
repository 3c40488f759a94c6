-- +goose Up
-- Payments are searched by the start of their payee.
CREATE INDEX {wp}partner_center_payout_lines_payee ON {wp}partner_center_payout_lines (payee);
