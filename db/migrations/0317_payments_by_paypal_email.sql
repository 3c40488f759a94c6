-- +goose Up
-- Payments are searched by the start of their PayPal address.
CREATE INDEX {wp}partner_center_payout_lines_paypal ON {wp}partner_center_payout_lines (paypal_email);
